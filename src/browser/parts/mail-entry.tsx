import { useEffect } from 'preact/hooks'
import type { MailRead } from '#text'
import type { Failure, MailShown, MailToRead, MessageShown } from '#worker'
import { sizeWords } from '../size-words.ts'
import { visibleLine, visibleText } from '../visible-text.ts'
import { Door } from './door.tsx'
import { Facts } from './facts.tsx'
import {
  broughtWords,
  dkimWords,
  doubtSentences,
  fromSentence,
  kindSentence,
  sealedWords,
  signedWords,
  threadWords,
  verdictWords,
} from './mail-words.ts'
import { Notice } from './notice.tsx'
import { SaveButton } from './save-button.tsx'
import { fileKey } from './timeline-rows.ts'
import { TrustMark } from './trust-mark.tsx'

/** How far a mail is read on this page. `hangs`: it was made so that reading it takes for ever. */
export type MailState =
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly read: MailRead; readonly opened: OpenedWords }
  | { readonly state: 'hangs'; readonly opened: OpenedWords }
  | { readonly state: 'failed'; readonly failure: Failure }

export type OpenedWords = Omit<MailToRead, 'content'>

/** Who reads mails for the timeline, and gives what is in them for saving. */
export type MailReader = {
  readonly of: (entry: string) => MailState | undefined
  readonly read: (entry: string) => void
  readonly saving: string
  /** `n` counts attachments; -1 is the mail itself, as it came. */
  readonly save: (
    entry: string,
    n: number,
    file: { readonly name: string; readonly encrypted: boolean },
  ) => void
}

export type MailEntryProps = {
  readonly entry: MessageShown
  readonly mail: MailShown
  readonly mails: MailReader
}

/** A mail. Its sender wrote all of it, the head too: what the desk knows of it stands under "How it came". */
export function MailEntry({ entry, mail, mails }: MailEntryProps) {
  useEffect(() => mails.read(entry.id), [entry.id])
  const state = mails.of(entry.id)
  const opened = state !== undefined && 'opened' in state ? state.opened : undefined
  return (
    <>
      <Head mail={mail} opened={opened} />
      <Kind mail={mail} />
      <Doubts mail={mail} opened={opened} />
      <Text state={state} />
      <Files {...{ entry, mail, mails }} read={readIn(state)} />
      <HowItCame mail={mail} opened={opened} />
      <p class="sig">
        {/* Whoever writes the marks of an encrypted mail around clear text has encrypted nothing. */}
        {opened?.pgp === 'opened' && <Door kept="end-to-end" />}
        {!mail.sealed && <Door kept="arrival" />}
        <TrustMark trust={entry.from.trust} />
        <span>entry {entry.seq}</span>
      </p>
    </>
  )
}

function Head({
  mail,
  opened,
}: {
  readonly mail: MailShown
  readonly opened: OpenedWords | undefined
}) {
  const subject = opened?.subject ?? mail.subject
  return (
    <Facts
      items={[
        [
          'From',
          <bdi key="from">
            {mail.from.shown === '' ? 'not said' : visibleLine(mail.from.shown)}
          </bdi>,
        ],
        ['Subject', subject !== '' && <bdi>{visibleLine(subject)}</bdi>],
        ['Date', mail.date !== '' && <bdi>{visibleLine(mail.date)}</bdi>],
      ]}
    />
  )
}

/** That a mail did not arrive must not be read past. */
function Kind({ mail }: { readonly mail: MailShown }) {
  const sentence = kindSentence(mail)
  if (sentence === '') return null
  if (mail.kind === 'bounce') return <Notice tone="due" title={sentence} />
  return <p class="muted">{sentence}</p>
}

function Doubts({
  mail,
  opened,
}: {
  readonly mail: MailShown
  readonly opened: OpenedWords | undefined
}) {
  const doubts = doubtSentences(mail)
  const differs = opened?.differs ?? []
  return (
    <>
      {doubts.length > 0 && (
        <Notice tone="due" title="Look twice at who it is from.">
          <p>{doubts.join(' ')}</p>
        </Notice>
      )}
      {differs.length > 0 && (
        <Notice tone="due" title="Outside the encryption it says something else than inside.">
          <p>{differs.map(differsWords).join(' ')}</p>
        </Notice>
      )}
      {opened?.pgp === 'closed' && (
        <Notice tone="due" title="This mail has the form of an encrypted one, and did not open.">
          <p>{opened.why} Save the mail as it came, or ask its sender to write again.</p>
        </Notice>
      )}
    </>
  )
}

function differsWords({ name, outside, inside }: OpenedWords['differs'][number]): string {
  const outer = outside === '' ? 'nothing' : `“${visibleLine(outside)}”`
  return `${NAMES[name] ?? name}: outside ${outer}, inside “${visibleLine(inside)}”.`
}

const NAMES: Readonly<Record<string, string>> = { from: 'From', to: 'To', date: 'Date' }

function Text({ state }: { readonly state: MailState | undefined }) {
  if (state === undefined || state.state === 'reading')
    return <p class="faint">Opening and reading the mail.</p>
  if (state.state === 'failed') return <Notice tone="due" title={state.failure.message} />
  if (state.state === 'hangs')
    return (
      <Notice tone="due" title="This mail is built so that reading it does not end.">
        <p>Nothing is lost: save it as it came, and look at it with care.</p>
      </Notice>
    )
  if (state.opened.pgp === 'closed') return null
  const { text, of, cut, attachments } = state.read
  return (
    <>
      {of === 'html' && (
        <p class="faint">This mail has only HTML. Here are its words, without its looks.</p>
      )}
      {of === 'raw' && <p class="faint">This could not be read as a mail. Here is how it came.</p>}
      {text === '' ? (
        <p class="faint">No text.</p>
      ) : (
        <div class="as-typed" dir="auto">
          {visibleText(text)}
        </div>
      )}
      {cut && (
        <p class="faint">There is more than is shown here: save the mail to have it whole.</p>
      )}
      {attachments.some(({ encrypted }) => encrypted) && (
        <p class="faint">
          A part of it is encrypted by itself, and not shown with the rest. Save it below: it is
          opened on its own.
        </p>
      )}
    </>
  )
}

type FilesProps = {
  readonly entry: MessageShown
  readonly mail: MailShown
  readonly read: MailRead | undefined
  readonly mails: MailReader
}

/** What is in the mail, and the mail itself: byte for byte as it came. */
function Files({ entry: { id }, mail, read, mails }: FilesProps) {
  const whole = { name: 'the mail as it came', encrypted: false }
  return (
    <ul class="files" role="list">
      {read?.attachments.map((file, n) => (
        <li key={n}>
          <SaveButton
            file={file}
            saving={mails.saving === fileKey(id, n)}
            onPress={() => mails.save(id, n, file)}
          />
        </li>
      ))}
      <li>
        <SaveButton
          file={{ ...whole, size: mail.size }}
          saving={mails.saving === fileKey(id, -1)}
          onPress={() => mails.save(id, -1, whole)}
        />
      </li>
    </ul>
  )
}

/** Of what stayed closed there are no files but itself: its parts are its envelope. */
function readIn(state: MailState | undefined): MailRead | undefined {
  return state?.state === 'read' && state.opened.pgp !== 'closed' ? state.read : undefined
}

function HowItCame({
  mail,
  opened,
}: {
  readonly mail: MailShown
  readonly opened: OpenedWords | undefined
}) {
  const { results } = mail
  return (
    <details>
      <summary class="muted">How it came</summary>
      <Facts
        items={[
          ['Kept', sealedWords(opened?.pgp, mail.sealed)],
          ['Signed', opened !== undefined && signedWords(opened.signed)],
          ['From', fromSentence(mail)],
          [
            'Envelope',
            <bdi key="envelope">
              {mail.envelope === '' ? 'no sender' : visibleLine(mail.envelope)}
            </bdi>,
          ],
          ['For', <bdi key="for">{mail.to.map(visibleLine).join(', ')}</bdi>],
          ['Case', threadWords(mail)],
          ['Brought', <bdi key="brought">{broughtWords(mail)}</bdi>],
          ['SPF', verdictWords(results.spf)],
          ['DKIM', dkimWords(mail)],
          ['DMARC', verdictWords(results.dmarc)],
          ['ARC', verdictWords({ domain: '', verdict: results.arc })],
          ['Size', sizeWords(mail.size)],
        ]}
      />
      <p class="faint">
        The server of the desk saw this. It says which machines sent the mail, never who wrote it.
      </p>
    </details>
  )
}
