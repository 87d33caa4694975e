import { useEffect, useState } from 'preact/hooks'
import type { OwnWays } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt } from '../../desk-state.ts'
import { LinkButton } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'

/**
 * Stands over the queue where somebody used this person's recovery words: whoever reads it may be the only
 * one who knows that it was not them.
 */
export function PaperNotice() {
  const [ways, setWays] = useState<OwnWays>()
  useEffect(() => {
    const look = async () => {
      const done = await attempt(ask('readSelf', {}))
      if (done.ok) setWays(done.answer)
    }
    void look()
  }, [])
  if (ways === undefined || (ways.request === undefined && !ways.renew)) return null
  return (
    <Notice tone="late" title="Somebody used your recovery words.">
      <p>
        {ways.request === undefined
          ? 'They gave your keys out, or were asked for. Make new words, so that the old paper opens nothing.'
          : 'A request for your keys is running. If it was not you, somebody has read your paper: end it now.'}
      </p>
      <div class="line">
        <LinkButton href="/desk/own">Open keys and sessions</LinkButton>
      </div>
    </Notice>
  )
}
