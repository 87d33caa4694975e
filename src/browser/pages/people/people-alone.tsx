import type { MeShown } from '#worker'
import { LinkButton } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'

/** Stands over the queue until a second coordinator can open it (PROTOCOL 6). */
export function AloneNotice({ me }: { readonly me: MeShown }) {
  if (!me.coordinator || me.coordinators > 1) return null
  return (
    <Notice tone="late" title="You are the only coordinator.">
      <p>
        If your keys are lost, every report is lost with them: the server cannot open one, and
        nobody can reset you. Invite two more today.
      </p>
      <div class="line">
        <LinkButton href="/desk/people">Invite coordinators</LinkButton>
      </div>
    </Notice>
  )
}
