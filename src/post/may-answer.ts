import { headerValues, isMailReport, isSignedFor, kindOfMail, type MailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'

/** What came: its head, what the letterbox saw of it, and which addresses are the desk's own. */
export type Answerable = {
  readonly headers: MailHeaders
  readonly facts: MailFacts
  readonly own: readonly string[]
}

/**
 * May a program answer this mail? Only one that a person seems to have written by hand to us (RFC 3834).
 * An answer too few costs a reporter the receipt by mail; an answer too many feeds a loop, or floods
 * somebody whose address was forged (R43). So every doubt is a no.
 */
export function mayAnswer({ headers, facts, own }: Answerable): boolean {
  return (
    headers.whole &&
    facts.way !== 'import' &&
    isAnswerable(facts.from) &&
    !ofProgram(localPart(facts.from)) &&
    !isForged(facts) &&
    !isMailReport(headers) &&
    kindOfMail({ headers, from: facts.from, own }) === 'person' &&
    headerValues(headers, 'received').length <= MOST_HOPS
  )
}

const MOST_HOPS = 50

/** Nothing in it that a relay could read as a second recipient or a route. */
function isAnswerable(address: string): boolean {
  const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
  const host = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
  const plain = new RegExp(`^${atom}(?:\\.${atom})*@${host}(?:\\.${host})*$`)
  return address.length <= 254 && localPart(address).length <= 64 && plain.test(address)
}

function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf('@')).toLowerCase()
}

const PROGRAMS =
  /^(?:mailer-daemon|mailer|mdaemon|postmaster|uucp|listserv|majordomo|nobody|(?:no|do-?not|dont)[-_.]?reply|auto[-_.]?(?:reply|responder)|bounces?|owner|request)$/
const PROGRAM_ENDS = /(?:^owner-|-owner$|-request$|-bounces?$|-relay$|-errors$|-confirm$)/

function ofProgram(local: string): boolean {
  // bounces+token@…, bounce-12-token@…, noreply+thread@…
  const [name = ''] = local.split(/[+=]/)
  return PROGRAMS.test(name) || PROGRAM_ENDS.test(name) || /^bounces?-/.test(name)
}

/**
 * Who forges an address wants its owner to get our answer. Where the domain publishes no policy, its
 * word about who may send counts, unless a signature shows that the mail was only carried on by others.
 */
function isForged({ from, results: { dmarc, spf, dkim } }: MailFacts): boolean {
  // Skipped: out of a mailbox, and its policy could not be asked. Permerror: what nobody could check, or a
  // head that was made so that nobody does.
  if (UNCLEAR.has(dmarc.verdict)) return true
  // A signature of somebody else says nothing about the address that we would answer.
  const signed = isSignedFor(from, dkim)
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const sent = spf.verdict === 'pass' && spf.domain.toLowerCase() === domain.toLowerCase()
  // Its sender chooses the name server that is away.
  if (dmarc.verdict === 'temperror') return !signed && !sent
  // Out of a mailbox nobody was asked who may send, and the address is what stood there.
  return (spf.verdict === 'fail' || spf.verdict === 'skipped') && !signed
}

const UNCLEAR: ReadonlySet<string> = new Set(['fail', 'skipped', 'permerror'])
