import { type Act, TroubleNotice } from '../../act.tsx'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { type SecondTouch, SecondTouchNotice } from '../ceremony/second-touch.tsx'
import { PasskeyFacts } from '../setup/setup-passkey.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** One touch makes the passkey and uses the invitation up. */
export function JoinPasskey(props: {
  readonly act: Act
  readonly touch: SecondTouch
  readonly made: boolean
  readonly onAnswer: () => void
}) {
  const { act, touch, made } = props
  const used = act.trouble?.kind === 'failure' && act.trouble.failure.code === 'not-found'
  return (
    <>
      <TaskTitle title="Make your passkey and answer">
        Your phone, this laptop or a security key. It asks for its PIN, your finger or your face,
        and later one touch opens the desk.
      </TaskTitle>
      <PasskeyFacts />
      <SecondTouchNotice touch={touch} />
      {used ? (
        <Notice tone="late" title="This invitation does not work any more." alert>
          <p>
            It was used, taken back, or is older than 72 hours. Ask the coordinator for a new one,
            and delete the passkey that you made just now: it opens nothing.
          </p>
        </Notice>
      ) : (
        <TroubleNotice of={act} />
      )}
      {act.trouble !== undefined && !used && (
        <p class="muted">
          Your keys and words are still in this page.{' '}
          {made && 'Your passkey as well: no new touch is needed. '}
          Try again, and leave this page open.
        </p>
      )}
      {touch.question === undefined && !used && (
        <div class="line">
          <Button kind="main" onPress={props.onAnswer} busy={act.busy}>
            {made ? 'Send it again' : 'Make my passkey and answer'}
          </Button>
        </div>
      )}
    </>
  )
}
