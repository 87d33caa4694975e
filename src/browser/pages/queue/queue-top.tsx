import { useLayoutEffect, useRef } from 'preact/hooks'
import { type Sort, SORTS } from '#lexicon'
import type { Lane } from '#worker'
import { counts, say } from '../../desk-state.ts'
import { sortWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { KeyHint } from '../../parts/key-hint.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { go, hrefOf } from '../../router.ts'
import { countWords } from '../../size-words.ts'
import { focusCursor } from './queue-list.tsx'
import { clearPicked, cursor, filter, next, ready, rows, selecting, shown } from './queue-state.ts'
import { hasRoleFor, maySign } from '../desk/may-sign.ts'
import { lanesOf, loadedWords } from './queue-words.ts'

type LaneProps = { readonly lane: Lane; readonly sort: Sort | '' }

/** Lanes, filter and sort: they stay in sight while the list scrolls, where there is room for that. */
export function QueueTop(props: FiltersProps) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (box.current === null) return undefined
    return tellHeights(box.current)
  }, [])
  return (
    <div class="queue-top" ref={box}>
      <Lanes lane={props.lane} sort={props.sort} />
      <Filters {...props} />
    </div>
  )
}

/** Larger letters make higher bars: what sticks below them is told where they end. */
function tellHeights(top: HTMLElement): () => void {
  const bar = document.querySelector<HTMLElement>('.view > .bar')
  const { style } = document.documentElement
  const tell = () => {
    style.setProperty('--queue-bar', `${String(bar?.offsetHeight ?? 0)}px`)
    style.setProperty('--queue-top', `${String(top.offsetHeight)}px`)
  }
  const seen = new ResizeObserver(tell)
  seen.observe(top)
  if (bar !== null) seen.observe(bar)
  tell()
  return () => {
    seen.disconnect()
    style.removeProperty('--queue-bar')
    style.removeProperty('--queue-top')
  }
}

/** A finger has no X key: boxes come, and what was selected goes with them. */
function selectByTouch(): void {
  selecting.value = !selecting.value
  if (!selecting.value) clearPicked()
}

function Lanes({ lane, sort }: LaneProps) {
  return (
    <nav class="tabs" aria-label="Lanes">
      {lanesOf(hasRoleFor('take')).map((each) => {
        const count = counts.value?.[each.lane]
        return (
          <a
            key={each.lane}
            href={hrefOf({ page: 'queue', lane: each.lane, sort })}
            aria-current={each.lane === lane ? 'page' : undefined}
          >
            {each.title}
            {count !== undefined && <span class="n">{countWords(count)}</span>}
          </a>
        )
      })}
    </nav>
  )
}

type FiltersProps = LaneProps & { readonly field: { current: HTMLInputElement | null } }

function Filters({ field, lane, sort }: FiltersProps) {
  const count = sort === '' ? (counts.value?.[lane] ?? 0) : 0
  const found = shown.value.rows.length
  const loaded = ready.value ? loadedWords(rows.value.length, count, next.value !== '') : ''
  return (
    <div class="filters" role="search">
      <input
        ref={field}
        class="input"
        type="search"
        aria-label="Filter: title, number, sort, person"
        placeholder="Filter: title, number, sort, person"
        autocomplete="off"
        spellcheck={false}
        value={filter.value}
        onInput={(event) => {
          filter.value = event.currentTarget.value
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (filter.value === '') event.currentTarget.blur()
            filter.value = ''
            event.preventDefault()
          }
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            cursor.value = shown.value.rows[0]?.id ?? ''
            focusCursor()
            say(`${countWords(found)} found.`)
            event.preventDefault()
          }
        }}
      />
      <select
        class="input"
        aria-label="Sort"
        value={sort}
        onChange={(event) => {
          const to = SORTS.find((each) => each === event.currentTarget.value) ?? ''
          go({ page: 'queue', lane, sort: to })
        }}
      >
        <option value="">Any sort</option>
        {SORTS.map((each) => (
          <option key={each} value={each}>
            {sortWord(each)}
          </option>
        ))}
      </select>
      <span class="faint only-wide" aria-hidden="true">
        <KeyHint keys="/" />
      </span>
      {maySign('sort') && (
        <span class="only-narrow">
          <Button onPress={selectByTouch}>{selecting.value ? 'Done' : 'Select'}</Button>
        </span>
      )}
      {!ready.value && <Waiting label="Opening titles on this machine" />}
      {(filter.value !== '' || loaded !== '') && (
        <span class="faint end">
          {filter.value !== '' && `${countWords(found)} found${loaded === '' ? '' : ', '}`}
          {loaded}
        </span>
      )}
    </div>
  )
}
