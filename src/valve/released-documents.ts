import { indexOf } from '#directory'
import type { Bytes } from '#lexicon'
import { type Directory, type Release, releasesAt } from '#seal'
import type { Kysely, Schema } from '#store'
import { readStored } from './document-store.ts'
import { ValveError } from './valve-error.ts'

export const INDEX = 'directory/index.json'

/** A document that counts now, without its bytes. A project's counts by the release of the index. */
export type Counting = {
  readonly path: string
  readonly sha256: string
  readonly release: Release
}

/** Everything that counts at this moment, in the order of the paths. Throws `ValveError`. */
export async function countingAt(
  db: Kysely<Schema>,
  directory: Directory,
  now: number,
): Promise<readonly Counting[]> {
  const { now: effective } = releasesAt(directory, now)
  const counting: Counting[] = []
  for (const [path, release] of effective) counting.push({ path, sha256: release.sha256, release })
  const index = effective.get(INDEX)
  if (index === undefined) return counting
  const bytes = await demandStored(db, index.sha256, INDEX)
  for (const [id, sha256] of indexOf(bytes))
    counting.push({ path: `projects/${id}.json`, sha256, release: index })
  return counting.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Bytes that a release names: missing ones stop whoever asks. */
export async function demandStored(
  db: Kysely<Schema>,
  sha256: string,
  path: string,
): Promise<Bytes> {
  const bytes = await readStored(db, sha256)
  if (bytes !== undefined) return bytes
  throw new ValveError('incomplete', `The document for ${path} is not here: bring it first.`)
}
