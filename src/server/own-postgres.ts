import { setTimeout as pause } from 'node:timers/promises'
import { SECOND } from '#lexicon'
import { type AdminParts, type EmbeddedPostgres, startEmbeddedPostgres, StoreError } from '#store'

export type OwnPostgres = {
  readonly config: AdminParts
  readonly stop: () => Promise<void>
}

const TRIES = 5

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
  let stopping = false
  let restart = Promise.resolve()
  const died = (error: StoreError): void => {
    troubled(error)
    restart = comeBack().catch(lost)
  }
  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dir, log: say, died })
  let running = await start()
  const { config } = running

  async function comeBack(): Promise<void> {
    for (let tries = 1; !stopping; tries++) {
      await pause(tries * SECOND)
      try {
        running = await start()
        break
      } catch (error) {
        if (tries === TRIES) throw error
      }
    }
    // The pools know one path. It moves only when the data folder's own path is too long for a socket.
    if (running.config.host !== config.host)
      throw new StoreError('postgres-died', 'PostgreSQL came back on another socket: start again.')
  }
  return {
    config,
    stop: async () => {
      stopping = true
      await restart
      await running.stop()
    },
  }
}
