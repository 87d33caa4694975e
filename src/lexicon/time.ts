/** A moment of the protocol: `2026-11-21T22:50:43Z`, UTC, whole seconds. */
export type Time = string

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Charter: a report is acknowledged within one week. */
export const ACKNOWLEDGE_WITHIN = 7 * DAY
/** PROTOCOL 3: whoever seals needs a desk chain with a statement younger than this. */
export const DIRECTORY_FRESH = 30 * DAY
/** F7: an epoch of a case circle is not written to after this. */
export const EPOCH_FRESH = 180 * DAY
/** F9: how far an author's clock may run ahead of the ledger's. */
export const CLOCK_SLACK = 10 * MINUTE
export const INVITATION_LIVES = 72 * HOUR
/** PROTOCOL 7: a mail may lie in its mailbox over a holiday. */
export const CLAIM_LIVES = 30 * DAY

export function timeOf(milliseconds: number): Time {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

export function millisecondsOf(time: Time): number {
  return Date.parse(time)
}

/** The form *and* a day that exists: `2026-02-30` would fold differently in two readers. */
export function isTime(text: unknown): text is Time {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return false
  const at = Date.parse(text)
  return !Number.isNaN(at) && timeOf(at) === text
}
