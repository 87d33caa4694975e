import { useState } from 'preact/hooks'
import type { AnswerTo, Operations } from '#worker'
import { type Act, TroubleNotice } from '../../act.tsx'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { WordsEntry, WordsSheet } from '../../parts/words-sheet.tsx'
import { HANDLE_ERROR, isLine } from '../setup/setup-form.ts'
import { TaskTitle } from '../ceremony/task-title.tsx'
import { DeadInvitation, isDead } from './join-dead.tsx'
import { visibleLine } from '../../visible-text.ts'

export type Invited = AnswerTo<Operations, 'openInvitation'>

/** For whoever came without the link, or whose link was cut. */
export function JoinCode(props: {
  readonly words: string
  readonly act: Act
  /** The desk answered that it is not set up. */
  readonly absent: boolean
  readonly onWords: (words: string) => void
}) {
  const { act } = props
  const [typed, setTyped] = useState(props.words.replace(/[^a-z]+/gi, ' ').trim())
  if (act.busy !== undefined)
    return (
      <>
        <TaskTitle title="Join the desk" />
        <Waiting label="Checking the desk and opening your invitation" />
      </>
    )
  if (props.absent)
    return (
      <>
        <TaskTitle title="There is no desk here yet">
          It has not been set up, so nobody can have invited you to it. Look at the address in your
          invitation.
        </TaskTitle>
      </>
    )
  return (
    <form
      class="stack-5 form"
      onSubmit={(event) => {
        event.preventDefault()
        props.onWords(typed)
      }}
    >
      <TaskTitle title="Join the desk">A coordinator gave you a link, or twelve words.</TaskTitle>
      {isDead(act) ? <DeadInvitation passkeyMade={false} /> : <TroubleNotice of={act} />}
      <WordsEntry
        label="Invitation words"
        hint="They stand after # in the link. They stay in this page until you send your answer."
        value={typed}
        onInput={setTyped}
      />
      <div class="line">
        <Button kind="main" type="submit">
          Open the invitation
        </Button>
      </div>
    </form>
  )
}

/** A handle that reads like another's, and which. */
export type Taken = { readonly handle: string; readonly why: string }

/** Whose desk this is, and how the person will be called there. */
export function JoinHandle(props: {
  readonly invited: Invited
  readonly handle: string
  readonly act: Act
  readonly taken: Taken | undefined
  readonly onHandle: (handle: string) => void
}) {
  const { desk } = props.invited
  const { taken } = props
  const [handle, setHandle] = useState(props.handle)
  const [error, setError] = useState<string>()
  return (
    <form
      class="stack-5 form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isLine(handle, 100)) props.onHandle(handle.trim())
        else setError(HANDLE_ERROR)
      }}
    >
      <TaskTitle title={<>Join the desk of {visibleLine(desk.name)}</>}>
        It takes about five minutes. Have paper, a pen and a passkey at hand: your phone, this
        laptop or a security key.
      </TaskTitle>
      <section class="stack">
        <h2>Is it the right desk?</h2>
        <p>
          These words name the desk of {visibleLine(desk.name)} ({desk.domain}). The coordinator who
          invited you sees the same twelve, under their own keys.
        </p>
        <WordsSheet words={desk.words} label="The desk’s words" />
      </section>
      <TextField
        name="handle"
        label="Your handle"
        hint="Strangers see it on what you sign. It need not be your name: “Volunteer 2” is fine."
        value={handle}
        onInput={(text) => {
          setHandle(text)
          setError(undefined)
        }}
        autocomplete="nickname"
        maxLength={100}
        error={error ?? (taken?.handle === handle.trim() ? taken.why : undefined)}
      />
      <Notice title="What happens when you continue">
        <p>
          Your key is made in this browser. The server stores it wrapped and cannot open it. If you
          lose your passkey and your words, another member can add you again; nobody else can.
        </p>
      </Notice>
      <TroubleNotice of={props.act} />
      <div class="line">
        <Button kind="main" type="submit" busy={props.act.busy}>
          Continue to your words
        </Button>
      </div>
    </form>
  )
}
