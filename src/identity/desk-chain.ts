import { hexOfBytes } from '#lexicon'
import { appendToDesk, type Directory, foldDesk, Refused, type Statement } from '#seal'
import type { Kysely, Schema } from '#store'
import { IdentityError } from './identity-error.ts'

type Db = Kysely<Schema>

/** The folded desk chain. `tx` reads what that transaction sees. */
export type DeskChain = {
  readonly current: (tx?: Db) => Promise<Directory | undefined>
}

type Row = Statement & { readonly id: string; readonly seq: number }

/**
 * Folds once and then only what came since. The question for the newest place costs one index look-up,
 * so that several processes over one database agree.
 */
export function openDeskChain(db: Db): DeskChain {
  let known: Directory | undefined
  return {
    current: async (tx = db) => {
      const newest = await newestSeq(tx)
      if (newest === undefined) return undefined
      if (known?.head.seq === newest) return known
      // A tail that went back is another database than before.
      const from = known !== undefined && known.head.seq < newest ? known : undefined
      const folded = await fold(from, await rowsAfter(tx, from?.head.seq ?? -1))
      if (known === undefined || from === undefined || folded.head.seq > known.head.seq) {
        known = folded
      }
      return folded
    },
  }
}

async function newestSeq(db: Db): Promise<number | undefined> {
  const tail = await db
    .selectFrom('identity.statement')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return tail?.seq
}

async function rowsAfter(db: Db, after: number): Promise<Row[]> {
  const rows = await db
    .selectFrom('identity.statement')
    .select(['seq', 'id', 'head', 'sig'])
    .where('seq', '>', after)
    .orderBy('seq')
    .execute()
  return rows.map(({ seq, id, head, sig }) => ({
    seq,
    id: hexOfBytes(id),
    head,
    sig: hexOfBytes(sig),
  }))
}

async function fold(from: Directory | undefined, rows: readonly Row[]): Promise<Directory> {
  const statements = rows.map(({ head, sig }) => ({ head, sig }))
  try {
    if (from === undefined) return await foldDesk(statements, rows[0]?.id ?? '')
    let directory = from
    for (const statement of statements)
      directory = await appendToDesk(directory, statement, directory.desk)
    return directory
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    throw new IdentityError(
      'damaged',
      `The desk chain in the database is damaged (${cause.code}): run verify, and restore a backup.`,
      { cause },
    )
  }
}
