import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { bulk, closeBulk, stopBulk } from './queue-bulk.ts'
import { clearPicked, picked } from './queue-state.ts'
import { casesWord } from './queue-words.ts'

export type BulkActs = {
  readonly onAcknowledge: () => void
  readonly onSort: () => void
  readonly onTake: () => void
  readonly onReply: () => void
  /** In the lane of held mail only. */
  readonly held: { readonly onFree: () => void; readonly onBin: () => void } | undefined
}

/** What can be done to all selected rows, how far it is, and what was not done. */
export function QueueBulkBar({ onAcknowledge, onSort, onTake, onReply, held }: BulkActs) {
  const count = picked.value.size
  const run = bulk.value
  if (run !== undefined) return <Running />
  if (count === 0) return null
  return (
    <div class="bulk with-key" role="region" aria-label={`${casesWord(count)} selected`}>
      <b>{`${String(count)} selected`}</b>
      {held === undefined ? (
        <UsualActs {...{ onAcknowledge, onSort, onTake, onReply }} />
      ) : (
        <HeldActs {...held} />
      )}
      <span class="end">
        <Button kind="quiet" keys="Esc" onPress={clearPicked}>
          Clear
        </Button>
      </span>
    </div>
  )
}

function UsualActs({ onAcknowledge, onSort, onTake, onReply }: Omit<BulkActs, 'held'>) {
  return (
    <>
      <Button keys="A" onPress={onAcknowledge}>
        Acknowledge
      </Button>
      <Button keys="S" onPress={onSort}>
        Sort…
      </Button>
      <Button keys="T" onPress={onTake}>
        Take
      </Button>
      <Button keys="N" onPress={onReply}>
        Close as not security…
      </Button>
    </>
  )
}

function HeldActs({ onFree, onBin }: NonNullable<BulkActs['held']>) {
  return (
    <>
      <Button keys="F" onPress={onFree}>
        Free
      </Button>
      <Button keys="B" onPress={onBin}>
        Bin…
      </Button>
    </>
  )
}

function Running() {
  const run = bulk.value
  if (run === undefined) return null
  const { doing, done, total, failures, over } = run
  return (
    <div class="bulk" role="region" aria-label={doing}>
      {!over && <ProgressBar done={done} total={total} label={doing} unit="count" />}
      {over && failures.length > 0 && (
        <Notice
          tone="late"
          alert
          title={`${casesWord(failures.length)} not done. They stay selected.`}
        >
          <ul>
            {failures.map(({ id, number, failure }) => (
              <li key={id}>
                {number}: {failure.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {over && done < total && <p>{`Stopped after ${String(done)} of ${casesWord(total)}.`}</p>}
      <span class="end">
        {over ? (
          <Button onPress={closeBulk}>Close</Button>
        ) : (
          <Button onPress={stopBulk}>Stop after this one</Button>
        )}
      </span>
    </div>
  )
}
