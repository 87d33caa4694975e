import { HIDDEN_SIGNS } from '#lexicon'

/** Text that is HTML already. Everything else is escaped where it is put in. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Inserted = string | Markup | readonly Inserted[]

/** A piece of a page. The only way to make `Markup` from a value is through the escape. */
export function html(fixed: TemplateStringsArray, ...values: readonly Inserted[]): Markup {
  let text = ''
  for (const [at, part] of plain(fixed).entries()) {
    const value = values[at]
    text += value === undefined ? part : part + textOf(value)
  }
  return new Markup(text)
}

/** Our own words without the indentation of the source. What is put in keeps its own. */
function plain(fixed: TemplateStringsArray): readonly string[] {
  const known = PLAIN.get(fixed)
  if (known !== undefined) return known
  const made = fixed.map((part) => part.replaceAll(/\n\s*/g, '\n'))
  PLAIN.set(fixed, made)
  return made
}

const PLAIN = new WeakMap<TemplateStringsArray, readonly string[]>()

function textOf(value: Inserted): string {
  if (typeof value === 'string') return escaped(value)
  return value instanceof Markup ? value.text : value.map(textOf).join('')
}

/** R46: what has no shape, or turns its neighbours round, is shown by its number, as in the pages with a script. */
const HIDDEN = new RegExp(`(?![\\n\\t])[${HIDDEN_SIGNS}]`, 'gu')

export function visibleSigns(text: string): string {
  return text.replace(
    HIDDEN,
    (sign) => `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  )
}

function escaped(text: string): string {
  return visibleSigns(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
