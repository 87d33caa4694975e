import type { MemberShown, MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { outcomeWords, waitsSentence } from './people-outcome.ts'
import { settlePeople } from './people-state.ts'
import { isCoordinator, revokeConsequences } from './people-words.ts'

export function RevokeDialog(props: {
  readonly me: MeShown
  readonly member: MemberShown
  readonly onClose: () => void
}) {
  const { member, me } = props
  const name = visibleLine(member.name)
  const act = useAct()
  const mine = member.who === me.who
  const revoke = () =>
    act.run('Ending the key and making new ones', async () => {
      const { people, ...came } = await withStepUp(() => ask('revoke', { who: member.who }))
      const title = came.waits
        ? waitsSentence(`The end of ${name}’s key`)
        : `The key of ${name} has ended.`
      settlePeople(people, outcomeWords(title, came))
      props.onClose()
    })
  if (mine && isCoordinator(member))
    return (
      <Dialog
        open
        title="Another coordinator must end your key"
        onClose={props.onClose}
        foot={
          <Button kind="quiet" onPress={props.onClose}>
            Close
          </Button>
        }
      >
        <p>
          When a coordinator leaves, the desk gets new keys in the same step, and somebody who stays
          must make them. Ask another coordinator to end your key here.
        </p>
      </Dialog>
    )
  return (
    <Dialog
      open
      title={mine ? 'End your own key' : `End the key of ${name}`}
      onClose={props.onClose}
      foot={
        <>
          <Button kind="grave" onPress={revoke} busy={act.busy}>
            {mine ? 'End my key' : 'Sign the end of this key'}
          </Button>
          <Button kind="quiet" onPress={props.onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <ul>
        {revokeConsequences(member, me).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <TroubleNotice of={act} />
    </Dialog>
  )
}
