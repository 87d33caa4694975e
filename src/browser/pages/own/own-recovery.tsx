import { useState } from 'preact/hooks'
import type { OwnWays } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { When } from '../../parts/when.tsx'
import { withStepUp } from '../../step-up.tsx'
import { KeepWords } from '../ceremony/keep-words.tsx'
import { useLeaveWarning } from '../ceremony/leave-warning.ts'
import { RecoveryRules } from '../setup/setup-words.tsx'

/** New words count only after they were read back; until then the old ones do. */
export function OwnRecovery(props: {
  readonly ways: OwnWays
  readonly onWays: (ways: OwnWays) => void
}) {
  const { ways } = props
  const [words, setWords] = useState<string>()
  const [kept, setKept] = useState(false)
  const act = useAct()
  useLeaveWarning(words !== undefined)
  const withdraw = () =>
    act.run('Ending the request', async () => {
      setKept(false)
      props.onWays(await withStepUp(() => ask('withdrawRecovery', {})))
    })
  const make = () =>
    act.run('Making words', async () => {
      setKept(false)
      setWords((await ask('newRecovery', {})).words)
    })
  const keep = () =>
    act.run('Sealing your keys', async () => {
      props.onWays(await withStepUp(() => ask('keepRecovery', {})))
      setWords(undefined)
      setKept(true)
    })
  if (words !== undefined)
    return (
      <section class="stack-5">
        <KeepWords
          level={2}
          title="Write your new recovery words down"
          lead={
            ways.recovery
              ? 'The old ones count until you have typed these back.'
              : 'They count once you have typed them back.'
          }
          label="Your new recovery words"
          words={words}
          goOn="Use these from now on"
          onKept={keep}
          onBack={() => setWords(undefined)}
        >
          <RecoveryRules />
        </KeepWords>
        <TroubleNotice of={act} />
      </section>
    )
  return (
    <section class="stack">
      <h2>Recovery words</h2>
      <p class="prose">
        {ways.recovery
          ? 'Twelve words on your paper open your keys where a passkey cannot. Nobody can show them again.'
          : 'You have none. Twelve words on paper open your keys where a passkey cannot.'}
      </p>
      {kept && (
        <p role="status">
          <b>Your new recovery words count from now on.</b> Destroy the paper with the old ones.
        </p>
      )}
      {ways.request !== undefined && (
        <Notice tone="late" title="Somebody asked for your keys with your recovery words.">
          <p>
            Asked <When at={ways.request.asked} />.{' '}
            {ways.request.released ? 'A coordinator released it. ' : ''}If it was not you, somebody
            has read your paper: end the request, and make new words.
          </p>
          <div class="line">
            <Button onPress={withdraw} busy={act.busy}>
              End the request
            </Button>
          </div>
        </Notice>
      )}
      {ways.renew && (
        <Notice tone="late" title="Make new recovery words now.">
          <p>
            Somebody asked for your keys with the ones you have. Until you make others, no passkey
            can be added.
          </p>
        </Notice>
      )}
      <TroubleNotice of={act} />
      <div class="line">
        <Button kind={ways.renew ? 'main' : undefined} onPress={make} busy={act.busy}>
          {ways.recovery ? 'Make new recovery words' : 'Make recovery words'}
        </Button>
      </div>
    </section>
  )
}
