import { useEffect, useRef, useState } from 'preact/hooks'
import { countWords, partOfSize } from '../size-words.ts'
import { restWords } from '../time-words.ts'

export type ProgressBarProps = {
  readonly done: number
  readonly total: number
  readonly label: string
  readonly unit?: 'bytes' | 'count' | undefined
}

/** Both numbers, and the rest of the time once it can be known. */
export function ProgressBar({ done, total, label, unit = 'bytes' }: ProgressBarProps) {
  const rest = useRestOfTime(done, total)
  const numbers =
    unit === 'bytes' ? partOfSize(done, total) : `${countWords(done)} of ${countWords(total)}`
  return (
    <div class="progress">
      <span>{label}</span>
      <small>
        {numbers}
        {rest !== '' && `, ${rest}`}
      </small>
      <progress value={Math.min(done, total)} max={Math.max(total, 1)} aria-label={label} />
    </div>
  )
}

/** `about 20 s left`, from the pace since the first look. Nothing in the first two seconds. */
export function useRestOfTime(done: number, total: number): string {
  const first = useRef<{ readonly at: number; readonly done: number } | undefined>(undefined)
  const now = performance.now()
  if (first.current === undefined || done < first.current.done) first.current = { at: now, done }
  const seconds = (now - first.current.at) / 1000
  const moved = done - first.current.done
  if (seconds < 2 || moved <= 0 || done >= total) return ''
  return restWords(((total - done) * seconds) / moved)
}

/** What is waited for, once it takes longer than a second. Nothing turns or blinks. */
export function Waiting({ label }: { readonly label: string }) {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setLong(true)
    }, 1000)
    return () => {
      clearTimeout(timer)
    }
  }, [])
  return (
    <p class="waiting" role="status">
      {long ? label : ''}
    </p>
  )
}
