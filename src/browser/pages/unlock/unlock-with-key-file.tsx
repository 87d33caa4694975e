import { useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Field, TextField } from '../../parts/field.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** A vault is 32 KiB at most; anything larger is some other file. */
const LARGEST = 256 * 1024

/** The file of the command line. It is read in this page and goes to the worker, never to the desk. */
export function UnlockWithKeyFile(props: {
  readonly onOpen: (me: MeShown) => void
  readonly onBack: () => void
}) {
  const [file, setFile] = useState<File>()
  const [passphrase, setPassphrase] = useState('')
  const [pressed, setPressed] = useState(false)
  const act = useAct()
  const wrong = fileError(file)
  const unlock = () => {
    setPressed(true)
    if (file === undefined || wrong !== undefined || passphrase === '') return
    act.run('Opening your keys', async () => {
      const me = await ask('unlockWithKeyFile', { text: await file.text(), passphrase })
      setPassphrase('')
      props.onOpen(me)
    })
  }
  return (
    <form
      class="stack-5 form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        unlock()
      }}
    >
      <TaskTitle title="Key file and passphrase">
        The file that the command line wrote for you. It stays on this machine.
      </TaskTitle>
      <Field label="Key file" error={pressed ? wrong : undefined}>
        {({ id, described, invalid }) => (
          <input
            class="input"
            type="file"
            id={id}
            aria-describedby={described}
            aria-invalid={invalid}
            onChange={(event) => setFile(event.currentTarget.files?.[0])}
          />
        )}
      </Field>
      <TextField
        label="Passphrase"
        type="password"
        autocomplete="off"
        value={passphrase}
        onInput={setPassphrase}
        error={pressed && passphrase === '' ? 'Type the passphrase of this key file.' : undefined}
      />
      <TroubleNotice of={act} />
      <div class="line">
        <Button kind="main" type="submit" busy={act.busy}>
          Open the desk
        </Button>
        <Button kind="quiet" onPress={props.onBack}>
          Back
        </Button>
      </div>
      <p class="muted">Opening takes a second or two: the passphrase is made slow to guess.</p>
    </form>
  )
}

function fileError(file: File | undefined): string | undefined {
  if (file === undefined) return 'Choose the key file.'
  if (file.size > LARGEST) return 'This is no key file: it is too large.'
  return undefined
}
