import type { Delivery } from '#contract'
import { bytesOfBase64, headerValues, PLAIN_REPLY_SORTS, readMailHeaders } from '#lexicon'
import { Refused } from '#seal'
import type { CaseView } from './case-view.ts'
import type { Desk } from './desk.ts'
import {
  differingKeys,
  type FoundKey,
  keysInMail,
  keysOf,
  type KeysFound,
  LARGEST_WITH_KEY,
  mayBeFrom,
  mayHoldKey,
  NO_KEYS,
} from './keys-in-mail.ts'
import { keyInReport } from './key-in-report.ts'
import type { Keyring } from './keyring.ts'
import type { Mail } from './mail.ts'
import type { Message } from './message.ts'
import { openMail } from './open-mail.ts'
import { keyAfter, type Pin, pinnedCertificate, pinOf } from './pinned-key.ts'

/**
 * Which key an answer is encrypted with. `first`: one was found and nobody pinned it yet; `offered`: the same, and no
 * domain vouches for the mail that it came with, so that a coordinator has to say that it holds; `changed`: another one
 * came after the pin, and nothing is encrypted until a coordinator says which one holds. One that was sealed into a report is as good as
 * `pinned`. `before`: nobody pinned
 * one and several came, of which `pin` names the first. `lost` with `crowded`: more mails came than are looked at.
 */
export type KeyStand =
  /** `asks`: the domain of the address was not asked yet. */
  | { readonly state: 'none'; readonly why: string; readonly asks?: true }
  | { readonly state: 'first'; readonly found: FoundKey }
  | { readonly state: 'offered'; readonly found: FoundKey }
  | { readonly state: 'pinned'; readonly found: FoundKey }
  | {
      readonly state: 'changed'
      readonly pin: Pin
      readonly found: FoundKey
      readonly before?: FoundKey
    }
  | {
      readonly state: 'lost'
      readonly pin: Pin
      readonly why: string
      readonly crowded?: true
    }

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

/**
 * Asks the domain of an address for its key; `""` where there is none, `undefined` where nobody wanted to ask.
 * The domain learns of it that the desk means to answer.
 */
export type LookUp = (address: string) => Promise<string | undefined>

/** Mails that are looked at for a key, and their bytes together. */
const MOST_MAILS = 50
const MOST_BYTES = 32 * 1024 * 1024

/** `lookUp` is used where no mail of the case holds a key, and none failed. */
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
  const mailless = { ...common, to, subject: '', answers: '' }
  if (to === '')
    return { ...mailless, key: { state: 'none', why: 'There is no one address to answer.' } }
  if (mailed === undefined) {
    const given = opening && (await keyInReport(desk, within, keyring, opening, to))
    const [found] = given?.keys ?? []
    const [why = 'It came by the form.'] = given?.refused ?? []
    return { ...mailless, key: found ? { state: 'pinned', found } : { state: 'none', why } }
  }
  const mails = messages.flatMap(({ id, seq, mail }) =>
    mail === undefined ? [] : [{ id, seq, mail }],
  )
  const pin = pinOf(within)
  const { looked, crowded } = mailsForKeys(mails, to, pin)
  const answered = mails.findLast(
    ({ mail: { sender, size } }) =>
      sender.address.toLowerCase() === to.toLowerCase() && size <= LARGEST_WITH_KEY,
  )
  const last = answered && (await openMail(view, within, keyring, answered))
  const subject = last?.subject ?? mailed.subject
  const answers = last === undefined ? '' : messageIdOf(last.raw)
  let found: KeysFound = NO_KEYS
  for (const each of looked) {
    const opened =
      last !== undefined && each === answered ? last : await openMail(view, within, keyring, each)
    const more = await keysInMail(each, opened, to, view.clock())
    found = {
      keys: [...found.keys, ...more.keys],
      refused: [...found.refused, ...more.refused],
    }
  }
  // Of who is not what they say, or of a program, no domain is asked.
  const may = mayBeFrom(mailed, to) && mailed.kind === 'person'
  const asking = may ? lookUp : () => Promise.resolve('')
  const key = await standOf(desk, within, keyring, messages, { found, to, lookUp: asking, crowded })
  return { ...common, to, key, subject, answers }
}

/** The newest first. After a pin each counts: a key in one that is not looked at would block nothing. */
export function mailsForKeys<M extends { readonly seq: number; readonly mail: Mail }>(
  mails: readonly M[],
  to: string,
  pin: Pick<Pin, 'seq'> | undefined,
): { readonly looked: readonly M[]; readonly crowded: boolean } {
  const since = pin?.seq ?? -1
  const possible = mails.filter(({ seq, mail }) => seq > since && mayHoldKey(mail, to)).toReversed()
  let bytes = 0
  const end = possible.findIndex(({ mail: { size } }, n) => {
    bytes += size
    return n >= MOST_MAILS || bytes > MOST_BYTES
  })
  return end === -1
    ? { looked: possible, crowded: false }
    : { looked: possible.slice(0, end), crowded: true }
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
    crowded,
  }: {
    readonly found: KeysFound
    readonly to: string
    readonly lookUp: LookUp
    readonly crowded: boolean
  },
): Promise<KeyStand> {
  const pin = pinOf(within)
  if (pin === undefined) {
    const [first, ...others] = differingKeys(found.keys)
    const before = others.at(-1)
    if (first !== undefined && before !== undefined) {
      const { fingerprint, hash } = before.certificate
      return { state: 'changed', pin: { fingerprint, hash, seq: -1 }, found: first, before }
    }
    if (first !== undefined) {
      const { hash } = first.certificate
      const vouched = found.keys.some((key) => key.vouched && key.certificate.hash === hash)
      return { state: vouched ? 'first' : 'offered', found: first }
    }
    const given = await lookUp(to)
    if (given === undefined) {
      const [why = 'No mail of the reporter holds a key.'] = found.refused
      return { state: 'none', why, asks: true }
    }
    const now = desk.view.clock()
    const place = { from: 'wkd', seq: -1, vouched: true, address: to, now } as const
    const { keys, refused } = given === '' ? NO_KEYS : await keysOf([bytesOfBase64(given)], place)
    const [published] = keys
    if (published !== undefined) return { state: 'first', found: published }
    const [why = 'No key was found for this address.'] = [...found.refused, ...refused]
    return { state: 'none', why }
  }
  const other = keyAfter(pin, found.keys)
  if (other !== undefined) return { state: 'changed', pin, found: other }
  if (crowded) {
    const why =
      'More mails came since this key was pinned than are looked at for another one. Look through them, then keep the old key.'
    return { state: 'lost', pin, why, crowded }
  }
  try {
    const certificate = await pinnedCertificate(desk, within, keyring, messages, pin)
    const found = { certificate, from: 'case', seq: pin.seq, vouched: true } as const
    return { state: 'pinned', found }
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
