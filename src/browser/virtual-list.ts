/** A part of a list under one heading. A part without rows has no heading either. */
export type Section = { readonly rows: number }
export type Sizes = { readonly row: number; readonly head: number }

/** What of a list is drawn: `before` is the empty space above it, in pixels. */
export type Slice = {
  readonly before: number
  readonly parts: readonly {
    readonly section: number
    /** Rows of the whole list, `to` not included. */
    readonly from: number
    readonly to: number
  }[]
}

export function heightOf(sections: readonly Section[], { row, head }: Sizes): number {
  return sections.reduce((sum, { rows }) => sum + (rows > 0 ? head + rows * row : 0), 0)
}

/** The top of a row of the whole list. */
export function topOf(sections: readonly Section[], { row, head }: Sizes, index: number): number {
  let top = 0
  let first = 0
  for (const { rows } of sections) {
    if (rows === 0) continue
    top += head
    if (index < first + rows) return top + (index - first) * row
    first += rows
    top += rows * row
  }
  return top
}

/**
 * The rows between `top` and `top + height`, and `over` more on each side. The heading of the first part
 * is always drawn, so that it can stick to the upper edge while its rows pass below it.
 */
export function sliceOf(
  sections: readonly Section[],
  sizes: Sizes,
  top: number,
  height: number,
  over: number,
): Slice {
  const { row, head } = sizes
  const parts: { section: number; from: number; to: number }[] = []
  const from = top - over * row
  const to = top + height + over * row
  let before = 0
  let at = 0
  let first = 0
  for (const [section, { rows }] of sections.entries()) {
    if (rows === 0) continue
    const begin = at + head
    const end = begin + rows * row
    if (end > from && at < to) {
      const skipped = clamp(Math.floor((from - begin) / row), 0, rows - 1)
      const shown = clamp(Math.ceil((to - begin) / row), skipped + 1, rows)
      if (parts.length === 0) before = at + skipped * row
      parts.push({ section, from: first + skipped, to: first + shown })
    }
    at = end
    first += rows
  }
  return { before, parts }
}

/** Where to scroll so that a row stands free of the bars above and below; `undefined` when it does. */
export function scrollFor(
  rowTop: number,
  rowHeight: number,
  view: {
    readonly top: number
    readonly height: number
    readonly above: number
    readonly below: number
  },
): number | undefined {
  if (rowTop < view.top + view.above) return Math.max(0, rowTop - view.above)
  const bottom = view.top + view.height - view.below
  if (rowTop + rowHeight > bottom) return rowTop + rowHeight - view.height + view.below
  return undefined
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
