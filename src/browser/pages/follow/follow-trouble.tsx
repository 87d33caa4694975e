import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { followFailureWords } from './follow-failure.ts'
import type { FollowSession, Trouble } from './follow-session.ts'

export type FollowTroubleProps = {
  readonly session: Pick<FollowSession, 'trouble'>
  /** Where it is shown: beside what failed. */
  readonly of: Trouble['of']
  readonly onRetry?: (() => void) | undefined
}

export function FollowTrouble({ session, of, onRetry }: FollowTroubleProps) {
  const trouble = session.trouble.value
  if (trouble?.of !== of) return null
  const { title, safe } = followFailureWords(trouble)
  return (
    <Notice tone="late" title={title} alert>
      <p>{trouble.failure.message}</p>
      <p>{safe}</p>
      {trouble.failure.check !== '' && <p class="faint">Check {trouble.failure.check}</p>}
      {onRetry !== undefined && (
        <div class="line">
          <Button onPress={onRetry}>Try again</Button>
        </div>
      )}
    </Notice>
  )
}
