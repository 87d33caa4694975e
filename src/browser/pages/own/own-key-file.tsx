import { useState } from 'preact/hooks'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { saveFile } from '../../save-file.ts'
import { withStepUp } from '../../step-up.tsx'
import { passphraseErrors } from './own-words.ts'

/** The same keys for the command line, locked with a passphrase. */
export function MakeKeyFile() {
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [errors, setErrors] = useState<ReturnType<typeof passphraseErrors>>({})
  const [saved, setSaved] = useState('')
  const act = useAct()
  const make = () => {
    const found = passphraseErrors(first, second)
    setErrors(found)
    setSaved('')
    if (found.first !== undefined || found.second !== undefined) return
    act.run('Sealing the file', async () => {
      const { name, text } = await withStepUp(() => ask('makeKeyFile', { passphrase: first }))
      saveFile(name, text)
      setFirst('')
      setSecond('')
      setSaved(name)
    })
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <h2>Key file for the command line</h2>
      <p class="prose">
        A file with your keys, locked with a passphrase. Whoever has both can do everything that you
        can, without a passkey. Nobody can reset the passphrase.
      </p>
      <TextField
        type="password"
        autocomplete="new-password"
        label="Passphrase"
        value={first}
        onInput={setFirst}
        error={errors.first}
      />
      <TextField
        type="password"
        autocomplete="new-password"
        label="The same passphrase again"
        value={second}
        onInput={setSecond}
        error={errors.second}
      />
      <TroubleNotice of={act} />
      <div class="line">
        <Button type="submit" busy={act.busy}>
          Make and save the file
        </Button>
        <span role="status">
          {saved !== '' && `Saved as ${saved}. Move it to where only you can read it.`}
        </span>
      </div>
    </form>
  )
}
