import { useEffect, useRef } from 'preact/hooks'
import type { FoundShown } from '#worker'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { go, hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { caseTitle } from '../case/case-title.ts'
import { reveal } from '../case/case-state.ts'
import { ReadFailure } from '../desk/desk-read-failure.tsx'
import { useKeys } from '../desk/keys-here.ts'
import { place } from '../queue/queue-state.ts'
import { found, search, searchFailure, searchText } from './search-state.ts'
import { lookedThrough, markParts } from './search-words.ts'

const PAUSE = 250

/** Searches in what was opened, on this machine. There is no index of readable text anywhere. */
export function SearchPage() {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    const timer = setTimeout(() => void search(), PAUSE)
    return () => clearTimeout(timer)
  }, [searchText.value])
  useKeys<'/' | 'escape'>({
    '/': () => field.current?.focus(),
    escape: () => go({ page: 'queue', ...place.value }),
  })
  const failed = searchFailure.value
  const result = found.value
  return (
    <div class="sheet search">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          void search()
        }}
      >
        <label class="label" for="search">
          Words in titles and messages
        </label>
        <div class="line">
          <input
            ref={field}
            id="search"
            class="input"
            type="search"
            autocomplete="off"
            spellcheck={false}
            value={searchText.value}
            aria-describedby="search-where"
            onInput={(event) => {
              searchText.value = event.currentTarget.value
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && searchText.value === '') event.currentTarget.blur()
            }}
          />
          <Button type="submit">Search</Button>
        </div>
        <p class="hint" id="search-where">
          This machine looks through what it opened since you unlocked. Your words are sent to
          nobody.
        </p>
      </form>
      {failed !== undefined && (
        <ReadFailure what="The search" failure={failed} onRetry={() => void search()} />
      )}
      <p role="status" class="muted">
        {result !== undefined &&
          (result.hits.length === 0
            ? 'Nothing found.'
            : `${hitsWord(result.hits.length)}. ${lookedThrough(result)}`)}
      </p>
      {result !== undefined && <Hits result={result} text={result.text} />}
    </div>
  )
}

function Hits({ result, text }: { readonly result: FoundShown; readonly text: string }) {
  if (result.hits.length === 0)
    return (
      <Empty title={`Nothing holds “${visibleLine(text)}”.`}>
        <p class="muted">{lookedThrough(result)}</p>
        {result.onlyTitles > 0 && (
          <p class="muted">Open the cases in which it may stand, then search again.</p>
        )}
      </Empty>
    )
  return (
    <ul class="hits">
      {result.hits.map(({ id, number, title, seq, excerpt }) => (
        <li key={`${id} ${String(seq)}`}>
          <a
            href={hrefOf({ page: 'case', id, thread: 'all' })}
            onClick={() => {
              reveal.value = { id, seq }
            }}
          >
            <Marked text={caseTitle({ number, title })} query={text} />
          </a>{' '}
          <span class="faint">
            {number}
            {seq >= 0 && `, entry ${String(seq)}`}
          </span>
          {excerpt !== '' && (
            <p class="muted">
              <Marked text={excerpt} query={text} />
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  return (
    <bdi>
      {markParts(text, query).map((part, n) =>
        n % 2 === 1 ? <mark key={n}>{visibleLine(part)}</mark> : visibleLine(part),
      )}
    </bdi>
  )
}

function hitsWord(n: number): string {
  return n === 1 ? '1 place found' : `${String(n)} places found`
}
