import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RowShown } from '#worker'
import { now } from '../../desk-state.ts'
import { countWords } from '../../size-words.ts'
import { heightOf, scrollFor, type Sizes, sliceOf, topOf } from '../../virtual-list.ts'
import { maySign } from '../desk/may-sign.ts'
import type { Group } from './queue-groups.ts'
import { QueueRow } from './queue-row.tsx'
import {
  cursor,
  cursorAt,
  hurry,
  pick,
  picked,
  pickUpTo,
  scrolled,
  selecting,
  shown,
} from './queue-state.ts'

/** Rows beyond the edges: a wheel notch does not show an empty place. */
const OVER = 6

export type QueueListProps = {
  /** Rows that the server counts and that are not here yet. */
  readonly missing: number
}

/** 100,000 rows and about forty of them drawn: the page scrolls, the list only stands where it must. */
export function QueueList({ missing }: QueueListProps) {
  const list = useRef<HTMLUListElement>(null)
  const { rows, groups } = shown.value
  const sizes = useSizes()
  const view = useView(list, sizes.row)
  const wants = useRef('')
  const sections = missing > 0 ? [...groups, { rows: missing }] : groups
  const slice = sliceOf(sections, sizes, view.top, view.height, OVER)
  const last = slice.parts.at(-1)
  const first = slice.parts[0]

  useEffect(() => {
    if (missing > 0 && last !== undefined && last.to > rows.length - 100) hurry()
  }, [last?.to, rows.length, missing > 0])

  // The cursor went somewhere by a key: its row comes into sight, then gets the focus.
  useLayoutEffect(() => {
    const at = cursorAt.value
    const box = list.current
    if (at < 0 || box === null || wants.current === cursor.value) return
    const known = wants.current !== ''
    wants.current = cursor.value
    const row = box.querySelector(`[data-row="${cursor.value}"]`)
    if (!known || row?.contains(document.activeElement) === true) return
    const above = sizes.head + stuckAbove()
    const below = document.querySelector<HTMLElement>('.bulk')?.offsetHeight ?? 0
    const place = { ...viewOf(box), above, below }
    const to = scrollFor(topOf(sections, sizes, at), sizes.row, place)
    if (to !== undefined) window.scrollTo({ top: at === 0 ? 0 : to + offsetOf(box) })
    requestAnimationFrame(() => focusRow(box, cursor.value))
  })

  useLayoutEffect(() => {
    window.scrollTo({ top: scrolled.top })
    // Back from a case one goes on where one was; whoever is elsewhere by now stays there.
    const nowhere = document.activeElement?.matches('body, #main') ?? true
    if (cursor.value !== '' && nowhere) focusCursor()
    return () => {
      scrolled.top = window.scrollY
    }
  }, [])

  // Tab reaches one row: the one under the cursor, or the first that is drawn.
  const at = cursorAt.value
  const drawn = at >= (first?.from ?? 0) && at < (last?.to ?? 0)
  const stop = drawn ? at : (first?.from ?? 0)
  return (
    <ul
      ref={list}
      class={`queue${selecting.value ? ' selecting' : ''}${maySign('sort') ? '' : ' unpicked'}`}
      aria-label="Cases"
      style={{ minHeight: `${heightOf(sections, sizes)}px`, paddingTop: `${slice.before}px` }}
    >
      {slice.parts.map(({ section, from, to }) => {
        const group = groups[section]
        if (group === undefined) return <Missing key="missing" rows={to - from} all={missing} />
        return [
          <GroupHead key={group.name} group={group} />,
          ...rows
            .slice(from, to)
            .map((row, n) => (
              <Row key={row.id} row={row} at={from + n} of={rows.length + missing} stop={stop} />
            )),
        ]
      })}
    </ul>
  )
}

/** Puts the focus on the row under the cursor, when it is drawn. */
export function focusCursor(): void {
  const box = document.querySelector('ul.queue')
  if (box instanceof HTMLUListElement) focusRow(box, cursor.value)
}

type RowProps = {
  readonly row: RowShown
  readonly at: number
  readonly of: number
  readonly stop: number
}

function Row({ row, at, of, stop }: RowProps) {
  const isPicked = picked.value.has(row.id)
  return (
    <QueueRow
      row={row}
      at={at}
      of={of}
      here={cursor.value === row.id}
      stop={stop === at}
      picked={isPicked}
      selecting={selecting.value}
      now={now.value}
      onPick={(on, range) => {
        cursor.value = row.id
        if (range && on) pickUpTo(row.id)
        else pick(row.id, on)
      }}
      onPoint={() => {
        cursor.value = row.id
      }}
    />
  )
}

function GroupHead({ group }: { readonly group: Group }) {
  return (
    <li class="group">
      <span>{group.title}</span>
      <span>{countWords(group.rows)}</span>
    </li>
  )
}

function Missing({ rows, all }: { readonly rows: number; readonly all: number }) {
  return (
    <>
      <li class="group">
        <span>Not loaded yet</span>
        <span>{countWords(all)}</span>
      </li>
      {Array.from({ length: rows }, (_, n) => (
        <li key={n} class="q wait" aria-hidden="true">
          <span />
          <span class="ghost w60" />
          <div class="t">
            <span class="ghost w75" />
            <span class="ghost w40" />
          </div>
        </li>
      ))}
    </>
  )
}

/** How much of the window the bars above the list cover. */
function stuckAbove(): number {
  const top = document.querySelector('.queue-top')
  if (top === null || getComputedStyle(top).position !== 'sticky') return 0
  const bar = document.querySelector('.view > .bar')
  return top.getBoundingClientRect().height + (bar?.getBoundingClientRect().height ?? 0)
}

function focusRow(box: HTMLUListElement, id: string): void {
  box.querySelector<HTMLElement>(`[data-row="${id}"] .t a`)?.focus({ preventScroll: true })
}

/** As the sheet has them: larger letters make higher rows. */
function useSizes(): Sizes {
  const [sizes, setSizes] = useState(sizesNow)
  useEffect(() => {
    const look = () =>
      setSizes((old) => {
        const { row, head } = sizesNow()
        return row === old.row && head === old.head ? old : { row, head }
      })
    look()
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [])
  return sizes
}

function sizesNow(): Sizes {
  const style = getComputedStyle(document.documentElement)
  const rem = Number.parseFloat(style.fontSize)
  const of = (name: string, otherwise: number) => {
    const value = Number.parseFloat(style.getPropertyValue(name))
    return Number.isNaN(value) ? otherwise : value * rem
  }
  return { row: of('--row-height', 3.125 * rem), head: of('--group-height', 1.75 * rem) }
}

/** What of the list is in sight. It changes by whole rows, so that most scroll events draw nothing. */
function useView(list: { readonly current: HTMLUListElement | null }, row: number) {
  const [view, setView] = useState({ top: scrolled.top, height: innerHeight })
  useLayoutEffect(() => {
    let asked = 0
    const look = () => {
      asked = 0
      const box = list.current
      if (box === null) return
      const { top, height } = viewOf(box)
      const step = Math.floor(top / row) * row
      setView((old) => (old.top === step && old.height === height ? old : { top: step, height }))
    }
    const soon = () => {
      asked ||= requestAnimationFrame(look)
    }
    look()
    addEventListener('scroll', soon, { passive: true })
    addEventListener('resize', soon)
    return () => {
      cancelAnimationFrame(asked)
      removeEventListener('scroll', soon)
      removeEventListener('resize', soon)
    }
  }, [row])
  return view
}

function viewOf(box: HTMLUListElement): { readonly top: number; readonly height: number } {
  return { top: -box.getBoundingClientRect().top, height: innerHeight }
}

function offsetOf(box: HTMLUListElement): number {
  return box.getBoundingClientRect().top + window.scrollY
}
