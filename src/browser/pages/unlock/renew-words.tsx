import { useEffect, useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask, Failed } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { KeepWords } from '../ceremony/keep-words.tsx'
import { useLeaveWarning } from '../ceremony/leave-warning.ts'
import { standAtDoor } from '../desk/desk-lock.ts'
import { RecoveryRules } from '../setup/setup-words.tsx'

/**
 * Words that opened keys by themselves were typed into a page and lie on a paper that may have been found:
 * whoever came by them makes others before anything else. There is no way around this task.
 */
export function RenewWords(props: {
  /** The words that opened. */
  readonly used: string
  readonly me: MeShown
  readonly onDone: (me: MeShown) => void
  /** The keys were put away meanwhile. */
  readonly onLocked: () => void
}) {
  const [words, setWords] = useState<string>()
  const act = useAct()
  useLeaveWarning(true)
  useEffect(() => standAtDoor(props.onLocked), [])
  const make = () =>
    act.run('Making words', async () => {
      setWords((await ask('newRecovery', {})).words)
    })
  useEffect(make, [])
  const keep = () =>
    act.run('Sealing your keys', async () => {
      props.onDone(await keepNewWords(props.used, props.me))
    })
  if (words === undefined)
    return (
      <>
        <Waiting label="Making new recovery words" />
        <TroubleNotice of={act} />
        {act.trouble !== undefined && (
          <div class="line">
            <Button kind="main" onPress={make}>
              Try again
            </Button>
          </div>
        )}
      </>
    )
  return (
    <>
      <KeepWords
        title="Your new recovery words"
        lead="The old ones opened your keys, so they must not do it again. Write these down first; then you go on."
        label="Your new recovery words"
        words={words}
        goOn="Use these from now on"
        onKept={keep}
      >
        <RecoveryRules />
      </KeepWords>
      {act.busy !== undefined && <Waiting label={act.busy} />}
      <TroubleNotice of={act} />
    </>
  )
}

/**
 * Writing takes longer than a login stays fresh, or than a session lasts, and there is no passkey to touch
 * yet: then the old words prove once more who is here. What stands on the paper by then must count.
 */
async function keepNewWords(used: string, me: MeShown): Promise<MeShown> {
  try {
    await ask('keepRecovery', {})
    return me
  } catch (error) {
    const late = error instanceof Failed && ['not-fresh', 'locked'].includes(error.failure.code)
    if (!late) throw error
    const again = await ask('askRecovery', { words: used })
    if (again.me === undefined) throw error
    await ask('keepRecovery', {})
    return again.me
  }
}
