import {
  type Broken,
  type CaseView,
  type DeskView,
  type Message,
  nameOf,
  openTimeline,
  type Keyring,
  type Self,
  shownTime,
  type Timeline,
  trustOf,
} from '#client'
import { ACKNOWLEDGE_WITHIN, millisecondsOf, timeOf } from '#lexicon'
import { type CaseHead, isCoordinator, memberOf, splitKeyName } from '#seal'
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
export type OpenedCase = {
  readonly within: CaseView
  readonly timeline: Timeline
  readonly shown: CaseShown
}

/** Opens everything that this person may read. `title` is what a coordinator gave the case. */
export async function showCase(
  view: DeskView,
  self: Self,
  keyring: Keyring,
  within: CaseView,
  title: string,
  seen: number,
): Promise<OpenedCase> {
  const timeline = await openTimeline(view, within, self, keyring)
  return { within, timeline, shown: caseShown({ view, self, within, timeline, title, seen }) }
}

type Looked = {
  readonly view: DeskView
  readonly self: Self
  readonly within: CaseView
  readonly timeline: Timeline
  readonly title: string
  /** The newest place that this machine had seen before; -1 for none. */
  readonly seen: number
}

function caseShown(looked: Looked): CaseShown {
  const { within, title, seen, view, self } = looked
  const { fold } = within
  const received = within.acceptedAt.get(fold.id) ?? ''
  const closed = fold.state === 'closed' || fold.state === 'archived'
  const owed = fold.acknowledged === '' && !closed && fold.source !== 'assessment'
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

function entriesOf({ view, self, within, timeline }: Looked): readonly EntryShown[] {
  const opened = new Map(timeline.messages.map((message) => [message.id, message]))
  const broken = new Map(timeline.broken.map((each) => [each.seq, each]))
  const entries: EntryShown[] = []
  for (const [id, head] of within.fold.statements) {
    const message = opened.get(id)
    const common = {
      id,
      seq: head.seq,
      from: personShown(view, self, head.by),
      at: shownTime(head.at, within.acceptedAt.get(id) ?? head.at),
    }
    if (message !== undefined) entries.push(messageShown(common, message))
    else if (broken.has(head.seq)) entries.push({ ...common, ...brokenShown(broken.get(head.seq)) })
    else if (!('body' in head) || head.type === 'case.title')
      entries.push({ ...common, kind: 'act', act: actOf(view, self, head) })
  }
  return entries
}

type Common = Pick<ActShown, 'id' | 'seq' | 'from' | 'at'>

function messageShown(common: Common, message: Message): MessageShown {
  const { text, facts } = message
  const stated = Object.values(facts).some((fact) => fact !== '')
  return {
    ...common,
    kind: 'message',
    thread: threadOf(message.to, message.type === 'case.open'),
    title: message.title,
    text,
    facts: stated ? facts : undefined,
    files: message.files.map(({ name, size, type }) => ({ name, size, type })),
    kept: message.type === 'case.mail' ? 'arrival' : 'end-to-end',
  }
}

function brokenShown(broken: Broken | undefined) {
  return {
    kind: 'broken' as const,
    check: broken?.code ?? '',
    message: broken?.message ?? '',
  }
}

/** A report is sealed to the desk before there is a general thread, and belongs to it. */
function threadOf(to: string, first: boolean): ThreadName {
  return first ? 'all' : (splitKeyName(to).circle as ThreadName)
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
  const { now } = view.directory
  const me = self.signer.who
  const coordinator = isCoordinator(now, me)
  const coordinators = [...now.members.values()].filter((member) => isCoordinator(now, member.who))
  const desk = coordinators.map(({ who }) => personShown(view, self, who))
  const circles = new Set(['all', ...within.fold.circles.keys()])
  const threads: ThreadShown[] = []
  for (const circle of circles) {
    const newest = within.fold.circles.get(circle)?.at(-1)
    const { reporter } = within.fold
    // Before the first answer there is no epoch: who answers makes it, with the reporter among its readers.
    const whos = newest?.readers ?? (reporter.who === '' ? [] : [reporter.who])
    const people = whos.filter((who) => !who.startsWith('desk/'))
    const own = coordinator || people.includes(me)
    const shown = people.map((who) => personShown(view, self, who))
    if (own)
      threads.push({ thread: circle as ThreadName, readers: [...desk, ...shown], writable: true })
  }
  if (coordinator) threads.push({ thread: 'desk', readers: desk, writable: true })
  return threads
}
