import { DAY } from '#lexicon'

/** How many days before its end somebody is told. */
const ALARMS = [30, 14, 3] as const

/** Is an alarm due for a file that ends at this moment? The last one that was passed, in days; else `undefined`. */
export function renewalAlarm(ends: number, now: number): number | undefined {
  return ALARMS.findLast((days) => ends - now <= days * DAY)
}
