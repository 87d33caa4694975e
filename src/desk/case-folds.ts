import { bytesOfHex, hexOfBytes } from '#lexicon'
import { acceptedBefore, type CurrentDirectory } from '#ledger'
import {
  appendToCase,
  type CaseFold,
  type Directory,
  foldCase,
  Refused,
  type Statement,
} from '#seal'
import type { Kysely, Schema } from '#store'
import { DeskError } from './desk-error.ts'

type Db = Kysely<Schema>

/** The newest folds of case chains. Only the fold says who may read: a row that a bug wrote does not. */
export type CaseFolds = {
  /** What `db` sees of this case, folded; `undefined` for a case that does not exist. */
  readonly newest: (db: Db, caseId: string) => Promise<CaseFold | undefined>
}

/** How many folds stay in memory: the cases that people work on. */
const KEPT = 200

/**
 * Folds a chain once and then only what came since: a stored statement never changes, so a fold up to
 * its last id stays true.
 */
export function openCaseFolds({
  directory,
  kept = KEPT,
}: {
  readonly directory: CurrentDirectory
  readonly kept?: number
}): CaseFolds {
  const folds = new Map<string, CaseFold>()
  const keep = (fold: CaseFold) => {
    // The order of a Map is the order of insertion: the first one is the longest unused.
    folds.delete(fold.id)
    folds.set(fold.id, fold)
    const [oldest] = folds.keys()
    if (folds.size > kept && oldest !== undefined) folds.delete(oldest)
  }
  const newest = async (db: Db, caseId: string): Promise<CaseFold | undefined> => {
    const known = folds.get(caseId)
    const statements = await readStatements(db, caseId, known?.head.seq ?? -1)
    if (known === undefined && statements.length === 0) return undefined
    const desk = statements.length === 0 ? undefined : await directory(db)
    const fold = desk === undefined ? known : await foldOn(db, known, statements, caseId, desk)
    if (fold !== undefined) keep(fold)
    return fold
  }
  const first = new Map<string, Promise<unknown>>()
  return {
    newest: async (db, caseId) => {
      // Pages of one chain are asked for side by side: one of them folds it, the others go on from there.
      // Whoever is in a transaction waits for nobody: they hold the connection that another may need.
      if (folds.has(caseId) || db.isTransaction) return newest(db, caseId)
      const before = first.get(caseId)
      if (before !== undefined) {
        await before.catch(() => undefined)
        return newest(db, caseId)
      }
      const own = newest(db, caseId)
      first.set(caseId, own)
      try {
        return await own
      } finally {
        first.delete(caseId)
      }
    },
  }
}

/** Folds a stored chain without any memory of it. */
export async function foldStoredCase(
  db: Db,
  caseId: string,
  directory: Directory,
): Promise<CaseFold> {
  return foldOn(db, undefined, await readStatements(db, caseId, -1), caseId, directory)
}

async function foldOn(
  db: Db,
  known: CaseFold | undefined,
  statements: readonly Statement[],
  caseId: string,
  directory: Directory,
): Promise<CaseFold> {
  const before = acceptedBefore(db, caseId)
  try {
    if (known === undefined) return await foldCase(statements, caseId, directory, before)
    let fold = known
    for (const statement of statements)
      fold = await appendToCase(fold, statement, caseId, directory, before)
    return fold
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    throw new DeskError(
      'damaged',
      `The stored chain of case ${caseId} fails check ${cause.code}: run verify, and restore a backup.`,
      { cause },
    )
  }
}

async function readStatements(db: Db, caseId: string, after: number): Promise<Statement[]> {
  const rows = await db
    .selectFrom('desk.statement')
    .select(['head', 'sig'])
    .where('chain', '=', bytesOfHex(caseId))
    .where('seq', '>', after)
    .orderBy('seq')
    .execute()
  return rows.map(({ head, sig }) => ({ head, sig: hexOfBytes(sig) }))
}
