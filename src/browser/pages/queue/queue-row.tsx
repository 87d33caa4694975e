import type { RowShown } from '#worker'
import { sortWord, sourceWord, stateWord } from '../../parts/act-words.ts'
import { DueClock } from '../../parts/due-clock.tsx'
import { kindMark, kindTone } from '../../parts/kind-word.ts'
import { Tag } from '../../parts/tag.tsx'
import { hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { caseTitle } from '../case/case-title.ts'
import { maySign } from '../desk/may-sign.ts'
import { HELD_WORDS, NOT_OPENED, SERVER_SAYS, stepOf, unseenWords } from './queue-words.ts'

export type QueueRowProps = {
  readonly row: RowShown
  readonly here: boolean
  readonly stop: boolean
  readonly picked: boolean
  /** On a narrow screen the whole row selects, as long as boxes are asked for. */
  readonly selecting: boolean
  readonly at: number
  readonly of: number
  readonly now: number
  readonly onPick: (on: boolean, range: boolean) => void
  readonly onPoint: () => void
}

/** Two lines, never three. The title is checked; clock, state and source are the server's word until it is opened. */
export function QueueRow(props: QueueRowProps) {
  const { row, here, stop, picked, selecting, at, of, now, onPick, onPoint } = props
  const { hints } = row
  const mark = `${here ? ' on' : ''}${picked ? ' picked' : ''}${hints.unseen === 0 ? ' read' : ''}`
  const title = caseTitle(row, NOT_OPENED)
  const kind = kindMark(row.kind)
  const mine = maySign('sort')
  const taken = hints.taken === undefined ? 'nobody' : visibleLine(hints.taken.name)
  const tab = stop ? 0 : -1
  return (
    <li class={`q${mark}`} aria-posinset={at + 1} aria-setsize={of} data-row={row.id}>
      {mine && (
        <input
          type="checkbox"
          tabIndex={tab}
          checked={picked}
          aria-label={`Select ${row.number}`}
          onClick={(event) => onPick(event.currentTarget.checked, event.shiftKey)}
        />
      )}
      <RowClock row={row} now={now} />
      <div class="t">
        <a
          href={hrefOf({ page: 'case', id: row.id, thread: 'all' })}
          class={row.title === '' && mine ? 'shut' : undefined}
          tabIndex={tab}
          aria-current={here ? 'true' : undefined}
          onFocus={onPoint}
          onClick={(event) => {
            if (!selecting) return
            event.preventDefault()
            onPick(!picked, false)
          }}
        >
          <bdi>{title}</bdi>
        </a>
        <div title={SERVER_SAYS}>
          {hints.held !== '' && <Tag tone="due">{HELD_WORDS[hints.held]}</Tag>}
          {kind !== '' && <Tag tone={kindTone(row.kind)}>{kind}</Tag>}
          <span>{mine ? stepOf(row) : stateWord(hints.state)}</span>
          {hints.acknowledged && hints.unseen > 0 && (
            <span class="new">{unseenWords(hints.unseen)}</span>
          )}
          {hints.claimed === true && <span class="new">claimed</span>}
          <span class="only-narrow">{taken}</span>
          <span>{row.number}</span>
          <span class="only-wide">{sourceWord(hints.source)}</span>
        </div>
      </div>
      <div class="m">
        <span>{hints.sort === '' ? '' : sortWord(hints.sort)}</span>
        <span>{taken}</span>
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
