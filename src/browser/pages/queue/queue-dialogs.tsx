import { useState } from 'preact/hooks'
import { type Sort, SORTS } from '#lexicon'
import { hasBlank, repliesThatClose } from '../../canned-replies.ts'
import { sortWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, TextArea } from '../../parts/field.tsx'
import { PickOne } from '../../parts/pick.tsx'
import { CannedPick } from '../case/case-canned-pick.tsx'
import { replyText } from './queue-bulk.ts'
import { casesWord } from './queue-words.ts'

const SORT_HINTS: Readonly<Record<Sort, string>> = {
  vulnerability: 'Somebody without the right could do harm.',
  defence: 'No harm by itself, but a wall would be thicker.',
  question: 'Somebody asks; there is nothing to fix yet.',
  invalid: 'Looked at, and it gives nobody anything.',
  duplicate: 'Another case is about the same.',
  public: 'It is known and published.',
  'not-security': 'A bug or a wish, for the public tracker.',
}

export type SortDialogProps = {
  readonly open: boolean
  /** What is sorted: a number, or `3 cases`. */
  readonly what: string
  readonly value: Sort | ''
  readonly onSort: (sort: Sort) => void
  readonly onClose: () => void
}

/** What a case is. It is a signed act: a new sort corrects an old one, and both stay in the record. */
export function SortDialog({ open, what, value, onSort, onClose }: SortDialogProps) {
  const [choice, setChoice] = useState<Sort | ''>('')
  const current = choice === '' ? value : choice
  const close = () => {
    setChoice('')
    onClose()
  }
  return (
    <Dialog
      open={open}
      title={`Sort ${what}`}
      onClose={close}
      foot={
        <>
          <Button
            kind="main"
            disabled={current === ''}
            why="Choose what it is first."
            onPress={() => {
              if (current === '') return
              setChoice('')
              onSort(current)
            }}
          >
            Sign the sort
          </Button>
          <Button kind="quiet" onPress={close}>
            Cancel
          </Button>
        </>
      }
    >
      <PickOne<Sort | ''>
        legend="What is it?"
        hideLegend
        value={current}
        options={SORTS.map((sort) => ({
          value: sort,
          label: sortWord(sort),
          hint: SORT_HINTS[sort],
        }))}
        onPick={setChoice}
      />
    </Dialog>
  )
}

export type ReplyDialogProps = {
  readonly open: boolean
  readonly numbers: readonly string[]
  readonly onSend: (text: string) => void
  readonly onClose: () => void
}

/** The same answer to several reporters, each in their own case. */
export function ReplyAndCloseDialog({ open, numbers, onSend, onClose }: ReplyDialogProps) {
  const text = replyText.value
  const setText = (to: string) => {
    replyText.value = to
  }
  const [error, setError] = useState('')
  const send = () => {
    if (text.trim() === '') return setError('Write what each reporter gets.')
    if (hasBlank(text)) return setError('Fill in what stands in brackets, or take it out.')
    setError('')
    onSend(text)
  }
  return (
    <Dialog
      open={open}
      wide
      title={`Reply and close ${casesWord(numbers.length)} as not security`}
      onClose={onClose}
      foot={
        <>
          <Button kind="main" onPress={send}>
            {numbers.length === 1
              ? 'Seal, send and close'
              : `Seal, send and close ${casesWord(numbers.length)}`}
          </Button>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        Each reporter gets this text in their own case, sealed to the people who read it. Then the
        case is sorted as not security and closed. {numbers.slice(0, 12).join(', ')}
        {numbers.length > 12 && ` and ${String(numbers.length - 12)} more`}.
      </p>
      <CannedPick replies={repliesThatClose()} onPick={setText} />
      <TextArea
        label="What each reporter gets"
        hint="You can change it. It cannot be called back once it is sent."
        error={error}
        value={text}
        onInput={setText}
        rows={8}
      />
    </Dialog>
  )
}

export type AssessDialogProps = {
  readonly open: boolean
  readonly busy: boolean
  readonly failure: string
  readonly onMake: (title: string, text: string) => void
  readonly onClose: () => void
}

/** A case that the desk opens by itself: nobody reported it, and no clock runs. */
export function AssessDialog({ open, busy, failure, onMake, onClose }: AssessDialogProps) {
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const [error, setError] = useState('')
  const make = () => {
    if (title.trim() === '') return setError('Give it a title, so that others find it.')
    setError('')
    onMake(title.trim(), text)
  }
  return (
    <Dialog
      open={open}
      wide
      title="New assessment"
      onClose={onClose}
      foot={
        <>
          <Button kind="main" {...(busy && { busy: 'Sealing' })} onPress={make}>
            Seal and open the case
          </Button>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        A case without a reporter, for something that the desk looks at by itself. No clock runs.
        Every coordinator can read it.
      </p>
      <Field label="Title" error={error}>
        {({ id, described, invalid }) => (
          <input
            class="input"
            id={id}
            value={title}
            maxLength={120}
            aria-describedby={described}
            aria-invalid={invalid ? 'true' : undefined}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        )}
      </Field>
      <TextArea label="What is known so far" optional value={text} onInput={setText} rows={8} />
      {failure !== '' && (
        <p role="alert" class="error">
          {failure}
        </p>
      )}
    </Dialog>
  )
}
