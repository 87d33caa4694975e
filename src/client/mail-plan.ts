import type { Delivery } from '#contract'
import { bytesOfBase64, headerValues, PLAIN_REPLY_SORTS, readMailHeaders } from '#lexicon'
import { Refused } from '#seal'
import type { CaseView } from './case-view.ts'
import type { Desk } from './desk.ts'
import { type FoundKey, keysInMail, keysOf, type KeysFound, NO_KEYS } from './keys-in-mail.ts'
import type { Keyring } from './keyring.ts'
import type { Message } from './message.ts'
import { openMail } from './open-mail.ts'
import { keyAfter, type Pin, pinnedCertificate, pinOf } from './pinned-key.ts'

/**
 * Which key an answer is encrypted with. `first`: one was found and nobody pinned it yet; `changed`: another one
 * came after the pin, and nothing is encrypted until a coordinator says which one holds.
 */
export type KeyStand =
  | { readonly state: 'none'; readonly why: string }
  | { readonly state: 'first'; readonly found: FoundKey }
  | { readonly state: 'pinned'; readonly found: FoundKey }
  | { readonly state: 'changed'; readonly pin: Pin; readonly found: FoundKey }
  | { readonly state: 'lost'; readonly pin: Pin; readonly why: string }

/** How an answer to a case can leave by mail. */
export type MailPlan = {
  /** To whom; `""`: there is no address to answer. */
  readonly to: string
  /** Of the desk; `""`: it sends no mail. The server's word. */
  readonly from: string
  readonly replyTo: string
  readonly relay: boolean
  readonly deliveries: readonly Delivery[]
  readonly key: KeyStand
  /** A plain answer may leave: the case is sorted as no vulnerability. */
  readonly plain: boolean
  /** The reporter holds words, and reads an answer where it is sealed. */
  readonly follows: boolean
  /** Of the newest mail that was opened: what is answered. */
  readonly subject: string
  readonly answers: string
}

/** Asks the domain of an address for its key; nothing where there is none. */
export type LookUp = (address: string) => Promise<string>

/** Mails that are looked at for a key, the newest of a case. */
const MOST_MAILS = 20

/** `lookUp` is used where no mail of the case holds a key. */
export async function planMail(
  desk: Pick<Desk, 'view' | 'self'>,
  within: CaseView,
  keyring: Keyring,
  messages: readonly Message[],
  lookUp: LookUp,
): Promise<MailPlan> {
  const { view } = desk
  const answer = await view.api.call('readDeliveries', { params: { id: within.id } })
  const common = {
    from: answer.from,
    replyTo: answer.reply_to,
    relay: answer.relay,
    deliveries: answer.deliveries,
    plain: PLAIN_REPLY_SORTS.includes(within.fold.sort),
    follows: within.fold.reporter.who !== '',
  }
  if (answer.from === '') {
    const why = 'This desk sends no mail.'
    return { ...common, to: '', key: { state: 'none', why }, subject: '', answers: '' }
  }
  const [opening] = messages
  const mailed = opening?.mail
  // A web reporter has words to read with: of their address one notice may be told.
  const to = addressOf(
    mailed === undefined ? (opening?.facts.contact ?? '') : mailed.sender.address,
  )
  if (mailed === undefined || to === '') {
    const why = to === '' ? 'There is no one address to answer.' : 'It came by the form.'
    return { ...common, to, key: { state: 'none', why }, subject: '', answers: '' }
  }
  const mails = messages.flatMap(({ id, seq, mail }) =>
    mail === undefined ? [] : [{ id, seq, mail }],
  )
  let found: KeysFound = NO_KEYS
  let subject = ''
  let answers = ''
  for (const each of mails.slice(-MOST_MAILS).toReversed()) {
    const opened = await openMail(view, within, keyring, each)
    const theirs = each.mail.sender.address.toLowerCase() === to.toLowerCase()
    if (theirs && answers === '') {
      answers = messageIdOf(opened.raw)
      subject = opened.subject
    }
    const more = await keysInMail(each, opened, to, view.clock())
    found = {
      keys: [...found.keys, ...more.keys],
      refused: [...found.refused, ...more.refused],
    }
  }
  const key = await standOf(desk, within, keyring, messages, { found, to, lookUp })
  return { ...common, to, key, subject, answers }
}

async function standOf(
  desk: Pick<Desk, 'view' | 'self'>,
  within: CaseView,
  keyring: Keyring,
  messages: readonly Message[],
  {
    found,
    to,
    lookUp,
  }: { readonly found: KeysFound; readonly to: string; readonly lookUp: LookUp },
): Promise<KeyStand> {
  const pin = pinOf(within)
  if (pin === undefined) {
    const [first] = found.keys
    if (first !== undefined) return { state: 'first', found: first }
    const given = await lookUp(to)
    const place = { from: 'wkd', seq: -1, address: to, now: desk.view.clock() } as const
    const { keys, refused } = given === '' ? NO_KEYS : await keysOf([bytesOfBase64(given)], place)
    const [published] = keys
    if (published !== undefined) return { state: 'first', found: published }
    const [why = 'No key was found for this address.'] = [...found.refused, ...refused]
    return { state: 'none', why }
  }
  const other = keyAfter(pin, found.keys)
  if (other !== undefined) return { state: 'changed', pin, found: other }
  try {
    const certificate = await pinnedCertificate(desk, within, keyring, messages, pin)
    return { state: 'pinned', found: { certificate, from: 'case', seq: pin.seq } }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { state: 'lost', pin, why: error.message }
  }
}

/** One mailbox and nothing that a relay could read as two; `""` for everything else. */
function addressOf(text: string): string {
  const plain = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}$/
  return plain.test(text.trim()) ? text.trim() : ''
}

function messageIdOf(raw: Uint8Array): string {
  const [id = '', ...more] = headerValues(readMailHeaders(raw), 'message-id')
  return more.length === 0 && /^<[!-;=?-~]{1,240}>$/.test(id) ? id : ''
}
