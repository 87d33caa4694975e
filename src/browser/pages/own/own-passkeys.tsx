import { useState } from 'preact/hooks'
import type { MeShown, OwnWays } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { When } from '../../parts/when.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { AddPasskey } from './own-add-passkey.tsx'
import { passkeyDoes, passkeyPlace, removalWords } from './own-words.ts'

type Passkey = OwnWays['passkeys'][number]

export function OwnPasskeys(props: {
  readonly me: MeShown
  readonly ways: OwnWays
  readonly onWays: (ways: OwnWays) => void
}) {
  const { me, ways, onWays } = props
  const [leaving, setLeaving] = useState<Passkey>()
  return (
    <section class="stack">
      <h2>Passkeys</h2>
      {ways.passkeys.length === 0 ? (
        <p>None yet. With one, a touch opens the desk in this browser.</p>
      ) : (
        <div class="table-wrap">
          <table class="fold">
            <thead>
              <tr>
                <th>Name</th>
                <th>One touch</th>
                <th>Kept</th>
                <th>Added</th>
                <th>Last used</th>
                <th>
                  <span class="sr">What you can do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {ways.passkeys.map((passkey) => (
                <tr key={passkey.id}>
                  <th scope="row">{visibleLine(passkey.label)}</th>
                  <td data-l="One touch:">{passkeyDoes(passkey)}</td>
                  <td data-l="Kept:">{passkeyPlace(passkey)}</td>
                  <td data-l="Added:">
                    <When at={passkey.added} />
                  </td>
                  <td data-l="Last used:">
                    {passkey.used === '' ? 'never' : <When at={passkey.used} />}
                  </td>
                  <td class="num">
                    <Button kind="link" onPress={() => setLeaving(passkey)}>
                      Remove…<span class="sr"> {visibleLine(passkey.label)}</span>
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <AddPasskey me={me} ways={ways} onAdded={onWays} />
      <div>
        <RemovePasskey
          ways={ways}
          passkey={leaving}
          onClose={() => setLeaving(undefined)}
          onWays={onWays}
        />
      </div>
    </section>
  )
}

function RemovePasskey(props: {
  readonly ways: OwnWays
  readonly passkey: Passkey | undefined
  readonly onClose: () => void
  readonly onWays: (ways: OwnWays) => void
}) {
  const { ways, passkey } = props
  const act = useAct()
  const close = () => {
    act.clear()
    props.onClose()
  }
  const remove = ({ id }: Passkey) =>
    act.run('Removing', async () => {
      props.onWays(await withStepUp(() => ask('removePasskey', { id })))
      close()
    })
  if (passkey === undefined) return <Dialog open={false} title="" onClose={close} />
  const { allowed, says } = removalWords(ways, passkey.id)
  return (
    <Dialog
      open
      title={`Remove ${visibleLine(passkey.label)}`}
      onClose={close}
      foot={
        <>
          {allowed && (
            <Button kind="grave" busy={act.busy} onPress={() => remove(passkey)}>
              Remove the passkey
            </Button>
          )}
          <Button kind="quiet" onPress={close}>
            {allowed ? 'Keep it' : 'Close'}
          </Button>
        </>
      }
    >
      <p>{says}</p>
      {allowed && (
        <p class="muted">
          The desk forgets it. On the device itself it stays in the list until you delete it there.
          Your other sessions end as well.
        </p>
      )}
      <TroubleNotice of={act} />
    </Dialog>
  )
}
