/** Recognises one kind of value and tells the type checker so. */
export type Form<T> = (value: unknown) => value is T

/** The type that a form recognises. */
export type Formed<F> = F extends Form<infer T> ? T : never

/** A record of forms, and the object type with exactly these fields. */
export type Fields = { readonly [field: string]: Form<unknown> }
export type Shape<F extends Fields> = { readonly [K in keyof F]: Formed<F[K]> }

export function oneOf<const T extends readonly (string | number)[]>(...values: T): Form<T[number]> {
  return (value): value is T[number] => values.some((known) => known === value)
}

export function listOf<T>(form: Form<T>): Form<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every((item) => form(item))
}

export function emptyOr<T>(form: Form<T>): Form<T | ''> {
  return (value): value is T | '' => value === '' || form(value)
}

/** Exactly these fields: one more or one less and it is not of this shape. */
export function exactly<F extends Fields>(fields: F): Form<Shape<F>> {
  const names = Object.keys(fields).sort().join()
  return (value): value is Shape<F> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    if (Object.keys(value).sort().join() !== names) return false
    return Object.entries(value).every(([name, member]) => fields[name]?.(member) === true)
  }
}

/** A string of bounded length in UTF-16 units. May hold control characters: whoever shows it escapes it. */
export function text(least: number, most: number): Form<string> {
  return (value): value is string =>
    typeof value === 'string' && value.length >= least && value.length <= most
}

/** As `text`, without control characters: for names and paths. */
export function line(least: number, most: number): Form<string> {
  return (value): value is string =>
    typeof value === 'string' &&
    value.length >= least &&
    value.length <= most &&
    !/\p{Cc}/u.test(value)
}

export function matching(pattern: RegExp): Form<string> {
  return (value): value is string => typeof value === 'string' && pattern.test(value)
}
