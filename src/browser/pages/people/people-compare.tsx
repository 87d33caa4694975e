import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Act, TroubleNotice } from '../../act.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { PickOne } from '../../parts/pick.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { visibleLine } from '../../visible-text.ts'

export type Met = 'words' | 'seen' | 'none'

/**
 * Twelve words, read by the other person and compared by this one (PROTOCOL 4.4). The main button says
 * that they match; there is no way to say so by mistake with Enter.
 */
export function CompareDialog(props: {
  readonly name: string
  readonly keyWords: string
  readonly act: Act
  /** What the main button does when they match: `The words match`, `They match: admit`. */
  readonly matchLabel: string
  /** Also without a comparison; never for a coordinator. */
  readonly withoutLabel?: string | undefined
  readonly onMatch: (met: Met) => void
  /** What to do when they differ, and perhaps one act. */
  readonly differ: ComponentChildren
  readonly onClose: () => void
}) {
  const { act, withoutLabel } = props
  const [met, setMet] = useState<Met>('words')
  const [differ, setDiffer] = useState(false)
  const name = visibleLine(props.name)
  if (differ)
    return (
      <Dialog
        open
        title="Stop here: the words differ"
        onClose={props.onClose}
        foot={
          <Button kind="quiet" onPress={() => setDiffer(false)}>
            Back to the words
          </Button>
        }
      >
        <p>
          First look whether both of you read the same list: theirs is under “Keys and sessions”, or
          on the page where they joined.
        </p>
        {props.differ}
        <TroubleNotice of={act} />
      </Dialog>
    )
  return (
    <Dialog
      open
      title={`Compare words with ${name}`}
      onClose={props.onClose}
      foot={
        <>
          <Button kind="main" busy={act.busy} onPress={() => props.onMatch(met)}>
            {met === 'none' ? withoutLabel : props.matchLabel}
          </Button>
          <Button kind="grave" onPress={() => setDiffer(true)}>
            They differ
          </Button>
          <Button kind="quiet" onPress={props.onClose}>
            Later
          </Button>
        </>
      }
    >
      <p>
        Call them on a number that you knew before, not one from a mail. They read their twelve
        words, you follow here. If nobody stands between you, the two lists are the same.
      </p>
      <WordsSheet words={props.keyWords} label={`Key words of ${name}`} />
      <PickOne<Met>
        legend="How did you compare?"
        value={met}
        onPick={setMet}
        options={[
          { value: 'words', label: 'By voice or video', hint: 'You know the voice or the face.' },
          { value: 'seen', label: 'In one room', hint: 'They showed you their screen or paper.' },
          ...(withoutLabel === undefined
            ? []
            : [
                {
                  value: 'none' as const,
                  label: 'Not compared',
                  hint: 'Nobody vouches for the key; everybody sees “Not verified”.',
                },
              ]),
        ]}
      />
      <TroubleNotice of={act} />
    </Dialog>
  )
}
