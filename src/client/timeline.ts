import { type Bytes, bytesOfBase64, type Source } from '#lexicon'
import { type Body, type CaseHead, type FileEntry, Refused, type RefusedCode } from '#seal'
import { type Opened, type SecretKey, unsealBody } from '#unseal'
import type { Api } from './api.ts'
import { type CaseView, type FetchedCase, nameOf, shownTime, withTimes } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { type BodyOf, fetchBodies } from './fetch-bodies.ts'
import type { Keyring } from './keyring.ts'
import { NO_FACTS, readFacts, type ReportFacts } from './report-facts.ts'
import type { Self } from './self.ts'

/** One opened message of a case. */
export type Message = {
  readonly id: string
  readonly seq: number
  readonly type: CaseHead['type']
  readonly by: string
  readonly from: string
  readonly at: string
  /** The key that it is sealed to: `desk/1`, `all/2`, `p-numpy/1`. */
  readonly to: string
  /** Without the facts of a report, which stand apart. */
  readonly text: string
  readonly facts: ReportFacts
  readonly title: string
  readonly files: readonly FileEntry[]
}

/** A body that failed a check: it is not shown; this says which and why (PROTOCOL 3). */
export type Broken = { readonly seq: number; readonly code: RefusedCode; readonly message: string }

export type Timeline = { readonly messages: readonly Message[]; readonly broken: readonly Broken[] }

const REPORTED: readonly Source[] = ['web', 'cli', 'api']

type SealedHead = Extract<CaseHead, { readonly body: string; readonly to: string }>

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

/** What a screen holds at first. */
const FIRST = 20
const PART = 160
/** Bodies that are opened side by side. */
const AT_ONCE = 32

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
 * Asks for the bodies of a case that is on its way, before its fold is done: nothing waits for the other,
 * and what comes is judged by the head that names it, once that was verified.
 */
export async function fetchBodiesOf(api: Api, { id, entries }: FetchedCase): Promise<BodyOf> {
  const heads = (await entries).flatMap(({ begun }) => {
    try {
      const { head, id: named } = begun.read()
      return [[named, head] as const]
    } catch {
      // The fold says what is wrong with it.
      return []
    }
  })
  return bodiesOf(api, id, unopenedOf(heads, NOTHING))
}

function bodiesOf(api: Api, id: string, unopened: readonly Unopened[]): BodyOf {
  return fetchBodies(api, id, [firstOf(unopened), unopened].map(placesOf))
}

/**
 * The same, part by part: first the opening and the newest messages, then the others, newest first; at last
 * the times of those. What was opened before in this session comes from `known` and is not opened again.
 */
export async function* openNewestFirst(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  known: Timeline = NOTHING,
  fetched?: BodyOf,
): AsyncGenerator<Opening> {
  const all = [...within.fold.statements]
  const acts = all.filter(([, head]) => !isMessage(head)).map(([, { seq }]) => seq)
  const unopened = unopenedOf(all, known)
  const first = firstOf(unopened)
  const unwrapped = keysOf(within, self, keyring)
  const bodyOf = fetched ?? bodiesOf(view.api, within.id, unopened)
  const keys = await unwrapped
  const readable = (some: readonly Unopened[]) =>
    some.flatMap((each) => {
      const key = keys.get(keyNameOf(each.head, self))
      return key === undefined ? [] : [{ ...each, key }]
    })
  const messages = [...known.messages]
  const broken: Broken[] = []
  let current = within
  let left = readable(unopened)
  let part = readable(first)
  const opening = (): Opening => ({
    within: current,
    timeline: { messages: inOrder(messages), broken: inOrder(broken) },
    sealed: new Set(placesOf(left)),
    untimed: untimedOf(current, messages),
  })
  const openPart = async (timing = Promise.resolve(current)) => {
    const [times, results] = await Promise.all([
      timing,
      sideBySide(part, (sealed) => openSealed(view, within.id, sealed, bodyOf)),
    ])
    current = times
    for (const { id, head, body } of results)
      if (body instanceof Refused)
        broken.push({ seq: head.seq, code: body.code, message: body.message })
      else messages.push(messageOf(view, current, id, head, body))
    const done = new Set(placesOf(part))
    left = left.filter(({ head }) => !done.has(head.seq))
    part = left.slice(-PART)
  }
  await openPart(withTimes(view, within, [...acts, ...placesOf(part)]))
  yield opening()
  while (left.length > 0) {
    await openPart()
    yield opening()
  }
  if (untimedOf(current, messages).size === 0) return
  current = await withTimes(view, current)
  for (const [at, message] of messages.entries()) messages[at] = timed(current, message)
  yield opening()
}

type Unopened = { readonly id: string; readonly head: SealedHead }
type Sealed = Unopened & { readonly key: SecretKey | Refused }

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

function untimedOf({ acceptedAt }: CaseView, messages: readonly Message[]): ReadonlySet<number> {
  return new Set(messages.flatMap(({ id, seq }) => (acceptedAt.has(id) ? [] : [seq])))
}

/** With the time to show, now that its receipt was verified. */
function timed({ fold, acceptedAt }: CaseView, message: Message): Message {
  const at = fold.statements.get(message.id)?.at ?? message.at
  return { ...message, at: shownTime(at, acceptedAt.get(message.id) ?? at) }
}

function placesOf(some: readonly Unopened[]): readonly number[] {
  return some.map(({ head }) => head.seq)
}

function inOrder<T extends { readonly seq: number }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => a.seq - b.seq)
}

async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const rest = items.entries()
  const one = async () => {
    for (const [n, item] of rest) results[n] = await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return results
}

/** `own` for a reporter's own report; else what the head names. */
function keyNameOf(head: SealedHead, self: Self): string {
  return isOwnReport(head, self) ? 'own' : head.to
}

/**
 * The keys of everything that this person reads here. Absent: not for them. A `Refused`: the wrap that
 * should hold it does not, so that nothing under it opens.
 */
async function keysOf(within: CaseView, self: Self, keyring: Keyring) {
  const names = new Set<string>()
  for (const head of within.fold.statements.values())
    if (isMessage(head)) names.add(keyNameOf(head, self))
  const keys = new Map<string, SecretKey | Refused>()
  await Promise.all(
    [...names].map(async (name) => {
      try {
        keys.set(name, name === 'own' ? self.key : await keyring.keyOf(name, within))
      } catch (error) {
        if (error instanceof ClientError && error.code === 'no-reader') return
        if (!(error instanceof Refused)) throw error
        keys.set(name, error)
      }
    }),
  )
  return keys
}

async function openSealed(
  view: DeskView,
  chain: string,
  { id, head, key }: Sealed,
  bodyOf: BodyOf,
): Promise<Unopened & { readonly body: Opened<Body> | Refused }> {
  if (key instanceof Refused) return { id, head, body: key }
  const bytes = (await bodyOf(head.seq)) ?? (await fetchBody(view, chain, head))
  try {
    return { id, head, body: await unsealBody(head, bytes, key, recipientsOf(head)) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { id, head, body: error }
  }
}

/** The body of one statement. Throws `Refused`, or `ClientError` no-reader. */
export async function openBody(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  head: SealedHead,
): Promise<Opened<Body>> {
  const key = isOwnReport(head, self) ? self.key : await keyring.keyOf(head.to, within)
  return unsealBody(head, await fetchBody(view, within.id, head), key, recipientsOf(head))
}

async function fetchBody(view: DeskView, id: string, head: SealedHead): Promise<Bytes> {
  const params = { id, blob: head.body }
  const { bytes } = await view.api.call('readBlob', { params })
  return bytesOfBase64(bytes)
}

/** A report is sealed to the desk and to its reporter; an assessment, and everything later, to one circle. */
export function recipientsOf(head: CaseHead | undefined): number {
  return head?.type === 'case.open' && head.enc !== '' ? 2 : 1
}

/** Sealed to my own key: I am the reporter who wrote it. */
export function isOwnReport(head: CaseHead | undefined, self: Self): boolean {
  return recipientsOf(head) === 2 && head?.by === self.signer.who
}

function isMessage(head: CaseHead): head is SealedHead {
  return (
    head.type === 'case.open' ||
    head.type === 'case.message' ||
    head.type === 'case.mail' ||
    head.type === 'case.handoff'
  )
}

function messageOf(
  view: DeskView,
  within: CaseView,
  id: string,
  head: SealedHead,
  body: Opened<Body>,
): Message {
  return {
    id,
    seq: head.seq,
    type: head.type,
    by: head.by,
    from: nameOf(view, head.by),
    at: shownTime(head.at, within.acceptedAt.get(id) ?? head.at),
    to: head.to,
    ...wordsOf(head, body),
    title: body.title,
    files: body.files,
  }
}

/** Only a report that its author's client sealed has facts: elsewhere such lines are words like others. */
function wordsOf(head: SealedHead, { text }: Opened<Body>) {
  const report = head.type === 'case.open' && REPORTED.includes(head.source)
  return report ? readFacts(text) : { text, facts: NO_FACTS }
}
