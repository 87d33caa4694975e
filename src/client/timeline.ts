import { type Bytes, bytesOfBase64, type Source } from '#lexicon'
import { type Body, type CaseHead, type FileEntry, Refused, type RefusedCode } from '#seal'
import { type Opened, type SecretKey, unsealBody } from '#unseal'
import { type CaseView, nameOf, shownTime, withTimes } from './case-view.ts'
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
  /** With the verified times of all that is opened, and of all acts without content. */
  readonly within: CaseView
  readonly timeline: Timeline
  /** Places of this person's messages that are not opened yet. */
  readonly sealed: ReadonlySet<number>
}

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
  let timeline: Timeline = { messages: [], broken: [] }
  for await (const opening of openNewestFirst(view, within, self, keyring))
    timeline = opening.timeline
  return timeline
}

/**
 * The same, part by part: first the opening and the newest messages, then the others, newest first. What
 * was opened before in this session comes from `known` and is not opened again.
 */
export async function* openNewestFirst(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  known: Timeline = { messages: [], broken: [] },
): AsyncGenerator<Opening> {
  const opened = new Set(known.messages.map(({ id }) => id))
  const all = [...within.fold.statements]
  const acts = all.filter(([, head]) => !isMessage(head)).map(([, { seq }]) => seq)
  const unopened = all.flatMap(([id, head]) =>
    isMessage(head) && !opened.has(id) ? [{ id, head }] : [],
  )
  const first = firstOf(unopened)
  const unwrapped = keysOf(within, self, keyring)
  const bodyOf = fetchBodies(view.api, within.id, [first, unopened].map(placesOf))
  const keys = await unwrapped
  const readable = (some: readonly Unopened[]) =>
    some.flatMap((each) => {
      const key = keys.get(keyNameOf(each.head, self))
      return key === undefined ? [] : [{ ...each, key }]
    })
  const messages = [...known.messages]
  const broken: Broken[] = []
  let current = await withTimes(view, within, acts)
  let left = readable(unopened)
  let part = readable(first)
  do {
    const [timed, results] = await Promise.all([
      withTimes(view, current, placesOf(part)),
      sideBySide(part, (sealed) => openSealed(view, within.id, sealed, bodyOf)),
    ])
    current = timed
    for (const { id, head, body } of results)
      if (body instanceof Refused)
        broken.push({ seq: head.seq, code: body.code, message: body.message })
      else messages.push(messageOf(view, current, id, head, body))
    const done = new Set(placesOf(part))
    left = left.filter(({ head }) => !done.has(head.seq))
    part = left.slice(-PART)
    const timeline = { messages: inOrder(messages), broken: inOrder(broken) }
    yield { within: current, timeline, sealed: new Set(placesOf(left)) }
  } while (left.length > 0)
}

type Unopened = { readonly id: string; readonly head: SealedHead }
type Sealed = Unopened & { readonly key: SecretKey | Refused }

/** The newest ones, and the message that opened the case. */
function firstOf(unopened: readonly Unopened[]): readonly Unopened[] {
  return [...unopened.slice(0, 1), ...unopened.slice(1).slice(-FIRST)]
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
