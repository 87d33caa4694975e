import { type CaseHead, Refused } from '#seal'
import type { Api } from './api.ts'
import { type CaseView, type FetchedCase, withTimes } from './case-view.ts'
import type { DeskView } from './desk-view.ts'
import { type BodyOf, fetchBodies } from './fetch-bodies.ts'
import { headsOf } from './fetch-chain.ts'
import type { Keyring } from './keyring.ts'
import { type Broken, isMessage, type Message, messageOf, timed } from './message.ts'
import { keysFor, openBodies, type Result, type Unopened } from './open-bodies.ts'
import type { Self } from './self.ts'

export type Timeline = { readonly messages: readonly Message[]; readonly broken: readonly Broken[] }

/** A case while it is being opened. */
export type Opening = {
  /** With the verified times of all acts without content, and of what is not in `untimed`. */
  readonly within: CaseView
  readonly timeline: Timeline
  /** Places of this person's messages that are not opened yet. */
  readonly sealed: ReadonlySet<number>
  /**
   * Places of opened messages whose receipts are verified last: until then the time beside them is what
   * their author signed (F9). No clock runs on it.
   */
  readonly untimed: ReadonlySet<number>
}

const NOTHING: Timeline = { messages: [], broken: [] }

/** What a screen holds at first, and what each later part adds. */
const FIRST = 20
const PART = 160

/** Opens what this person may read, in order. What was not sealed to them is simply absent. */
export async function openTimeline(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
): Promise<Timeline> {
  let timeline = NOTHING
  for await (const opening of openNewestFirst(view, within, self, keyring))
    timeline = opening.timeline
  return timeline
}

/**
 * The same, part by part: first the opening and the newest messages, then the others, newest first; at last
 * the times of those. What was opened before in this session comes from `known` and is not opened again;
 * `ahead` are bodies that were asked for before. Throws `Refused` for a receipt that does not hold.
 */
export async function* openNewestFirst(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  known: Timeline = NOTHING,
  ahead?: BodyOf,
): AsyncGenerator<Opening> {
  const heads = [...within.fold.statements]
  const acts = heads.filter(([, head]) => !isMessage(head)).map(([, { seq }]) => seq)
  const unopened = unopenedOf(heads, known)
  const bodyOf = ahead ?? askFor(view.api, within.id, unopened)
  const keyed = await keysFor(within, self, keyring)

  // What did not open before is tried again: a wrap may have come since.
  let opening = openingOf(within, { ...known, broken: [] }, keyed(unopened))
  const first = keyed(firstOf(unopened))
  const [current, results] = await Promise.all([
    withTimes(view, within, [...acts, ...placesOf(first)]),
    openBodies(view, within.id, first, bodyOf),
  ])
  opening = withResults(view, { ...opening, within: current }, results)
  yield opening

  const rest = keyed(unopened).filter(({ head }) => opening.sealed.has(head.seq))
  for (let end = rest.length; end > 0; end -= PART) {
    const part = rest.slice(Math.max(0, end - PART), end)
    opening = withResults(view, opening, await openBodies(view, within.id, part, bodyOf))
    yield opening
  }

  if (opening.untimed.size > 0) yield withAllTimes(opening, await withTimes(view, opening.within))
}

/**
 * Asks for the bodies of a case that is on its way, before its fold is done: nothing waits for the other,
 * and what comes is judged by the head that names it, once that was verified.
 */
export async function fetchBodiesOf(api: Api, { id, entries }: FetchedCase): Promise<BodyOf> {
  const heads = headsOf(await entries).map(([, head], n) => [String(n), head] as const)
  return askFor(api, id, unopenedOf(heads, NOTHING))
}

function askFor(api: Api, id: string, unopened: readonly Unopened[]): BodyOf {
  return fetchBodies(api, id, [firstOf(unopened), unopened].map(placesOf))
}

function openingOf(within: CaseView, timeline: Timeline, left: readonly Unopened[]): Opening {
  const sealed = new Set(placesOf(left))
  return { within, timeline, sealed, untimed: untimedOf(within, timeline) }
}

function withResults(view: DeskView, before: Opening, results: readonly Result[]): Opening {
  const { within } = before
  const messages = [...before.timeline.messages]
  const broken = [...before.timeline.broken]
  const sealed = new Set(before.sealed)
  for (const { id, head, body } of results) {
    sealed.delete(head.seq)
    if (body instanceof Refused)
      broken.push({ seq: head.seq, code: body.code, message: body.message })
    else messages.push(messageOf(view, within, id, head, body))
  }
  const timeline = { messages: inOrder(messages), broken: inOrder(broken) }
  return { within, timeline, sealed, untimed: untimedOf(within, timeline) }
}

function withAllTimes(before: Opening, within: CaseView): Opening {
  const messages = before.timeline.messages.map((message) => timed(within, message))
  return { ...before, within, timeline: { ...before.timeline, messages }, untimed: new Set() }
}

/** The newest ones, and the message that opened the case. */
function firstOf(unopened: readonly Unopened[]): readonly Unopened[] {
  return [...unopened.slice(0, 1), ...unopened.slice(1).slice(-FIRST)]
}

/** Messages that are not among the opened ones. */
function unopenedOf(
  heads: Iterable<readonly [string, CaseHead]>,
  { messages }: Timeline,
): readonly Unopened[] {
  const opened = new Set(messages.map(({ id }) => id))
  return [...heads].flatMap(([id, head]) =>
    isMessage(head) && !opened.has(id) ? [{ id, head }] : [],
  )
}

function untimedOf({ acceptedAt }: CaseView, { messages }: Timeline): ReadonlySet<number> {
  return new Set(messages.flatMap(({ id, seq }) => (acceptedAt.has(id) ? [] : [seq])))
}

function placesOf(some: readonly Unopened[]): readonly number[] {
  return some.map(({ head }) => head.seq)
}

function inOrder<T extends { readonly seq: number }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => a.seq - b.seq)
}
