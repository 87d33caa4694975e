import { concatBytes } from '#lexicon'
import {
  type CaseFold,
  type CaseHead,
  readReporterCertificate,
  Refused,
  type ReporterCertificate,
} from '#seal'
import { appendToCase, type Composer } from './append.ts'
import type { CaseView } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { Desk } from './desk.ts'
import { fetchFile } from './download.ts'
import type { FoundKey } from './keys-in-mail.ts'
import type { Keyring } from './keyring.ts'
import type { Message } from './message.ts'
import { messageTo, prepare, type Prepared } from './write-case.ts'

/*
 * With whom a coordinator said that a case is answered (PROTOCOL 5.2, 7): the fingerprint and the hash of the
 * certificate stand in `case.reporter`, its bytes lie in a note of the team in the same batch. A mail or a domain
 * may lose a key or give another one: neither changes to whom is encrypted.
 */

export type Pin = {
  readonly fingerprint: string
  readonly hash: string
  /** The place of the statement that set it, or said it again: what came later was not looked at. */
  readonly seq: number
}

/** `undefined` while nobody pinned a key. */
export function pinOf({
  fold,
}: {
  readonly fold: Pick<CaseFold, 'reporter' | 'statements'>
}): Pin | undefined {
  const [, fingerprint, hash] = PIN.exec(fold.reporter.pgp) ?? []
  if (fingerprint === undefined || hash === undefined) return undefined
  let seq = 0
  let before = { who: '', pgp: '' }
  for (const head of fold.statements.values()) {
    if (head.type !== 'case.reporter') continue
    // A claim that is accepted repeats the key as well: nobody looked at keys when they signed that.
    if (head.pgp !== before.pgp || head.who === before.who) seq = head.seq
    before = head
  }
  return { fingerprint, hash, seq }
}

/** A mail that came since may hold another key: what was decided without it is not signed, nor sent. */
export function demandNoNewMail(
  { fold: { head } }: { readonly fold: Pick<CaseFold, 'head'> },
  { fold: { statements } }: { readonly fold: Pick<CaseFold, 'statements'> },
): void {
  if ([...statements.values()].some(({ type, seq }) => type === 'case.mail' && seq > head.seq))
    throw new ClientError('problem', 'A mail came meanwhile. Nothing was sent: look again.')
}

const PIN = /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{64})$/

/**
 * Another key that came in a mail after the pin: the newest. The same key with other signatures is another one,
 * for what the server hands out may be one of before. What came earlier was seen when the pin was signed.
 */
export function keyAfter(pin: Pin, keys: readonly FoundKey[]): FoundKey | undefined {
  return keys
    .filter(({ seq }) => seq > pin.seq)
    .toSorted((a, b) => b.seq - a.seq)
    .find(({ certificate: { hash } }) => hash !== pin.hash)
}

/** The key that was pinned, as it was. Throws `Refused` cert: it is gone, or may not be used any more. */
export async function pinnedCertificate(
  { view, self }: Pick<Desk, 'view' | 'self'>,
  within: CaseView,
  keyring: Keyring,
  messages: readonly Message[],
  { hash, fingerprint }: Pin,
): Promise<ReporterCertificate> {
  for (const message of messages.toReversed()) {
    const entry = message.files.find(({ sha256 }) => sha256 === hash)
    if (entry === undefined) continue
    const parts: Uint8Array[] = []
    const content = fetchFile(view, within, self, keyring, message, entry)
    for await (const part of content) parts.push(part)
    const bytes = concatBytes(...parts)
    // For whom it is was judged when it was pinned: since then the pin says it.
    const certificate = await readReporterCertificate(bytes, undefined, view.clock())
    if (certificate.hash === hash && certificate.fingerprint === fingerprint) return certificate
  }
  throw new Refused('cert', 'The key that was pinned for this reporter is not in the case.')
}

/** Says with a signature that this key is the reporter's, from now on. */
export async function pinKey(
  desk: Desk,
  within: CaseView,
  certificate: ReporterCertificate,
  where: string,
): Promise<CaseView> {
  const note = await prepare(desk, within, 'desk', noteOf(certificate, where))
  const done = await appendToCase(note.view, note.within, (view, current) => {
    demandNoNewMail(within, current)
    return [
      reporterWith(desk, current, certificate),
      messageTo(desk, view, current, 'desk', note.key, noteOf(certificate, where).text, note.sent),
    ]
  })
  return done.within
}

/** The statements of a pin, to stand in front of a first answer. `note` was prepared for the team. */
export function pinning(
  desk: Desk,
  certificate: ReporterCertificate,
  where: string,
  note: Prepared,
): (view: Desk['view'], current: CaseView) => readonly Composer<CaseHead>[] {
  const { text } = noteOf(certificate, where)
  return (view, current) => [
    reporterWith(desk, current, certificate),
    messageTo(desk, view, current, 'desk', note.key, text, note.sent),
  ]
}

/** The key stays as it was, whatever was offered since: a second pin of the same key, later than the offer. */
export async function keepPin(
  desk: Desk,
  within: CaseView,
  { fingerprint, hash }: Pin,
): Promise<CaseView> {
  const done = await appendToCase(desk.view, within, (_, current) => {
    demandNoNewMail(within, current)
    return [reporterWith(desk, current, { fingerprint, hash })]
  })
  return done.within
}

export function noteOf({ fingerprint, bytes }: ReporterCertificate, where: string) {
  const source = {
    name: 'reporter-key.pgp',
    type: 'application/pgp-keys',
    size: bytes.length,
    open: async function* () {
      yield await Promise.resolve(bytes)
    },
  }
  const text = `From now on this case is answered by mail with the key \`${fingerprint.toUpperCase()}\` (${where}).`
  return { text, files: [source] }
}

function reporterWith(
  desk: Desk,
  { fold }: CaseView,
  { fingerprint, hash }: Pick<ReporterCertificate, 'fingerprint' | 'hash'>,
): Composer<CaseHead> {
  const { who, enc } = fold.reporter
  const claimed = [...fold.statements.values()].findLast(
    (head) => head.type === 'case.reporter' && head.who === who,
  )
  const join = claimed?.type === 'case.reporter' ? claimed.join : ''
  return (place) =>
    Promise.resolve({
      signer: desk.self.signer,
      head: {
        ...place(desk.self.signer),
        type: 'case.reporter' as const,
        who,
        enc,
        join,
        pgp: `${fingerprint} ${hash}`,
      },
      blobs: [],
    })
}
