import type { ComponentChildren } from 'preact'
import { Mark } from './mark.tsx'
import { visibleLine } from '../visible-text.ts'

export type CeremonyProps = {
  readonly brand: string
  readonly steps: readonly { readonly title: string; readonly hint: string }[]
  /** The step that is open, from 0; as many as there are steps when all are done. */
  readonly at: number
  readonly aside?: ComponentChildren
  readonly children?: ComponentChildren
}

/** The steps left, one task right. */
export function Ceremony({ brand, steps, at, aside, children }: CeremonyProps) {
  return (
    <div class="ceremony">
      <header>
        <span class="brand">
          <Mark />
          <span>{visibleLine(brand)}</span>
        </span>
        {steps.length > 0 && (
          <nav aria-label="Steps">
            <ol class="todo">
              {steps.map(({ title, hint }, n) => (
                <li
                  key={title}
                  class={n < at ? 'done' : n === at ? 'here' : undefined}
                  aria-current={n === at ? 'step' : undefined}
                >
                  <span>
                    {title}
                    {n < at && <span class="sr">, done</span>}
                    <span class="only-narrow faint">
                      , {n + 1} of {steps.length}
                    </span>
                  </span>
                  <small>{hint}</small>
                </li>
              ))}
            </ol>
          </nav>
        )}
        {aside !== undefined && <div class="faint only-wide">{aside}</div>}
      </header>
      <main id="main">{children}</main>
    </div>
  )
}
