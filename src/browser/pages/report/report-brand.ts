import { visibleLine } from '../../visible-text.ts'

/** Until the desk's chain is verified nobody's name stands on the page. */
export const UNKNOWN_DESK = 'Security desk'

/** How a desk's own pages call it, as its front page does. */
export function brandOf(name: string): string {
  return name === '' ? UNKNOWN_DESK : `${visibleLine(name)} Security`
}
