import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { WordsEntry, WordsSheet } from '../../parts/words-sheet.tsx'
import { readBack } from '../../read-back.ts'
import { differsAt } from './differs-at.ts'
import { TaskTitle } from './task-title.tsx'

/**
 * Twelve words that a person writes down and then types from the paper. What was never read back is not
 * on paper, so nothing goes on before it was.
 */
export function KeepWords(props: {
  readonly title: string
  readonly lead: string
  readonly words: string
  /** Names the list to screen readers and in print. */
  readonly label: string
  /** What to know before writing them down. */
  readonly children: ComponentChildren
  readonly onKept: () => void
  /** Says what the last button does. */
  readonly goOn: string
  readonly onBack?: (() => void) | undefined
  /** 2 within a page that has a heading already. */
  readonly level?: 1 | 2
}) {
  const [written, setWritten] = useState(false)
  if (written)
    return (
      <ReadBack
        words={props.words}
        label={props.label}
        level={props.level}
        goOn={props.goOn}
        onKept={props.onKept}
        onBack={() => setWritten(false)}
      />
    )
  const { onBack } = props
  return (
    <>
      <TaskTitle title={props.title} level={props.level}>
        {props.lead}
      </TaskTitle>
      <WordsSheet words={props.words} label={props.label} big />
      <div class="prose">{props.children}</div>
      <div class="line no-print">
        <Button kind="main" onPress={() => setWritten(true)}>
          I wrote them down
        </Button>
        <Button onPress={() => print()}>
          <Icon name="print" /> Print
        </Button>
        {onBack !== undefined && (
          <Button kind="quiet" onPress={onBack}>
            Back
          </Button>
        )}
      </div>
      <p class="muted no-print">Next you type all twelve from your paper.</p>
    </>
  )
}

function ReadBack(props: {
  readonly words: string
  readonly label: string
  readonly level: 1 | 2 | undefined
  readonly goOn: string
  readonly onKept: () => void
  readonly onBack: () => void
}) {
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const check = () => {
    if (readBack(props.words, typed)) props.onKept()
    else setError(differsAt(props.words, typed))
  }
  return (
    <form
      class="stack-5"
      onSubmit={(event) => {
        event.preventDefault()
        check()
      }}
    >
      <TaskTitle title="Type them from your paper" level={props.level}>
        All twelve, in order. Capitals and line breaks do not matter.
      </TaskTitle>
      <WordsEntry
        label={props.label}
        value={typed}
        onInput={(text) => {
          setTyped(text)
          setError(undefined)
        }}
        error={error}
      />
      <div class="line">
        <Button kind="main" type="submit">
          {props.goOn}
        </Button>
        <Button kind="quiet" onPress={props.onBack}>
          Show the words again
        </Button>
      </div>
    </form>
  )
}
