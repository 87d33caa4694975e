import {
  type CaseView,
  ClientError,
  type Differing,
  isFromElsewhere,
  type Message,
  openApart,
  openMail,
  type SenderDoubt,
} from '#client'
import type { Bytes } from '#lexicon'
import type { MailRead } from '#text'
import type { Shift } from './enter.ts'
import { line, paragraph } from './print.ts'
import { attachmentApart, readMailApart } from './read-mail.ts'

/** A mail as it is printed. Everything but `came` is its sender's word. */
export type MailPrinted = {
  readonly from: string
  readonly doubts: readonly SenderDoubt[]
  /** The domain of its address vouches for it. Never that a person wrote it. */
  readonly confirmed: boolean
  readonly subject: string
  readonly date: string
  /** What wrote it, by its head. */
  readonly kind: NonNullable<Message['mail']>['kind']
  readonly returned: NonNullable<Message['mail']>['returned']
  /** It is from another address than the first mail of the case. */
  readonly elsewhere: boolean
  readonly of: MailRead['of'] | 'unread'
  readonly text: string
  readonly pgp: 'none' | 'opened' | 'closed'
  readonly why: string
  /** By somebody: nobody checked by whom. */
  readonly signed: boolean
  readonly differs: readonly Differing[]
  readonly attachments: readonly {
    readonly id: string
    readonly name: string
    readonly type: string
    readonly size: number
    readonly encrypted: boolean
  }[]
  /** What the letterbox saw. */
  readonly came: NonNullable<Message['mail']>['facts']
  /** What `case get` calls the whole mail. */
  readonly id: string
  readonly size: number
}

/** Opens a mail, and reads it where no key is. `undefined` for what did not come by mail. */
export async function printedMail(
  { view, keyring }: Pick<Shift, 'view' | 'keyring'>,
  within: CaseView,
  message: Message,
  first: Message['mail'],
): Promise<MailPrinted | undefined> {
  const { mail, seq } = message
  if (mail === undefined) return undefined
  const opened = await openMail(view, within, keyring, message)
  const { subject, pgp, why, signed, differs } = opened
  const read = pgp === 'closed' ? undefined : await readMailApart(opened.content)
  return {
    from: mail.sender.shown,
    doubts: mail.sender.doubts,
    confirmed: mail.sender.confirmed,
    subject,
    date: mail.date,
    kind: mail.kind,
    returned: mail.returned,
    elsewhere: isFromElsewhere(mail, first),
    of: read?.of ?? 'unread',
    text: read?.text ?? '',
    pgp,
    why,
    signed,
    differs,
    attachments: (read?.attachments ?? []).map((file, n) => ({
      id: `${mailId(seq)}.${n + 1}`,
      ...file,
    })),
    came: mail.facts,
    id: mailId(seq),
    size: mail.size,
  }
}

/** One mail for people. */
export function mailLines(mail: MailPrinted, at: string): readonly string[] {
  const indented = (text: string) => `    ${text}`
  return [
    '',
    `${at}  mail, says it is from ${mail.from === '' ? 'nobody' : line(mail.from)}`,
    ...[
      ...(mail.subject === '' ? [] : [`Subject: ${line(mail.subject)}`]),
      ...(mail.date === '' ? [] : [`Date: ${line(mail.date)}`]),
      `Came: ${cameWords(mail)}`,
      ...kindLines(mail),
      ...(mail.elsewhere ? ['Doubt: it is from another address than the first mail.'] : []),
      ...mail.doubts.map((doubt) => `Doubt: ${DOUBTS[doubt]}`),
      ...mail.differs.map(
        ({ name, outside, inside }) =>
          `Doubt: ${name} is “${line(outside)}” outside the encryption and “${line(inside)}” inside.`,
      ),
      ...(mail.pgp === 'closed' ? [`Encrypted, and not opened: ${mail.why}`] : []),
      '',
      ...bodyLines(mail),
      ...mail.attachments.map(
        ({ id, name, size, encrypted }) =>
          `+ ${line(name)}, ${size} bytes${encrypted ? ', encrypted by itself' : ''}, id ${id}`,
      ),
      `+ the mail as it came, ${mail.size} bytes, id ${mail.id}`,
    ].map(indented),
  ]
}

/** The mail as it came, or an attachment of it, by the id that `mailLines` prints; `undefined` for other ids. */
export async function mailFile(
  { view, keyring }: Pick<Shift, 'view' | 'keyring'>,
  within: CaseView,
  messages: readonly Message[],
  wanted: string,
): Promise<Bytes | undefined> {
  const [, seq, n] = /^mail-(\d+)(?:\.(\d+))?$/.exec(wanted) ?? []
  const message = messages.find((each) => each.mail !== undefined && String(each.seq) === seq)
  if (message === undefined) return undefined
  const { raw, content } = await openMail(view, within, keyring, message)
  if (n === undefined) return raw
  const file = (await readMailApart(content))?.attachments[Number(n) - 1]
  const bytes = await attachmentApart(content, Number(n) - 1)
  if (file === undefined || bytes === undefined)
    throw new ClientError('not-found', 'This mail has no such attachment.')
  return file.encrypted ? openApart(keyring, bytes) : bytes
}

function mailId(seq: number): string {
  return `mail-${seq}`
}

function bodyLines({ of, text, pgp }: MailPrinted): readonly string[] {
  if (pgp === 'closed') return []
  if (of === 'unread') return ['This mail does not let itself be read. Save it as it came.']
  const said = {
    plain: [],
    html: ['(This mail has only HTML. These are its words.)', ''],
    raw: ['(This could not be read as a mail. This is how it came.)', ''],
  }[of]
  return [...said, ...paragraph(text).split('\n')]
}

function cameWords({ came, pgp, signed, confirmed }: MailPrinted): string {
  const { results, from, client } = came
  const way = {
    none: 'readable on its way',
    opened: 'encrypted by its sender',
    closed: 'has the form of an encrypted mail',
  }[pgp]
  const checks = [
    `SPF ${results.spf.verdict}`,
    `DKIM ${results.dkim.map(({ verdict, domain }) => `${verdict} ${line(domain)}`).join(', ') || 'none'}`,
    `DMARC ${results.dmarc.verdict}`,
    `ARC ${results.arc}`,
  ]
  const sender = confirmed ? 'sent by its domain' : 'the sender is a claim'
  return `${THREADS[came.thread]}; ${way}; ${sender}; envelope ${from === '' ? 'without sender' : line(from)}; ${checks.join('; ')}; ${client.tls ? 'TLS' : 'no TLS'}; ${signed ? 'signed, not checked' : 'not signed as a whole'}`
}

function kindLines({ kind, returned, came }: MailPrinted): readonly string[] {
  if (kind === 'person') return []
  if (kind !== 'bounce') return [`Written by a program, as it says: ${kind}.`]
  const status = returned === undefined || returned.status === '' ? '' : ` (${returned.status})`
  const lost = returned === undefined || returned.action === 'failed' || returned.action === ''
  if (!lost) return [`A report about a mail: ${returned.action}${status}.`]
  return came.thread === 'returned'
    ? [`A mail of this case came back${status}: this person did not get it.`]
    : [`It says that a mail came back${status}, and did not come to where mails of this desk do.`]
}

const THREADS: Readonly<Record<MailPrinted['came']['thread'], string>> = {
  new: 'it began this case',
  token: 'sent to the address of this case',
  returned: 'sent to where one mail of this case comes back',
  reference: 'an answer to a mail of this case',
  unknown: 'it names an address or a mail that this desk never gave',
}

const DOUBTS: Readonly<Record<SenderDoubt, string>> = {
  none: 'it does not say who it is from.',
  several: 'it says more than once who it is from.',
  unclear: 'programs read its From in different ways.',
  'name-is-address': 'the name holds another address than the one behind it.',
  'other-domain': 'the domain that was confirmed is another one.',
}
