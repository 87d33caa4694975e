import type { Act } from '../../act.tsx'
import { Notice } from '../../parts/notice.tsx'

/** The desk gives one answer for every invitation that does not work (R16), so the page cannot say which it was. */
export function isDead({ trouble }: Act): boolean {
  return trouble?.kind === 'failure' && trouble.failure.code === 'not-found'
}

/** Nothing but a new invitation helps. */
export function DeadInvitation(props: { readonly passkeyMade: boolean }) {
  return (
    <Notice tone="late" title="This invitation does not work." alert>
      <p>
        It was used, taken back, is older than 72 hours, or belongs to another desk. Ask the
        coordinator for a new one
        {props.passkeyMade && ', and delete the passkey that you made just now: it opens nothing'}.
      </p>
    </Notice>
  )
}
