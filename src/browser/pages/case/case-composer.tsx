import { useEffect } from 'preact/hooks'
import type { CaseShown, ThreadName } from '#worker'
import { CANNED_REPLIES } from '../../canned-replies.ts'
import { online, restored } from '../../desk-state.ts'
import { threadWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Composer } from '../../parts/composer.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { FileButton } from '../../parts/file-list.tsx'
import { Notice } from '../../parts/notice.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import {
  acceptReaders,
  attach,
  beginWriting,
  draftKept,
  followThread,
  letGo,
  putDraftAway,
  send,
  sendFailure,
  sending,
  upload,
  write,
  writeTo,
  writing,
} from './case-writing.ts'
import { agreeToPlain, leavingOf } from './mail-leaving.ts'
import { LeavingByMail } from './case-leaving.tsx'
import { quoteOf } from './case-quote.ts'
import { hasReporter, isOutOfReach } from './case-words.ts'
import { visibleLine } from '../../visible-text.ts'
import { beforeLock } from '../desk/desk-lock.ts'
import { maySign } from '../desk/may-sign.ts'

export type CaseComposerProps = { readonly shown: CaseShown; readonly thread: ThreadName }

/** Who reads it stands above what is written; what is written survives a lock and a dead line. */
export function CaseComposer({ shown, thread }: CaseComposerProps) {
  useEffect(() => {
    void beginWriting(shown, thread)
  }, [shown.id])
  useEffect(() => followThread(thread), [thread])
  useEffect(() => {
    const stop = beforeLock(putDraftAway)
    // The tab may never come back.
    const hide = () => {
      if (document.visibilityState === 'hidden') void putDraftAway()
    }
    document.addEventListener('visibilitychange', hide)
    return () => {
      stop()
      document.removeEventListener('visibilitychange', hide)
      void putDraftAway()
    }
  }, [])

  const { id, text, files, gone, thread: to } = writing.value
  if (id !== shown.id) return null
  if (restored.value)
    return (
      <p class="muted">
        This desk stands on a backup and takes nothing yet. What you began to write here is kept.
      </p>
    )
  const threads = shown.threads.filter(({ writable }) => writable)
  if (threads.length === 0) return <p class="muted">You can read this case, and not write in it.</p>
  const busy = sending.value
  return (
    <>
      <LeavingByMail shown={shown} thread={to} />
      <Composer
        to={threads.map((each) => ({
          thread: each.thread,
          label: labelOf(each.thread),
          readers: each.readers,
        }))}
        thread={to}
        onThread={writeTo}
        text={text}
        onText={write}
        files={files}
        onFiles={attach}
        onSend={() => void send(false)}
        busy={busy === '' ? undefined : busy}
        failure={
          <>
            <Gone />
            <Trouble />
          </>
        }
        canned={cannedFor(shown, to)}
        hindered={
          gone.length > 0 ? 'Choose the files again, or say that it goes without them.' : undefined
        }
        openly={to === 'all' && leavingOf(shown.id) === 'plain'}
        sendLabel={to === 'desk' ? 'Seal the note' : 'Seal and send'}
      />
      <p class="faint" role="status">
        {keptWords(text, files.length + gone.length)}
      </p>
    </>
  )
}

/** Puts the cursor into the text. */
export function focusComposer(to?: ThreadName): void {
  if (to !== undefined && writing.value.text === '') writeTo(to)
  const field = document.querySelector<HTMLTextAreaElement>('.composer textarea')
  field?.scrollIntoView({ block: 'center' })
  field?.focus({ preventScroll: true })
}

/** Opens the list of canned replies. */
export function openCanned(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('.composer footer .menu > button')
  buttons[0]?.click()
}

/** Replies answer a reporter, in the name of the desk; the report is quoted to whoever does not read it. */
function cannedFor(shown: CaseShown, to: ThreadName) {
  if (to === 'desk' || !maySign('answer')) return []
  const mailed = leavingOf(shown.id) !== 'none'
  const reached = mailed || (hasReporter(shown) && !isOutOfReach(shown))
  const replies = to === 'all' && reached ? CANNED_REPLIES : []
  const quote = hasReporter(shown) ? quoteOf(shown) : ''
  return quote === '' ? replies : [...replies, { title: 'Quote the report', text: quote }]
}

function labelOf(thread: ThreadName): string {
  if (thread === 'all') return 'Everyone in General'
  return thread === 'desk' ? 'Team only' : `${threadWord(thread)} only`
}

function keptWords(text: string, files: number): string {
  if (text === '' && files === 0) return ''
  if (!online.value)
    return draftKept.value
      ? 'No network. Your text is kept sealed on this machine; send it when the network is back.'
      : 'No network. Your text is in this tab.'
  if (!draftKept.value) return ''
  return files === 0
    ? 'Draft kept, sealed on this machine.'
    : 'Draft kept, sealed on this machine, with the names of the files. After a lock choose the files again.'
}

/** The files are on the person’s disk still; a locked desk holds on to none. */
function Gone() {
  const { gone } = writing.value
  if (gone.length === 0) return null
  return (
    <Notice
      tone="due"
      title={
        gone.length === 1
          ? 'A file is not attached any more: the desk was locked or loaded again.'
          : `${String(gone.length)} files are not attached any more: the desk was locked or loaded again.`
      }
    >
      <p>{`Choose again: ${gone.map(visibleLine).join(', ')}`}</p>
      <div class="line">
        <FileButton label="Choose" onFiles={(more) => attach([...writing.value.files, ...more])} />
        <Button kind="quiet" onPress={letGo}>
          {gone.length === 1 ? 'Send without it' : 'Send without them'}
        </Button>
      </div>
    </Notice>
  )
}

function Trouble() {
  const moving = upload.value
  const failed = sendFailure.value
  if (moving !== undefined && sending.value !== '')
    return <ProgressBar done={moving.done} total={moving.total} label="Sealing and sending files" />
  if (failed === undefined) return null
  if (failed.kind === 'failed')
    return <FailureNotice failure={failed.failure} onRetry={() => void send(false)} />
  if (failed.kind === 'plain')
    return (
      <Notice tone="due" alert title="Everybody who carries this mail can read it.">
        <p>Not sent yet. It leaves in plain words when you press once more.</p>
        <div class="line">
          <Button
            onPress={() => {
              agreeToPlain(writing.value.id)
              void send(failed.close)
            }}
          >
            Send it in plain words
          </Button>
        </div>
      </Notice>
    )
  return (
    <Notice tone="due" alert title="Not sent: who reads this changed while you wrote.">
      <p>{`It would now be sealed to ${String(failed.now)} people. Look at the list above, then send it.`}</p>
      <div class="line">
        <Button
          onPress={() => {
            acceptReaders()
            void send(false)
          }}
        >
          {`Seal and send to ${String(failed.now)} people`}
        </Button>
      </div>
    </Notice>
  )
}
