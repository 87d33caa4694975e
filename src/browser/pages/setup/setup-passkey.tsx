import { type Act, TroubleNotice } from '../../act.tsx'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { type SecondTouch, SecondTouchNotice } from '../ceremony/second-touch.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** The last act: one touch, and the desk is open. */
export function PasskeyStep(props: {
  readonly act: Act
  readonly touch: SecondTouch
  /** A passkey of an earlier try waits to be sent again. */
  readonly made: boolean
  readonly onOpen: () => void
}) {
  const { act, touch, made } = props
  return (
    <>
      <TaskTitle title="Make your passkey and open the desk">
        Your phone, this laptop or a security key. It asks for its PIN, your finger or your face,
        and from then on one touch opens the desk.
      </TaskTitle>
      <PasskeyFacts />
      <SecondTouchNotice touch={touch} />
      <TroubleNotice of={act} />
      {act.trouble !== undefined && (
        <p class="muted">
          Your words and keys are still in this page.{' '}
          {made && 'Your passkey as well: no new touch is needed. '}
          Try again, and leave this page open.
        </p>
      )}
      {touch.question === undefined && (
        <div class="line">
          <Button kind="main" onPress={props.onOpen} busy={act.busy}>
            {made ? 'Send it again' : 'Make my passkey and open the desk'}
          </Button>
        </div>
      )}
    </>
  )
}

/** What one should know of passkeys before making one here. */
export function PasskeyFacts() {
  return (
    <Notice title="If your passkey cannot open keys by itself">
      <p>
        Some browsers and older security keys can only say who you are. Then you touch the passkey
        to come in, and type your recovery words to open your keys, each time. It works; a second
        passkey on another device is the better way.
      </p>
    </Notice>
  )
}
