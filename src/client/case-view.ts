import { CLOCK_SLACK, millisecondsOf } from '#lexicon'
import {
  type AcceptedBefore,
  type CaseFold,
  type CaseHead,
  type Directory,
  endOf,
  foldCase,
  memberOf,
  readLogMark,
  Refused,
  type Statement,
  statementId,
} from '#seal'
import { ClientError } from './client-error.ts'
import { type DeskView, later, refreshDesk } from './desk-view.ts'
import { type Entry, fetchAfter, headsOf, type Line } from './fetch-chain.ts'
import { demandBeginning, proveInLedger, verifyAcceptance } from './ledger-proofs.ts'
import type { Remembered } from './memory.ts'

/** A case as this machine verified it: nothing in it comes from the server's word alone. */
export type CaseView = {
  readonly id: string
  /** For people only; from the verified receipt of `case.open`. */
  readonly number: string
  readonly fold: CaseFold
  readonly statements: readonly Statement[]
  /** The ledger's time of each statement whose receipt was verified, by id. Clocks run on it. */
  readonly acceptedAt: ReadonlyMap<string, string>
  /** What the server gave as receipts, in the order of the chain: proof only once it is in `acceptedAt`. */
  readonly receipts: readonly Statement[]
  /** The directory that the chain was folded under. */
  readonly under: Directory
}

/** A chain on its way here: what has come is being checked already. */
export type FetchedCase = {
  readonly id: string
  /** The same case as it was folded before in this session: only what follows is fetched. */
  readonly known: CaseView | undefined
  readonly entries: Promise<readonly Entry[]>
}

/** The time to show for a statement: its author's, or the ledger's where the author's clock ran ahead (F9). */
export function shownTime(at: string, acceptedAt: string): string {
  return millisecondsOf(at) > millisecondsOf(acceptedAt) + CLOCK_SLACK ? acceptedAt : at
}

/**
 * Fetches and folds a case, with every check of PROTOCOL 3: F1 to F9 per statement, H1 to H3 for the
 * chain. Throws `Refused`, or `ClientError` not-found.
 */
export async function openCase(view: DeskView, id: string, known?: CaseView): Promise<CaseView> {
  return withTimes(view, await foldFetched(view, fetchCase(view, id, known)))
}

/** Asks for a chain before the desk is read again: neither waits for the other. */
export function fetchCase(
  line: Line,
  id: string,
  known?: CaseView,
  expected?: number,
): FetchedCase {
  const entries = fetchAfter(line, id, (known?.fold.head.seq ?? 0) - 1, expected)
  // Who fails before does not come back for this.
  entries.catch(() => undefined)
  return { id, known, entries }
}

/** What came since a chain was fetched: asked for as soon as that is here, for whoever folded it meanwhile. */
export function fetchSince(
  line: Line,
  { id, entries: before }: FetchedCase,
): (known: CaseView) => FetchedCase {
  const entries = before.then(({ length }) => fetchAfter(line, id, length - 2))
  entries.catch(() => undefined)
  return (known) => ({ id, known, entries })
}

/**
 * As `openCase`, but of the receipts only the first and the last are verified: `withTimes` does the others
 * before what they belong to is shown.
 */
export async function foldFetched(view: DeskView, fetched: FetchedCase): Promise<CaseView> {
  try {
    return await foldUnder(view, fetched)
  } catch (error) {
    if (!mayBeBehind(error)) throw error
    // Others may have written between my checkpoint and this chain: that is no alarm. A newer checkpoint,
    // proved to continue mine, must hold all that was fetched before it.
    const newer = await refreshDesk(view)
    if (newer.checkpoint.size === view.checkpoint.size) throw error
    return foldUnder(newer, fetched)
  }
}

function mayBeBehind(error: unknown): boolean {
  if (error instanceof Refused) return ['F4', 'H2', 'H3'].includes(error.code)
  return error instanceof ClientError && error.code === 'not-found'
}

async function foldUnder(view: DeskView, fetched: FetchedCase): Promise<CaseView> {
  const { id } = fetched
  const [remembered, { known, entries }] = await Promise.all([
    view.memory.read(view.id),
    continued(view, fetched),
  ])
  const begun = entries.map((entry) => entry.begun)
  // Asked for while the signatures are verified; whether it holds is judged after the fold.
  const proofs = proofsOf(view, entries)
  proofs.catch(() => undefined)
  const before = acceptedBefore(view)
  const fold = await foldCase(begun, id, view.directory, before, known?.fold)
  const statements = [...(known?.statements ?? []), ...begun.map(({ statement }) => statement)]
  const receipts = [...(known?.receipts ?? []), ...entries.map(({ accepted }) => accepted)]
  await demandCaseMark(view, remembered, fold, statements)
  const { number, acceptedAt } = known ?? (await opened(view, id, fold, receipts))
  const folded = { id, number, fold, statements, receipts, acceptedAt, under: view.directory }
  const within = await withTimes(view, folded, [fold.head.seq])
  await proofs
  await Promise.all([proveInLedger(view, fold.head.id), demandSameLedger(view, fold)])
  await rememberMark(view, remembered, fold)
  return within
}

/**
 * Verifies the receipts of these places, or of all, unless that was done before. Throws `Refused` for the
 * first that does not hold.
 */
export async function withTimes(
  view: DeskView,
  within: CaseView,
  places?: readonly number[],
): Promise<CaseView> {
  const { id: chain, acceptedAt, receipts } = within
  const wanted = places === undefined ? undefined : new Set(places)
  const missing = [...within.fold.statements].filter(
    ([id, { seq }]) => !acceptedAt.has(id) && wanted?.has(seq) !== false,
  )
  if (missing.length === 0) return within
  const times = new Map(acceptedAt)
  for (let at = 0; at < missing.length; at += AT_ONCE) {
    const group = missing.slice(at, at + AT_ONCE).map(async ([id, { seq, dir }]) => {
      const receipt = receipts[seq]
      if (receipt === undefined) throw new Refused('of', 'A statement of this case has no receipt.')
      const { head } = await verifyAcceptance(view, chain, { id, seq, dir }, receipt)
      times.set(id, head.at)
    })
    await Promise.all(group)
  }
  return { ...within, acceptedAt: times }
}

const AT_ONCE = 128

/**
 * What was folded before is folded on only where the desk shows the same newest statement, and where no
 * author of it was ended since (F6). Else the chain is read and judged as a whole.
 */
async function continued(view: DeskView, { id, known, entries }: FetchedCase) {
  const served = await entries
  if (known === undefined) return { known, entries: served }
  const [last, ...more] = served
  const same = last?.begun.statement.head === known.statements.at(-1)?.head
  if (same && last !== undefined && standsAsBefore(known, view.directory))
    return { known, entries: more }
  return { known: undefined, entries: await fetchAfter(view, id, -1) }
}

function standsAsBefore({ fold, under }: CaseView, directory: Directory): boolean {
  if (under.head.id === directory.head.id) return true
  if (!directory.after.has(under.head.id)) return false
  const authors = new Set([...fold.statements.values()].map(({ by }) => by))
  return [...authors].every((who) => endOf(under.now, who) === endOf(directory.now, who))
}

/** What the ledger must prove of these statements, asked for ahead: the same is asked again after the fold. */
async function proofsOf(view: DeskView, entries: readonly Entry[]): Promise<void> {
  const heads = headsOf(entries)
  const last = heads.at(-1)
  if (last === undefined) return
  const marks = largestMarks(heads.map(([, head]) => head))
  await Promise.all([
    proveInLedger(view, await last[0].id()),
    ...marks.map((mark) => demandBeginning(view, mark)),
  ])
}

/** The number of a case stands in the receipt of its first statement. */
async function opened(
  view: DeskView,
  id: string,
  { statements }: CaseFold,
  [receipt]: readonly Statement[],
): Promise<Pick<CaseView, 'number' | 'acceptedAt'>> {
  if (receipt === undefined) throw new Refused('of', 'This case has no receipt.')
  const place = { id, seq: 0, dir: statements.get(id)?.dir ?? '' }
  const { head } = await verifyAcceptance(view, id, place, receipt)
  return { number: head.number, acceptedAt: new Map([[id, head.at]]) }
}

/** Stores how far this case was seen. */
async function rememberMark(view: DeskView, before: Remembered, { id, head }: CaseFold) {
  if (before.marks[id]?.id === head.id) return
  await view.memory.update(view.id, (now) => ({
    ...now,
    marks: { ...now.marks, [id]: later(now.marks[id], head) },
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
  remembered: Remembered,
  fold: CaseFold,
  statements: readonly Statement[],
): Promise<void> {
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

/** H3 with gossip: every ledger state that an author saw is the beginning of the one that I see (K5). */
async function demandSameLedger(view: DeskView, fold: CaseFold): Promise<void> {
  const marks = largestMarks(fold.statements.values())
  await Promise.all(marks.map((mark) => demandBeginning(view, mark)))
}

/** The largest ledger state that each author saw. */
function largestMarks(heads: Iterable<CaseHead>): readonly string[] {
  const largest = new Map<string, { size: number; mark: string }>()
  for (const { by, log } of heads) {
    // Statements of one batch name the same.
    if (largest.get(by)?.mark === log) continue
    const seen = readLogMark(log)
    if (seen !== undefined && (largest.get(by)?.size ?? 0) < seen.size)
      largest.set(by, { size: seen.size, mark: log })
  }
  return [...largest.values()].map(({ mark }) => mark)
}

/** Who a person is to people: the handle that a coordinator admitted, or the reporter. */
export function nameOf(view: DeskView, who: string): string {
  const member = memberOf(view.directory.now, who)
  if (member !== undefined) return member.handle
  return who === view.directory.now.server ? 'mail' : 'reporter'
}
