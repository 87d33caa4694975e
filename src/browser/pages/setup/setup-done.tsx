import type { MeShown } from '#worker'
import { LinkButton } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { NoticeAddress } from '../own/own-address.tsx'
import { InviteCoordinators } from '../people/people-invite-first.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'
import { visibleLine } from '../../visible-text.ts'

/** The desk is open: what to compare, and why not to stay alone. */
export function DeskOpen({ me }: { readonly me: MeShown }) {
  return (
    <>
      <TaskTitle title={<>The desk of {visibleLine(me.desk.name)} is open</>}>
        From now on it takes reports. You are its only coordinator.
      </TaskTitle>
      <Notice tone="due" title="Invite two more coordinators today.">
        <p>
          If your passkey and your words are lost while you are alone, every report is lost with
          them, for good: the server cannot open one, and nobody can reset your keys. With two more
          coordinators, any one of them can let the others in again.
        </p>
      </Notice>
      <InviteCoordinators />
      <NoticeAddress address="" notices="once" onWays={() => undefined} />
      <section class="stack">
        <h2>The desk’s words</h2>
        <p>
          They name this desk. Print them where reporters can find them: who compares them knows
          that the page in front of them belongs to you.
        </p>
        <WordsSheet words={me.desk.words} label="The desk’s words" />
      </section>
      <section class="stack">
        <h2>Your key words</h2>
        <p>
          They name your key. Read them to the other coordinators, by voice or in one room; they see
          the same twelve beside your handle, unless somebody stands between you.
        </p>
        <WordsSheet words={me.keyWords} label="Your key words" />
      </section>
      <div class="line no-print">
        <LinkButton href="/desk">Go to the desk</LinkButton>
        <span class="muted">It asks for your passkey once more.</span>
      </div>
    </>
  )
}
