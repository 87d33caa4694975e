import { createHash } from 'node:crypto'
import { type Bytes, SECOND } from '#lexicon'
import type { CurrentDirectory } from '#ledger'
import { type Directory, releasesAt } from '#seal'
import { type BuildDeps, buildTree, type BuiltTree, newBuildMemory } from './build-tree.ts'

/** What is served: one tree, swapped whole. */
export type PublicTree = {
  /** Undefined while nothing is released, and while it must not be shown. */
  readonly current: () => Promise<ShownTree | undefined>
  /** A document that counts, by its hash; one that was released in this moment as well. */
  readonly documentOf: (sha256: string) => Promise<Bytes | undefined>
  /** Why the newest state could not be built; undefined when it was. */
  readonly failure: () => unknown
  /** A build that runs is let end. */
  readonly stop: () => Promise<void>
}

export type ShownTree = BuiltTree & {
  readonly fileAt: (path: string) => ShownFile | undefined
  /** A document that counts, by its hash. */
  readonly documentOf: (sha256: string) => Bytes | undefined
}

export type ShownFile = { readonly bytes: Bytes; readonly etag: string }

export type TreeDeps = BuildDeps & {
  readonly directory: CurrentDirectory
  readonly clock: () => number
  /** Told of each tree that differs from the one before, for its history. */
  readonly built?: (tree: BuiltTree) => void
  /** Told of each build that failed, with what it was to be made from: its history may hold what counts no more. */
  readonly failed?: (error: unknown, directory: Directory, now: number) => void
}

/** So often the chain is asked for its end: one cheap question. */
const ASK_EVERY = SECOND
/** So often a build that failed is tried again while nothing changed. */
const RETRY_AFTER = 30 * SECOND

/** Rebuilds when the desk chain grew or the time of a release came; shows the tree before until the next one is whole. */
export function openPublicTree(deps: TreeDeps): PublicTree {
  const { directory, clock, built = () => undefined, failed = () => undefined } = deps
  const memory = newBuildMemory()
  let shown: ShownTree | undefined
  let from: { head: string; next: number | undefined; failed: boolean; at: number } | undefined
  let error: unknown
  let asked = -Infinity
  let building: Promise<void> | undefined

  const isCurrent = (head: string, now: number): boolean => {
    if (from?.head !== head || (from.next !== undefined && now >= from.next)) return false
    return !from.failed || now - from.at < RETRY_AFTER
  }
  const rebuild = async (folded: Directory, now: number): Promise<void> => {
    const { id: head } = folded.head
    try {
      const tree = await buildTree(deps, folded, now, memory)
      shown = tree.counting.length === 0 ? undefined : shownOf(tree, memory.bytes)
      from = { head, next: nextOf(folded, now), failed: false, at: now }
      error = undefined
      built(tree)
    } catch (cause) {
      from = { head, next: nextOf(folded, now), failed: true, at: now }
      error = cause
      failed(cause, folded, now)
      // The tree before stays, unless something in it was withdrawn or replaced since.
      if (shown !== undefined && !stillCounts(shown, folded, now)) shown = undefined
    }
  }
  const look = async (): Promise<void> => {
    const now = clock()
    if (building !== undefined || Math.abs(now - asked) < ASK_EVERY) return
    asked = now
    const folded = await directory()
    if (folded === undefined || isCurrent(folded.head.id, now)) return
    building = rebuild(folded, now).finally(() => (building = undefined))
  }
  return {
    current: async () => {
      await look()
      // The first one is waited for; after that the one before is shown meanwhile.
      if (shown === undefined) await building
      return shown
    },
    documentOf: async (sha256) => {
      const known = shown?.documentOf(sha256)
      if (known !== undefined) return known
      await building
      // Whoever read the chain a moment ago knows more than this tree.
      asked = -Infinity
      await look()
      await building
      return shown?.documentOf(sha256)
    },
    failure: () => error,
    stop: async () => building,
  }
}

function nextOf(directory: Directory, now: number): number | undefined {
  const times = releasesAt(directory, now).later.map(({ notBefore }) => Date.parse(notBefore))
  return times.length === 0 ? undefined : Math.min(...times)
}

function stillCounts({ counting }: BuiltTree, directory: Directory, now: number): boolean {
  const effective = new Set([...releasesAt(directory, now).now.values()].map(({ id }) => id))
  return counting.every(({ release }) => effective.has(release.id))
}

function shownOf(tree: BuiltTree, bytes: ReadonlyMap<string, Bytes>): ShownTree {
  const documents = new Map(bytes)
  const etags = new Map<string, string>()
  return {
    ...tree,
    fileAt: (path) => {
      const file = tree.files.get(path)
      if (file === undefined) return undefined
      const etag = etags.get(path) ?? etagOf(file)
      etags.set(path, etag)
      return { bytes: file, etag }
    },
    documentOf: (sha256) => documents.get(sha256),
  }
}

function etagOf(bytes: Bytes): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
}
