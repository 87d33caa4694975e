import { type Bytes, headerValues, type MailHeaders, readMailHeaders } from '#lexicon'
import { Refused } from '#seal'
import { type SecretKey, unsealPgp } from '#unseal'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { decodeWords } from './encoded-words.ts'
import type { Keyring } from './keyring.ts'
import { asMail, isSignedWhole, pgpMailIn } from './mail-parts.ts'
import type { Message } from './message.ts'
import { openMailBody } from './open-bodies.ts'

/** A mail as somebody reads it. Nothing in it is read as a mail yet: that is done where no key is. */
export type OpenedMail = {
  /** Byte for byte as it came. */
  readonly raw: Bytes
  /** What is to be read: the mail, or the one that was encrypted in it and nothing beside it (K15). */
  readonly content: Bytes
  /** `closed`: encrypted, and not to a key that this person has, or damaged. */
  readonly pgp: 'none' | 'opened' | 'closed'
  /** Why it is closed; else `""`. */
  readonly why: string
  /** Somebody signed the whole of it. Nobody checked who (K17). */
  readonly signed: boolean
  /** The one inside, where there is one: the one outside was readable on its way (RFC 9788). */
  readonly subject: string
  /** What the head inside says otherwise than the one outside: somebody may have put the outer one on. */
  readonly differs: readonly Differing[]
}

export type Differing = {
  readonly name: string
  readonly outside: string
  readonly inside: string
}

/** Throws what the line throws, and `Refused` for what does not hold. A message that stays closed is an answer. */
export async function openMail(
  view: DeskView,
  within: CaseView,
  keyring: Keyring,
  message: Pick<Message, 'id' | 'mail'>,
): Promise<OpenedMail> {
  const kept = message.mail?.raw
  return openRawMail(kept ?? (await fetchRaw(view, within, keyring, message.id)), keyring)
}

async function fetchRaw(
  view: DeskView,
  within: CaseView,
  keyring: Keyring,
  id: string,
): Promise<Bytes> {
  const head = within.fold.statements.get(id)
  if (head === undefined) throw new ClientError('not-found', 'This case has no such mail.')
  return (await openMailBody(view, within, keyring, head)).raw
}

/** The same for a mail that is at hand. */
export async function openRawMail(raw: Bytes, keyring: Keyring): Promise<OpenedMail> {
  const outer = readMailHeaders(raw)
  const found = pgpMailIn(raw)
  const plain = {
    raw,
    content: raw,
    pgp: 'none' as const,
    why: '',
    signed: isSignedWhole(raw),
    subject: shownOf(outer, 'subject'),
    differs: [],
  }
  if (found === undefined) return plain
  try {
    const { content, signed } = await unsealPgp(found.armored, await mailKeys(keyring))
    const whole = signed || isSignedWhole(content)
    const opened = { ...plain, pgp: 'opened' as const, signed: whole }
    if (found.form === 'inline') return { ...opened, content: asMail(content) }
    const inner = readMailHeaders(content)
    const subject = shownOf(inner, 'subject') || plain.subject
    return { ...opened, content, subject, differs: differing(outer, inner) }
  } catch (error) {
    if (!(error instanceof Refused) && !isNoReader(error)) throw error
    return { ...plain, pgp: 'closed', why: error.message }
  }
}

/** One part of a mail that is an OpenPGP message by itself: opened apart from all that stands around it (K15). */
export async function openApart(keyring: Keyring, bytes: Bytes): Promise<Bytes> {
  return (await unsealPgp(bytes, await mailKeys(keyring))).content
}

/** Every epoch that this person can unwrap: mail that was long on its way is sealed to an older one. */
async function mailKeys(keyring: Keyring): Promise<readonly SecretKey[]> {
  const keys: SecretKey[] = []
  let failed = new Refused('wrap', 'This desk has no mail key.') as Refused | ClientError
  for (const name of keyring.mailKeyNames()) {
    try {
      keys.push(await keyring.keyOf(name))
    } catch (error) {
      if (!(error instanceof Refused) && !isNoReader(error)) throw error
      failed = error
    }
  }
  if (keys.length === 0) throw failed
  return keys
}

function isNoReader(error: unknown): error is ClientError {
  return error instanceof ClientError && error.code === 'no-reader'
}

/** What a person would be misled by. A subject outside is a placeholder mostly, and shown by none. */
const COMPARED = ['from', 'to', 'date'] as const

function differing(outer: MailHeaders, inner: MailHeaders): readonly Differing[] {
  return COMPARED.flatMap((name) => {
    const outside = shownOf(outer, name)
    const inside = shownOf(inner, name)
    return inside === '' || inside === outside ? [] : [{ name, outside, inside }]
  })
}

function shownOf(headers: MailHeaders, name: string): string {
  return decodeWords(headerValues(headers, name).join(' | '))
}
