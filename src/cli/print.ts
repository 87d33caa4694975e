/** Where a command writes. `out` is data, `say` is for the person and goes to stderr. */
export type Print = {
  readonly json: boolean
  readonly out: (text: string) => void
  readonly say: (text: string) => void
}

export function createPrint(json: boolean): Print {
  return {
    json,
    out: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    say: (text) => void process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  }
}

/** One answer: JSON for programs, lines for people. */
export function answer(print: Print, value: unknown, lines: () => readonly string[]): void {
  print.out(print.json ? JSON.stringify(value) : lines().join('\n'))
}

/**
 * Text from others made safe for a terminal: control characters, escape sequences, zero-width and
 * direction-changing characters are shown as their code, not obeyed (R46). Line breaks stay in `paragraph`.
 */
export function line(text: string): string {
  return text.replace(HIDDEN, shown)
}

export function paragraph(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((part) => line(part.replaceAll('\t', '    ')))
    .join('\n')
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu

function shown(letter: string): string {
  // The zero-width joiner holds emoji and Indic letters together.
  if (letter === '\u200d' || letter === '\u200c') return letter
  return `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`
}

/** Columns aligned for people. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, [...cell].length)
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd(),
  )
}
