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
  type Statement,
  statementId,
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

async function proveAll(
  { checkpoint, entries }: LedgerProofs,
  directory: Directory,
): Promise<readonly Proved[]> {
  const origin = checkpointOrigin(directory.now.domain, directory.desk)
  const tree = await readCheckpoint(checkpoint, origin, directory.now.server)
  const proved: Proved[] = []
  for (const entry of entries) {
    const one = await prove(entry, tree, directory)
    if (one !== undefined) proved.push(one)
  }
  return proved
}

/** The entry is signed by the server of its time, and stands in the tree at the place that it names. */
async function prove(
  { entry, proof }: LedgerEntry,
  { size, root }: Checkpoint,
  directory: Directory,
): Promise<Proved | undefined> {
  const head = readHead(entry, 'ledger')
  const pin = { desk: directory.desk, chain: head.chain }
  const { id } = await checkStatement(entry, 'ledger', pin, { id: head.prev, seq: head.seq - 1 })
  const leaf = leafHash(bytesOfHex(statementId(entry.head)))
  const included = verifyInclusion(leaf, head.seq, size, proof.map(bytesOfHex), root)
  const server = directory.after.get(head.dir)?.server
  return id !== '' && included && head.by === server ? { index: head.seq, head } : undefined
}
