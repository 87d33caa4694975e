import { wordsIn } from '../read-back.ts'
import { Field } from './field.tsx'

export type WordsSheetProps = {
  readonly words: string
  readonly label: string
  /** To be read aloud or across a table. */
  readonly big?: boolean | undefined
}

/** Numbered words, to write down or to compare. The numbers are not part of what is copied. */
export function WordsSheet({ words, label, big = false }: WordsSheetProps) {
  return (
    <ol class={big ? 'words big' : 'words'} role="list" aria-label={label}>
      {words
        .split(' ')
        .filter((word) => word !== '')
        .map((word, n) => (
          <li key={n} translate={false}>
            {word}
          </li>
        ))}
    </ol>
  )
}

export type WordsEntryProps = {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly value: string
  readonly onInput: (text: string) => void
  /** How many words are wanted. */
  readonly count?: number | undefined
  readonly id?: string | undefined
}

/** One field for all words: forgives numbers, commas, capitals and lines. */
export function WordsEntry(props: WordsEntryProps) {
  const { label, hint, error, value, onInput, count = 12, id } = props
  const typed = wordsIn(value).length
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      id={id}
      remark={`${String(typed)} of ${String(count)} words`}
    >
      {(ids) => (
        <textarea
          class="input words-entry"
          id={ids.id}
          rows={3}
          value={value}
          autocomplete="off"
          autocapitalize="none"
          autocorrect="off"
          spellcheck={false}
          translate={false}
          aria-describedby={ids.described}
          aria-invalid={ids.invalid ? 'true' : undefined}
          onInput={(event) => {
            onInput(event.currentTarget.value)
          }}
        />
      )}
    </Field>
  )
}
