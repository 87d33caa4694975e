import type { CaseShown } from '#worker'
import { Composer } from '../../parts/composer.tsx'
import { Notice } from '../../parts/notice.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import type { FollowSession } from './follow-session.ts'
import { canWrite, othersWhoRead } from './follow-state.ts'
import { FollowTrouble } from './follow-trouble.tsx'
import { remarkOn } from '../report/report-attachments.ts'

export type FollowReplyProps = { readonly session: FollowSession; readonly shown: CaseShown }

export function FollowReply({ session, shown }: FollowReplyProps) {
  const { reply, files, doing, progress } = session
  if (!canWrite(shown))
    return (
      <Notice title="You cannot write in this case any more.">
        Write a new report that names {shown.number} if something is missing.
      </Notice>
    )
  const sending = doing.value === 'sending'
  const remark = remarkOn(files.value)
  return (
    <section class="stack">
      <h2>Answer</h2>
      <Composer
        to={[{ thread: 'all', label: 'the desk', readers: othersWhoRead(shown) }]}
        thread="all"
        onThread={() => undefined}
        text={reply.value}
        onText={(text) => (reply.value = text)}
        files={files.value}
        onFiles={(chosen) => (files.value = chosen)}
        onSend={() => void session.sendReply()}
        busy={sending ? 'Sealing and sending …' : undefined}
        failure={<FollowTrouble session={session} of="sending" />}
        sendLabel="Seal and send"
      />
      {sending && progress.value !== undefined && (
        <ProgressBar {...progress.value} label="Sealing and sending the files" />
      )}
      {remark !== '' && (
        <Notice tone="due" title="Look at what your files say about you.">
          {remark}
        </Notice>
      )}
      <p class="hint">What you write is in the memory of this tab until you send it.</p>
    </section>
  )
}
