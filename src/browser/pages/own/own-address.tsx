import { useState } from 'preact/hooks'
import type { OwnWays } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { withStepUp } from '../../step-up.tsx'

/** Where the desk tells this member that something is due. */
export function NoticeAddress(props: {
  readonly address: string
  readonly onWays: (ways: OwnWays) => void
}) {
  const [typed, setTyped] = useState(props.address)
  const [error, setError] = useState<string>()
  const [saved, setSaved] = useState<string>()
  const act = useAct()
  const save = () => {
    const address = typed.trim()
    setSaved(undefined)
    if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
      setError('Write one mail address, such as volunteer@example.org.')
      return
    }
    act.run('Saving', async () => {
      props.onWays(await withStepUp(() => ask('setAddress', { address })))
      setSaved(address)
    })
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <h2>Notices</h2>
      <TextField
        type="email"
        autocomplete="email"
        label="Mail address for notices"
        hint="Once this desk sends mail, a notice says that something waits, never what. Until then nothing is sent. The server knows this address; no member sees it, and it is deleted when your key ends."
        value={typed}
        onInput={(text) => {
          setTyped(text)
          setError(undefined)
        }}
        error={error}
      />
      <TroubleNotice of={act} />
      <div class="line">
        <Button type="submit" busy={act.busy}>
          Save the address
        </Button>
        <span class="muted" role="status">
          {saved === typed.trim() ? 'Saved.' : ''}
        </span>
      </div>
    </form>
  )
}
