import { createHash } from 'node:crypto'
import { type Bytes, bytesOfHex, hexOfBytes, timeOf } from '#lexicon'
import { inTransaction, type Kysely, type Schema } from '#store'
import { ValveError } from './valve-error.ts'

type Db = Kysely<Schema>
type StoreDeps = { readonly db: Db; readonly clock: () => number }

/** Keeps documents by their hashes; the same again is fine. Returns the hashes in order. */
export async function keepDocuments(
  { db, clock }: StoreDeps,
  documents: readonly Bytes[],
): Promise<string[]> {
  const taken = new Date(clock())
  const rows = documents.map((bytes) => ({ sha256: sha256Of(bytes), bytes, taken }))
  await db
    .insertInto('valve.document')
    .values(rows)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
  return rows.map(({ sha256 }) => hexOfBytes(sha256))
}

/** Which of these are not here. */
export async function lackingOf({ db }: Pick<StoreDeps, 'db'>, sha256: readonly string[]) {
  const rows = await db
    .selectFrom('valve.document')
    .select('sha256')
    .where('sha256', 'in', sha256.map(bytesOfHex))
    .execute()
  const here = new Set(rows.map((row) => hexOfBytes(row.sha256)))
  return [...new Set(sha256)].filter((each) => !here.has(each))
}

/** Checked against its hash on the way out: what the disk made of it is not published. */
export async function readStored(db: Db, sha256: string): Promise<Bytes | undefined> {
  return (await readStoredMany(db, [sha256])).get(sha256)
}

const AT_ONCE = 500

/** The same for many; what is not here is not in the answer. */
export async function readStoredMany(
  db: Db,
  sha256: readonly string[],
): Promise<ReadonlyMap<string, Bytes>> {
  const found = new Map<string, Bytes>()
  const wanted = [...new Set(sha256)]
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const rows = await db
      .selectFrom('valve.document')
      .select(['sha256', 'bytes'])
      .where('sha256', 'in', wanted.slice(at, at + AT_ONCE).map(bytesOfHex))
      .execute()
    for (const row of rows) found.set(hexOfBytes(row.sha256), demandWhole(row))
  }
  return found
}

function demandWhole({ sha256, bytes }: { sha256: Bytes; bytes: Bytes }): Bytes {
  const named = hexOfBytes(sha256)
  if (hexOfBytes(sha256Of(bytes)) === named) return bytes
  throw new ValveError(
    'damaged',
    `The stored document ${named} has another hash: nothing is published. Restore it from a backup.`,
  )
}

export type StoredDraft = {
  readonly path: string
  readonly sha256: string
  readonly by: string
  readonly at: string
}

/** Newest first. */
export async function readDrafts({ db }: Pick<StoreDeps, 'db'>): Promise<StoredDraft[]> {
  const rows = await db.selectFrom('valve.draft').selectAll().orderBy('at', 'desc').execute()
  return rows.map(({ path, sha256, author, at }) => ({
    path,
    sha256: hexOfBytes(sha256),
    by: hexOfBytes(author),
    at: timeOf(at.getTime()),
  }))
}

/** Puts a draft in the place of the one that was seen, or drops it (`sha256` `""`). Throws `ValveError`. */
export async function placeDraft(
  { db, clock }: StoreDeps,
  draft: {
    readonly path: string
    readonly sha256: string
    readonly before: string
    readonly by: string
  },
): Promise<void> {
  const { path, sha256, before, by } = draft
  await inTransaction(db, async (tx) => {
    if (sha256 !== '' && (await lackingOf({ db: tx }, [sha256])).length > 0)
      throw new ValveError('incomplete', 'This document did not arrive: bring it first.')
    const row = {
      sha256: bytesOfHex(sha256),
      author: bytesOfHex(by),
      at: new Date(clock()),
    }
    const seen = bytesOfHex(before)
    const done =
      sha256 === ''
        ? await tx
            .deleteFrom('valve.draft')
            .where('path', '=', path)
            .where('sha256', '=', seen)
            .returning('path')
            .execute()
        : before === ''
          ? await tx
              .insertInto('valve.draft')
              .values({ path, ...row })
              .onConflict((conflict) => conflict.column('path').doNothing())
              .returning('path')
              .execute()
          : await tx
              .updateTable('valve.draft')
              .set(row)
              .where('path', '=', path)
              .where('sha256', '=', seen)
              .returning('path')
              .execute()
    if (done.length === 0)
      throw new ValveError('conflict', 'Another draft is there: look at it first.')
  })
}

function sha256Of(bytes: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}
