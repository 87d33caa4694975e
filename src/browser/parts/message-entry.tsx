import type { ComponentChildren } from 'preact'
import type { ActShown, EntryShown, MailShown, MessageShown, ThreadName, Trust } from '#worker'
import { visibleLine } from '../visible-text.ts'
import { threadWord } from './act-words.ts'
import { Door } from './door.tsx'
import { Facts } from './facts.tsx'
import { kindWord } from './kind-word.ts'
import { Markdown } from './markdown.tsx'
import { PersonName } from './person.tsx'
import { SaveButton } from './save-button.tsx'
import { fileKey, type Saved } from './timeline-rows.ts'
import { TrustMark } from './trust-mark.tsx'
import { When } from './when.tsx'

export type MessageEntryProps = {
  readonly entry: Exclude<EntryShown, ActShown>
  readonly me: string | undefined
  readonly fresh: boolean
  readonly onFile: (entry: string, n: number) => void
  readonly saving?: string | undefined
  readonly saved?: Saved | undefined
  readonly keptAbove?: boolean | undefined
  readonly mail?: ShowMail | undefined
}

/** What is in a mail. Only a page of the desk knows how to read one. */
export type ShowMail = (entry: MessageShown, mail: MailShown) => ComponentChildren

type BoxProps = Omit<MessageEntryProps, 'me' | 'fresh'>

/** One box of the timeline: a message, one that is still sealed or never opens here, or one that failed a check. */
export function MessageEntry({ me, fresh, ...box }: MessageEntryProps) {
  const { entry } = box
  const { from } = entry
  return (
    <>
      <div class="who">
        {isMail(entry) ? (
          <b>Mail</b>
        ) : (
          <PersonName person={from} you={from.who !== '' && from.who === me} />
        )}
        {entry.kind !== 'broken' && entry.thread !== 'all' && <span>{audience(entry.thread)}</span>}
        <When at={entry.at} />
        {fresh && <span class="new">new</span>}
      </div>
      <Box {...box} />
    </>
  )
}

function Box({ entry, ...rest }: BoxProps) {
  switch (entry.kind) {
    case 'sealed':
      return (
        <div class="msg">
          <span class="sr">Still sealed. It opens in a moment.</span>
          <Ghosts />
        </div>
      )
    case 'desk-only':
      return (
        <div class="msg">
          <p>
            {entry.earlier === true
              ? 'Written before you claimed this report.'
              : 'The report itself is sealed to the desk.'}{' '}
            You do not read it.
          </p>
        </div>
      )
    case 'broken':
      return (
        <div class="msg broken">
          <b>This entry is not shown.</b>
          <p>{entry.message}</p>
          <p class="sig">
            <span>
              A check failed: {entry.check}, entry {entry.seq}
            </span>
          </p>
        </div>
      )
    case 'message':
      return entry.mail === undefined ? (
        <Message entry={entry} {...rest} />
      ) : (
        <div class="msg mail">
          {rest.mail?.(entry, entry.mail) ?? <p class="faint">A mail. The desk reads it.</p>}
        </div>
      )
  }
}

/** The server signed that it came in. Nobody signed what it says. */
function isMail(entry: BoxProps['entry']): boolean {
  return entry.kind === 'message' && entry.mail !== undefined
}

type MessageProps = Omit<BoxProps, 'entry'> & { readonly entry: MessageShown }

function Message({ entry, onFile, saving, saved, keptAbove = false }: MessageProps) {
  const { facts, files, from, thread } = entry
  const team = thread === 'desk'
  return (
    <div class={boxClass(team, from.trust)}>
      {entry.text === '' ? <p class="faint">No text.</p> : <Markdown text={entry.text} level={3} />}
      {facts !== undefined && (
        <Facts
          items={[
            ['Project', visibleLine(facts.project)],
            ['Kind', kindWord(facts.kind)],
            ['Name', visibleLine(facts.name)],
            ['Contact', visibleLine(facts.contact)],
          ]}
        />
      )}
      {files.length > 0 && (
        <ul class="files" role="list">
          {files.map((file, n) => (
            <li key={n}>
              <SaveButton
                file={file}
                saving={saving === fileKey(entry.id, n)}
                saved={saved}
                onPress={() => {
                  onFile(entry.id, n)
                }}
              />
            </li>
          ))}
        </ul>
      )}
      <p class="sig">
        {saysKept(entry, keptAbove) && <Door kept={team ? 'team' : entry.kept} />}
        <SignedBy trust={from.trust} />
        <span>entry {entry.seq}</span>
      </p>
    </div>
  )
}

/** Said once for a case, by its first message or above it; what is kept otherwise says so. */
function saysKept({ thread, kept, seq }: MessageShown, keptAbove: boolean): boolean {
  return thread === 'desk' || kept === 'arrival' || (seq === 0 && !keptAbove)
}

/** Your own and the reporter's need no word: the name above says it. */
function SignedBy({ trust }: { readonly trust: Trust }) {
  return trust === 'own' || trust === 'reporter' ? null : <TrustMark trust={trust} />
}

function Ghosts() {
  return (
    <span aria-hidden="true" class="ghost-lines">
      <span class="ghost" />
      <span class="ghost" />
    </span>
  )
}

function audience(thread: ThreadName): string {
  return thread === 'desk' ? 'team note' : `to ${threadWord(thread)}`
}

function boxClass(team: boolean, trust: Trust): string {
  if (team) return 'msg team'
  return trust === 'reporter' || trust === 'own' ? 'msg theirs' : 'msg'
}
