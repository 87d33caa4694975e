import { DAY, HOUR, millisecondsOf } from '#lexicon'
import { dayAndTime, dayOfPromise, timeLeft } from '../time-words.ts'

const TICKS = 7
const WIDTH = 52
const GAP = 1.6

export type DueClockProps = {
  /** `""` where none is owed. */
  readonly due: string
  readonly received: string
  readonly now: number
  readonly answered?: boolean | undefined
  /** When it was answered: then the clock says on which day. */
  readonly acknowledged?: string | undefined
}

/** The promise of seven days: words first, then seven ticks that repeat them. */
export function DueClock({
  due,
  received,
  now,
  answered = false,
  acknowledged = '',
}: DueClockProps) {
  if (answered || acknowledged !== '') return <KeptClock {...{ due, received, acknowledged }} />
  const words = timeLeft(due, now)
  if (words === '') return <span class="clock none">no clock</span>
  const left = millisecondsOf(due) - now
  const tone = left <= HOUR ? ' late' : left <= DAY ? ' due' : ''
  return (
    <span class={`clock${tone}`} title={`due ${dayAndTime(due, now)}`}>
      {words}
      <Ticks gone={goneOf(received, due, now)} />
    </span>
  )
}

function KeptClock(props: {
  readonly due: string
  readonly received: string
  readonly acknowledged: string
}) {
  const { received, acknowledged } = props
  const end = props.due === '' ? weekAfter(received) : props.due
  const words = acknowledged === '' ? '' : dayOfPromise(received, end, acknowledged)
  if (words === '') return <span class="clock kept">answered</span>
  return (
    <span class="clock kept" title={`acknowledged ${dayAndTime(acknowledged)}`}>
      {words}
      <Ticks gone={goneOf(received, end, millisecondsOf(acknowledged))} stopped />
    </span>
  )
}

function Ticks({ gone, stopped = false }: { readonly gone: number; readonly stopped?: boolean }) {
  const running = Math.min(TICKS, Math.max(0, Math.floor(gone * TICKS)))
  const width = (WIDTH - GAP * (TICKS - 1)) / TICKS
  const classOf = (n: number) => {
    if (n < running) return 'on'
    if (n === running) return stopped ? 'on' : 'now'
    return undefined
  }
  return (
    <svg class="ticks" viewBox={`0 0 ${String(WIDTH)} 7`} aria-hidden="true">
      {Array.from({ length: TICKS }, (_, n) => (
        <rect
          key={n}
          x={(n * (width + GAP)).toFixed(2)}
          width={width.toFixed(2)}
          height="7"
          rx="1"
          class={classOf(n)}
        />
      ))}
    </svg>
  )
}

function goneOf(received: string, due: string, now: number): number {
  const begin = millisecondsOf(received)
  const whole = millisecondsOf(due) - begin
  return whole > 0 ? (now - begin) / whole : 1
}

function weekAfter(received: string): string {
  const begin = millisecondsOf(received)
  return Number.isNaN(begin) ? '' : new Date(begin + TICKS * DAY).toISOString()
}
