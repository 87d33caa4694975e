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
  const inserted = values.map(textOf)
  return new Markup(fixed.map((part, at) => part + (inserted[at] ?? '')).join(''))
}

function textOf(value: Inserted): string {
  if (typeof value === 'string') return escaped(value)
  return value instanceof Markup ? value.text : value.map(textOf).join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
