import {
  acceptClaim,
  type CaseView,
  type Claims,
  ClientError,
  type CheckedClaim,
  findCase,
  grantEarlier,
  listClaims,
  type Mail,
  offerClaim,
  openTimeline,
  refuseClaim,
} from '#client'
import { isSameAddress } from '#lexicon'
import { keyWords, memberOf, readCode } from '#seal'
import { enter, MEMBER_FLAGS, type Shift } from './enter.ts'
import { answer, line } from './print.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

/** The verbs of `postern case` about who claims a case that came by mail. */
export const CLAIM_ACTS: readonly (readonly [
  string,
  (args: readonly string[]) => Promise<void>,
])[] = [
  ['claims', claims],
  ['claim-link', link],
  ['accept-claim', accept],
  ['refuse-claim', refuse],
  ['grant-earlier', grant],
]

async function claims(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  await show(shift, within)
}

/** A link for whoever sent the mail, to hand over by another way than the receipt. */
async function link(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  const made = await offerClaim(shift, within.id)
  answer(shift.print, made, () => [
    made.link,
    '',
    `It works once, until ${made.expires}. Whoever has it can claim the case: give it to its sender alone.`,
  ])
}

/** They read from here on. CLAIM is the first digits that `case claims` prints. */
async function accept(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'CLAIM')
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  const all = await listClaims(shift.view, shift.keyring, within)
  const after = await acceptClaim(shift, within, waiting(all, name))
  await show(shift, after)
}

async function refuse(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, name] = wordsAre(flags.words, 'ID', 'CLAIM')
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  const all = await listClaims(shift.view, shift.keyring, within)
  // Also one by a link that counts no more: nothing is accepted by it, and somebody wants it out of sight.
  const { lookup } = waiting({ claims: [...all.claims, ...all.over] }, name)
  await refuseClaim(shift.view, within.id, lookup)
  await show(shift, within)
}

/** The reporter reads what was written before their claim: with their key words, as they read them aloud. */
async function grant(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { ...MEMBER_FLAGS, heard: 'text' })
  const [id] = wordsAre(flags.words, 'ID')
  const heard = readCode(needed(flags.heard, '--heard "twelve words"')).words
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  const { who, enc } = within.fold.reporter
  if (who === '') throw new ClientError('not-found', 'Nobody’s claim of this case was accepted.')
  if (keyWords(shift.view.id, who, enc) !== heard)
    throw new ClientError('no-reader', 'These are not the key words of the reporter: stop here.')
  const after = await grantEarlier(shift, within)
  await show(shift, after)
}

function waiting({ claims: all }: Pick<Claims, 'claims'>, name: string): CheckedClaim {
  const named = all.filter(({ lookup, state }) => lookup.startsWith(name) && state === 'waiting')
  const [only, ...others] = named
  if (only === undefined) throw new ClientError('not-found', 'No claim of this name waits here.')
  if (others.length > 0) throw new UsageError('More than one claim begins so: give more digits.')
  return only
}

/** The key words, and beside them what is known of the mail (PROTOCOL 7). */
async function show(shift: Shift, within: CaseView): Promise<void> {
  const { view, self, keyring, print } = shift
  const listed = await listClaims(view, keyring, within)
  const { claims: all, over, forged, closed, unused, left } = listed
  const { messages } = await openTimeline(view, within, self, keyring)
  const came = messages.find(({ seq }) => seq === 0)?.mail
  const mail = came && mailFacts(came)
  const rows = all.map((claim) => ({
    claim: claim.lookup,
    state: claim.state,
    at: claim.at,
    link: offererOf(view, claim),
    // A coordinator sends a link to whom they choose; the receipt goes to the sender of the envelope.
    elsewhere: came !== undefined && isOfReceipt(view, claim) && !isToAuthor(came),
    attempts: claim.attempts,
    words: claim.keyWords,
  }))
  const ended = over.map(({ lookup, at }) => ({ claim: lookup, at }))
  answer(print, { claims: rows, mail, forged, closed, unused, left, over: ended }, () => [
    ...(rows.length === 0 ? ['Nobody claimed this case.'] : []),
    ...(rows.length === 0 || mail === undefined ? [] : mailLines(mail)),
    ...rows.flatMap(({ claim, state, at, link, elsewhere, attempts, words }) => [
      `${claim.slice(0, 12)}  ${state}, ${at}, by a link ${line(link)}`,
      ...(elsewhere
        ? [
            '    Look twice: the link went to another address than the mail names as its author. Somebody may have sent a mail of theirs again, to get this link.',
          ]
        : []),
      ...(attempts === 0
        ? []
        : [
            `    The link was opened ${attempts} times more after that: by them, or by the sender, who found it used.`,
          ]),
      `    Key words: ${words}`,
    ]),
    ...(rows.filter(({ state }) => state === 'waiting' || state === 'reporter').length > 1
      ? ['More than one claim: somebody may read a mailbox that is not theirs.']
      : []),
    ...(forged === 0 ? [] : [`Forged: ${forged} links or claims. Nobody was let in by them.`]),
    ...(left === 0
      ? []
      : [
          `Made by somebody who has left, or with a key that ended: ${left} links or claims. Make another link.`,
          ...ended.map(
            ({ claim, at }) => `${claim.slice(0, 12)}  claimed by such a link, ${at}: refuse it`,
          ),
        ]),
    ...(closed === 0 ? [] : [`Closed to you: ${closed}, under a key that you were not given.`]),
    ...(unused === 0 ? [] : [`Links that nobody used yet: ${unused}.`]),
  ])
}

type MailSaid = ReturnType<typeof mailFacts>

function mailFacts({ facts: { from: envelope, results }, sender }: Mail) {
  const { shown: from, confirmed } = sender
  return { envelope, from, confirmed, results }
}

function mailLines({ envelope, from, confirmed, results }: MailSaid): readonly string[] {
  const dkim = results.dkim.map(({ verdict, domain }) => `${verdict} ${line(domain)}`)
  return [
    `The mail says it is from ${from === '' ? 'nobody' : line(from)}: ${confirmed ? 'its domain sent it' : 'a claim'}.`,
    `It was sent by ${envelope === '' ? 'nobody' : line(envelope)}, where its receipt goes. SPF ${results.spf.verdict}; DKIM ${dkim.join(', ') || 'none'}; DMARC ${results.dmarc.verdict}`,
  ]
}

function isToAuthor({ facts, sender }: Mail): boolean {
  return isSameAddress(facts.from, sender.address)
}

function isOfReceipt(view: Shift['view'], { offeredBy }: CheckedClaim): boolean {
  return memberOf(view.directory.now, offeredBy) === undefined
}

function offererOf(view: Shift['view'], { offeredBy }: CheckedClaim): string {
  const member = memberOf(view.directory.now, offeredBy)
  return member === undefined ? 'of the receipt' : `sent by ${member.handle}`
}
