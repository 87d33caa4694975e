import * as z from 'zod/mini'

/**
 * Every failure that a request can meet: its status and the sentence a person reads. The same sentence
 * for unknown and forbidden (R16, R23); nothing internal, ever (R11).
 */
export const PROBLEMS = {
  malformed: { status: 400, title: 'This request is not in the form that the desk expects.' },
  'not-logged-in': { status: 401, title: 'Log in first: this session is unknown or has ended.' },
  'not-fresh': {
    status: 403,
    title: 'Confirm with your passkey first: this changes people, keys or who holds a copy.',
  },
  'must-renew': {
    status: 403,
    title: 'Make new recovery words first: somebody asked for your keys with the ones you have.',
  },
  'wrong-origin': {
    status: 403,
    title: 'This request comes from another address than the desk’s.',
  },
  'not-found': { status: 404, title: 'There is nothing here, or it is not for you.' },
  'wrong-method': { status: 405, title: 'This address does not answer to this method.' },
  conflict: { status: 409, title: 'Somebody was faster: read the newest state and try again.' },
  'not-open': { status: 409, title: 'This desk is not set up yet.' },
  'already-open': { status: 409, title: 'This desk is set up already.' },
  'too-large': { status: 413, title: 'This is larger than the desk takes.' },
  'wrong-type': { status: 415, title: 'The desk does not take this type of content here.' },
  refused: { status: 422, title: 'A check failed, so the desk did not take this statement.' },
  incomplete: { status: 422, title: 'Something that this statement names did not arrive.' },
  'not-mailable': { status: 422, title: 'The desk did not send this by mail.' },
  'not-publishable': { status: 422, title: 'The desk does not publish this document.' },
  'too-many': { status: 429, title: 'Too many requests: wait a little and try again.' },
  internal: {
    status: 500,
    title: 'The desk made a mistake. Nothing of yours was lost; try again.',
  },
  'read-only': { status: 503, title: 'This desk was restored and waits for its coordinators.' },
  unavailable: { status: 503, title: 'The desk cannot store anything just now. Try again soon.' },
  'disk-full': {
    status: 507,
    title: 'The desk has no room just now. Keep your text and try later.',
  },
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** RFC 9457. `check` names the check of PROTOCOL 3 where one failed. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    check: z.optional(z.string()),
    detail: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: 'Problem' })

export type Problem = z.infer<typeof problem>
