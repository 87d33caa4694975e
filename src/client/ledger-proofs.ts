import { bytesOfHex } from '#lexicon'
import {
  beginCheck,
  type Checkpoint,
  type Directory,
  leafHash,
  readLogMark,
  Refused,
  type SignedCheckpoint,
  type Statement,
  statementId,
  verifyConsistency,
  verifyInclusion,
  verifyReceipt,
  type VerifySignature,
} from '#seal'
import type { Api } from './api.ts'

/*
 * What the ledger must prove (H2, H3). What was proved to one checkpoint holds for every later one that was
 * proved to continue it: a tree that only grows loses neither a leaf nor a beginning.
 */

type Held = { readonly api: Api; readonly checkpoint: SignedCheckpoint }
type Known = {
  readonly id: string
  readonly directory: Directory
  readonly verify?: VerifySignature | undefined
}

type Proven = {
  /** Ledger states, as authors name them, that are beginnings of this checkpoint. */
  readonly marks: Set<string>
  /** Statements whose acceptance it holds, with the place of the entry. */
  readonly entries: Map<string, number>
}

const PROVEN = new WeakMap<SignedCheckpoint, Proven>()

function provenBy(checkpoint: SignedCheckpoint): Proven {
  const known = PROVEN.get(checkpoint) ?? { marks: new Set(), entries: new Map() }
  PROVEN.set(checkpoint, known)
  return known
}

/** `next` was proved to continue `old`. */
export function carryProofs(old: SignedCheckpoint, next: SignedCheckpoint): void {
  const { marks, entries } = provenBy(old)
  const later = provenBy(next)
  for (const mark of marks) later.marks.add(mark)
  for (const [id, index] of entries) later.entries.set(id, index)
}

/** The ledger state that an author saw (`log` of a head) is a beginning of this one (K5). */
export async function demandBeginning(view: Held, mark: string): Promise<void> {
  const { marks } = provenBy(view.checkpoint)
  const seen = readLogMark(mark)
  if (seen === undefined || marks.has(mark)) return
  await demandConsistent(view.api, seen, view.checkpoint)
  marks.add(mark)
}

/** A receipt for this statement, and its place in the newest checkpoint (H2). Returns the ledger's time. */
export async function proveAccepted(
  view: Held & Known,
  chain: string,
  place: { readonly id: string; readonly seq: number },
  receipt: Statement,
): Promise<string> {
  const { head } = await verifyAcceptance(view, chain, place, receipt)
  await proveInLedger(view, place.id)
  return head.at
}

/** The receipt alone: who accepted it, and when. */
export function verifyAcceptance(
  view: Known,
  chain: string,
  place: { readonly id: string; readonly seq: number; readonly dir?: string },
  receipt: Statement,
) {
  const begun = beginCheck(receipt, 'ledger', view.verify)
  // The server's key may have changed since: the entry names the directory under which it was signed.
  const state = view.directory.after.get(begun.read().dir) ?? view.directory.now
  // A key that was replaced signs nothing new (N21): the entry cannot be older than what the author knew.
  const known = view.directory.after.get(place.dir ?? '')
  if (known !== undefined && state.seq < known.seq)
    throw new Refused(
      'by',
      'This receipt was signed under an older state of the desk than its statement.',
    )
  const { server } = state
  return verifyReceipt(begun, server, { desk: view.id, chain, id: place.id, seq: place.seq })
}

/** H2 for one statement: its entry is in the tree of my newest checkpoint. Returns the entry's index. */
export async function proveInLedger(view: Held, id: string): Promise<number> {
  const { entries } = provenBy(view.checkpoint)
  const known = entries.get(id)
  if (known !== undefined) return known
  const { index } = await readInclusion(view, id)
  entries.set(id, index)
  return index
}

/** What proves it, to be kept: verified as it stands, for a server may answer twice and differently. */
export async function readInclusion(view: Held, id: string) {
  const { size, root } = view.checkpoint
  const inclusion = await view.api.call('proveInclusion', { query: { of: id, size } })
  const { entry, index, proof } = inclusion
  const named: unknown = JSON.parse(entry.head)
  const same =
    typeof named === 'object' &&
    named !== null &&
    'of_id' in named &&
    named.of_id === id &&
    'seq' in named &&
    named.seq === index
  const leaf = leafHash(bytesOfHex(statementId(entry.head)))
  const included = same && verifyInclusion(leaf, index, size, proof.map(bytesOfHex), root)
  if (!included) throw new Refused('H2', 'The ledger does not hold a statement that it must hold.')
  return inclusion
}

/** H3: the ledger that I know is the beginning of this one. */
export async function demandConsistent(
  api: Api,
  old: Checkpoint,
  checkpoint: Checkpoint,
): Promise<void> {
  const broken = () =>
    new Refused(
      'H3',
      'The desk’s ledger was rewritten or went back: it is not the one seen before.',
    )
  if (old.size > checkpoint.size) throw broken()
  const { proof } = await api.call('proveConsistency', {
    query: { old: old.size, size: checkpoint.size },
  })
  const hashes = proof.map(bytesOfHex)
  if (!verifyConsistency(old.size, checkpoint.size, old.root, checkpoint.root, hashes))
    throw broken()
}
