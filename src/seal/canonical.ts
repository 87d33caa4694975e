import { LIMITS } from '#lexicon'
import { demand, Refused } from './refused.ts'

/** The narrowed JSON of PROTOCOL 1: no null, no fractions, no negative numbers. */
export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json }

/** RFC 8785 over the narrowed JSON. Throws `Refused` F1 for a value outside it. */
export function canonicalText(value: Json): string {
  return write(value, 0)
}

/**
 * Reads canonical JSON. The text must survive parse and serialise byte for byte, so duplicate names,
 * spaces, `1.0`, `\u0061` and two parsers that differ are refused together (N26).
 * Throws `Refused` F1.
 */
export function parseCanonical(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw new Refused('F1', 'This text is not JSON.', { cause })
  }
  demand(canonicalText(value) === text, 'F1', 'This text is not in canonical form.')
  return value
}

function write(value: unknown, depth: number): string {
  demand(depth <= LIMITS.depth, 'F1', 'This value is nested too deeply.')
  if (typeof value === 'string') {
    demand(value.isWellFormed(), 'F1', 'This text holds half a character.')
    return JSON.stringify(value)
  }
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    const plain = Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)
    demand(plain, 'F1', 'Numbers are whole, from 0 to 2^53 - 1.')
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join()}]`
  demand(isPlainObject(value), 'F1', 'This kind of value does not exist here.')
  const members = Object.keys(value)
    .sort()
    .map((name) => `${nameText(name)}:${write(value[name], depth + 1)}`)
  return `{${members.join()}}`
}

/** Names sort the same by bytes and by UTF-16 units because only these letters are allowed. */
function nameText(name: string): string {
  // JSON.parse makes `__proto__` an own member; assigning it elsewhere would not.
  demand(/^[a-z0-9_]+$/.test(name) && name !== '__proto__', 'F1', 'This name is not allowed.')
  return `"${name}"`
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
