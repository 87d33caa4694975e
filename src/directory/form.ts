import { HIDDEN_SIGNS } from '#lexicon'
import type { Fault, Place } from './fault.ts'

/*
 * Strict reading of plain values: what is not named is a fault, and every fault is noted with its place, so
 * that a person sees all of them at once. A look returns `undefined` only after it noted a fault.
 */

export type Look<T> = (value: unknown, at: Place, faults: Fault[]) => T | undefined

/** A member of a record. With `absent`, a file may leave it out. */
export type Member<T> = { readonly look: Look<T>; readonly absent?: T }

export type ValueOf<L> = L extends Look<infer T> ? T : never

export function member<T>(look: Look<T>, absent?: T): Member<T> {
  return absent === undefined ? { look } : { look, absent }
}

export function record<T extends Record<string, unknown>>(
  what: string,
  members: { readonly [N in keyof T]: Member<T[N]> },
): Look<T> {
  const names = Object.keys(members)
  return (value, at, faults) => {
    if (!isRecord(value)) return fault(faults, at, `Here stands ${what}, with its members by name.`)
    const before = faults.length
    for (const name of Object.keys(value))
      if (!names.includes(name))
        fault(faults, [...at, name], `There is no such member; ${what} has ${names.join(', ')}.`)
    const read: Record<string, unknown> = {}
    for (const name of names) {
      const { look, absent } = members[name] as Member<unknown>
      const given = Object.hasOwn(value, name) ? value[name] : undefined
      if (given === undefined && absent !== undefined) read[name] = absent
      else if (given === undefined) fault(faults, [...at, name], 'This is missing.')
      else read[name] = look(given, [...at, name], faults)
    }
    return faults.length === before ? (read as T) : undefined
  }
}

export function list<T>(what: string, look: Look<T>, most: number): Look<readonly T[]> {
  return (value, at, faults) => {
    if (!Array.isArray(value)) return fault(faults, at, `Here stands a list of ${what}.`)
    if (value.length > most) return fault(faults, at, `At most ${most} ${what} stand here.`)
    const before = faults.length
    const read = value.map((each: unknown, n) => look(each, [...at, n], faults))
    return faults.length === before ? (read as T[]) : undefined
  }
}

/** A list in which nothing stands twice. */
export function set(what: string, look: Look<string>, most: number): Look<readonly string[]> {
  const each = list(what, look, most)
  return (value, at, faults) => {
    const read = each(value, at, faults)
    const twice = read?.findIndex((one, n) => read.indexOf(one) !== n) ?? -1
    if (twice >= 0) return fault(faults, [...at, twice], 'This stands here twice.')
    return read
  }
}

/** One line of text. `judge` says what is wrong with it, in a sentence, or nothing. */
export function line(
  most: number,
  judge: (text: string) => string | undefined = fine,
): Look<string> {
  return (value, at, faults) => {
    if (typeof value !== 'string') return fault(faults, at, 'Here stands a text: put it in quotes.')
    if (value.length > most) return fault(faults, at, `This is too long: at most ${most} letters.`)
    if (HIDDEN.test(value))
      return fault(faults, at, 'There is a character in it that nobody sees: write one plain line.')
    if (value !== value.trim()) return fault(faults, at, 'There is a space before or after it.')
    const wrong = judge(value)
    return wrong === undefined ? value : fault(faults, at, wrong)
  }
}

export function oneOf<const T extends string>(words: readonly T[]): Look<T> {
  return (value, at, faults) => {
    const found = words.find((word) => word === value)
    return found ?? fault(faults, at, `Here stands one of: ${words.join(', ')}.`)
  }
}

export const truth: Look<boolean> = (value, at, faults) =>
  typeof value === 'boolean' ? value : fault(faults, at, 'Here stands true or false.')

export function exactly<const T extends number>(number: T): Look<T> {
  return (value, at, faults) =>
    value === number ? number : fault(faults, at, `Here stands ${number}: another form is unknown.`)
}

/** A look, and then what holds only for the whole of it. */
export function also<T>(look: Look<T>, judge: (read: T) => readonly Fault[]): Look<T> {
  return (value, at, faults) => {
    const read = look(value, at, faults)
    if (read === undefined) return undefined
    const wrong = judge(read)
    faults.push(...wrong.map((one) => ({ ...one, at: [...at, ...one.at] })))
    return wrong.length === 0 ? read : undefined
  }
}

function fault(faults: Fault[], at: Place, says: string): undefined {
  faults.push({ at, says })
}

/** What looks like nothing or turns text round: a name must not read as another. */
const HIDDEN = new RegExp(`[${HIDDEN_SIGNS}]`, 'u')

function fine(): undefined {
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
