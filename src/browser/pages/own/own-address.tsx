import { useState } from 'preact/hooks'
import { looksLikeAddress, type NoticeWish } from '#lexicon'
import type { OwnWays } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { PickOne } from '../../parts/pick.tsx'
import { withStepUp } from '../../step-up.tsx'

/** Where the desk tells this member that something is due. */
export function NoticeAddress(props: {
  readonly address: string
  readonly notices: NoticeWish
  readonly onWays: (ways: OwnWays) => void
}) {
  const [typed, setTyped] = useState(props.address)
  const [wish, setWish] = useState(props.notices)
  const [error, setError] = useState<string>()
  const [saved, setSaved] = useState<{ readonly address: string; readonly wish: NoticeWish }>()
  const act = useAct()
  const save = () => {
    const address = typed.trim()
    setSaved(undefined)
    if (!looksLikeAddress(address)) {
      setError('Write one mail address, such as volunteer@example.org.')
      return
    }
    act.run('Saving', async () => {
      props.onWays(await withStepUp(() => ask('setAddress', { address, notices: wish })))
      setSaved({ address, wish })
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
        hint="A notice says that something changed, never what; none is sent while the desk has no mail server to send through. The server knows this address; no member sees it, and it is deleted when your key ends."
        value={typed}
        onInput={(text) => {
          setTyped(text)
          setError(undefined)
        }}
        error={error}
      />
      <PickOne
        legend="When something changed that you may read, and you have not looked since"
        value={wish}
        options={WISHES}
        onPick={setWish}
      />
      <TroubleNotice of={act} />
      <div class="line">
        <Button type="submit" busy={act.busy}>
          Save address and notices
        </Button>
        <span class="muted" role="status">
          {saved?.address === typed.trim() && saved.wish === wish ? 'Saved.' : ''}
        </span>
      </div>
    </form>
  )
}

const WISHES: readonly {
  readonly value: NoticeWish
  readonly label: string
  readonly hint: string
}[] = [
  { value: 'once', label: 'Tell me at once', hint: 'One mail an hour at most.' },
  {
    value: 'daily',
    label: 'Tell me once a day',
    hint: 'At 07:00 UTC. Coordinators also when a report has waited for five days.',
  },
  { value: 'mute', label: 'Tell me nothing', hint: 'You see it when you open the desk.' },
]
