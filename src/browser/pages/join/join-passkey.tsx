import { type Act, TroubleNotice } from '../../act.tsx'
import { Button } from '../../parts/button.tsx'
import { type SecondTouch, SecondTouchNotice } from '../ceremony/second-touch.tsx'
import { PasskeyFacts } from '../setup/setup-passkey.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'
import { DeadInvitation, isDead } from './join-dead.tsx'

/** One touch makes the passkey and uses the invitation up. */
export function JoinPasskey(props: {
  readonly act: Act
  readonly touch: SecondTouch
  readonly made: boolean
  readonly onAnswer: () => void
}) {
  const { act, touch, made } = props
  const used = isDead(act)
  return (
    <>
      <TaskTitle title="Make your passkey and answer">
        Your phone, this laptop or a security key. It asks for its PIN, your finger or your face,
        and later one touch opens the desk.
      </TaskTitle>
      <PasskeyFacts />
      <SecondTouchNotice touch={touch} />
      {used ? <DeadInvitation passkeyMade /> : <TroubleNotice of={act} />}
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
