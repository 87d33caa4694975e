import { signal } from '@preact/signals'
import { render } from 'preact'
import { TroubleNotice, useAct } from './act.tsx'
import { ask, Failed } from './ask-worker.ts'
import { Button } from './parts/button.tsx'
import { Dialog } from './parts/dialog.tsx'
import { usePasskey } from './passkeys.ts'

/**
 * Does an act that changes people, keys or who holds a copy. Where the desk wants a fresh proof (R20),
 * the person is asked to touch their passkey, and the act goes on by itself. Whoever does not confirm
 * gets a `Failed` not-fresh that says that nothing changed.
 */
export async function withStepUp<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Failed) || error.failure.code !== 'not-fresh') throw error
    await confirmation()
    return act()
  }
}

function StepUpDialog() {
  const question = asked.value
  const act = useAct()
  const confirm = () =>
    act.run('Waiting for your passkey', async () => {
      const { passkeys } = await ask('readSelf', {})
      const { nonce } = await ask('challenge', {})
      // Only those that count already: a passkey that is being added just now proves nothing.
      const { assertion } = await usePasskey({ nonce, only: passkeys.map(({ id }) => id) })
      await ask('stepUp', { assertion })
      asked.value = undefined
      question?.go()
    })
  const later = () => {
    act.clear()
    asked.value = undefined
    question?.stop()
  }
  return (
    <Dialog
      open={question !== undefined}
      title="Confirm with your passkey"
      onClose={later}
      foot={
        <>
          <Button kind="main" onPress={confirm} busy={act.busy}>
            Confirm
          </Button>
          <Button kind="quiet" onPress={later}>
            Not now
          </Button>
        </>
      }
    >
      <p>
        This changes people, keys or who holds a copy, or it sends a mail that nobody asked for. So
        the desk asks for your passkey once more; it counts for five minutes. Then it goes on by
        itself.
      </p>
      <p class="muted">
        No passkey in this browser? Lock the desk and come back with your key file: that counts as
        well.
      </p>
      <TroubleNotice of={act} />
    </Dialog>
  )
}

type Question = { readonly go: () => void; readonly stop: () => void }

const asked = signal<Question>()
/** Acts that ran into the same question wait for the same touch. */
let waiting: Promise<void> | undefined

function confirmation(): Promise<void> {
  makePlace()
  waiting ??= new Promise<void>((resolve, reject) => {
    asked.value = { go: resolve, stop: () => reject(new Failed(NOT_CONFIRMED)) }
  }).finally(() => {
    waiting = undefined
  })
  return waiting
}

let place: HTMLElement | undefined

/** The question has a place of its own in the page, so that every page may call `withStepUp`. */
function makePlace(): void {
  if (place !== undefined) return
  place = document.createElement('div')
  document.body.append(place)
  render(<StepUpDialog />, place)
}

const NOT_CONFIRMED = {
  code: 'not-fresh',
  message: 'You did not confirm with your passkey, so nothing was changed.',
  check: '',
  evidence: [],
} as const
