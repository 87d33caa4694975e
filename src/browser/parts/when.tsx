import { dayAndTime, inOwnZone, longDayAndTime } from '../time-words.ts'

export type WhenProps = { readonly at: string; readonly long?: boolean | undefined }

/** UTC in the text, the reader's own zone in the title. */
export function When({ at, long = false }: WhenProps) {
  return (
    <time dateTime={at} title={inOwnZone(at)}>
      {long ? longDayAndTime(at) : dayAndTime(at)}
    </time>
  )
}
