import { type Bytes, bytesOfBase64 } from '#lexicon'
import { type Body, type CaseHead, type MailBody, Refused } from '#seal'
import { type Opened, type SecretKey, unsealBody, unsealMail } from '#unseal'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { type BodyOf, fetchBodies } from './fetch-bodies.ts'
import type { Keyring } from './keyring.ts'
import { mailOf } from './mail-of.ts'
import { isMailHead, KEPT, type Mail } from './mail.ts'
import { inTurn, type Turn } from './in-turn.ts'
import { isMessage, isOwnReport, recipientsOf, type SealedHead } from './message.ts'
import type { Self } from './self.ts'

/** A message that is not opened yet. */
export type Unopened = { readonly id: string; readonly head: SealedHead }

/** The key that opens it; a `Refused` where the wrap that should hold that key does not. */
export type Keyed = Unopened & { readonly key: SecretKey | Refused }

/** What became of it: its body, or why there is none to show. */
export type Result = Unopened & { readonly body: Opened<Body> | Mail | Refused }

/** Bodies that are opened side by side. */
const AT_ONCE = 32

/**
 * Finds the keys of everything that this person reads in a case. The answer leaves out what is not for them.
 * Throws what the line throws; a wrap that does not hold is a fact about its messages, not about the case.
 */
export async function keysFor(
  within: CaseView,
  self: Self,
  keyring: Keyring,
): Promise<(some: readonly Unopened[]) => readonly Keyed[]> {
  const names = new Set<string>()
  for (const head of within.fold.statements.values())
    if (isMessage(head)) names.add(keyNameOf(head, self))
  const keys = new Map<string, SecretKey | Refused>()
  const find = async (name: string) => {
    try {
      keys.set(name, name === OWN ? self.key : await keyring.keyOf(name, within))
    } catch (error) {
      if (error instanceof ClientError && error.code === 'no-reader') return
      if (!(error instanceof Refused)) throw error
      keys.set(name, error)
    }
  }
  await Promise.all([...names].map(find))
  return (some) =>
    some.flatMap((each) => {
      const key = keys.get(keyNameOf(each.head, self))
      return key === undefined ? [] : [{ ...each, key }]
    })
}

/** Opens these bodies. One that the desk left out of its answers is asked for by itself. */
export async function openBodies(
  view: DeskView,
  chain: string,
  some: readonly Keyed[],
  bodyOf: BodyOf,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const rest = some.entries()
  const large = inTurn()
  const work = async () => {
    for (const [n, sealed] of rest) results[n] = await openOne(view, chain, sealed, bodyOf, large)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
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

/** The mail under a head, with what the letterbox saw of it. Throws `Refused`, or `ClientError` no-reader. */
export async function openMailBody(
  view: DeskView,
  within: CaseView,
  keyring: Keyring,
  head: CaseHead,
): Promise<Opened<MailBody>> {
  if (!isMessage(head) || !isMailHead(head)) throw new RangeError('This is no mail.')
  const key = await keyring.keyOf(head.to, within)
  return unsealMail(head, await fetchBody(view, within.id, head), key)
}

async function openOne(
  view: DeskView,
  chain: string,
  { id, head, key }: Keyed,
  bodyOf: BodyOf,
  large: Turn,
): Promise<Result> {
  if (key instanceof Refused) return { id, head, body: key }
  const fetchAgain = () => fetchBody(view, chain, head)
  const bytesOf = async () => (await bodyOf(head.seq)) ?? (await fetchAgain())
  const body = await openNow(head, bytesOf, key, large)
  if (body !== 'later') return { id, head, body }
  return { id, head, body: await large.take(async () => opened(head, await fetchAgain(), key)) }
}

/** Whoever waits holds nothing: thirty large mails that came at once would fill the memory of a page. */
async function openNow(
  head: SealedHead,
  bytesOf: () => Promise<Bytes>,
  key: SecretKey,
  large: Turn,
): Promise<Result['body'] | 'later'> {
  const bytes = await bytesOf()
  if (!isLarge(head, bytes)) return opened(head, bytes, key)
  return large.isTaken() ? 'later' : large.take(() => opened(head, bytes, key))
}

function isLarge(head: SealedHead, { length }: Bytes): boolean {
  return length > KEPT && isMailHead(head)
}

/** Of a large mail only what is said of it stays. */
async function opened(head: SealedHead, bytes: Bytes, key: SecretKey): Promise<Result['body']> {
  try {
    return isMailHead(head)
      ? mailOf(await unsealMail(head, bytes, key))
      : await unsealBody(head, bytes, key, recipientsOf(head))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error
  }
}

async function fetchBody(view: DeskView, id: string, head: SealedHead): Promise<Bytes> {
  if (isMailHead(head)) return fetchMail(view, id, head.seq)
  const params = { id, blob: head.body }
  const { bytes } = await view.api.call('readBlob', { params })
  return bytesOfBase64(bytes)
}

/** It may be larger than an answer of JSON should be. */
async function fetchMail(view: DeskView, id: string, seq: number): Promise<Bytes> {
  const bytes = await fetchBodies(view.api, id, [[seq]])(seq)
  if (bytes === undefined)
    throw new ClientError('not-found', 'The desk does not hand out this mail.')
  return bytes
}

/** For a reporter's own report, which is sealed to their key beside the desk's. No key has such a name. */
const OWN = 'own'

function keyNameOf(head: SealedHead, self: Self): string {
  return isOwnReport(head, self) ? OWN : head.to
}
