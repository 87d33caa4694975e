import { type Problem, type ProblemCode, PROBLEMS } from '#contract'
import type { DeskError } from '#desk'
import { IdentityError } from '#identity'
import type { IntakeError } from '#intake'
import type { LedgerError } from '#ledger'
import { Refused } from '#seal'
import type { ValveError } from '#valve'
import { HttpError } from './http-error.ts'

type Known =
  | `DeskError ${DeskError['code']}`
  | `IdentityError ${IdentityError['code']}`
  | `IntakeError ${IntakeError['code']}`
  | `LedgerError ${LedgerError['code']}`
  | `ValveError ${ValveError['code']}`

/** What each refusal of a room is to the outside. Everything that is not here is `internal`. */
const OF_ROOMS: Readonly<Record<Known, ProblemCode>> = {
  'DeskError conflict': 'conflict',
  'DeskError not-found': 'not-found',
  'DeskError not-open': 'not-open',
  'DeskError too-many': 'too-many',
  'DeskError not-mailable': 'not-mailable',
  'DeskError damaged': 'internal',
  'IdentityError not-open': 'not-open',
  'IdentityError already-open': 'already-open',
  'IdentityError conflict': 'conflict',
  'IdentityError read-only': 'read-only',
  'IdentityError not-found': 'not-found',
  'IdentityError too-many': 'too-many',
  'IdentityError not-fresh': 'not-fresh',
  'IdentityError must-renew': 'must-renew',
  'IdentityError wrong-passkey': 'refused',
  'IdentityError other-server': 'internal',
  'IdentityError damaged': 'internal',
  'IntakeError conflict': 'conflict',
  'IntakeError not-found': 'not-found',
  'IntakeError not-open': 'not-open',
  'IntakeError malformed': 'malformed',
  'IntakeError incomplete': 'incomplete',
  'IntakeError too-large': 'too-large',
  'IntakeError unavailable': 'unavailable',
  'IntakeError disk-full': 'disk-full',
  'LedgerError incomplete': 'incomplete',
  'LedgerError malformed': 'malformed',
  'LedgerError too-large': 'too-large',
  'LedgerError not-open': 'not-open',
  'LedgerError already-open': 'already-open',
  'LedgerError broken': 'internal',
  'ValveError conflict': 'conflict',
  'ValveError not-found': 'not-found',
  'ValveError incomplete': 'incomplete',
  'ValveError not-publishable': 'not-publishable',
  'ValveError damaged': 'internal',
}

/** The store is behind the rooms; these of its refusals come through them. */
const OF_STORE: Readonly<Record<string, ProblemCode>> = {
  'StoreError upload-unknown': 'incomplete',
  'StoreError upload-filed': 'incomplete',
  'StoreError upload-incomplete': 'incomplete',
  'StoreError piece-differs': 'conflict',
  'StoreError blob-differs': 'incomplete',
  'StoreError blob-exists': 'conflict',
  'StoreError blob-unknown': 'not-found',
  'StoreError key-exists': 'conflict',
  'StoreError key-unknown': 'not-found',
}

export type Failure = {
  readonly code: ProblemCode
  /** The check of PROTOCOL 3 that failed. */
  readonly check?: string
  readonly detail?: string
  readonly retryAfter?: number
}

const SOON = 5

/** `isAway` knows the errors of a database that cannot be reached. */
export function failureOf(error: unknown, isAway: (error: unknown) => boolean): Failure {
  if (error instanceof HttpError) {
    const { code, retryAfter } = error
    return retryAfter === undefined ? { code } : { code, retryAfter }
  }
  if (error instanceof Refused) return { code: 'refused', check: error.code, detail: error.message }
  if (error instanceof IdentityError && error.code === 'wrong-passkey')
    return { code: 'refused', check: 'passkey', detail: error.message }
  const code = codeOfRoom(error)
  const said = code === 'not-mailable' || code === 'not-publishable'
  if (said && error instanceof Error) return { code, detail: error.message }
  if (code === 'unavailable' || code === 'disk-full') return { code, retryAfter: SOON }
  if (code !== undefined) return { code }
  return isAway(error) ? { code: 'unavailable', retryAfter: SOON } : { code: 'internal' }
}

/** RFC 9457. Nothing of the request is in it: unknown and forbidden are the same bytes. */
export function problemText({ code, check, detail }: Failure): string {
  const { title, status } = PROBLEMS[code]
  const problem: Problem = {
    type: `urn:postern:problem:${code}`,
    title,
    status,
    code,
    ...(check !== undefined && { check }),
    ...(detail !== undefined && { detail }),
  }
  return JSON.stringify(problem)
}

function codeOfRoom(error: unknown): ProblemCode | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const name = `${error.name} ${String(error.code)}`
  return isKnown(name) ? OF_ROOMS[name] : OF_STORE[name]
}

function isKnown(name: string): name is Known {
  return Object.hasOwn(OF_ROOMS, name)
}
