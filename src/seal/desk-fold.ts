import { bytesOfText, isContactFact, isStrong } from '#lexicon'
import { canonicalText } from './canonical.ts'
import {
  coordinatorsOf,
  currentKeyOf,
  type Directory,
  type DirectoryState,
  hasRole,
  isActive,
  isCoordinator,
  isSamePerson,
  isStrongMember,
  memberOf,
  newestDeskKey,
} from './directory.ts'
import { taggedHash } from './hash.ts'
import { type Person, verifySignature } from './person.ts'
import { demand, Refused } from './refused.ts'
import {
  beganAhead,
  type Begun,
  type Checked,
  checkStatement,
  type Statement,
} from './statement.ts'
import type { DeskHead, HeadOf } from './statement-forms.ts'

/**
 * Folds a whole desk chain from the pinned id, or what follows on `before`. Throws `Refused` at the first
 * statement that fails.
 */
export async function foldDesk(
  statements: readonly Statement[],
  deskId: string,
  before?: Directory,
): Promise<Directory> {
  if (before !== undefined && statements.length === 0) return before
  const known = { after: new Map(before?.after), statements: new Map(before?.statements) }
  let directory = before
  for (const statement of beganAhead(statements, 'desk'))
    directory = await advance(directory, statement, deskId, known)
  if (directory === undefined) throw new Refused('F2', 'This desk chain is empty.')
  return directory
}

/** One statement more. `directory` is not changed; a new one is returned. Throws `Refused`. */
export async function appendToDesk(
  directory: Directory | undefined,
  statement: Statement,
  deskId: string,
): Promise<Directory> {
  const known = { after: new Map(directory?.after), statements: new Map(directory?.statements) }
  return advance(directory, statement, deskId, known)
}

/** `known` belongs to the caller alone: it grows in place, or a long chain costs its square. */
async function advance(
  directory: Directory | undefined,
  statement: Statement | Begun<'desk'>,
  deskId: string,
  known: { after: Map<string, DirectoryState>; statements: Map<string, DeskHead> },
): Promise<Directory> {
  const pin = { desk: deskId, chain: deskId }
  const checked = await checkStatement(statement, 'desk', pin, directory?.head)
  const { id, head } = checked
  if (directory === undefined) {
    demand(head.type === 'desk.open', 'F2', 'A desk chain begins with desk.open.')
    const first = begin(checked as Checked<HeadOf<'desk.open'>>)
    known.after.set(id, first.now)
    known.statements.set(id, head)
    return { ...first, ...known }
  }
  const step = await judge(directory, checked)
  const now: DirectoryState = { ...step.state, seq: head.seq, id, at: head.at }
  return {
    desk: directory.desk,
    head: { id, seq: head.seq },
    now,
    after: known.after.set(id, now),
    statements: known.statements.set(id, head),
    ...standing(directory, id, step),
  }
}

/** What `join` signs: the joiner takes this desk, handle and certificate, at this invitation (or this case). */
export function joinMessage(join: {
  desk: string
  enc: string
  handle: string
  invite: string
  who: Person
}) {
  const { desk, enc, handle, invite, who } = join
  return taggedHash('join', bytesOfText(canonicalText({ desk, enc, handle, invite, who })))
}

type Step = {
  readonly state: DirectoryState
  /** It waits for a second person (`+2` of PROTOCOL 5.1). */
  readonly waits?: boolean
  /** It would wait, and counts at once: a contact fact. It stands among what was approved, under its own id. */
  readonly alone?: boolean
  readonly approves?: string
  readonly withdraws?: string
}

function standing(
  { pending, approved, withdrawn }: Directory,
  id: string,
  step: Step,
): Pick<Directory, 'pending' | 'approved' | 'withdrawn'> {
  if (step.waits === true) return { pending: withItem(pending, id), approved, withdrawn }
  if (step.alone === true) return { pending, approved: withItem(approved, id), withdrawn }
  const { approves, withdraws } = step
  if (approves !== undefined)
    return {
      pending: withoutItem(pending, approves),
      approved: withItem(approved, approves),
      withdrawn,
    }
  if (withdraws !== undefined)
    return {
      pending: withoutItem(pending, withdraws),
      approved: withoutItem(approved, withdraws),
      withdrawn: withItem(withdrawn, withdraws),
    }
  return { pending, approved, withdrawn }
}

function begin({ id, head }: Checked<HeadOf<'desk.open'>>): Directory {
  const now: DirectoryState = {
    seq: 0,
    id,
    at: head.at,
    name: head.name,
    domain: head.domain,
    root: head.by,
    server: head.server,
    formerServers: new Map(),
    members: new Map(),
    seen: new Set([head.by, head.server]),
    invitations: new Set(),
    desk: [],
    mail: [],
    rules: '',
  }
  return {
    desk: id,
    head: { id, seq: 0 },
    now,
    after: new Map(),
    statements: new Map(),
    pending: new Set(),
    approved: new Set(),
    withdrawn: new Set(),
  }
}

/** F5 and F8 for one statement, and the state it makes. */
async function judge(directory: Directory, { id, head }: Checked<DeskHead>): Promise<Step> {
  const state = directory.now
  const root = head.by === state.root
  const coordinator = isCoordinator(state, head.by)
  const may = (fact: boolean) =>
    demand(fact, 'F5', `The author may not make a ${head.type} statement.`)
  switch (head.type) {
    case 'desk.open':
      throw new Refused('F2', 'Only the first statement of a chain opens it.')
    case 'member.admit': {
      may(coordinator || root)
      await demandNewcomer(directory, head, { handle: head.handle, invite: head.invite })
      const used = head.invite !== '' && state.invitations.has(head.invite)
      demand(!used, 'F8', 'This invitation was used before.')
      const unmet = head.roles.includes('coordinator') && head.met === 'none'
      demand(!unmet, 'F8', 'A coordinator is admitted only after a comparison of key words.')
      const known: DirectoryState = {
        ...state,
        seen: withItem(state.seen, head.who),
        invitations:
          head.invite === '' ? state.invitations : withItem(state.invitations, head.invite),
      }
      return root || !isStrong(head.roles)
        ? { state: effect(known, id, head) }
        : { state: known, waits: true }
    }
    case 'member.role': {
      may(coordinator || root)
      demand(isActive(state, head.who), 'F8', 'This person is not an active member.')
      const unmet = head.roles.includes('coordinator') && memberOf(state, head.who)?.met === 'none'
      demand(!unmet, 'F8', 'A coordinator is somebody whose key words were compared.')
      const strong = isStrong(head.roles) || isStrongMember(state, head.who)
      return root || !strong ? { state: effect(state, id, head) } : { state, waits: true }
    }
    case 'member.revoke': {
      may(coordinator || root || head.by === head.who)
      demand(isActive(state, head.who), 'F8', 'This person is not an active member.')
      const alone = root || head.by === head.who || !isStrongMember(state, head.who)
      return alone ? { state: effect(state, id, head) } : { state, waits: true }
    }
    case 'member.rotate': {
      const me = memberOf(state, head.by)
      may(me?.active === true)
      await demandNewcomer(directory, head, { handle: me?.handle ?? '', invite: '' })
      return { state: rotate(state, id, head) }
    }
    case 'desk.key':
      may(coordinator)
      return { state: makeEpoch(state, id, head) }
    case 'desk.grant':
      may(coordinator)
      return { state: grant(state, head) }
    case 'desk.server': {
      may(coordinator || root)
      demand(!state.seen.has(head.server), 'F8', 'This key stood in this chain before.')
      // Also while it waits: a key that may become the server's must not join as a person meanwhile.
      const known = { ...state, seen: withItem(state.seen, head.server) }
      return root ? { state: effect(known, id, head) } : { state: known, waits: true }
    }
    case 'desk.beat':
      may(coordinator)
      return { state }
    case 'desk.rules':
    case 'desk.restored':
      may(coordinator)
      return { state, waits: true }
    case 'release':
      may(coordinator)
      return isContactFact(head.path) ? { state, alone: true } : { state, waits: true }
    case 'approve': {
      const what = demandApprovable(directory, head)
      const forMembers = what.type.startsWith('member.') && hasRole(state, head.by, 'board')
      // A desk that has one coordinator left would stay shut after a restore: root is their second person.
      const alone = what.type === 'desk.restored' && root && coordinatorsOf(state).length < 2
      may(coordinator || forMembers || alone)
      return { state: effect(state, id, what), approves: head.what }
    }
    case 'withdraw': {
      // Nobody takes back what waits against themselves.
      may(coordinator && !isAbout(state, directory.statements.get(head.what), head.by))
      demandWithdrawable(directory, head.what)
      return { state, withdraws: head.what }
    }
  }
}

/** What a statement changes once it counts. `id` is the statement by which it counts: itself, or its approval. */
function effect(state: DirectoryState, id: string, head: DeskHead): DirectoryState {
  switch (head.type) {
    case 'member.admit': {
      const { who, enc, handle, roles, met } = head
      const member = { who, enc, handle, roles, met, active: true, earlier: [], ended: '' }
      return { ...state, members: extended(state.members, who, member) }
    }
    case 'member.role': {
      const member = demandActive(state, head.who)
      const changed = { ...member, roles: head.roles }
      return { ...state, members: extended(state.members, member.who, changed) }
    }
    case 'member.revoke': {
      const member = demandActive(state, head.who)
      const ended = { ...member, active: false, ended: id }
      return { ...state, members: extended(state.members, member.who, ended) }
    }
    case 'desk.server':
      return {
        ...state,
        server: head.server,
        formerServers: extended(state.formerServers, state.server, id),
      }
    case 'desk.rules':
      return { ...state, rules: head.sha256 }
    default:
      return state
  }
}

function rotate(state: DirectoryState, id: string, head: HeadOf<'member.rotate'>): DirectoryState {
  const old = demandActive(state, head.by)
  const renewed = { ...old, who: head.who, enc: head.enc, earlier: [head.by, ...old.earlier] }
  const members = extended(
    extended(state.members, head.by, { ...old, active: false, ended: id }),
    head.who,
    renewed,
  )
  return { ...state, members, seen: withItem(state.seen, head.who) }
}

function makeEpoch(state: DirectoryState, id: string, head: HeadOf<'desk.key'>): DirectoryState {
  const epochs = state[head.circle]
  demand(head.epoch === epochs.length + 1, 'F8', 'Epochs count from 1 without gaps.')
  const readers = head.circle === 'desk' ? coordinatorsOf(state) : [newestDeskKey(state)]
  const named = head.wraps.map((wrap) => wrap.to)
  const exact = [...named].sort().join() === [...readers].sort().join()
  demand(exact, 'F8', 'The readers of this key are not exactly those of its circle.')
  const same = head.wraps.every((wrap) => wrap.epoch === head.epoch)
  demand(same, 'F8', 'A wrap names another epoch.')
  demand(head.circle === 'desk' || state.desk.length > 0, 'F8', 'There is no desk key yet.')
  return { ...state, [head.circle]: [...epochs, { cert: head.cert, readers, by: id }] }
}

function grant(state: DirectoryState, head: HeadOf<'desk.grant'>): DirectoryState {
  const epochs = [...state[head.circle]]
  for (const wrap of head.wraps) {
    demand(isCoordinator(state, wrap.to), 'F8', 'Desk keys are granted to coordinators only.')
    const epoch = epochs[wrap.epoch - 1]
    if (epoch === undefined) throw new Refused('F8', 'This epoch does not exist.')
    const readers = [...new Set([...epoch.readers, wrap.to])]
    epochs[wrap.epoch - 1] = { ...epoch, readers }
  }
  return { ...state, [head.circle]: epochs }
}

async function demandNewcomer(
  directory: Directory,
  head: { who: Person; enc: string; join: string },
  { handle, invite }: { handle: string; invite: string },
): Promise<void> {
  demand(!directory.now.seen.has(head.who), 'F8', 'This key stood in this chain before.')
  const message = joinMessage({
    desk: directory.desk,
    enc: head.enc,
    handle,
    invite,
    who: head.who,
  })
  const joined = await verifySignature(head.who, message, head.join)
  demand(joined, 'F8', 'The new member did not sign this handle and certificate.')
}

function demandApprovable(directory: Directory, head: HeadOf<'approve'>): DeskHead {
  const what = directory.statements.get(head.what)
  if (what === undefined || !directory.pending.has(head.what))
    throw new Refused('F8', 'There is nothing here to approve.')
  const second = !isSamePerson(directory.now, head.by, what.by)
  demand(second, 'F8', 'The second signature must come from a second person.')
  const stands =
    what.by === directory.now.root || currentKeyOf(directory.now, what.by) !== undefined
  demand(stands, 'F8', 'Who proposed this has left: what they proposed left with them.')
  return what
}

/** What waits can be withdrawn; a release also after its approval, as long as the valve did not write it. */
function demandWithdrawable(directory: Directory, id: string): void {
  const released = directory.approved.has(id) && directory.statements.get(id)?.type === 'release'
  demand(directory.pending.has(id) || released, 'F8', 'There is nothing here to withdraw.')
}

/** Does this statement decide about this person? */
function isAbout(state: DirectoryState, what: DeskHead | undefined, who: Person): boolean {
  return what !== undefined && 'who' in what && isSamePerson(state, what.who, who)
}

/** Also under the key that they rotated to meanwhile: a new key is no way out of a decision that waits. */
function demandActive(state: DirectoryState, who: Person) {
  const member = memberOf(state, currentKeyOf(state, who) ?? '')
  if (member === undefined) throw new Refused('F8', 'This person is not an active member.')
  return member
}

function extended<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value)
}

function withoutItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const rest = new Set(set)
  rest.delete(item)
  return rest
}

function withItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return new Set(set).add(item)
}
