import { DAY, HOUR, MINUTE, millisecondsOf } from '#lexicon'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Minutes matter only when the end is this near. */
const MINUTES_COUNT = 6 * HOUR

/** `Sat 28 Nov, 22:14 UTC`; with the year when it is not this one. `""` for what is no time. */
export function dayAndTime(at: string, now: number = Date.now()): string {
  const when = parts(at)
  return when === undefined ? '' : `${day(at, now)}, ${when.hour}:${when.minute} UTC`
}

/** `Sat 28 Nov` */
export function day(at: string, now: number = Date.now()): string {
  const when = parts(at)
  if (when === undefined) return ''
  const year = when.year === new Date(now).getUTCFullYear() ? '' : ` ${String(when.year)}`
  return `${when.weekday.slice(0, 3)} ${when.date} ${when.month.slice(0, 3)}${year}`
}

/** For paper: `Saturday 28 November 2026, 22:14:07 UTC` */
export function longDayAndTime(at: string): string {
  const when = parts(at)
  if (when === undefined) return ''
  const { weekday, date, month, year, hour, minute, second } = when
  return `${weekday} ${date} ${month} ${String(year)}, ${hour}:${minute}:${second} UTC`
}

/** The same moment where the reader is; it stands in a `title`, never alone. */
export function inOwnZone(at: string): string {
  const ms = millisecondsOf(at)
  if (Number.isNaN(ms)) return ''
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return `${format.format(ms)}, your time`
}

/** `5 h 20 min`, `1 d 04 h`, `3 h over`: two units at most, the largest first. */
export function timeLeft(due: string, now: number): string {
  const left = millisecondsOf(due) - now
  if (Number.isNaN(left)) return ''
  return left > 0 ? span(left) : `${span(-left, HOUR)} over`
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`, then the day. */
export function ago(at: string, now: number): string {
  const gone = now - millisecondsOf(at)
  if (Number.isNaN(gone)) return ''
  // A clock that runs ahead says nothing about the future.
  if (gone < MINUTE) return 'just now'
  if (gone >= 7 * DAY) return day(at, now)
  return `${oneUnit(gone)} ago`
}

/** `day 1 of 7`: the day of a promise on which something happened. */
export function dayOfPromise(received: string, due: string, at: string): string {
  const begin = millisecondsOf(received)
  const whole = Math.round((millisecondsOf(due) - begin) / DAY)
  const gone = Math.floor((millisecondsOf(at) - begin) / DAY) + 1
  if (Number.isNaN(whole) || Number.isNaN(gone) || whole < 1) return ''
  return gone > whole
    ? `${String(gone - whole)} d late`
    : `day ${String(Math.max(1, gone))} of ${String(whole)}`
}

/** What is left of an upload: rounded, for nobody believes a second. */
export function restWords(seconds: number): string {
  if (seconds < 5) return 'a few seconds left'
  if (seconds < 90) return `about ${String(Math.ceil(seconds / 5) * 5)} s left`
  if (seconds < 90 * 60) return `about ${String(Math.round(seconds / 60))} min left`
  return `about ${String(Math.round(seconds / 3600))} h left`
}

function span(length: number, minutesBelow: number = MINUTES_COUNT): string {
  if (length < MINUTE) return 'under 1 min'
  if (length < HOUR) return `${String(Math.floor(length / MINUTE))} min`
  const hours = Math.floor(length / HOUR)
  if (length < minutesBelow) {
    const minutes = Math.floor((length % HOUR) / MINUTE)
    return minutes === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes)} min`
  }
  if (length < DAY) return `${String(hours)} h`
  const days = Math.floor(length / DAY)
  if (days >= 7) return `${String(days)} d`
  return `${String(days)} d ${String(hours % 24).padStart(2, '0')} h`
}

function oneUnit(length: number): string {
  if (length < HOUR) return `${String(Math.floor(length / MINUTE))} min`
  if (length < DAY) return `${String(Math.floor(length / HOUR))} h`
  return `${String(Math.floor(length / DAY))} d`
}

function parts(at: string) {
  const ms = millisecondsOf(at)
  if (Number.isNaN(ms)) return undefined
  const date = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    weekday: WEEKDAYS[date.getUTCDay()] ?? '',
    date: String(date.getUTCDate()),
    month: MONTHS[date.getUTCMonth()] ?? '',
    year: date.getUTCFullYear(),
    hour: two(date.getUTCHours()),
    minute: two(date.getUTCMinutes()),
    second: two(date.getUTCSeconds()),
  }
}
