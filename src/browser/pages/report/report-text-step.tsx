import { useState } from 'preact/hooks'
import { titleOf } from '#lexicon'
import { Markdown } from '../../parts/markdown.tsx'
import { countWords } from '../../size-words.ts'
import { visibleLine } from '../../visible-text.ts'

export type TextStepProps = {
  readonly text: string
  readonly error?: string | undefined
  readonly onInput: (text: string) => void
}

type View = 'write' | 'preview'
const VIEWS: readonly (readonly [View, string])[] = [
  ['write', 'Write'],
  ['preview', 'Preview'],
]

/** The text, how it will be shown, and the title that stands in the desk's queue. */
export function TextStep({ text, error, onInput }: TextStepProps) {
  const [view, setView] = useState<View>('write')
  const bad = error !== undefined
  const show = (next: View, focus: string) => {
    setView(next)
    requestAnimationFrame(() => document.getElementById(focus)?.focus())
  }
  return (
    <li>
      <h2 id="report-text-name">What did you find?</h2>
      <div class={bad ? 'field bad wide' : undefined}>
        {bad && (
          <p class="error" id="report-text-error">
            {error}
          </p>
        )}
        <div
          class="editor"
          onKeyDown={(event) => {
            if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.code !== 'KeyP')
              return
            event.preventDefault()
            if (view === 'write') show('preview', 'report-preview')
            else show('write', 'report-text')
          }}
        >
          <div class="tabs" role="tablist" aria-label="Your text">
            {VIEWS.map(([each, word]) => (
              <button
                key={each}
                type="button"
                role="tab"
                id={`report-tab-${each}`}
                aria-selected={view === each}
                aria-controls={each === 'write' ? 'report-writing' : 'report-preview'}
                tabIndex={view === each ? 0 : -1}
                onClick={() => setView(each)}
                onKeyDown={({ key }) => {
                  const other = each === 'write' ? 'preview' : 'write'
                  if (key === 'ArrowLeft' || key === 'ArrowRight')
                    show(other, `report-tab-${other}`)
                }}
              >
                {word}
              </button>
            ))}
          </div>
          <div
            role="tabpanel"
            id="report-writing"
            aria-labelledby="report-tab-write"
            hidden={view !== 'write'}
          >
            {/* No spell checker: some send what is typed to their maker. */}
            <textarea
              class="input"
              id="report-text"
              dir="auto"
              rows={10}
              value={text}
              spellcheck={false}
              autocomplete="off"
              aria-labelledby="report-text-name"
              aria-describedby={bad ? 'report-text-error report-text-hint' : 'report-text-hint'}
              aria-invalid={bad ? 'true' : undefined}
              onInput={(event) => onInput(event.currentTarget.value)}
            />
          </div>
          <div
            role="tabpanel"
            id="report-preview"
            class="preview"
            aria-labelledby="report-tab-preview"
            tabIndex={0}
            hidden={view !== 'preview'}
          >
            {view === 'preview' && <Preview text={text} />}
          </div>
          <footer>
            <span id="report-text-hint">
              Markdown works. What you see, how to repeat it, which versions.
            </span>
            <span>{countWords(text.length)} characters</span>
          </footer>
        </div>
        {text.trim() !== '' && (
          <p class="hint derived">
            In the desk’s queue it will stand as <b>{visibleLine(titleOf(text))}</b>
          </p>
        )}
      </div>
    </li>
  )
}

function Preview({ text }: { readonly text: string }) {
  if (text.trim() === '') return <p class="muted">Nothing is written yet.</p>
  return <Markdown text={text} level={3} />
}
