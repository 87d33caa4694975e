import {
  canonicalText,
  checkStatement,
  type ChainKind,
  type Directory,
  foldCase,
  foldDesk,
  type Json,
  type Pin,
  type Place,
  readCode,
  receiptKeys,
  Refused,
  type Statement,
  statementId,
  verifyReceipt,
} from '#seal'
import { hexOfBytes } from '#lexicon'
import { CheckFailed } from './check-failed.ts'
import { type FactsVector, judgeFacts } from './judge-facts.ts'
import { judgeMail, type MailVector } from './judge-mail.ts'
import { judgeLedgerChain, type LedgerProofs, proofsFrom } from './judge-ledger.ts'
import { judgeSealed, type SealedVector } from './judge-sealed.ts'
import { judgeSmall, type SmallVector } from './judge-small.ts'
import { summaryOfCase, summaryOfDesk } from './summary.ts'

type Common = {
  readonly expect: 'accept' | 'reject'
  readonly check?: string
  readonly why?: string
  readonly changed?: string
}

type StatementVector = {
  readonly format: 'statement'
  readonly kind: ChainKind
  readonly pin: Pin
  readonly last: Place | null
  readonly statement: Statement
}

/** The shared vectors carry some chains as JSON text. */
type Texts = readonly Statement[] | string

type ChainVector = {
  readonly format: 'chain'
  readonly kind: ChainKind
  readonly pin: Pin
  readonly statements: Texts
  /** The desk chain that a case, or the ledger, is judged by. */
  readonly desk_chain?: Texts
  /** What the ledger proves, for F6. */
  readonly ledger?: LedgerProofs
  /** What an accepted chain comes to. */
  readonly state?: Json
  /** The place of the statement that must be refused: the ones before it are accepted. */
  readonly fails_at?: number
}

type ReceiptVector = {
  readonly format: 'receipt'
  readonly desk: string
  readonly server: string
  readonly receipt: Statement | string
  /** What the receipt must speak of: the first statement of a case, or a statement in its place. */
  readonly case_open?: Statement | string
  readonly statement?: Statement
  readonly place?: { readonly chain: string; readonly seq: number }
  /** Words as somebody typed them, and what they derive at this desk. */
  readonly typed?: string
  readonly derived?: Json
}

export type Vector = Common &
  (
    | StatementVector
    | ChainVector
    | ReceiptVector
    | SealedVector
    | FactsVector
    | MailVector
    | SmallVector
  )

/** `accept`, or the check that failed. Any other error is a fault of the program and is thrown. */
export async function judge(vector: Vector): Promise<string> {
  try {
    await judged(vector)
    return 'accept'
  } catch (error) {
    if (error instanceof Refused || error instanceof CheckFailed) return error.code
    throw error
  }
}

/** What the vector says should come out. */
export function expected(vector: Vector): string {
  return vector.expect === 'accept' ? 'accept' : (vector.check ?? '')
}

async function judged(vector: Vector): Promise<unknown> {
  switch (vector.format) {
    case 'statement':
      return checkStatement(vector.statement, vector.kind, vector.pin, vector.last ?? undefined)
    case 'chain':
      return judgeChain(vector)
    case 'receipt':
      return judgeReceipt(vector)
    case 'body':
    case 'wrap':
    case 'file':
    case 'label':
    case 'vault':
    case 'invitation':
    case 'login':
      return judgeSealed(vector)
    case 'facts':
      return judgeFacts(vector)
    case 'mail':
      return judgeMail(vector)
    default:
      return judgeSmall(vector)
  }
}

async function judgeChain(vector: ChainVector): Promise<void> {
  const { fails_at = 0 } = vector
  const statements = listed(vector.statements)
  if (fails_at > 0) {
    try {
      await foldChain(vector, statements.slice(0, fails_at))
    } catch (cause) {
      throw new CheckFailed('earlier', String(cause))
    }
  }
  await foldChain(vector, fails_at > 0 ? statements.slice(0, fails_at + 1) : statements)
}

async function foldChain(vector: ChainVector, statements: readonly Statement[]): Promise<void> {
  const { kind, pin, state } = vector
  if (kind === 'desk') {
    const directory = await foldDesk(statements, pin.desk)
    demandState(state, () => summaryOfDesk(directory))
    return
  }
  const directory = await foldDesk(listed(vector.desk_chain ?? []), pin.desk)
  if (kind === 'ledger') return judgeLedgerChain(statements, pin, directory)
  const fold = await foldCase(
    statements,
    pin.chain,
    directory,
    acceptedBefore(vector, statements, directory),
  )
  demandState(state, () => summaryOfCase(fold))
}

function acceptedBefore(
  vector: ChainVector,
  statements: readonly Statement[],
  directory: Directory,
): (id: string, ended: string) => Promise<boolean> {
  if (vector.ledger === undefined) return () => Promise.resolve(false)
  const ids = statements.map(({ head }) => statementId(head))
  return proofsFrom(vector.ledger, vector.pin.chain, ids, directory)
}

function demandState(expectedState: Json | undefined, summary: () => Json): void {
  if (expectedState === undefined) return
  const own = canonicalText(summary())
  if (own !== canonicalText(expectedState)) throw new CheckFailed('state', own)
}

async function judgeReceipt(vector: ReceiptVector): Promise<void> {
  const { desk, server, typed, derived, case_open, statement, place } = vector
  if (typed !== undefined && derived !== undefined) {
    const { lookup, auth, wrap } = receiptKeys(readCode(typed), desk)
    const own = canonicalText({ lookup, auth, wrap: hexOfBytes(wrap) })
    if (own !== canonicalText(derived)) throw new CheckFailed('derive', own)
  }
  const of = case_open === undefined ? statement : one(case_open)
  if (of === undefined) throw new RangeError('This receipt vector names no statement.')
  const id = statementId(of.head)
  await verifyReceipt(one(vector.receipt), server, {
    desk,
    id,
    chain: place?.chain ?? id,
    seq: place?.seq ?? 0,
  })
}

function listed(texts: Texts): readonly Statement[] {
  return typeof texts === 'string' ? (JSON.parse(texts) as Statement[]) : texts
}

function one(text: Statement | string): Statement {
  return typeof text === 'string' ? (JSON.parse(text) as Statement) : text
}
