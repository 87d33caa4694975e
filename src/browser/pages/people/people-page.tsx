import { useEffect, useRef } from 'preact/hooks'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { onEvent } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Ghost } from '../../parts/empty.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { TrustLegend } from '../../parts/trust-mark.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { useKeys } from '../desk/keys-here.ts'
import { Applicants } from './people-applicants.tsx'
import { Invitations } from './people-invitations.tsx'
import { InviteDialog } from './people-invite.tsx'
import { MemberTable } from './people-members.tsx'
import { PendingActs } from './people-pending.tsx'
import { Recoveries } from './people-recoveries.tsx'
import { UseRoot } from './people-root.tsx'
import { inviting, outcome, people, readPeople } from './people-state.ts'
import { countedWords, groupMembers, many, peopleWarnings } from './people-words.ts'

/** Who belongs to the desk, how sure one is of each key, and who waits at the door. */
export function PeoplePage({ me }: { readonly me: MeShown }) {
  const act = useAct()
  const read = () => act.run('Reading', readPeople)
  useEffect(() => {
    read()
    return onEvent(({ event }) => {
      if (event === 'changed') read()
    })
  }, [])
  const shown = people.value
  useKeys(me.coordinator ? { i: () => (inviting.value = true) } : {})
  if (shown === undefined)
    return (
      <div class="sheet">
        <Waiting label="Reading the desk’s record of people" />
        {act.trouble === undefined ? (
          <Ghost rows={5} />
        ) : (
          <TroubleNotice of={act} unread="The desk’s people could not be read." />
        )}
        {act.trouble !== undefined && (
          <div class="line">
            <Button onPress={read}>Read again</Button>
          </div>
        )}
      </div>
    )
  const { desk, others, former } = groupMembers(shown.members)
  return (
    <div class="sheet">
      <div class="line spread">
        <span class="muted">{countedWords(shown.members)}</span>
        {me.coordinator && (
          <Button kind="main" keys="I" onPress={() => (inviting.value = true)}>
            Invite…
          </Button>
        )}
      </div>
      <Outcome />
      <TroubleNotice
        of={act}
        unread="The desk’s people could not be read again. What stands here may be old."
      />
      {peopleWarnings(shown).map(({ tone, title, text }) => (
        <Notice key={title} tone={tone} title={title}>
          {text}
        </Notice>
      ))}
      {desk.length < 2 && <UseRoot me={me} />}
      <Recoveries me={me} recoveries={shown.recoveries} />
      <PendingActs me={me} pending={shown.pending} />
      <Applicants me={me} members={shown.members} applicants={shown.applicants} />
      <section class="stack">
        <h2>The desk</h2>
        <MemberTable members={desk} me={me} />
      </section>
      {others.length > 0 && (
        <section class="stack">
          <h2>Maintainers and others</h2>
          <MemberTable members={others} me={me} />
        </section>
      )}
      <Invitations invitations={shown.invitations} />
      <TrustLegend />
      {former.length > 0 && (
        <details>
          <summary>{many(former.length, 'former member')}</summary>
          <MemberTable members={former} me={me} />
        </details>
      )}
      {desk.length > 1 && (
        <details>
          <summary>The root on paper</summary>
          <UseRoot me={me} />
        </details>
      )}
      <details>
        <summary>The desk’s words</summary>
        <div class="stack">
          <p>Whoever joins or reports can compare these twelve: they name the desk itself.</p>
          <WordsSheet words={me.desk.words} label="The desk’s words" />
        </div>
      </details>
      {inviting.value && <InviteDialog onClose={() => (inviting.value = false)} />}
    </div>
  )
}

/**
 * It stands on top, so the page goes there: the act may have begun far below. The row that the act was
 * begun from is often gone by then, and with it the focus: then this takes it.
 */
function Outcome() {
  const place = useRef<HTMLDivElement>(null)
  const words = outcome.value
  const { tone, title, notes } = words
  useEffect(() => {
    if (title === '') return
    place.current?.scrollIntoView({ block: 'center' })
    if (document.activeElement === document.body) place.current?.focus({ preventScroll: true })
  }, [words])
  if (title === '') return null
  return (
    <div ref={place} tabIndex={-1}>
      <Notice tone={tone} title={title}>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </Notice>
    </div>
  )
}
