import type { BodiesPage, ChainPage } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes, LIMITS } from '#lexicon'
import { entriesOf, type NamedBlob } from '#ledger'
import {
  bodySizes,
  pieceHashes,
  readBodies as readStoredBodies,
  readPiece as readStoredPiece,
  readWrap,
  StoreError,
} from '#store'
import { blobFor, takesPart } from './case-access.ts'
import type { DeskDeps, Party } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'

/** A page ends when it is full, or heavy. */
const PAGE = 500
const HEAVY = LIMITS.request / 4

/**
 * The chain after place `after` (-1: from the beginning). Null for a case that does not exist and for
 * one that is not for this person, alike. This holds for everything in this file.
 */
export async function readCaseChain(
  deps: DeskDeps,
  party: Party,
  caseId: string,
  after: number,
  limit = PAGE,
): Promise<ChainPage | null> {
  if ((await caseFor(deps, party, caseId)) === null) return null
  const rows = await deps.db
    .selectFrom('desk.statement')
    .select(['id', 'head', 'sig'])
    .where('chain', '=', bytesOfHex(caseId))
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(Math.min(PAGE, limit) + 1)
    .execute()
  const fitting = rows.slice(0, Math.min(limit, fit(rows.map(({ head }) => head.length))))
  const entries = await entriesOf(
    deps.db,
    fitting.map(({ id }) => hexOfBytes(id)),
  )
  const statements = fitting.map(({ id, head, sig }) => {
    const accepted = entries.get(hexOfBytes(id))
    if (accepted === undefined)
      throw new DeskError('damaged', 'The ledger lacks a stored statement: run verify.')
    return { statement: { head, sig: hexOfBytes(sig) }, accepted }
  })
  return { statements, more: fitting.length < rows.length }
}

/** A sealed body, a wrap or a label that this person may open. */
export async function readBlob(
  deps: DeskDeps,
  party: Party,
  caseId: string,
  hash: string,
): Promise<Bytes | null> {
  const blob = await blobOf(deps, party, caseId, hash)
  const [chain, name] = [bytesOfHex(caseId), bytesOfHex(hash)]
  switch (blob?.kind) {
    case 'body':
      return (await damaged(() => readStoredBodies(deps.db, chain, [name]))).get(hash) ?? null
    case 'wrap':
      return stored(() => readWrap(deps.db, chain, name))
    case 'label':
      return readLabel(deps, chain, name)
    default:
      return null
  }
}

/**
 * The sealed bodies between two places, both included, that this person may open: each by the rule of
 * `readBlob`. As many of the newest as fit into one answer, and at least one: a large mail comes alone.
 * `from` says how far it went.
 */
export async function readBodies(
  deps: DeskDeps,
  party: Party,
  caseId: string,
  from: number,
  to: number,
): Promise<BodiesPage | null> {
  const found = await caseFor(deps, party, caseId)
  if (found === null) return null
  const named: { readonly seq: number; readonly hash: string }[] = []
  for (const head of found.fold.statements.values()) {
    if (!('body' in head) || head.seq < from || head.seq > to) continue
    const blob = blobFor(found.fold, found.state, party, head.body)
    if (blob?.kind === 'body') named.push({ seq: head.seq, hash: head.body })
  }
  const chain = bytesOfHex(caseId)
  const hashesOf = (some: typeof named) => some.map(({ hash }) => bytesOfHex(hash))
  const sizes = await bodySizes(deps.db, chain, hashesOf(named))
  let weight = 0
  const cut = named.findLastIndex(
    ({ hash }, at) => (weight += sizes.get(hash) ?? 0) > LIMITS.request && at < named.length - 1,
  )
  const fitting = named.slice(cut + 1)
  const stored = await damaged(() => readStoredBodies(deps.db, chain, hashesOf(fitting)))
  const bodies = fitting.flatMap(({ seq, hash }) => {
    const bytes = stored.get(hash)
    return bytes === undefined ? [] : [{ seq, bytes }]
  })
  return { from: cut < 0 ? from : (fitting[0]?.seq ?? from), bodies }
}

/** The hashes of a file's pieces, in order. */
export async function readFile(
  deps: DeskDeps,
  party: Party,
  caseId: string,
  hash: string,
): Promise<string[] | null> {
  const blob = await blobOf(deps, party, caseId, hash)
  if (blob?.kind !== 'file') return null
  const hashes = await stored(() => pieceHashes(deps.db, bytesOfHex(caseId), bytesOfHex(hash)))
  return hashes === null ? null : hashes.map(hexOfBytes)
}

export async function readPiece(
  deps: DeskDeps,
  party: Party,
  caseId: string,
  hash: string,
  n: number,
): Promise<Bytes | null> {
  const blob = await blobOf(deps, party, caseId, hash)
  if (blob?.kind !== 'file' || n >= LIMITS.file / LIMITS.piece) return null
  return stored(() => readStoredPiece(deps.db, bytesOfHex(caseId), bytesOfHex(hash), n))
}

async function caseFor({ db, directory, folds }: DeskDeps, party: Party, caseId: string) {
  const desk = await directory()
  const fold = await folds.newest(db, caseId)
  if (desk === undefined || fold === undefined) return null
  return takesPart(fold, desk.now, party) ? { fold, state: desk.now } : null
}

async function blobOf(
  deps: DeskDeps,
  party: Party,
  caseId: string,
  hash: string,
): Promise<NamedBlob | undefined> {
  const found = await caseFor(deps, party, caseId)
  return found === null ? undefined : blobFor(found.fold, found.state, party, hash)
}

async function readLabel({ db }: DeskDeps, chain: Bytes, hash: Bytes): Promise<Bytes | null> {
  const row = await db
    .selectFrom('keys.label')
    .select('bytes')
    .where('chain', '=', chain)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.bytes ?? null
}

/** After the end of a case its keys are gone, and then its blobs: there is nothing here any more. */
async function stored<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await damaged(read)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return null
  }
}

async function damaged<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    if (cause.code === 'blob-unknown' || cause.code === 'key-unknown') throw cause
    throw new DeskError('damaged', 'A stored blob is damaged: restore it from a backup.', { cause })
  }
}

/** How many heads of these lengths go into one page: at least one. */
function fit(lengths: readonly number[]): number {
  let weight = 0
  const heavy = lengths.findIndex((length) => (weight += length) > HEAVY)
  return Math.min(PAGE, heavy < 0 ? lengths.length : Math.max(1, heavy))
}
