import type { DomainVerdict, FromDoubt, MailShown, MailToRead } from '#worker'
import { visibleLine } from '../visible-text.ts'

/** Why a From is not to be believed, as a sentence. */
const DOUBTS: Readonly<Record<FromDoubt, string>> = {
  none: 'This mail does not say who it is from.',
  several: 'It says more than once who it is from. Mail programs show different ones.',
  unclear: 'Who it is from is written so that mail programs read it in different ways.',
  'name-is-address': 'The name holds an address that is not the one behind it.',
  'other-domain': 'The domain that was confirmed is another than the one that stands here.',
}

const VERDICTS: Readonly<Record<DomainVerdict['verdict'], string>> = {
  pass: 'holds',
  fail: 'fails',
  softfail: 'probably fails',
  neutral: 'says nothing',
  none: 'none',
  policy: 'not accepted',
  temperror: 'could not be asked',
  permerror: 'is written wrongly',
  skipped: 'was not asked',
}

const THREADS: Readonly<Record<MailShown['thread'], string>> = {
  new: 'it began this case',
  token: 'it was sent to the address of this case',
  returned: 'it was sent to where one mail of this case comes back',
  reference: 'it answers a mail of this case',
  unknown: 'it began this case, and names an address or a mail that the desk never gave',
}

const KINDS: Readonly<Record<Exclude<MailShown['kind'], 'bounce'>, string>> = {
  person: '',
  list: 'It says that it comes from a mailing list.',
  'auto-reply': 'A program wrote it: an answer of somebody who is away, for one.',
  'dmarc-report': 'It is a daily report about mail that says it is from this domain.',
  loop: 'It says that this desk wrote it.',
}

const WAYS: Readonly<Record<MailShown['way'], string>> = {
  smtp: 'came in over SMTP',
  imap: 'fetched from a mailbox',
  import: 'from an old archive',
}

/** Why it is looked at twice: its From, how it found the case, and who wrote before. */
export function doubtSentences({ from, thread, elsewhere }: MailShown): readonly string[] {
  return [
    ...from.doubts.map((doubt) => DOUBTS[doubt]),
    ...(elsewhere ? ['It is from another address than the first mail of this case.'] : []),
    ...(thread === 'unknown'
      ? [
          'It says that it answers something that this desk never sent. Ask before you believe that.',
        ]
      : []),
  ]
}

/** How it came to stand in this case. */
export function threadWords({ thread }: MailShown): string {
  return THREADS[thread]
}

/** What wrote it, where that is no person; `""` for what may be one. */
export function kindSentence({ kind, returned, thread }: MailShown): string {
  if (kind !== 'bounce') return KINDS[kind]
  const status =
    returned?.status === undefined || returned.status === '' ? '' : ` (${returned.status})`
  if (returned?.action === 'delayed')
    return `A mail server says that a mail is late${status}. It is still trying.`
  if (
    returned?.action === 'delivered' ||
    returned?.action === 'relayed' ||
    returned?.action === 'expanded'
  )
    return `A mail server says that a mail arrived${status}.`
  return thread === 'returned'
    ? `A mail of this case came back${status}. This person did not get it.`
    : `It says that a mail came back${status}. It did not come to where mails of this desk come back.`
}

/** How far the From is confirmed. Never that a person wrote it. */
export function fromSentence({ from }: MailShown): string {
  if (from.address === '') return 'Nobody confirmed it.'
  return from.confirmed
    ? 'Its domain says that it sent this mail. Who wrote it, nobody checked.'
    : 'A claim: anybody can write any sender.'
}

export function verdictWords({ domain, verdict }: DomainVerdict): string {
  const word = VERDICTS[verdict]
  return domain === '' || verdict === 'none' ? word : `${word} for ${visibleLine(domain)}`
}

export function dkimWords({ results }: MailShown): string {
  return results.dkim.length === 0 ? 'none' : results.dkim.map(verdictWords).join(', ')
}

export function broughtWords({ client, way }: MailShown): string {
  if (client.ip === '' && client.helo === '') return WAYS[way]
  const called = client.helo === '' ? '' : `${visibleLine(client.helo)} `
  return `${WAYS[way]}, from ${called}[${visibleLine(client.ip)}], ${client.tls ? 'encrypted on the line' : 'in clear on the line'}`
}

/** What is known of the encryption of a mail, before and after it was opened. */
export function sealedWords(pgp: MailToRead['pgp'] | undefined, sealed: boolean): string {
  if (!sealed) return 'Readable on its way. It was sealed when it came in.'
  if (pgp === 'opened') return 'Encrypted by its sender to the mail key of the desk.'
  return 'It has the form of an encrypted mail. It was not opened, so nobody knows.'
}

/** K17: a signature that nobody checked is never shown as one that holds. */
export function signedWords(signed: boolean): string {
  return signed ? 'It says it is signed. Nobody checked that.' : 'Not signed as a whole.'
}
