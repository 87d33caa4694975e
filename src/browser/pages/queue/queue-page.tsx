import { useEffect, useRef, useState } from 'preact/hooks'
import { type Sort, SORTS } from '#lexicon'
import type { CaseShown, Lane } from '#worker'
import { ask } from '../../ask-worker.ts'
import { counts, me } from '../../desk-state.ts'
import { Ghost } from '../../parts/empty.tsx'
import { go } from '../../router.ts'
import { keepCase } from '../case/case-memory.ts'
import { ReadFailure } from '../desk/desk-read-failure.tsx'
import { useKeys } from '../desk/keys-here.ts'
import type { KeyOf } from '../desk/keys-map.ts'
import { maySign } from '../desk/may-sign.ts'
import { readersShown } from '../case/case-words.ts'
import { replyText, runBulk } from './queue-bulk.ts'
import { QueueBulkBar } from './queue-bulk-bar.tsx'
import { ReplyAndCloseDialog, SortDialog } from './queue-dialogs.tsx'
import { EmptyLane, NoMatch } from './queue-empty.tsx'
import { BinDialog, free } from './queue-held.tsx'
import { focusCursor, QueueList } from './queue-list.tsx'
import { QueuePeek } from './queue-peek.tsx'
import {
  clearPicked,
  countLanes,
  cursor,
  filter,
  loadAgain,
  loadFailure,
  moveCursor,
  next,
  openLane,
  pick,
  picked,
  pickUpTo,
  place,
  ready,
  rowAt,
  rows,
  settle,
  shown,
} from './queue-state.ts'
import { QueueTop } from './queue-top.tsx'

export type QueuePageProps = { readonly lane: Lane; readonly sort: Sort | '' }

type Asking = 'sort' | 'reply' | 'bin' | undefined

/** One list, one cursor, one main button. */
export function QueuePage({ lane, sort }: QueuePageProps) {
  const field = useRef<HTMLInputElement>(null)
  const [asking, setAsking] = useState<Asking>()
  useEffect(() => void openLane({ lane, sort }), [lane, sort])

  const targets = () => (picked.value.size > 0 ? [...picked.value] : [cursor.value].filter(Boolean))
  const acknowledge = () =>
    actOn(targets(), 'Acknowledging', 'acknowledged', (id) => ask('acknowledge', { id }))
  const take = () => {
    const who = me.value?.who ?? ''
    actOn(targets(), 'Taking', 'taken', (id) => ask('take', { id, who }))
  }
  const open = () => go({ page: 'case', id: cursor.value, thread: 'all' })
  const back = () => {
    if (picked.value.size > 0) return clearPicked()
    if (filter.value !== '') filter.value = ''
  }
  const ask1 = (what: Asking) => () => {
    if (targets().length > 0) setAsking(what)
  }
  const held =
    lane === 'held' && maySign('close')
      ? { onFree: () => void free(targets()), onBin: ask1('bin') }
      : undefined
  useKeys<KeyOf<'list'> | '/' | 'escape'>({
    j: () => moveCursor(1) || focusCursor(),
    k: () => moveCursor(-1) || focusCursor(),
    enter: open,
    // Selecting is for the bulk acts, all of which the same people sign.
    ...(maySign('sort') && {
      x: () => pick(cursor.value, !picked.value.has(cursor.value)),
      'shift+x': () => pickUpTo(cursor.value),
      a: acknowledge,
      s: ask1('sort'),
      t: take,
      n: ask1('reply'),
      ...(held && { f: held.onFree, b: held.onBin }),
    }),
    '/': () => field.current?.focus(),
    escape: back,
  })

  const here = rowAt(cursor.value)
  const acts = {
    onAcknowledge: acknowledge,
    onSort: ask1('sort'),
    onTake: take,
    onReply: ask1('reply'),
    held,
  }
  const numbers = targets().map((id) => rowAt(id)?.number ?? '')
  const empty = ready.value && rows.value.length === 0
  return (
    <div class={empty ? undefined : 'pane2'}>
      <section aria-label="Cases">
        <QueueTop field={field} lane={lane} sort={sort} />
        <Rows lane={lane} />
        <QueueBulkBar {...acts} />
      </section>
      {!empty && (
        <section class="under" aria-label="Case under the cursor">
          <QueuePeek row={here} {...acts} />
        </section>
      )}
      <SortDialog
        open={asking === 'sort'}
        what={numbers.length === 1 ? (numbers[0] ?? '') : `${String(numbers.length)} cases`}
        value={numbers.length === 1 ? sortOf(targets()[0]) : ''}
        onClose={() => setAsking(undefined)}
        onSort={(to) => {
          setAsking(undefined)
          actOn(targets(), 'Sorting', 'sorted', (id) => ask('sort', { id, sort: to }))
        }}
      />
      <BinDialog
        key={asking === 'bin' ? 'bin' : 'no-bin'}
        open={asking === 'bin'}
        numbers={numbers}
        onClose={() => setAsking(undefined)}
        onBin={(reason) => {
          setAsking(undefined)
          actOn(targets(), 'Binning', 'binned', (id) => ask('bin', { id, reason }))
        }}
      />
      <ReplyAndCloseDialog
        key={asking === 'reply' ? 'open' : 'shut'}
        open={asking === 'reply'}
        numbers={numbers}
        onClose={() => setAsking(undefined)}
        onSend={(text) => {
          setAsking(undefined)
          actOn(
            targets(),
            'Replying and closing',
            'answered and closed',
            (id) => replyAndClose(id, text),
            () => {
              replyText.value = ''
            },
          )
        }}
      />
    </div>
  )
}

function actOn(
  ids: readonly string[],
  doing: string,
  done: string,
  act: (id: string) => Promise<CaseShown>,
  whole: () => void = () => undefined,
): void {
  if (ids.length === 0) return
  const run = async () => {
    const left = await runBulk(doing, done, ids, async (id) => keepCase(await act(id)))
    // What was done is let go; what was not stays selected, and can be tried again.
    if (left.length === 0) whole()
    void countLanes()
    const was = new Set(ids)
    picked.value = new Set([...picked.value].filter((id) => left.includes(id) || !was.has(id)))
  }
  void run()
}

/** Three signed acts: what it is, the answer, and the end. A promise to answer is kept by the answer itself. */
async function replyAndClose(id: string, text: string): Promise<CaseShown> {
  const shown = await ask('sort', { id, sort: 'not-security' })
  settle(shown)
  const readers = readersShown(shown)
  return ask('send', { id, thread: 'all', text, files: [], readers, close: true })
}

function sortOf(id: string | undefined): Sort | '' {
  const sort = rowAt(id ?? '')?.hints.sort
  return SORTS.find((each) => each === sort) ?? ''
}

function Rows({ lane }: { readonly lane: Lane }) {
  const failed = loadFailure.value
  const again = () => void loadAgain()
  if (!ready.value || place.value.lane !== lane)
    return failed === undefined ? (
      <div class="main">
        <Ghost rows={8} />
      </div>
    ) : (
      <div class="main">
        <ReadFailure what="The queue" failure={failed} onRetry={again} />
      </div>
    )
  if (rows.value.length === 0 && next.value === '') return <EmptyLane lane={lane} />
  if (shown.value.rows.length === 0 && next.value === '')
    return <NoMatch text={filter.value} of={rows.value.length} />
  const count = counts.value?.[lane] ?? 0
  const whole = filter.value === '' && place.value.sort === ''
  const missing = next.value !== '' && whole ? Math.max(1, count - rows.value.length) : 0
  return (
    <div class="main">
      <QueueList missing={missing} />
      {failed !== undefined && (
        <ReadFailure what="The rest of the queue" failure={failed} onRetry={again} />
      )}
    </div>
  )
}
