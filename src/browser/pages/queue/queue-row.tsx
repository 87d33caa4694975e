import type { RowShown } from '#worker'
import { sortWord, sourceWord } from '../../parts/act-words.ts'
import { DueClock } from '../../parts/due-clock.tsx'
import { hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { SERVER_SAYS, stepOf } from './queue-words.ts'

export type QueueRowProps = {
  readonly row: RowShown
  readonly here: boolean
  readonly stop: boolean
  readonly picked: boolean
  readonly at: number
  readonly of: number
  readonly now: number
  readonly onPick: (on: boolean, range: boolean) => void
  readonly onPoint: () => void
}

/** Two lines, never three. The title is checked; clock, state and source are the server's word until it is opened. */
export function QueueRow(props: QueueRowProps) {
  const { row, here, stop, picked, at, of, now, onPick, onPoint } = props
  const { hints } = row
  const mark = `${here ? ' on' : ''}${picked ? ' picked' : ''}${hints.unseen === 0 ? ' read' : ''}`
  const title = row.title === '' ? 'Not opened yet' : visibleLine(row.title)
  const tab = stop ? 0 : -1
  return (
    <li class={`q${mark}`} aria-posinset={at + 1} aria-setsize={of} data-row={row.id}>
      <input
        type="checkbox"
        tabIndex={tab}
        checked={picked}
        aria-label={`Select ${row.number}`}
        onClick={(event) => onPick(event.currentTarget.checked, event.shiftKey)}
      />
      <RowClock row={row} now={now} />
      <div class="t">
        <a
          href={hrefOf({ page: 'case', id: row.id, thread: 'all' })}
          class={row.title === '' ? 'shut' : undefined}
          tabIndex={tab}
          aria-current={here ? 'true' : undefined}
          onFocus={onPoint}
        >
          <bdi>{title}</bdi>
        </a>
        <div title={SERVER_SAYS}>
          <span>{stepOf(row)}</span>
          <span>{row.number}</span>
          {hints.acknowledged && hints.unseen > 0 && (
            <span class="new">{`${String(hints.unseen)} new`}</span>
          )}
          <span>{sourceWord(hints.source)}</span>
        </div>
      </div>
      <div class="m">
        <span>{hints.sort === '' ? '' : sortWord(hints.sort)}</span>
        <span>{hints.taken === undefined ? 'nobody' : visibleLine(hints.taken.name)}</span>
      </div>
    </li>
  )
}

function RowClock({ row, now }: { readonly row: RowShown; readonly now: number }) {
  const { due, received, acknowledged, state } = row.hints
  if (due !== '') return <DueClock due={due} received={received} now={now} />
  const closed = state === 'closed' || state === 'archived'
  const word = closed ? 'closed' : acknowledged ? 'acknowledged' : 'no clock'
  return <span class="clock none">{word}</span>
}
