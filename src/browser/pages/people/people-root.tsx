import { useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { me as mine } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { WordsEntry } from '../../parts/words-sheet.tsx'

/** Where nobody else can be the second person, the root on paper is (PROTOCOL 6). */
export function UseRoot({ me }: { readonly me: MeShown }) {
  const [open, setOpen] = useState(false)
  if (!me.coordinator) return null
  if (me.root)
    return (
      <p class="muted">
        You gave the root words: until you lock, what you sign about coordinators, board and data
        stewards is signed by the root and counts at once.
      </p>
    )
  return (
    <div class="line">
      <Button onPress={() => setOpen(true)}>Use the root words…</Button>
      <span class="muted">
        They stand in for the second person, when there is none. Until you lock.
      </span>
      {open && <RootDialog onClose={() => setOpen(false)} />}
    </div>
  )
}

/** Twelve words from paper, for this sitting. Whoever opened it for an act goes on once `me.root` says so. */
export function RootDialog(props: { readonly lead?: string; readonly onClose: () => void }) {
  const [words, setWords] = useState('')
  const act = useAct()
  const standing = props.lead !== undefined
  const take = () =>
    act.run('Comparing', async () => {
      mine.value = await ask('takeRoot', { words })
      if (!standing) props.onClose()
    })
  return (
    <Dialog
      open
      title="Use the root words"
      onClose={props.onClose}
      foot={
        <>
          <Button kind="main" onPress={take} busy={act.busy}>
            Use them until I lock
          </Button>
          <Button kind="quiet" onPress={props.onClose}>
            Not now
          </Button>
        </>
      }
    >
      {props.lead !== undefined && <p>{props.lead}</p>}
      <p>
        With the root, what you sign about coordinators, board and data stewards counts at once. It
        is signed by the root, and everybody sees that. The words stay in this browser’s memory
        until the desk is locked.
      </p>
      <WordsEntry label="Root words" value={words} onInput={setWords} />
      <TroubleNotice of={act} />
    </Dialog>
  )
}
