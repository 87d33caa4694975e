import {
  type Broken,
  type DeskView,
  type Mail,
  type Message,
  nameOf,
  readersOf,
  type Opening,
  type Self,
  shownTime,
  trustOf,
} from '#client'
import { ACKNOWLEDGE_WITHIN, millisecondsOf, timeOf, UNHURRIED_SOURCES } from '#lexicon'
import { type CaseHead, isCoordinator, memberOf, type Refused, splitKeyName } from '#seal'
import { mailShown } from './show-mail.ts'
import type {
  Act,
  ActShown,
  CaseShown,
  EntryShown,
  MessageShown,
  PersonShown,
  ThreadName,
  ThreadShown,
  Trust,
} from './shown.ts'

/** A case as its reader opened it, with what is needed to show and to save. */
export type OpenedCase = Opening & { readonly shown: CaseShown }

const NO_PLACES: ReadonlySet<number> = new Set()

/** A case as far as it is opened; the rest of it is shown as sealed. */
export function showOpening(
  view: DeskView,
  self: Self,
  opening: Opening,
  title: string,
  seen: number,
  quiet = -1,
): OpenedCase {
  return { ...opening, shown: caseShown({ view, self, ...opening, title, seen, quiet }) }
}

/** What a later opening shows that an earlier one showed as sealed, or beside another time. */
export function newlyShown(
  view: DeskView,
  self: Self,
  opening: Opening,
  before: Opening,
): readonly EntryShown[] {
  const times = new Map(before.timeline.messages.map(({ seq, at }) => [seq, at]))
  const concerned = (seq: number) => before.sealed.has(seq) || before.untimed.has(seq)
  return entriesOf({ view, self, ...opening }, concerned).filter(
    ({ kind, seq, at }) => kind !== 'sealed' && times.get(seq) !== at,
  )
}

/** Entries that cannot be opened any more, because what proves their time does not hold. */
export function brokenRest(
  view: DeskView,
  self: Self,
  opening: Opening,
  failed: Refused,
): readonly EntryShown[] {
  const { code, message } = failed
  const places = opening.sealed.union(opening.untimed)
  const broken = [...places].map((seq) => ({ seq, code, message }))
  const timeline = { messages: [], broken }
  const rest = { ...opening, timeline, sealed: NO_PLACES }
  return entriesOf({ view, self, ...rest }, (seq) => places.has(seq))
}

/**
 * Changes with every statement of the case, and with whatever says who its people are and how sure this
 * machine is of them. What is opened later under the same stand goes to the page by itself.
 */
export function standOf(view: DeskView, { fold }: Opening['within']): string {
  return JSON.stringify([fold.head.id, view.directory.head.id, view.remembered.compared])
}

type Looked = Opening & { readonly view: DeskView; readonly self: Self }
type Titled = Looked & {
  readonly title: string
  /** The newest place that this person had read before; -1 for none. */
  readonly seen: number
  readonly quiet: number
}

function caseShown(looked: Titled): CaseShown {
  const { within, title, seen, quiet, view, self } = looked
  const { fold } = within
  const received = within.acceptedAt.get(fold.id) ?? ''
  const closed = fold.state === 'closed' || fold.state === 'archived'
  const owed = fold.acknowledged === '' && !closed && !UNHURRIED_SOURCES.includes(fold.source)
  return {
    id: within.id,
    number: within.number,
    title,
    source: fold.source,
    state: fold.state,
    sort: fold.sort,
    taken: fold.taken === '' ? undefined : personShown(view, self, fold.taken),
    received,
    acknowledged: within.acceptedAt.get(fold.acknowledged) ?? '',
    due: owed ? timeOf(millisecondsOf(received) + ACKNOWLEDGE_WITHIN) : '',
    answered: fold.answers.length > 0,
    entries: entriesOf(looked),
    threads: threadsOf(looked),
    unseenFrom: seen + 1,
    quiet,
    stand: standOf(view, within),
  }
}

/** Who somebody is, and how sure this machine is of their key. */
export function personShown(view: DeskView, self: Self | undefined, who: string): PersonShown {
  const member = memberOf(view.directory.now, who)
  return {
    who,
    name: nameOf(view, who),
    roles: member?.roles ?? [],
    trust: trustShown(view, self, who, member !== undefined),
  }
}

function trustShown(view: DeskView, self: Self | undefined, who: string, member: boolean): Trust {
  if (who === self?.signer.who) return 'own'
  if (!member) return who === view.directory.now.server ? 'server' : 'reporter'
  return trustOf(view, view.remembered, who, self?.signer.who)
}

function entriesOf(
  { view, self, within, timeline, sealed }: Looked,
  isWanted: (seq: number) => boolean = () => true,
): readonly EntryShown[] {
  const opened = new Map(timeline.messages.map((message) => [message.id, message]))
  const broken = new Map(timeline.broken.map((each) => [each.seq, each]))
  const people = new Map<string, PersonShown>()
  const personOf = (who: string) => {
    const known = people.get(who) ?? personShown(view, self, who)
    people.set(who, known)
    return known
  }
  const first = timeline.messages.find(({ mail }) => mail !== undefined)?.mail
  const entries: EntryShown[] = []
  for (const [id, head] of within.fold.statements) {
    const { seq } = head
    if (!isWanted(seq)) continue
    const at = shownTime(head.at, within.acceptedAt.get(id) ?? head.at)
    const common = { id, seq, from: personOf(head.by), at }
    const message = opened.get(id)
    if (message !== undefined) entries.push(messageShown(common, message, first))
    else if (broken.has(seq)) entries.push({ ...common, ...brokenShown(broken.get(seq)) })
    else if (sealed.has(seq) && 'to' in head)
      entries.push({ ...common, kind: 'sealed', thread: threadOf(head.to, head.type) })
    // A reporter reads their own report or began elsewhere; a member who was added later is told.
    else if (seq === 0 && memberOf(view.directory.now, self.signer.who) !== undefined)
      entries.push({ ...common, kind: 'desk-only', thread: 'all' })
    else if (isEarlier(within, self, head))
      entries.push({ ...common, kind: 'desk-only', thread: 'all', earlier: true })
    else if (!('body' in head) || head.type === 'case.title')
      entries.push({ ...common, kind: 'act', act: actOf(view, self, head) })
  }
  return entries
}

/** Of the general thread, or the mail that opened the case: this reporter claimed it later (PROTOCOL 7). */
function isEarlier({ fold }: Opening['within'], { signer }: Self, head: CaseHead): boolean {
  const thread = head.seq === 0 || ('to' in head && head.to.startsWith('all/'))
  return thread && fold.reporter.who === signer.who
}

type Common = Pick<ActShown, 'id' | 'seq' | 'from' | 'at'>

function messageShown(common: Common, message: Message, first: Mail | undefined): MessageShown {
  const { text, facts } = message
  const stated = Object.values(facts).some((fact) => fact !== '')
  return {
    ...common,
    kind: 'message',
    thread: threadOf(message.to, message.type),
    title: message.title,
    text,
    facts: stated ? facts : undefined,
    files: message.files.map(({ name, size, type }) => ({ name, size, type })),
    kept: message.mail === undefined ? 'end-to-end' : 'arrival',
    mail: message.mail && mailShown(message.mail, first),
  }
}

function brokenShown(broken: Broken | undefined) {
  return {
    kind: 'broken' as const,
    check: broken?.code ?? '',
    message: broken?.message ?? '',
  }
}

/** A report is sealed to the desk before there is a general thread, a mail while that is stale: both belong to it. */
function threadOf(to: string, type: CaseHead['type']): ThreadName {
  return type === 'case.open' || type === 'case.mail'
    ? 'all'
    : (splitKeyName(to).circle as ThreadName)
}

function actOf(view: DeskView, self: Self, head: CaseHead): Act {
  const person = (who: string) => personShown(view, self, who)
  const people = (wraps: readonly { readonly to: string }[]) =>
    wraps.filter(({ to }) => !to.startsWith('desk/')).map(({ to }) => person(to))
  switch (head.type) {
    case 'case.ack':
      return { type: 'acknowledged' }
    case 'case.sort':
      return { type: 'sorted', sort: head.sort }
    case 'case.state':
      return { type: 'state', state: head.state, project: head.project }
    case 'case.take':
      return { type: 'taken', by: head.who === '' ? undefined : person(head.who) }
    case 'case.title':
      return { type: 'titled' }
    case 'case.link':
      return { type: 'linked', other: head.other, relation: head.relation }
    case 'case.embargo':
      return { type: 'embargo', until: head.until }
    case 'case.key':
      return {
        type: 'readers',
        thread: head.circle as ThreadName,
        epoch: head.epoch,
        readers: people(head.wraps),
      }
    case 'case.grant':
      return { type: 'added', thread: head.circle as ThreadName, people: people(head.wraps) }
    default:
      return { type: 'other', statement: head.type }
  }
}

function threadsOf({ view, self, within }: Looked): readonly ThreadShown[] {
  const me = self.signer.who
  const coordinator = isCoordinator(view.directory.now, me)
  const circles: readonly string[] = ['all', ...within.fold.circles.keys()]
  const names = [...new Set(circles), ...(coordinator ? ['desk'] : [])] as ThreadName[]
  return names.flatMap((thread) => {
    const readers = readersOf(view, within, thread).map(({ who }) => personShown(view, self, who))
    const own = coordinator || readers.some(({ who }) => who === me)
    return own ? [{ thread, readers, writable: true }] : []
  })
}
