import {
  CASE_STATES,
  type CaseState,
  HARMLESS_SORTS,
  isProject,
  PROJECT_STATES,
  type ProjectState,
  SERVER_SOURCES,
} from '#lexicon'
import { grantEpochs, isFresh, openEpoch } from './case-circles.ts'
import { type CaseFold, newestEpoch, readsCircle, splitKeyName } from './case-state.ts'
import { joinMessage } from './desk-fold.ts'
import {
  currentKeyOf,
  type Directory,
  type DirectoryState,
  endOf,
  hasRole,
  isActive,
  isCoordinator,
  isFreshDeskKey,
  isSamePerson,
  newestDeskKey,
} from './directory.ts'
import { verifySignature } from './person.ts'
import { demand, Refused } from './refused.ts'
import {
  beganAhead,
  type Begun,
  type Checked,
  checkStatement,
  type Statement,
} from './statement.ts'
import type { CaseHead, HeadOf } from './statement-forms.ts'

/**
 * Asks the ledger whether statement `id` was accepted before the key of its author ended by statement
 * `ended` (F6). It answers true only on two inclusion proofs.
 */
export type AcceptedBefore = (id: string, ended: string) => Promise<boolean>

/**
 * Folds a whole case chain, or what follows on `before`, which must have been folded under this directory
 * or one that the same authors stood in. `caseId` is the id that was asked for. Throws `Refused` at the
 * first failure.
 */
export async function foldCase(
  statements: readonly (Statement | Begun<'case'>)[],
  caseId: string,
  directory: Directory,
  acceptedBefore: AcceptedBefore,
  before?: CaseFold,
): Promise<CaseFold> {
  const context = { caseId, directory, acceptedBefore }
  if (before !== undefined && statements.length === 0) return before
  const known = new Map<string, CaseHead>(before?.statements)
  let fold = before
  for (const statement of beganAhead(statements, 'case'))
    fold = await advance(fold, statement, context, known)
  if (fold === undefined) throw new Refused('F2', 'This case chain is empty.')
  return fold
}

/** One statement more. `fold` is not changed; a new one is returned. Throws `Refused`. */
export async function appendToCase(
  fold: CaseFold | undefined,
  statement: Statement,
  caseId: string,
  directory: Directory,
  acceptedBefore: AcceptedBefore,
): Promise<CaseFold> {
  const context = { caseId, directory, acceptedBefore }
  return advance(fold, statement, context, new Map(fold?.statements))
}

type Context = {
  readonly caseId: string
  readonly directory: Directory
  readonly acceptedBefore: AcceptedBefore
}

/** `known` holds the heads up to `fold` and belongs to the caller alone: it grows in place, or a long chain costs its square. */
async function advance(
  fold: CaseFold | undefined,
  statement: Statement | Begun<'case'>,
  { caseId, directory, acceptedBefore }: Context,
  known: Map<string, CaseHead>,
): Promise<CaseFold> {
  const pin = { desk: directory.desk, chain: caseId }
  const checked = await checkStatement(statement, 'case', pin, fold?.head)
  const { id, head } = checked
  const state = directory.after.get(head.dir)
  if (state === undefined)
    throw new Refused('F4', 'This statement names a directory state that is not on the desk chain.')
  demand(state.seq >= (fold?.dirSeq ?? 0), 'F4', 'The directory goes back.')
  const ended = endOf(directory.now, head.by)
  if (ended !== '' && !(await acceptedBefore(id, ended)))
    throw new Refused('F6', 'The author was revoked, and nothing proves that this came before.')
  if (fold === undefined) {
    demand(head.type === 'case.open', 'F2', 'A case chain begins with case.open.')
    const first = begin(checked as Checked<HeadOf<'case.open'>>, state)
    return { ...first, statements: known.set(id, head) }
  }
  const closed = fold.approved.has(fold.shred)
  const mayFollowShred = head.type === 'approve' && head.what === fold.shred && !closed
  demand(fold.shred === '' || mayFollowShred, 'F8', 'Nothing follows a shred but its approval.')
  const changes = await judge(fold, checked, state, directory.desk)
  return {
    ...fold,
    ...changes,
    head: { id, seq: head.seq },
    dirSeq: state.seq,
    statements: known.set(id, head),
    last: checked,
  }
}

function begin(
  { id, head, statement }: Checked<HeadOf<'case.open'>>,
  state: DirectoryState,
): CaseFold {
  const byServer = SERVER_SOURCES.includes(head.source)
  if (byServer) {
    const server = head.by === state.server && head.enc === ''
    demand(server, 'F5', 'Only the server files what came by mail.')
  } else if (head.source === 'assessment') {
    const own = isCoordinator(state, head.by) && head.enc === ''
    demand(own, 'F5', 'An assessment is opened by a coordinator, and answered to nobody.')
  } else {
    // `seen` holds every member, root and server key: a member reports with a fresh reporter key.
    demand(!state.seen.has(head.by), 'F5', 'A report is signed by a fresh reporter key.')
  }
  demand(isFreshDeskKey(state, head.to), 'F7', 'This report is not sealed to the newest desk key.')
  const owesAnswer = head.source === 'web' || head.source === 'cli'
  demand(!owesAnswer || head.enc !== '', 'F8', 'This report names no key for the answer.')
  return {
    id,
    head: { id, seq: 0 },
    dirSeq: state.seq,
    source: head.source,
    reporter: { who: head.enc === '' ? '' : head.by, enc: head.enc, pgp: '' },
    circles: new Map(),
    acknowledged: '',
    taken: '',
    sort: '',
    state: 'open',
    projects: new Map(),
    answers: [],
    embargo: '',
    links: [],
    titleSeq: -1,
    shred: '',
    pending: new Set(),
    approved: new Set(),
    withdrawn: new Set(),
    statements: new Map(),
    last: { id, head, statement },
  }
}

/** F5, F7 and F8 for one statement; what it changes. */
async function judge(
  fold: CaseFold,
  { id, head }: Checked<CaseHead>,
  state: DirectoryState,
  desk: string,
): Promise<Partial<CaseFold>> {
  const coordinator = isCoordinator(state, head.by)
  const keeper = coordinator || hasRole(state, head.by, 'steward')
  const may = (fact: boolean) =>
    demand(fact, 'F5', `The author may not make a ${head.type} statement here.`)
  const mayAndFresh = (fact: boolean, to: string) => {
    may(fact)
    demand(isFresh(fold, to, state, head.at), 'F7', `${to} is not the newest key, or it is stale.`)
  }
  switch (head.type) {
    case 'case.open':
      throw new Refused('F2', 'Only the first statement of a chain opens it.')
    case 'case.key':
      return { circles: openEpoch(fold, head, state, coordinator) }
    case 'case.grant':
      may(coordinator)
      return { circles: grantEpochs(fold, head, state) }
    case 'case.message': {
      const { circle } = splitKeyName(head.to)
      const inDesk = circle === 'desk'
      mayAndFresh(coordinator || (!inDesk && readsCircle(fold, head.to, head.by)), head.to)
      demand(head.reply === '' || fold.statements.has(head.reply), 'F8', 'This answers nothing.')
      // What is said in a project's thread does not reach the reporter.
      const answers = circle === 'all' && isActive(state, head.by)
      return answers ? { answers: [...fold.answers, id] } : {}
    }
    case 'case.mail': {
      mayAndFresh(head.by === state.server, head.to)
      const thread = newestEpoch(fold, 'all')
      const writable = thread !== undefined && isFresh(fold, thread, state, head.at)
      const here = writable ? head.to === thread : splitKeyName(head.to).circle === 'desk'
      demand(here, 'F8', 'Mail goes to the general thread, or to the desk while that is stale.')
      return {}
    }
    case 'case.title': {
      mayAndFresh(coordinator, head.to)
      const newest = newestDeskKey(state)
      const labelled = head.to === newest && newest === `desk/${head.label.epoch}`
      demand(labelled, 'F8', 'A title is sealed and labelled under the newest desk key.')
      return { titleSeq: head.seq }
    }
    case 'case.ack':
      may(coordinator)
      return fold.acknowledged === '' ? { acknowledged: id } : {}
    case 'case.take': {
      may(coordinator)
      const able = head.who === '' || isCoordinator(state, head.who)
      demand(able, 'F8', 'A case is taken by an active coordinator, or by nobody.')
      return { taken: head.who }
    }
    case 'case.sort':
      may(coordinator)
      return { sort: head.sort }
    case 'case.state':
      return moveState(fold, head, state, coordinator)
    case 'case.route':
      may(coordinator)
      return {}
    case 'case.handoff': {
      mayAndFresh(coordinator, head.to)
      const open = head.channel.trim().toLowerCase() === 'public'
      const confidential = open && !HARMLESS_SORTS.includes(fold.sort)
      demand(!confidential, 'F8', 'A confidential report does not go to a public channel.')
      return {}
    }
    case 'case.embargo':
      may(coordinator)
      return { embargo: head.until }
    case 'case.reporter':
      may(coordinator)
      await demandReporter(fold, head, state, desk)
      return { reporter: { who: head.who, enc: head.enc, pgp: head.pgp } }
    case 'case.link':
      may(coordinator)
      demand(head.other !== fold.id, 'F8', 'A case is not linked to itself.')
      return { links: [...fold.links, { other: head.other, relation: head.relation }] }
    case 'case.review':
      may(keeper)
      return { pending: withItem(fold.pending, id) }
    case 'case.shred': {
      may(keeper)
      const review = fold.statements.get(head.review)
      const destroy = review?.type === 'case.review' && review.decision === 'destroy'
      demand(destroy && fold.approved.has(head.review), 'F8', 'No approved review says destroy.')
      return { shred: id, pending: withItem(fold.pending, id) }
    }
    case 'release':
      may(coordinator)
      return { pending: withItem(fold.pending, id) }
    case 'approve': {
      const what = fold.statements.get(head.what)
      if (what === undefined || !fold.pending.has(head.what))
        throw new Refused('F8', 'There is nothing here to approve.')
      const second = !isSamePerson(state, head.by, what.by)
      demand(second, 'F8', 'The second signature must come from a second person.')
      const stands = currentKeyOf(state, what.by) !== undefined
      demand(stands, 'F8', 'Who proposed this has left: what they proposed left with them.')
      may(coordinator || (what.type !== 'release' && keeper))
      return {
        pending: withoutItem(fold.pending, head.what),
        approved: withItem(fold.approved, head.what),
      }
    }
    case 'withdraw': {
      may(coordinator)
      const released =
        fold.approved.has(head.what) && fold.statements.get(head.what)?.type === 'release'
      const open = fold.pending.has(head.what) || released
      demand(open, 'F8', 'There is nothing here to withdraw.')
      return {
        pending: withoutItem(fold.pending, head.what),
        approved: withoutItem(fold.approved, head.what),
        withdrawn: withItem(fold.withdrawn, head.what),
      }
    }
  }
}

function moveState(
  fold: CaseFold,
  head: HeadOf<'case.state'>,
  state: DirectoryState,
  coordinator: boolean,
): Partial<CaseFold> {
  if (head.project !== '') {
    const circle = `p-${head.project}`
    const newest = fold.circles.get(circle)?.at(-1)
    const maintains = hasRole(state, head.by, `maintainer:${head.project}`)
    const allowed = coordinator || (maintains && newest?.readers.includes(head.by) === true)
    demand(allowed, 'F5', 'The author may not set the state of this project.')
    demand(isProject(head.project) && isProjectState(head.state), 'F8', 'No state of a project.')
    return { projects: new Map(fold.projects).set(head.project, head.state) }
  }
  demand(coordinator, 'F5', 'The author may not set the state of this case.')
  demand(isCaseState(head.state), 'F8', 'This is no state of a case.')
  if (head.state === 'closed') {
    // Charter: nobody is left without an answer. A reason is a message of the same author just before.
    const { head: before } = fold.last
    const reason = before.type === 'case.message' && before.by === head.by
    demand(
      fold.answers.length > 0 || reason,
      'F8',
      'A case is closed after an answer or with a reason.',
    )
  }
  const archives = head.state === 'archived'
  demand(!archives || fold.state === 'closed', 'F8', 'Only a closed case is archived.')
  return { state: head.state }
}

async function demandReporter(
  fold: CaseFold,
  head: HeadOf<'case.reporter'>,
  state: DirectoryState,
  desk: string,
): Promise<void> {
  if (head.who === '') {
    demand(head.pgp !== '' && head.enc === '' && head.join === '', 'F8', 'This names no reporter.')
    return
  }
  demand(!state.seen.has(head.who), 'F8', 'A reporter key is not a key of the desk.')
  const claim = { desk, enc: head.enc, handle: '', invite: fold.id, who: head.who }
  const joined = await verifySignature(head.who, joinMessage(claim), head.join)
  demand(head.enc !== '' && joined, 'F8', 'The reporter did not sign this claim.')
}

function isCaseState(state: string): state is CaseState {
  return CASE_STATES.some((known) => known === state)
}

function isProjectState(state: string): state is ProjectState {
  return PROJECT_STATES.some((known) => known === state)
}

function withItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return new Set(set).add(item)
}

function withoutItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const rest = new Set(set)
  rest.delete(item)
  return rest
}
