import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CurrentDirectory } from '#ledger'
import { type Bytes, SECOND } from '#lexicon'
import { publishTree, TreeMemory } from '#publication'
import { PUBLIC_TREE_LOCK, sql } from '#store'
import {
  commitTree,
  emptyTree,
  type Git,
  holdsEnded,
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
  const history = join(house.data.path, HISTORY)
  const keep = (change: (git: Git) => Promise<unknown>): void => {
    running = running.then(() => commit(house, change)).catch(failed('public-tree-not-kept'))
    pushSoon()
  }
  const to = house.settings.publishTo ?? ''
  let pushing: Promise<void> | undefined
  let again = false
  const pushSoon = (): void => {
    // One that runs may have looked at the history before: what was withdrawn since must not wait for the next build.
    again = pushing !== undefined
    if (to === '' || pushing !== undefined) return
    pushing = pushPatiently(
      async () => {
        await running
        if (existsSync(history)) await pushTree(await openHistory(history, stopping.signal), to)
      },
      {
        stopped: () => stopping.signal.aborted,
        // Rejects when we stop: then there is nothing more to wait for.
        pause: (time) => pause(time, undefined, { signal: stopping.signal }).catch(() => undefined),
        failed: failed('public-tree-not-pushed'),
      },
    ).finally(() => {
      pushing = undefined
      if (again && !stopping.signal.aborted) pushSoon()
    })
  }
  const options = { look, memory: new TreeMemory() }
  const tree = openPublicTree({
    db,
    url,
    publish: publishTree,
    options,
    directory,
    clock,
    built: (built) => {
      // Nothing was ever released: there is nothing to take away.
      if (built.counting.length > 0 || existsSync(history)) keep((git) => commitTree(git, built))
    },
    failed: (error, folded, now) => {
      failed('public-tree-not-built')(error)
      // What was withdrawn leaves the history too, although nothing can be put in its place yet.
      if (existsSync(history))
        keep(
          async (git) =>
            (await holdsEnded(git, folded, now)) && commitTree(git, emptyTree(folded, now)),
        )
    },
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
async function commit(
  { data, database }: Pick<House, 'data' | 'database'>,
  change: (git: Git) => Promise<unknown>,
): Promise<void> {
  await database.logins.site.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(PUBLIC_TREE_LOCK)})`.execute(tx)
    await change(await openHistory(join(data.path, HISTORY)))
  })
}
