import { useEffect } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Notice } from '../../parts/notice.tsx'
import { WordsEntry } from '../../parts/words-sheet.tsx'
import type { FollowSession } from './follow-session.ts'
import { FollowTrouble } from './follow-trouble.tsx'

export type FollowWordsProps = { readonly session: FollowSession; readonly brand: string }

/** The door: twelve words and nothing else. */
export function FollowWords({ session, brand }: FollowWordsProps) {
  const { words, wordsError, doing, online } = session
  const refused = wordsError.value !== ''
  // Whoever cannot see the sentence hears it with the field.
  useEffect(() => {
    if (refused) document.getElementById('follow-words')?.focus()
  }, [refused])
  const opening = doing.value === 'opening'
  return (
    <PublicFrame
      brand={brand}
      here="follow"
      aside={<WordsAside />}
      head={
        <>
          <h1>Follow a report</h1>
          <p class="lead">
            The twelve words of your receipt open it here, in your browser. They do not leave this
            machine.
          </p>
        </>
      }
    >
      <form
        class="form stack"
        noValidate
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          void session.open()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          void session.open()
        }}
      >
        <Before session={session} />
        {!online.value && (
          <Notice tone="due" title="You are offline.">
            Nothing can be opened until the network is back.
          </Notice>
        )}
        <WordsEntry
          id="follow-words"
          label="Twelve words"
          hint="In their order. Numbers, commas, capitals and lines do not matter."
          error={refused ? wordsError.value : undefined}
          value={words.value}
          onInput={(typed) => {
            words.value = typed
            wordsError.value = ''
          }}
        />
        <FollowTrouble session={session} of="opening" />
        <div class="line">
          <Button
            kind="main"
            type="submit"
            keys="Ctrl Enter"
            busy={opening ? 'Opening …' : undefined}
          >
            Open my report
          </Button>
        </div>
      </form>
    </PublicFrame>
  )
}

/** Why one stands here again. */
function Before({ session }: { readonly session: FollowSession }) {
  const { left, ended, wouldLose } = session
  if (ended.value)
    return (
      <Notice tone="due" title="The desk ended this visit." alert>
        {wouldLose.value
          ? 'Type your words again to go on. The answer that you began is still in this tab.'
          : 'Type your words again to go on.'}
      </Notice>
    )
  if (left.value)
    return (
      <Notice tone="accent" title="Your report is closed on this machine." alert>
        Nothing of it stays in this browser. Your words open it again.
      </Notice>
    )
  return null
}

function WordsAside() {
  return (
    <>
      <section>
        <h2>You lost the words?</h2>
        <p>
          Nobody can send them to you: we do not have them. Your report is not lost, people of the
          desk read it. <a href="/report">Write a new one</a> that names the number, and you are
          answered there.
        </p>
      </section>
      <section>
        <h2>Type them only here</h2>
        <p>
          Look at the address of this page before you type. Whoever has the words reads and writes
          as you, and nobody of this desk will ever ask you for them.
        </p>
      </section>
    </>
  )
}
