import { useState } from 'preact/hooks'
import type { CaseShown, Failure } from '#worker'
import { CANNED_REPLIES, hasBlank } from '../../canned-replies.ts'
import { ask } from '../../ask-worker.ts'
import type { RELATIONS } from '#lexicon'
import { sortWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { TextArea, TextField } from '../../parts/field.tsx'
import { PickOne } from '../../parts/pick.tsx'
import { asking, closeAsking, closing } from './case-asking.ts'
import { ClaimLinkDialog } from './case-claim-link.tsx'
import { CannedPick } from './case-canned-pick.tsx'
import { AddReaderDialog, RemoveReaderDialog } from './case-readers-dialogs.tsx'
import { ProjectDialog, RouteDialog } from './case-project-dialogs.tsx'
import { ExportDialog } from './case-export-dialog.tsx'
import { acting, actOnCase } from './case-state.ts'
import { hasReporter, readersShown } from './case-words.ts'
import { SortDialog } from '../queue/queue-dialogs.tsx'

/** Decisions with a consequence. Each is drawn anew when it opens, so that nothing of the last one is left. */
export function CaseDialogs({ shown }: { readonly shown: CaseShown }) {
  const what = asking.value
  const key = (name: string) => (what === name ? `${name} open` : name)
  return (
    <>
      <SortDialog
        key={key('sort')}
        open={what === 'sort'}
        what={shown.number}
        value={shown.sort}
        onClose={closeAsking}
        onSort={(sort) => {
          closeAsking()
          const done = `Sorted as ${sortWord(sort)}.`
          void actOnCase('Signing the sort', done, ask('sort', { id: shown.id, sort }))
        }}
      />
      <CloseDialog key={key('close')} shown={shown} />
      <LinkDialog key={key('link')} shown={shown} />
      <AddReaderDialog key={key('add')} shown={shown} />
      <RemoveReaderDialog key={key('remove')} shown={shown} />
      <ExportDialog key={key('export')} shown={shown} />
      <ClaimLinkDialog key={key('claim-link')} shown={shown} />
      <RouteDialog key={key('route')} shown={shown} />
      <ProjectDialog key={key('project')} shown={shown} />
    </>
  )
}

type Way = 'answer' | 'reason'

/** Nobody is left without an answer: a case closes with one, or with a written reason why none is needed. */
function CloseDialog({ shown }: { readonly shown: CaseShown }) {
  const someone = hasReporter(shown)
  const [way, setWay] = useState<Way>(someone && !shown.answered ? 'answer' : 'reason')
  const text = closing.value.id === shown.id ? closing.value.text : ''
  const setText = (to: string) => {
    closing.value = { id: shown.id, text: to }
  }
  const [error, setError] = useState('')
  const [failure, setFailure] = useState<Failure>()
  const close = async () => {
    if (text.trim() === '')
      return setError(way === 'answer' ? 'Write the answer.' : 'Write down the reason.')
    if (hasBlank(text)) return setError('Fill in what stands in brackets, or take it out.')
    setError('')
    setFailure(undefined)
    const { id } = shown
    const act =
      way === 'answer'
        ? ask('send', {
            id,
            thread: 'all',
            text,
            files: [],
            readers: readersShown(shown),
            close: true,
          })
        : ask('close', { id, reason: text })
    const done = await actOnCase('Closing', 'The case is closed.', act)
    if (!done.ok) return setFailure(done.failure)
    closing.value = { id: '', text: '' }
    closeAsking()
  }
  const readers = shown.threads.find(({ thread }) => thread === 'all')?.readers.length ?? 0
  return (
    <Dialog
      open={asking.value === 'close'}
      wide
      title={`Close ${shown.number}`}
      onClose={closeAsking}
      foot={
        <>
          <Button
            kind="main"
            busy={acting.value === '' ? undefined : acting.value}
            onPress={() => void close()}
          >
            {way === 'answer' ? 'Seal, send and close' : 'Sign and close'}
          </Button>
          <Button kind="quiet" onPress={closeAsking}>
            Cancel
          </Button>
        </>
      }
    >
      {someone && !shown.answered && way === 'reason' && (
        <p>
          <b>The reporter has no answer.</b> Send one, or write down why none is needed.
        </p>
      )}
      {someone && (
        <PickOne<Way>
          legend="How does it end?"
          value={way}
          onPick={setWay}
          options={[
            {
              value: 'answer',
              label: 'With an answer',
              hint: `Sealed to the ${String(readers)} people of General, the reporter among them.`,
            },
            {
              value: 'reason',
              label: shown.answered
                ? 'With a note; the reporter has an answer'
                : 'Without an answer',
              hint: 'The reason is sealed for the coordinators. The reporter sees that the case is closed.',
            },
          ]}
        />
      )}
      {way === 'answer' && <CannedPick replies={CANNED_REPLIES} onPick={setText} />}
      <TextArea
        label={way === 'answer' ? 'Answer' : 'Reason'}
        error={error}
        value={text}
        onInput={setText}
        rows={7}
      />
      {failure !== undefined && <FailureNotice failure={failure} />}
    </Dialog>
  )
}

type Relation = (typeof RELATIONS)[number]

const RELATION_OPTIONS: readonly {
  readonly value: Relation
  readonly label: string
  readonly hint: string
}[] = [
  { value: 'duplicate-of', label: 'Duplicate of', hint: 'The other case came first and goes on.' },
  { value: 'part-of', label: 'Part of', hint: 'The other case is the larger one.' },
  { value: 'see', label: 'See', hint: 'Worth reading together.' },
]

function LinkDialog({ shown }: { readonly shown: CaseShown }) {
  const [relation, setRelation] = useState<Relation>('duplicate-of')
  const [other, setOther] = useState('')
  const [error, setError] = useState('')
  const link = () => {
    const target = other.trim()
    if (!/^(\d{4}-[0-9A-HJKMNP-TV-Z]{5}|[0-9a-f]{64})$/i.test(target))
      return setError('Write the number of the other case, such as 2026-7F3KQ.')
    if (target.toUpperCase() === shown.number || target === shown.id)
      return setError('That is this case itself.')
    closeAsking()
    const named = target.length === 64 ? target.toLowerCase() : target.toUpperCase()
    const asked = ask('link', { id: shown.id, other: named, relation })
    void actOnCase('Signing the link', 'The cases are linked.', asked)
  }
  return (
    <Dialog
      open={asking.value === 'link'}
      title={`Link ${shown.number} to another case`}
      onClose={closeAsking}
      foot={
        <>
          <Button kind="main" onPress={link}>
            Sign the link
          </Button>
          <Button kind="quiet" onPress={closeAsking}>
            Cancel
          </Button>
        </>
      }
    >
      <p>Everybody who reads this case sees the link. It gives nobody access to the other case.</p>
      <PickOne<Relation>
        legend="How do they belong together?"
        value={relation}
        options={RELATION_OPTIONS}
        onPick={setRelation}
      />
      <TextField
        label="Number of the other case"
        hint="As it stands in the queue, such as 2026-7F3KQ."
        error={error}
        value={other}
        spellcheck={false}
        onInput={setOther}
      />
    </Dialog>
  )
}
