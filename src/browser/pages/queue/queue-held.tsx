import { useState } from 'preact/hooks'
import { ask } from '../../ask-worker.ts'
import { attempt, say } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextArea } from '../../parts/field.tsx'
import { failed } from './queue-bulk.ts'
import { countLanes, letGo } from './queue-state.ts'
import { casesWord } from './queue-words.ts'

/** Cases leave the lane of held mail. Nothing is signed by it: the server moves them to the new ones. */
export async function free(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const done = await attempt(ask('freeCases', { ids }))
  if (!done.ok) return failed('Freeing', ids, done.failure)
  letGo(ids)
  void countLanes()
  say(
    `${casesWord(done.answer.freed)} freed. They stand under New, with the clock since they came.`,
  )
}

const USUAL = 'Held mail that is no report.'

export type BinDialogProps = {
  readonly open: boolean
  readonly numbers: readonly string[]
  readonly onBin: (reason: string) => void
  readonly onClose: () => void
}

/** Signed, so it is asked first. Nobody is told: an answer to spam says that somebody reads it. */
export function BinDialog({ open, numbers, onBin, onClose }: BinDialogProps) {
  const [reason, setReason] = useState(USUAL)
  const [error, setError] = useState('')
  const many = numbers.length
  const bin = () => {
    if (reason.trim() === '') return setError('Write down why nobody gets an answer.')
    setError('')
    onBin(reason.trim())
  }
  return (
    <Dialog
      open={open}
      title={`Bin ${casesWord(many)}`}
      onClose={onClose}
      foot={
        <>
          <Button kind="main" onPress={bin}>
            {many === 1 ? 'Sign and close' : `Sign and close ${casesWord(many)}`}
          </Button>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        You sign that it is not security, and close it. Nobody is told. It stays readable under
        Closed, and can be opened again there. {numbers.slice(0, 12).join(', ')}
        {many > 12 && ` and ${String(many - 12)} more`}.
      </p>
      <TextArea
        label="Why"
        hint="Sealed to the coordinators, in each case."
        error={error}
        value={reason}
        onInput={setReason}
        rows={3}
      />
    </Dialog>
  )
}
