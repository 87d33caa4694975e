import { useState } from 'preact/hooks'
import type { MeShown, PeopleShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { When } from '../../parts/when.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { settlePeople } from './people-state.ts'

type Recovery = PeopleShown['recoveries'][number]

/** Members who lost every passkey and asked with their recovery words. */
export function Recoveries(props: {
  readonly me: MeShown
  readonly recoveries: PeopleShown['recoveries']
}) {
  const [releasing, setReleasing] = useState<Recovery>()
  return (
    <>
      {props.recoveries.map((each) => (
        <Notice
          key={each.who.who}
          tone={each.released ? 'plain' : 'due'}
          title={`${visibleLine(each.who.name)} asks to come back with recovery words.`}
        >
          <p>
            Asked <When at={each.asked} />.{' '}
            {each.released
              ? 'It was released; it holds for 24 hours.'
              : 'They lost every passkey, or somebody found their paper.'}
          </p>
          {!each.released && props.me.coordinator && each.who.who !== props.me.who && (
            <div class="line">
              <Button onPress={() => setReleasing(each)}>Release…</Button>
            </div>
          )}
        </Notice>
      ))}
      {releasing !== undefined && (
        <ReleaseDialog recovery={releasing} onClose={() => setReleasing(undefined)} />
      )}
    </>
  )
}

function ReleaseDialog(props: { readonly recovery: Recovery; readonly onClose: () => void }) {
  const { who } = props.recovery
  const name = visibleLine(who.name)
  const act = useAct()
  const release = () =>
    act.run('Releasing', async () => {
      const people = await withStepUp(() => ask('releaseRecovery', { who: who.who }))
      settlePeople(people, `Released: ${name} can come in with their words for 24 hours.`)
      props.onClose()
    })
  return (
    <Dialog
      open
      title={`Let ${name} back in`}
      onClose={props.onClose}
      foot={
        <>
          <Button kind="main" onPress={release} busy={act.busy}>
            I spoke with them: release
          </Button>
          <Button kind="quiet" onPress={props.onClose}>
            Not now
          </Button>
        </>
      }
    >
      <p>
        Call {name} on a number that you knew before. Whoever holds the paper with their twelve
        words gets their keys with your release, and with them every case that {name} can read.
      </p>
      <p>
        If it was not {name} who asked, do not release it. Tell them to make new recovery words at
        once: the old paper is in other hands.
      </p>
      <TroubleNotice of={act} />
    </Dialog>
  )
}
