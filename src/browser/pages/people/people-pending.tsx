import { useState } from 'preact/hooks'
import type { MeShown, PendingShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { When } from '../../parts/when.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { outcomeWords } from './people-outcome.ts'
import { settlePeople } from './people-state.ts'
import { approvalConsequence, pendingSentence } from './people-words.ts'

/** What one person signed and a second one must approve. */
export function PendingActs(props: {
  readonly me: MeShown
  readonly pending: readonly PendingShown[]
}) {
  const [reading, setReading] = useState<PendingShown>()
  if (props.pending.length === 0) return null
  return (
    <section class="stack">
      <h2>Waits for a second person</h2>
      <ul class="rows">
        {props.pending.map((each) => (
          <li key={each.id}>
            <span>
              {pendingSentence(each)}{' '}
              <small>
                <When at={each.at} />
              </small>
            </span>
            {each.mine ? (
              <Button onPress={() => setReading(each)}>Read and approve…</Button>
            ) : (
              <small class="muted">
                {each.by.who === props.me.who
                  ? 'You signed it; another must approve.'
                  : 'Not for you to approve.'}
              </small>
            )}
          </li>
        ))}
      </ul>
      <div>
        {reading !== undefined && (
          <ApproveDialog what={reading} onClose={() => setReading(undefined)} />
        )}
      </div>
    </section>
  )
}

function ApproveDialog(props: { readonly what: PendingShown; readonly onClose: () => void }) {
  const { what } = props
  const act = useAct()
  const approve = () =>
    act.run('Signing', async () => {
      const { people, ...came } = await withStepUp(() => ask('approve', { id: what.id }))
      settlePeople(people, outcomeWords('Approved: it counts from now on.', came))
      props.onClose()
    })
  return (
    <Dialog
      open
      title="Approve as the second person"
      onClose={props.onClose}
      foot={
        <>
          <Button kind="main" onPress={approve} busy={act.busy}>
            Sign the approval
          </Button>
          <Button kind="quiet" onPress={props.onClose}>
            Not now
          </Button>
        </>
      }
    >
      <p>
        <b>{pendingSentence(what)}</b> Signed <When at={what.at} />.
      </p>
      <p>{approvalConsequence(what)}</p>
      {what.keyWords !== '' && (
        <>
          <p>
            You answer for this key as well: hear them read these words, or ask the first person how
            they did.
          </p>
          <WordsSheet words={what.keyWords} label={`Key words of ${visibleLine(what.about)}`} />
        </>
      )}
      <p class="muted">
        Talk to the other person first. If you do not want it, leave it: it never counts without a
        second person.
      </p>
      <TroubleNotice of={act} />
    </Dialog>
  )
}
