import type { MailOrder } from '#contract'
import {
  base64OfBytes,
  type Bytes,
  concatBytes,
  hexOfBytes,
  LIMITS,
  millisecondsOf,
  timeOf,
} from '#lexicon'
import { type ReporterCertificate, sealPgpMail } from '#seal'
import { writeAnswerMail } from './answer-mail.ts'
import { appendToCase } from './append.ts'
import { closing, demandSameState } from './case-acts.ts'
import type { CaseView } from './case-view.ts'
import { newClaimOffer } from './claims.ts'
import { ClientError } from './client-error.ts'
import type { Desk, Words } from './desk.ts'
import type { FoundKey } from './keys-in-mail.ts'
import type { Keyring } from './keyring.ts'
import type { MailPlan } from './mail-plan.ts'
import { demandNoNewMail, noteOf, pinning } from './pinned-key.ts'
import type { Source } from './upload.ts'
import { messageTo, prepare } from './write-case.ts'

/** How an answer leaves. `notice`: that there is one, and not a word of it. */
export type MailWay = 'pgp' | 'plain' | 'notice'

/** What somebody saw and pressed: another address or key since then stops it. */
export type Mailing = {
  readonly way: MailWay
  readonly plan: MailPlan
  readonly keyring: Keyring
  readonly close: boolean
}

/**
 * Seals an answer to the case and lets it leave by mail in the same batch: both, or none. The first answer with
 * a key pins it. Throws `ClientError` problem where it may not leave that way.
 */
export async function answerByMail(
  desk: Desk,
  within: CaseView,
  words: Words,
  { way, plan, keyring, close }: Mailing,
): Promise<CaseView> {
  const { key } = plan
  demandWay(plan, way)
  demandFiles(words, way)
  const files = way === 'pgp' ? await Promise.all(words.files.map(contentOf)) : []
  const found = key.state === 'first' || key.state === 'pinned' ? key.found : undefined
  const first = way === 'pgp' && key.state === 'first' ? key.found : undefined
  const said = await prepare(desk, within, 'all', words)
  const note = first && (await prepareNote({ ...desk, view: said.view }, said.within, first))
  const last = note ?? said
  const at = { ...desk, view: last.view }
  const done = await appendToCase(
    last.view,
    last.within,
    (view, current) => {
      if (close) demandSameState(within, current)
      return [
        ...(first && note
          ? pinning(at, first.certificate, whereOf(first), note)(view, current)
          : []),
        messageTo(at, view, current, 'all', said.key, words.text, said.sent),
        ...(close ? [closing(at)] : []),
      ]
    },
    async (current) => {
      demandNoNewMail(within, current)
      // Somebody may have sorted it otherwise, or pinned another key, since it was looked at.
      if (
        current.fold.sort !== within.fold.sort ||
        current.fold.reporter.pgp !== within.fold.reporter.pgp
      )
        throw new ClientError(
          'problem',
          'The case changed while you wrote. Nothing was sent: look again.',
        )
      if (way === 'notice') return [await noticeOf(at, current, plan)]
      return [await orderOf(at, plan, way, { text: words.text, files, found, keyring })]
    },
  )
  return done.within
}

/** Where a key was found, in words. */
export function whereOf({ from }: FoundKey): string {
  return {
    mail: 'it stood in a mail of the reporter',
    autocrypt: 'from the Autocrypt header of a mail of the reporter',
    wkd: 'published by the domain of the address',
    form: 'it was sealed into the report',
    case: 'pinned before',
  }[from]
}

function prepareNote(desk: Desk, within: CaseView, found: FoundKey) {
  return prepare(desk, within, 'desk', noteOf(found.certificate, whereOf(found)))
}

type Content = {
  readonly text: string
  readonly files: readonly { readonly name: string; readonly content: Bytes }[]
  readonly found: FoundKey | undefined
  readonly keyring: Keyring
}

/** With a link to claim the case by, where nobody holds words for it yet (PROTOCOL 7). */
async function noticeOf(
  desk: Desk,
  { id, fold }: CaseView,
  { to, answers }: MailPlan,
): Promise<MailOrder> {
  if (fold.reporter.who !== '') return { kind: 'notice', to, answers }
  const { offer, code } = await newClaimOffer(desk, id)
  const kept = { ...offer, sealed: base64OfBytes(offer.sealed) }
  return { kind: 'notice', to, answers, claim: { offer: kept, code: hexOfBytes(code.entropy) } }
}

async function orderOf(
  { view }: Pick<Desk, 'view'>,
  plan: MailPlan,
  way: Exclude<MailWay, 'notice'>,
  { text, files, found, keyring }: Content,
): Promise<MailOrder> {
  const { to, answers } = plan
  // What stood in an encrypted mail leaves in none that can be read: not even its subject (K15).
  if (way === 'plain') return { kind: 'plain', to, subject: '', text, answers }
  if (found === undefined) throw new ClientError('problem', 'There is no key to encrypt this with.')
  const date = timeOf(view.clock())
  const armored = await sealed(view, plan, { text, files, keyring }, date, found.certificate)
  return { kind: 'answer', to, date, answers, armored }
}

async function sealed(
  view: Desk['view'],
  { from, to, replyTo, subject, answers }: MailPlan,
  { text, files, keyring }: Omit<Content, 'found'>,
  at: string,
  certificate: ReporterCertificate,
): Promise<string> {
  const [newest] = keyring.mailKeyNames()
  if (newest === undefined) throw new ClientError('problem', 'This desk has no mail key.')
  const date = millisecondsOf(at)
  const { name } = view.directory.now
  const head = { name, from, to, replyTo, date, answers, subject: subjectOfReply(subject) }
  const content = writeAnswerMail({ ...head, text, files })
  return sealPgpMail(content, certificate, await keyring.keyOf(newest), date)
}

function subjectOfReply(subject: string): string {
  if (subject === '') return 'Your report'
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`
}

function demandWay({ to, from, key, plain }: MailPlan, way: MailWay): void {
  const why =
    from === ''
      ? 'This desk sends no mail: its operator gives it an address.'
      : to === ''
        ? 'There is no one address to answer in this case.'
        : way === 'plain' && !plain
          ? 'Plain mail can be read by everybody on its way: sort the case as no vulnerability first.'
          : way === 'pgp' && key.state === 'changed'
            ? 'The reporter’s key changed: say first which one holds.'
            : way === 'pgp' && key.state === 'offered'
              ? 'Nobody vouches for the mail that this key came with: say first that it holds.'
              : way === 'pgp' && key.state !== 'first' && key.state !== 'pinned'
                ? 'There is no key to encrypt this with.'
                : ''
  if (why !== '') throw new ClientError('problem', why)
}

function demandFiles({ files }: Words, way: MailWay): void {
  if (way === 'plain' && files.length > 0)
    throw new ClientError('problem', 'Files do not leave by plain mail.')
  const size = files.reduce((sum, file) => sum + file.size, 0)
  if (way === 'pgp' && size > LIMITS.mailFiles)
    throw new ClientError(
      'problem',
      'These files are too large for a mail: at most 1.5 MB together.',
    )
}

async function contentOf({ name, open }: Source) {
  const parts: Uint8Array[] = []
  for await (const part of open()) parts.push(part)
  return { name, content: concatBytes(...parts) }
}
