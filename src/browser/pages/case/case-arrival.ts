import { useEffect } from 'preact/hooks'
import type { CaseShown } from '#worker'
import { readAnew, unseenFrom } from './case-state.ts'

/**
 * Where somebody stands who opens a case: at the first message that is new to them, else at its end; a case
 * that they never read begins at its beginning. The focus goes along, unless they are elsewhere already.
 */
export function useArrivalInCase(
  shown: CaseShown | undefined,
  revealed: (shown: CaseShown) => number | undefined,
): void {
  useEffect(() => {
    if (shown === undefined || readAnew.value !== shown.id || revealed(shown) !== undefined) return
    if (document.activeElement?.matches('body, #main') === false) return
    const line = document.querySelector('.timeline > .since')
    if (line !== null) return jumpTo(line.nextElementSibling ?? undefined, line)
    if (unseenFrom(shown) === 0) return
    const entries = document.querySelectorAll('.timeline > li:not(.ahead)')
    const last = entries[entries.length - 1]
    if (last !== undefined && last.getBoundingClientRect().bottom > innerHeight) jumpTo(last)
  }, [shown?.id, readAnew.value])
}

/** Brings an entry into sight and gives it the focus; `top` is what must be seen above it. */
export function jumpTo(entry: Element | undefined, top?: Element): void {
  if (!(entry instanceof HTMLElement)) return
  entry.tabIndex = -1
  if (top === undefined) entry.scrollIntoView({ block: 'center' })
  else top.scrollIntoView({ block: 'start' })
  entry.focus({ preventScroll: true })
}
