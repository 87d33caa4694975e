import { useState } from 'preact/hooks'
import type { CaseShown, Failure } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, phase, say } from '../../desk-state.ts'
import { Button } from '../../parts/button.tsx'
import { saveFile } from '../../save-file.ts'
import { ReadFailure } from '../desk/desk-read-failure.tsx'

/**
 * What the desk promised and kept, for somebody who asks: the report and its acknowledgement as they were
 * signed, and the ledger's entries for both (PROTOCOL 5.4). It holds no content.
 */
export function SaveProof({ shown }: { readonly shown: CaseShown }) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const save = async () => {
    setBusy(true)
    setFailure(undefined)
    const done = await attempt(ask('proveCase', { id: shown.id }))
    if (phase.value !== 'open') return
    setBusy(false)
    if (!done.ok) return setFailure(done.failure)
    saveFile(done.answer.name, done.answer.text)
    say('The proof was given to you for saving.')
  }
  const proves =
    shown.acknowledged === ''
      ? 'Proves when it came in. No text of the case is in it.'
      : 'Proves when it came in and when it was acknowledged. No text of the case is in it.'
  return (
    <>
      <p class="faint">{proves}</p>
      <Button wide busy={busy ? 'Collecting' : undefined} onPress={() => void save()}>
        Save the proof
      </Button>
      {failure !== undefined && <ReadFailure what="The proof" failure={failure} />}
    </>
  )
}
