import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CurrentDirectory } from '#ledger'
import { type Bytes, SECOND } from '#lexicon'
import { publishTree, TreeMemory } from '#publication'
import { PUBLIC_TREE_LOCK, sql } from '#store'
import {
  type BuiltTree,
  commitTree,
  openHistory,
  openPublicTree,
  pushPatiently,
  pushTree,
  type ValveRoom,
} from '#valve'
import type { House } from './house.ts'
import { type Log, tracesOf } from './log.ts'
import { clock } from './rooms.ts'

/** The bare repository in the data folder: every state of the public tree. */
export const HISTORY = 'public.git'

export type PublicSide = { readonly room: ValveRoom; readonly stop: () => Promise<void> }

type SideDeps = {
  /** The public origin. */
  readonly url: string
  readonly directory: CurrentDirectory
  readonly addresses: readonly string[]
  readonly look: ReadonlyMap<string, Bytes>
  readonly log: Log
}

/** So often the tree is looked at without a visitor: a release has its hour, and its history goes on. */
const EVERY = 2 * SECOND

/** The public tree of this desk: built, served, kept by git, and pushed where the operator said. */
export function openPublicSide(
  house: Pick<House, 'data' | 'settings' | 'database'>,
  { url, directory, addresses, look, log }: SideDeps,
): PublicSide {
  const db = house.database.logins.site
  const stopping = new AbortController()
  const failed = (event: string) => (error: unknown) => log({ event, ...tracesOf(error) })
  let running: Promise<void> = Promise.resolve()
  const keep = (tree: BuiltTree): void => {
    running = running.then(() => commit(house, tree)).catch(failed('public-tree-not-kept'))
    pushSoon()
  }
  const to = house.settings.publishTo ?? ''
  let pushing: Promise<void> | undefined
  const pushSoon = (): void => {
    if (to === '' || pushing !== undefined) return
    pushing = pushPatiently(
      async () => {
        await running
        const history = join(house.data.path, HISTORY)
        await pushTree(await openHistory(history, stopping.signal), to)
      },
      {
        stopped: () => stopping.signal.aborted,
        // Rejects when we stop: then there is nothing more to wait for.
        pause: (time) => pause(time, undefined, { signal: stopping.signal }).catch(() => undefined),
        failed: failed('public-tree-not-pushed'),
      },
    ).finally(() => (pushing = undefined))
  }
  const options = { look, memory: new TreeMemory() }
  const tree = openPublicTree({
    db,
    url,
    publish: publishTree,
    options,
    directory,
    clock,
    built: keep,
    failed: failed('public-tree-not-built'),
  })
  const timer = setInterval(() => void tree.current().catch(() => undefined), EVERY)
  return {
    room: { db, directory, clock, addresses, tree },
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await tree.stop()
      await running
      await pushing
    },
  }
}

/** One at a time, whoever else serves this database. */
async function commit({ data, database }: Pick<House, 'data' | 'database'>, tree: BuiltTree) {
  await database.logins.site.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(PUBLIC_TREE_LOCK)})`.execute(tx)
    await commitTree(await openHistory(join(data.path, HISTORY)), tree)
  })
}
