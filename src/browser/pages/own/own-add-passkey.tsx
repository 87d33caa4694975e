import { useState } from 'preact/hooks'
import type { MeShown, OwnWays } from '#worker'
import { type Act, TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { makePasskey } from '../../passkeys.ts'
import { withStepUp } from '../../step-up.tsx'
import { freeLabel } from './own-words.ts'
import { type SecondTouch, SecondTouchNotice, useSecondTouch } from '../ceremony/second-touch.tsx'

/** Makes one more passkey for a person whose keys are open. */
function useAddPasskey(me: MeShown): {
  readonly act: Act
  readonly touch: SecondTouch
  readonly add: (label: string, done: (ways: OwnWays, unlocks: boolean) => void) => void
} {
  const act = useAct()
  const touch = useSecondTouch()
  const add = (label: string, done: (ways: OwnWays, unlocks: boolean) => void) =>
    act.run('Waiting for your passkey', async () => {
      const { passkeys } = await ask('readSelf', {})
      const { nonce } = await ask('challenge', {})
      const made = await makePasskey({
        nonce,
        who: me.who,
        handle: me.handle,
        deskName: me.desk.name,
        exclude: passkeys.map(({ id }) => id),
        again: touch.again,
      })
      const { registration, prf } = made
      const name = label.trim() === '' ? made.label : label.trim()
      const taken = passkeys.map((each) => each.label)
      const given = { registration, prf, label: freeLabel(name, taken) }
      done(await withStepUp(() => ask('addPasskey', given)), prf !== undefined)
    })
  return { act, touch, add }
}

/** Offered to whoever came in without a passkey of this browser. */
export function AddPasskeyHere(props: { readonly me: MeShown; readonly onDone: () => void }) {
  const { act, touch, add } = useAddPasskey(props.me)
  const [added, setAdded] = useState<{ readonly unlocks: boolean }>()
  if (added !== undefined)
    return (
      <>
        <p class="lead" role="status">
          {added.unlocks
            ? 'From now on one touch opens the desk in this browser.'
            : 'From now on a touch says who you are here. This passkey cannot open keys: your recovery words do that, each time.'}
        </p>
        <div class="line">
          <Button kind="main" onPress={props.onDone}>
            Go to the desk
          </Button>
        </div>
      </>
    )
  return (
    <>
      <p class="lead">
        Add a passkey for this browser, and the next time one touch opens the desk.
      </p>
      <SecondTouchNotice touch={touch} />
      <TroubleNotice of={act} title="No passkey was added." />
      <div class="line">
        <Button
          kind="main"
          busy={act.busy}
          onPress={() => add('', (_, unlocks) => setAdded({ unlocks }))}
        >
          Add a passkey
        </Button>
        <Button kind="quiet" onPress={props.onDone}>
          Not now
        </Button>
      </div>
    </>
  )
}

/** The same within the list of own passkeys. */
export function AddPasskey(props: {
  readonly me: MeShown
  readonly ways: OwnWays
  readonly onAdded: (ways: OwnWays) => void
}) {
  const { act, touch, add } = useAddPasskey(props.me)
  const [label, setLabel] = useState('')
  const [added, setAdded] = useState<{ readonly unlocks: boolean; readonly count: number }>()
  const press = () =>
    add(label, (ways, unlocks) => {
      setAdded({ unlocks, count: ways.passkeys.length })
      setLabel('')
      props.onAdded(ways)
    })
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        press()
      }}
    >
      <TextField
        label="Name of a new passkey"
        hint="Only you see it, such as “Phone” or “Key on the ring”."
        optional
        value={label}
        onInput={setLabel}
        maxLength={60}
      />
      <SecondTouchNotice touch={touch} />
      <TroubleNotice of={act} title="No passkey was added." />
      {added?.count === props.ways.passkeys.length && (
        <Notice tone="accent" title="The passkey is added.">
          {added.unlocks
            ? 'One touch of it opens the desk.'
            : 'It says who you are. It cannot open keys: where you use it, your recovery words do that.'}
        </Notice>
      )}
      {touch.question === undefined && (
        <div class="line">
          <Button type="submit" busy={act.busy}>
            Add a passkey
          </Button>
        </div>
      )}
    </form>
  )
}
