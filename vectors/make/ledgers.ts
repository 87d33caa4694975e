import { base64OfBytes, type Bytes, bytesOfHex, bytesOfText, concatBytes } from '#lexicon'
import { checkpointOrigin, sha256, type Statement, statementId } from '#seal'
import type { LedgerProofs } from '../judge-ledger.ts'
import type { Actor } from './actors.ts'
import { add, type Chain, type Fields, lastId } from './chains.ts'

/** A ledger as a chain; its tree is computed anew for each proof, by the book (RFC 6962 2.1). */
export async function newLedger(desk: Chain, server: Actor): Promise<Chain> {
  const empty: Chain = {
    desk: desk.id,
    id: '',
    dir: lastId(desk),
    begins: Date.UTC(2026, 10, 21, 8, 0, 30),
    statements: [],
  }
  return add(empty, server, 'ledger.open')
}

/** Accepts the statements of a chain from one place on, up to its end. */
export async function accepting(
  ledger: Chain,
  server: Actor,
  chain: Chain,
  from = 0,
  dir = ledger.dir,
): Promise<Chain> {
  let longer = { ...ledger, dir }
  for (let seq = from; seq < chain.statements.length; seq++)
    longer = await add(longer, server, 'ledger.accept', acceptanceOf(chain, seq))
  return longer
}

export function acceptanceOf(chain: Chain, seq: number): Fields {
  const statement = chain.statements[seq]
  if (statement === undefined) throw new RangeError('There is no such statement.')
  return {
    of_chain: chain.id,
    of_id: statementId(statement.head),
    of_seq: seq,
    number: seq === 0 && chain.id !== chain.desk ? '2026-7F3KQ' : '',
  }
}

/** A checkpoint of the whole ledger, and these entries with their paths. */
export async function proofsOf(
  ledger: Chain,
  server: Actor,
  desk: string,
  entries: readonly Statement[],
): Promise<LedgerProofs> {
  return {
    checkpoint: await noteOf(ledger, server, checkpointOrigin('security.example.org', desk)),
    entries: entries.map((entry) => ({ entry, proof: pathOf(ledger, entry) })),
  }
}

/** The entry that accepted the statement at this place of a chain. */
export function entryFor(ledger: Chain, chain: Chain, seq: number): Statement {
  const id = statementId(chain.statements[seq]?.head ?? '')
  const found = ledger.statements.find(({ head }) => head.includes(`"of_id":"${id}"`))
  if (found === undefined) throw new RangeError('The ledger does not hold this statement.')
  return found
}

export function leavesOf(ledger: Chain): readonly Bytes[] {
  return ledger.statements.map(({ head }) =>
    sha256(Uint8Array.of(0), bytesOfHex(statementId(head))),
  )
}

/** MTH of RFC 6962 2.1. */
export function rootOf(leaves: readonly Bytes[]): Bytes {
  const [only, ...more] = leaves
  if (only === undefined) return sha256(new Uint8Array(0))
  if (more.length === 0) return only
  const cut = largestPowerBelow(leaves.length)
  return sha256(Uint8Array.of(1), rootOf(leaves.slice(0, cut)), rootOf(leaves.slice(cut)))
}

/** PATH of RFC 6962 2.1.1. */
export function inclusionPath(m: number, leaves: readonly Bytes[]): readonly Bytes[] {
  if (leaves.length <= 1) return []
  const cut = largestPowerBelow(leaves.length)
  const [left, right] = [leaves.slice(0, cut), leaves.slice(cut)]
  return m < cut
    ? [...inclusionPath(m, left), rootOf(right)]
    : [...inclusionPath(m - cut, right), rootOf(left)]
}

/** PROOF of RFC 6962 2.1.2. */
export function consistencyPath(m: number, leaves: readonly Bytes[]): readonly Bytes[] {
  const sub = (old: number, part: readonly Bytes[], whole: boolean): readonly Bytes[] => {
    if (old === part.length) return whole ? [] : [rootOf(part)]
    const cut = largestPowerBelow(part.length)
    const [left, right] = [part.slice(0, cut), part.slice(cut)]
    return old <= cut
      ? [...sub(old, left, whole), rootOf(right)]
      : [...sub(old - cut, right, false), rootOf(left)]
  }
  return m === 0 ? [] : sub(m, leaves, true)
}

/** A C2SP tlog-checkpoint, written by hand. */
export async function noteOf(
  ledger: Chain,
  server: Actor,
  origin: string,
  size = ledger.statements.length,
): Promise<string> {
  const root = rootOf(leavesOf(ledger).slice(0, size))
  return signNote(`${origin}\n${size}\n${base64OfBytes(root)}\n`, server, origin)
}

export async function signNote(text: string, server: Actor, origin: string): Promise<string> {
  const keyHash = sha256(bytesOfText(`${origin}\n`), Uint8Array.of(1), bytesOfHex(server.who))
  const signature = bytesOfHex(await server.signer.sign(bytesOfText(text)))
  const stamp = base64OfBytes(concatBytes(keyHash.subarray(0, 4), signature))
  return `${text}\n\u2014 ${origin} ${stamp}\n`
}

function pathOf(ledger: Chain, entry: Statement): readonly string[] {
  const index = ledger.statements.indexOf(entry)
  return inclusionPath(index, leavesOf(ledger)).map((hash) => Buffer.from(hash).toString('hex'))
}

function largestPowerBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}
