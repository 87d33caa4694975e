import { bytesOfHex } from '#lexicon'
import {
  type Checkpoint,
  checkpointOrigin,
  checkStatement,
  type Directory,
  leafHash,
  type LedgerHead,
  type Pin,
  type Place,
  readCheckpoint,
  readHead,
  Refused,
  type Statement,
  verifyInclusion,
} from '#seal'
import { CheckFailed } from './check-failed.ts'

/** A ledger entry and the path from it to the root of a checkpoint. */
export type LedgerEntry = { readonly entry: Statement; readonly proof: readonly string[] }

/** A signed checkpoint and entries that it is said to hold. */
export type LedgerProofs = { readonly checkpoint: string; readonly entries: readonly LedgerEntry[] }

type Proved = { readonly index: number; readonly head: LedgerHead }

/**
 * F6 from texts alone: whether statement `id` of a chain was accepted before statement `ended` of the
 * desk chain. A later statement of the same chain proves the earlier ones, whose hashes it carries.
 */
export function proofsFrom(
  proofs: LedgerProofs,
  chain: string,
  ids: readonly string[],
  directory: Directory,
): (id: string, ended: string) => Promise<boolean> {
  const proved = proveAll(proofs, directory)
  return async (id, ended) => {
    const entries = await proved
    const end = entries.find(
      ({ head }) =>
        head.type === 'ledger.accept' && head.of_chain === directory.desk && head.of_id === ended,
    )
    if (end === undefined) return false
    return entries.some(
      ({ index, head }) =>
        head.type === 'ledger.accept' &&
        head.of_chain === chain &&
        head.of_seq >= ids.indexOf(id) &&
        head.of_id === ids[head.of_seq] &&
        index < end.index,
    )
  }
}

/** The rules of a ledger chain (PROTOCOL 5.4): by the server of that time, one acceptance per place, in order. */
export async function judgeLedgerChain(
  statements: readonly Statement[],
  pin: Pin,
  directory: Directory,
): Promise<void> {
  const nextOf = new Map<string, number>()
  let last: Place | undefined
  let dirSeq = 0
  for (const statement of statements) {
    const { id, head } = await checkStatement(statement, 'ledger', pin, last)
    const state = directory.after.get(head.dir)
    if (state === undefined || state.seq < dirSeq) throw new CheckFailed('F4', 'dir')
    if (head.by !== state.server) throw new CheckFailed('F5', 'by')
    if (head.type === 'ledger.accept') {
      const next = nextOf.get(head.of_chain) ?? 0
      const numbered = head.of_seq === 0 && head.of_chain !== directory.desk
      if (head.of_seq !== next || numbered !== (head.number !== ''))
        throw new CheckFailed('F8', 'place')
      nextOf.set(head.of_chain, next + 1)
    }
    dirSeq = state.seq
    last = { id, seq: head.seq }
  }
}

/** What cannot be proved proves nothing: F6 is what fails then. */
async function proveAll(
  { checkpoint, entries }: LedgerProofs,
  directory: Directory,
): Promise<readonly Proved[]> {
  const proved: Proved[] = []
  try {
    const origin = checkpointOrigin(directory.now.domain, directory.desk)
    const tree = await readCheckpoint(checkpoint, origin, directory.now.server)
    for (const entry of entries) proved.push(await prove(entry, tree, directory))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  return proved
}

/** The entry is signed by the server of its time, and stands in the tree at the place that it names. */
async function prove(
  { entry, proof }: LedgerEntry,
  { size, root }: Checkpoint,
  directory: Directory,
): Promise<Proved> {
  const { chain, prev, seq } = readHead(entry, 'ledger')
  const pin = { desk: directory.desk, chain }
  const { id, head } = await checkStatement(entry, 'ledger', pin, { id: prev, seq: seq - 1 })
  const server = directory.after.get(head.dir)?.server
  if (head.by !== server) throw new Refused('by', 'This entry is not by the server of its time.')
  const included = verifyInclusion(leafHash(bytesOfHex(id)), seq, size, proof.map(bytesOfHex), root)
  if (!included) throw new Refused('H2', 'This entry is not in the tree.')
  return { index: seq, head }
}
