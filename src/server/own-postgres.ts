import { setTimeout as pause } from 'node:timers/promises'
import { SECOND } from '#lexicon'
import { type AdminParts, type EmbeddedPostgres, startEmbeddedPostgres, StoreError } from '#store'

export type OwnPostgres = {
  readonly config: AdminParts
  readonly stop: () => Promise<void>
}

/** A full disk may stay full for hours: the journal goes on meanwhile, and so do we. */
const LONGEST_PAUSE = 5 * SECOND

/**
 * Our own PostgreSQL, for as long as we run. If it ends by itself it is started again; meanwhile
 * reports go into the journal.
 */
export async function keepPostgres(deps: {
  readonly dir: string
  readonly say: (step: string) => void
  /** It ended, and is being started again. */
  readonly troubled: (error: unknown) => void
  /** It does not come back. */
  readonly lost: (error: unknown) => void
}): Promise<OwnPostgres> {
  const { dir, say, troubled, lost } = deps
  const stopping = new AbortController()
  let restart: Promise<void> = Promise.resolve()
  const died = (error: StoreError): void => {
    troubled(error)
    restart = comeBack()
  }
  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dir, log: say, died })
  let running = await start()
  const { config } = running

  async function comeBack(): Promise<void> {
    try {
      for (let tries = 1; ; tries++) {
        await pause(Math.min(tries * SECOND, LONGEST_PAUSE))
        if (stopping.signal.aborted) return
        const started = await start().catch((error: unknown) => {
          if (!mayMendItself(error)) throw error
          troubled(error)
        })
        if (started === undefined) continue
        running = started
        break
      }
      // The pools know one path. It moves only when the folder's own path is too long for a socket.
      if (running.config.host !== config.host)
        throw new StoreError('postgres-died', 'PostgreSQL came back elsewhere: start again.')
    } catch (error) {
      lost(error)
    }
  }
  return {
    config,
    stop: async () => {
      stopping.abort()
      await restart
      await running.stop()
    },
  }
}

/** Room on the disk comes back and a predecessor ends; another version does not become the right one. */
function mayMendItself(error: unknown): boolean {
  if (!(error instanceof StoreError)) return false
  return ['start-failed', 'folder-busy', 'postgres-died'].includes(error.code)
}
