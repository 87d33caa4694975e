import type { Failure } from '#worker'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'

export type ReadFailureProps = {
  /** What was to be shown: `The queue`. */
  readonly what: string
  readonly failure: Failure
  readonly onRetry?: (() => void) | undefined
}

/** Something was not read. Nothing was sent, so nothing is said about sending. */
export function ReadFailure({ what, failure, onRetry }: ReadFailureProps) {
  const { title, safe, retry } = wordsOf(what, failure)
  return (
    <Notice tone={failure.code === 'not-found' ? 'plain' : 'late'} title={title} alert>
      {failure.message !== '' && <p>{failure.message}</p>}
      {safe !== '' && <p>{safe}</p>}
      {failure.check !== '' && <p class="faint">Check {failure.check}</p>}
      {onRetry !== undefined && retry && (
        <div class="line">
          <Button onPress={onRetry}>Try again</Button>
        </div>
      )}
    </Notice>
  )
}

function wordsOf(what: string, { code }: Failure): { title: string; safe: string; retry: boolean } {
  switch (code) {
    case 'refused':
      return {
        title: `${what} is not shown: a check failed.`,
        safe: 'What did not pass is never shown. Tell another coordinator what stands here.',
        retry: true,
      }
    case 'not-found':
      return { title: `${what} is not here.`, safe: '', retry: false }
    case 'unreachable':
    case 'unavailable':
      return {
        title: `${what} was not read: the server did not answer.`,
        safe: 'Nothing is lost. Look at your network, then try again.',
        retry: true,
      }
    default:
      return { title: `${what} was not read.`, safe: '', retry: true }
  }
}
