import { CLOCK_SLACK, millisecondsOf } from '#lexicon'
import {
  type AcceptedBefore,
  type CaseFold,
  foldCase,
  memberOf,
  type Place,
  readLogMark,
  Refused,
  type SignedCheckpoint,
  type Statement,
  statementId,
} from '#seal'
import { ClientError } from './client-error.ts'
import {
  type DeskView,
  demandConsistent,
  later,
  proveAccepted,
  proveInLedger,
  verifyAcceptance,
} from './desk-view.ts'

/** A case as this machine verified it: nothing in it comes from the server's word alone. */
export type CaseView = {
  readonly id: string
  /** For people only; from the verified receipt of `case.open`. */
  readonly number: string
  readonly fold: CaseFold
  readonly statements: readonly Statement[]
  /** The ledger's time of each statement, by id. Clocks run on it. */
  readonly acceptedAt: ReadonlyMap<string, string>
}

/** The time to show for a statement: its author's, or the ledger's where the author's clock ran ahead (F9). */
export function shownTime(at: string, acceptedAt: string): string {
  return millisecondsOf(at) > millisecondsOf(acceptedAt) + CLOCK_SLACK ? acceptedAt : at
}

/**
 * Fetches and folds a case, with every check of PROTOCOL 3: F1 to F9 per statement, H1 to H3 for the
 * chain. Throws `Refused`, or `ClientError` not-found.
 */
export async function openCase(view: DeskView, id: string): Promise<CaseView> {
  const page = await readWholeCase(view, id)
  const statements = page.map((entry) => entry.statement)
  const fold = await foldCase(statements, id, view.directory, acceptedBefore(view))
  await demandCaseMark(view, fold, statements)
  const acceptedAt = new Map<string, string>()
  let number = ''
  let seq = 0
  for (const { statement, accepted } of page) {
    const own = statementId(statement.head)
    const place = { id: own, seq: seq++, dir: fold.statements.get(own)?.dir ?? '' }
    const receipt = await verifyAcceptance(view, id, place, accepted)
    acceptedAt.set(place.id, receipt.head.at)
    if (place.seq === 0) number = receipt.head.number
  }
  const last = page.at(-1)
  if (last !== undefined) await proveAccepted(view, id, fold.head, last.accepted)
  await demandSameLedger(view, fold)
  await rememberMark(view, id, fold.head)
  return { id, number, fold, statements, acceptedAt }
}

/** Stores how far this case was seen. */
async function rememberMark(view: DeskView, chain: string, place: Place): Promise<void> {
  await view.memory.update(view.id, (before) => ({
    ...before,
    marks: { ...before.marks, [chain]: later(before.marks[chain], place) },
  }))
}

/** F6: the ledger holds the statement before the one that ended its author's key. Two inclusion proofs. */
function acceptedBefore(view: DeskView): AcceptedBefore {
  const places = new Map<string, Promise<number>>()
  const place = (id: string) => {
    const known = places.get(id) ?? proveInLedger(view, id)
    places.set(id, known)
    return known
  }
  return async (id, ended) => {
    try {
      return (await place(id)) < (await place(ended))
    } catch (error) {
      if (error instanceof ClientError && error.code === 'not-found') return false
      throw error
    }
  }
}

/** H1: not below what this machine saw before, and on the same history. */
async function demandCaseMark(
  view: DeskView,
  fold: CaseFold,
  statements: readonly Statement[],
): Promise<void> {
  const remembered = await view.memory.read(view.id)
  const mark = remembered.marks[fold.id]
  if (mark === undefined) return
  const served = statements[mark.seq]
  if (served !== undefined && statementId(served.head) === mark.id) return
  await view.memory.keepEvidence(
    view.id,
    `case-${fold.id.slice(0, 16)}`,
    JSON.stringify(served ?? ''),
  )
  throw new Refused(
    'H1',
    `The desk shows an older or another past of this case than before (statement ${mark.seq}). Nothing is sent.`,
  )
}

/** Ledger states proved to be beginnings of a checkpoint: many cases name the same. */
const PROVEN = new WeakMap<SignedCheckpoint, Set<string>>()

/** H3 with gossip: every ledger state that an author saw is the beginning of the one that I see (K5). */
async function demandSameLedger(view: DeskView, fold: CaseFold): Promise<void> {
  const largest = new Map<string, { size: number; mark: string }>()
  for (const head of fold.statements.values()) {
    const seen = readLogMark(head.log)
    if (seen === undefined) continue
    if ((largest.get(head.by)?.size ?? 0) < seen.size)
      largest.set(head.by, { size: seen.size, mark: head.log })
  }
  const proven = PROVEN.get(view.checkpoint) ?? new Set()
  PROVEN.set(view.checkpoint, proven)
  for (const { mark } of largest.values()) {
    const seen = readLogMark(mark)
    if (seen === undefined || proven.has(mark)) continue
    await demandConsistent(view.api, seen, view.checkpoint)
    proven.add(mark)
  }
}

/** Who a person is to people: the handle that a coordinator admitted, or the reporter. */
export function nameOf(view: DeskView, who: string): string {
  const member = memberOf(view.directory.now, who)
  if (member !== undefined) return member.handle
  return who === view.directory.now.server ? 'mail' : 'reporter'
}

async function readWholeCase(view: DeskView, id: string) {
  const statements: { statement: Statement; accepted: Statement }[] = []
  for (let more = true; more;) {
    const page = await view.api.call('readCaseChain', {
      params: { id },
      query: { after: statements.length - 1 },
    })
    statements.push(...page.statements)
    more = page.more && page.statements.length > 0
  }
  return statements
}
