import { bytesOfText, DAY, isTime, millisecondsOf, type Time, timeOf } from '#lexicon'
import { PublicationError } from '../publication-error.ts'
import { checkSecurityTxt } from './check-security-txt.ts'

/** What a foundation says of how to reach its security team. Addresses with their kind, as `mailto:…`. */
export type SecurityTxtSettings = {
  /** The best one first. */
  readonly contact: readonly string[]
  readonly expires: Time
  readonly encryption: readonly string[]
  readonly acknowledgments: readonly string[]
  readonly languages: readonly string[]
  /** Every address where these bytes will lie. */
  readonly canonical: readonly string[]
  readonly policy: readonly string[]
  readonly csaf: readonly string[]
  /** The desk that it belongs to, and its words, so that somebody can compare them. */
  readonly desk: { readonly id: string; readonly words: string }
}

/** RFC 9116, 2.5.5: less than a year. */
const LONGEST = 365 * DAY
/** How long the key must live on after the file, for those who read it on its last day. */
const KEY_LIVES_ON = DAY

/**
 * The text to sign. Throws `PublicationError`: for a date that is past, a year away or that the key does not
 * outlive by a day; and for whatever `checkSecurityTxt` would call an error.
 * @param keyExpires when the key that signs ends, in milliseconds; `Infinity` where it does not
 */
export function writeSecurityTxt(
  settings: SecurityTxtSettings,
  now: number,
  keyExpires: number,
): string {
  demandExpiry(settings.expires, now, keyExpires)
  const { desk } = settings
  const lines = [
    '# How to report a security problem to us (RFC 9116).',
    ...settings.contact.map((value) => `Contact: ${value}`),
    `Expires: ${settings.expires}`,
    ...settings.encryption.map((value) => `Encryption: ${value}`),
    ...settings.acknowledgments.map((value) => `Acknowledgments: ${value}`),
    ...(settings.languages.length === 0
      ? []
      : [`Preferred-Languages: ${settings.languages.join(', ')}`]),
    ...settings.canonical.map((value) => `Canonical: ${value}`),
    ...settings.policy.map((value) => `Policy: ${value}`),
    ...settings.csaf.map((value) => `CSAF: ${value}`),
    '# The desk behind this file: its id, and the words that stand for it. Compare them before you trust one.',
    `# Desk: ${desk.id}`,
    `# Words: ${desk.words}`,
  ]
  // A break in a value would be a line of its own: a contact that nobody gave.
  const broken = lines.find((line) => /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(line))
  if (broken !== undefined)
    throw new PublicationError('security-txt', 'A value has a line break or an invisible sign.')
  const text = `${lines.join('\n')}\n`
  const { findings } = checkSecurityTxt(bytesOfText(text), { now })
  const error = findings.find(({ level }) => level === 'error')
  if (error !== undefined)
    throw new PublicationError(
      'security-txt',
      `This file would not be sound: ${error.sentence} (${lines[error.line - 1] ?? 'the whole'})`,
    )
  return text
}

function demandExpiry(expires: Time, now: number, keyExpires: number): void {
  if (!isTime(expires))
    throw new PublicationError('security-txt', 'Expires is a time such as 2027-03-31T12:00:00Z.')
  const at = millisecondsOf(expires)
  if (at <= now)
    throw new PublicationError('expired-already', 'This file would have expired before it is read.')
  if (at >= now + LONGEST)
    throw new PublicationError('expires-too-late', 'It may be believed for less than a year.')
  if (at > keyExpires - KEY_LIVES_ON)
    throw new PublicationError(
      'outlives-key',
      `The key that signs it ends on ${timeOf(keyExpires)}. Choose a date at least one day before that.`,
    )
}
