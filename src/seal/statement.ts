import { type Bytes, bytesOfHex, bytesOfText, hexOfBytes, LIMITS } from '#lexicon'
import { canonicalText, parseCanonical } from './canonical.ts'
import { taggedHash, taggedHashByEngine } from './hash.ts'
import { type Signer, type VerifySignature, verifySignature } from './person.ts'
import { demand, Refused } from './refused.ts'
import { type AnyHead, type ChainKind, headForm, type Heads } from './statement-forms.ts'

/** A statement on the wire: the signed text, byte for byte, and its signature in hex. */
export type Statement = { readonly head: string; readonly sig: string }

/** A statement whose form, place and signature were checked. */
export type Checked<H extends AnyHead = AnyHead> = {
  readonly id: string
  readonly head: H
  readonly statement: Statement
}

/** What a client knows beforehand: the desk's id, and the id of the chain that it asked for. */
export type Pin = { readonly desk: string; readonly chain: string }

/** The place of the newest statement of a chain. */
export type Place = { readonly id: string; readonly seq: number }

export function statementId(head: string): string {
  return hexOfBytes(taggedHash('statement', bytesOfText(head)))
}

/**
 * The slot of a head: its hash without the blob fields. The sealed body begins with it, so a body
 * cannot be moved to another case, author or place (K3, K10).
 */
export function slotOf(head: Bound): Bytes {
  return taggedHash('slot', boundBytes(head))
}

/** The same by the engine. */
export function slotByEngine(head: Bound): Promise<Bytes> {
  return taggedHashByEngine('slot', boundBytes(head))
}

type Bound = AnyHead | Omit<AnyHead, 'body' | 'label' | 'wraps'>

function boundBytes(head: Bound): Bytes {
  const bound = Object.entries(head).filter(
    ([name]) => name !== 'body' && name !== 'label' && name !== 'wraps',
  )
  return bytesOfText(canonicalText(Object.fromEntries(bound)))
}

export async function signStatement(signer: Signer, head: AnyHead): Promise<Statement> {
  if (head.by !== signer.who) throw new RangeError('A head is signed by the person it names.')
  const text = canonicalText(head)
  return { head: text, sig: await signer.sign(bytesOfHex(statementId(text))) }
}

/** Form only (F1): for routing a statement whose chain is not at hand. Believe nothing of it. */
export function readHead<K extends ChainKind>(statement: Statement, kind: K): Heads[K] {
  demand(fitsHead(statement.head), 'F1', 'This head is over 64 KiB.')
  const value = parseCanonical(statement.head)
  const named = typeof value === 'object' && 'type' in value ? value.type : ''
  const type = typeof named === 'string' ? named : ''
  const form = headForm(kind, type)
  if (form === undefined) throw new Refused('F1', `A ${kind} chain has no statement of this type.`)
  demand(form(value), 'F1', `A field of this ${type} is missing, unknown or malformed.`)
  return value
}

/** Most heads are so short that no letter could make them too long. */
function fitsHead(head: string): boolean {
  return 3 * head.length <= LIMITS.head || bytesOfText(head).length <= LIMITS.head
}

/**
 * A statement whose form was read and whose signature is being verified. Signatures depend on nothing but
 * their own statement: whoever has a chain begins with all of them, and judges in order.
 */
export type Begun<K extends ChainKind> = {
  readonly statement: Statement
  /** What `readHead` throws, it throws. */
  readonly read: () => Heads[K]
  readonly id: () => Promise<string>
  readonly isSigned: () => Promise<boolean>
}

export function beginCheck<K extends ChainKind>(
  statement: Statement,
  kind: K,
  verify: VerifySignature = verifySignature,
): Begun<K> {
  try {
    const head = readHead(statement, kind)
    const hash = taggedHashByEngine('statement', bytesOfText(statement.head))
    const id = hash.then(hexOfBytes)
    // After F1: libraries accept weak keys, and the form refuses them (N27).
    const signed = hash.then((bytes) => verify(head.by, bytes, statement.sig))
    // Who stops at an earlier statement never asks for this one.
    signed.catch(() => undefined)
    id.catch(() => undefined)
    return { statement, read: () => head, id: () => id, isSigned: () => signed }
  } catch (failure) {
    const read = () => {
      throw failure
    }
    const id = () => Promise.resolve('')
    return { statement, read, id, isSigned: () => Promise.resolve(false) }
  }
}

/**
 * F1 to F3, and the half of F4 that needs no directory, for one statement after `last`.
 * Throws `Refused`; returns the checked statement.
 */
export async function checkStatement<K extends ChainKind>(
  given: Statement | Begun<K>,
  kind: K,
  pin: Pin,
  last: Place | undefined,
): Promise<Checked<Heads[K]>> {
  const begun = 'read' in given ? given : beginCheck(given, kind)
  const { statement } = begun
  const head = begun.read()
  const id = await begun.id()
  const opens = head.type.endsWith('.open')
  demand(opens === (last === undefined), 'F2', 'Only the first statement of a chain opens it.')
  demand(head.desk === (head.type === 'desk.open' ? '' : pin.desk), 'F2', 'This is another desk.')
  demand(head.chain === (opens ? '' : pin.chain), 'F2', 'This belongs to another chain.')
  demand(!opens || id === pin.chain, 'F2', 'This is not the chain that was asked for.')
  demand(head.seq === (last === undefined ? 0 : last.seq + 1), 'F2', 'A statement is missing.')
  demand(head.prev === (last?.id ?? ''), 'F2', 'This does not follow the statement before it.')
  // The ledger has no end: every login and every statement of a desk is an entry.
  demand(kind === 'ledger' || head.seq < LIMITS.chain, 'F2', 'This chain is too long.')
  demand((kind === 'desk') === (head.dir === ''), 'F4', 'The directory state is not named.')
  demand(await begun.isSigned(), 'F3', 'The signature does not fit this statement.')
  return { id, head, statement }
}

/** Signatures that are verified ahead of the judgement. */
const AHEAD = 128

/** Begins with statements before their turn comes. */
export function* beganAhead<K extends ChainKind>(
  statements: readonly (Statement | Begun<K>)[],
  kind: K,
): Generator<Begun<K>> {
  const begun: Begun<K>[] = []
  for (const at of statements.keys()) {
    for (const next of statements.slice(begun.length, at + AHEAD))
      begun.push('read' in next ? next : beginCheck(next, kind))
    const own = begun[at]
    if (own !== undefined) yield own
  }
}
