import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import { namedBlobs } from '#ledger'
import { type CaseFold, type Directory, statementId } from '#seal'
import { type Kysely, type Schema, sql } from '#store'
import { foldStoredCase } from './case-folds.ts'
import { DeskError } from './desk-error.ts'

type Db = Kysely<Schema>

export type VerifiedCases = { readonly cases: number; readonly statements: number }

/**
 * For the operator: folds every case chain, and compares it with the ledger both ways, so that nothing
 * that was accepted is gone and nothing is there that was not accepted; each blob that a head names is in
 * the store, unless the case was destroyed. Throws `DeskError` damaged, which names the first case and
 * place that fail. The contents of blobs are checked when they are read.
 */
export async function verifyCases(
  db: Db,
  { directory }: { readonly directory: Directory },
): Promise<VerifiedCases> {
  await demandAllAccepted(db, directory.desk)
  const cases = await db
    .selectFrom('desk.case')
    .select(['id', 'number'])
    .orderBy('received')
    .orderBy('id')
    .execute()
  let statements = 0
  for (const { id, number } of cases) {
    const fold = await foldStoredCase(db, hexOfBytes(id), directory)
    await demandAcceptances(db, fold, number)
    if (!fold.approved.has(fold.shred)) await demandBlobs(db, fold, number)
    statements += fold.statements.size
  }
  return { cases: cases.length, statements }
}

/** What the ledger accepted and no chain holds: a statement that was lost, a whole report at worst. */
async function demandAllAccepted(db: Db, desk: string): Promise<void> {
  const lost = await db
    .selectFrom('ledger.entry as e')
    .leftJoin('desk.statement as s', 's.id', 'e.of_id')
    .leftJoin('desk.case as c', 'c.id', 'e.of_chain')
    .select(['e.of_chain', 'e.of_seq'])
    .where('e.of_chain', 'is not', null)
    .where('e.of_chain', '!=', bytesOfHex(desk))
    .where((row) => row.or([row('s.id', 'is', null), row('c.id', 'is', null)]))
    .orderBy('e.seq')
    .limit(1)
    .executeTakeFirst()
  if (lost?.of_chain === undefined || lost.of_chain === null) return
  throw damaged(hexOfBytes(lost.of_chain), Number(lost.of_seq), 'was accepted and is missing')
}

async function demandAcceptances(db: Db, fold: CaseFold, number: string): Promise<void> {
  const rows = await db
    .selectFrom('desk.statement as s')
    .leftJoin('ledger.entry as e', 'e.of_id', 's.id')
    .select(['s.seq', 's.id', 's.head', 'e.of_chain', 'e.of_seq'])
    .where('s.chain', '=', bytesOfHex(fold.id))
    .orderBy('s.seq')
    .execute()
  for (const [place, { seq, id, head, of_chain, of_seq }] of rows.entries()) {
    if (seq !== place || statementId(head) !== hexOfBytes(id))
      throw damaged(number, place, 'is not the text of its id')
    const accepted = of_chain !== null && hexOfBytes(of_chain) === fold.id && of_seq === seq
    if (!accepted) throw damaged(number, place, 'was never accepted by the ledger')
  }
}

async function demandBlobs(db: Db, fold: CaseFold, number: string): Promise<void> {
  const { rows } = await sql<{ hash: Bytes }>`
    select hash from blobs.blob b where chain = ${bytesOfHex(fold.id)}
      and exists (select from keys.packet k where k.upload = b.upload)
      and pieces = (select count(*) from blobs.piece p where p.upload = b.upload)
    union all select hash from keys.wrap where chain = ${bytesOfHex(fold.id)}
    union all select hash from keys.label where chain = ${bytesOfHex(fold.id)}`.execute(db)
  const present = new Set(rows.map(({ hash }) => hexOfBytes(hash)))
  for (const head of fold.statements.values())
    for (const { kind, hash } of namedBlobs(head))
      if (!present.has(hash)) throw damaged(number, head.seq, `names a ${kind} that is missing`)
}

function damaged(name: string, seq: number, what: string): DeskError {
  return new DeskError('damaged', `Case ${name}: statement ${seq} ${what}.`)
}
