import { useEffect, useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt } from '../../desk-state.ts'
import { LinkButton } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'

/** Stands over the queue of a desk that takes mail and cannot send any. */
export function NoRelayNotice({ me }: { readonly me: MeShown }) {
  const [missing, setMissing] = useState(false)
  useEffect(() => {
    const look = async () => {
      if (!me.coordinator) return
      const done = await attempt(ask('readMailSettings', {}))
      if (done.ok) setMissing(done.answer.from !== '' && done.answer.relay === undefined)
    }
    void look()
  }, [])
  if (!missing) return null
  return (
    <Notice tone="due" title="No mail leaves this desk.">
      <p>
        It has no mail server to send through. Receipts and notices wait, and are erased after five
        days. Whoever runs the server can give it one.
      </p>
      <div class="line">
        <LinkButton href="/desk/mail">See how mail is set</LinkButton>
      </div>
    </Notice>
  )
}
