import { useState } from 'preact/hooks'
import { ask } from '../../ask-worker.ts'
import { attempt, phase } from '../../desk-state.ts'
import { go } from '../../router.ts'
import { keepCase } from '../case/case-memory.ts'
import { AssessDialog } from './queue-dialogs.tsx'

/** The dialog of a new assessment; it can be opened from every page. */
export function NewAssessment({
  open,
  onClose,
}: {
  readonly open: boolean
  readonly onClose: () => void
}) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  const make = async (title: string, text: string) => {
    setBusy(true)
    const done = await attempt(ask('assess', { title, text }))
    if (phase.value !== 'open') return
    setBusy(false)
    if (!done.ok) return setFailure(done.failure.message)
    setFailure('')
    keepCase(done.answer)
    onClose()
    go({ page: 'case', id: done.answer.id, thread: 'all' })
  }
  return (
    <AssessDialog
      key={open ? 'open' : 'shut'}
      open={open}
      busy={busy}
      failure={failure}
      onMake={(title, text) => void make(title, text)}
      onClose={onClose}
    />
  )
}
