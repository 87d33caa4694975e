import type { CannedReply } from '../../canned-replies.ts'
import { Field } from '../../parts/field.tsx'

export type CannedPickProps = {
  readonly replies: readonly CannedReply[]
  readonly onPick: (text: string) => void
}

/** A text to begin with, in a dialog. What was written there is replaced: it is chosen first. */
export function CannedPick({ replies, onPick }: CannedPickProps) {
  return (
    <Field label="Begin with" optional>
      {({ id }) => (
        <select
          class="input"
          id={id}
          onChange={(event) => {
            const title = event.currentTarget.value
            onPick(replies.find((reply) => reply.title === title)?.text ?? '')
          }}
        >
          <option value="">An empty text</option>
          {replies.map(({ title }) => (
            <option key={title}>{title}</option>
          ))}
        </select>
      )}
    </Field>
  )
}
