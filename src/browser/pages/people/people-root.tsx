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
  const [words, setWords] = useState('')
  const act = useAct()
  if (!me.coordinator) return null
  if (me.root)
    return <p class="muted">Your keys hold the root: what you sign about people counts at once.</p>
  const close = () => {
    setOpen(false)
    setWords('')
    act.clear()
  }
  const take = () =>
    act.run('Comparing', async () => {
      mine.value = await ask('takeRoot', { words })
      close()
    })
  return (
    <div class="line">
      <Button onPress={() => setOpen(true)}>Use the root words…</Button>
      <span class="muted">
        They stand in for the second person, when there is none. Until you lock.
      </span>
      <Dialog
        open={open}
        title="Use the root words"
        onClose={close}
        foot={
          <>
            <Button kind="main" onPress={take} busy={act.busy}>
              Use them until I lock
            </Button>
            <Button kind="quiet" onPress={close}>
              Not now
            </Button>
          </>
        }
      >
        <p>
          With the root, what you sign about people counts at once. It is signed by the root, and
          everybody sees that. The words stay in this browser’s memory until the desk is locked.
        </p>
        <WordsEntry label="Root words" value={words} onInput={setWords} />
        <TroubleNotice of={act} />
      </Dialog>
    </div>
  )
}
