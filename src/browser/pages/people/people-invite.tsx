import { useState } from 'preact/hooks'
import { LIMITS } from '#lexicon'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { PickOne } from '../../parts/pick.tsx'
import { withStepUp } from '../../step-up.tsx'
import { InvitationLink, type Link, LinkSaid } from './people-link.tsx'
import { readPeopleSoon } from './people-state.ts'
import { PROJECT_ERROR, ROLE_KINDS, type RoleKind, roleOf } from './people-words.ts'

/** Which role, then the link. */
export function InviteDialog(props: { readonly onClose: () => void }) {
  const [kind, setKind] = useState<RoleKind>('coordinator')
  const [project, setProject] = useState('')
  const [note, setNote] = useState('')
  const [error, setError] = useState<string>()
  const [made, setMade] = useState<Link>()
  const act = useAct()
  const invite = () => {
    const role = roleOf(kind, project)
    setError(role === undefined ? PROJECT_ERROR : undefined)
    if (role === undefined) return
    act.run('Making a link', async () => {
      setMade(await withStepUp(() => ask('invite', { roles: [role], note: lineOf(note) })))
      readPeopleSoon()
    })
  }
  const terms = () => (
    <>
      <PickOne<RoleKind> legend="As what?" value={kind} options={ROLE_KINDS} onPick={setKind} />
      {kind === 'maintainer' && (
        <TextField
          label="Project"
          hint="Its short name, such as example-lib."
          value={project}
          onInput={(text) => {
            setProject(text)
            setError(undefined)
          }}
          error={error}
          spellcheck={false}
        />
      )}
      <TextField
        label="For whom"
        optional
        hint="A note for the coordinators, sealed with the code. Whoever is invited does not see it."
        value={note}
        onInput={setNote}
        maxLength={LIMITS.invitationNote}
      />
      <TroubleNotice of={act} />
    </>
  )
  const ready = made !== undefined
  return (
    <Dialog
      open
      title={ready ? 'The invitation is ready' : 'Invite somebody'}
      onClose={props.onClose}
      foot={
        ready ? (
          <Button kind="quiet" onPress={props.onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button kind="main" onPress={invite} busy={act.busy}>
              Make the invitation
            </Button>
            <Button kind="quiet" onPress={props.onClose}>
              Cancel
            </Button>
          </>
        )
      }
    >
      <LinkSaid links={ready ? 1 : 0} />
      {ready ? <InvitationLink {...made} /> : terms()}
    </Dialog>
  )
}

/** What was pasted may hold a tab; a note is one line. */
function lineOf(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim()
}

/** The link of an open invitation once more, or a new one in its place. */
export function LinkDialog(props: {
  readonly title: string
  readonly link: Link
  readonly onClose: () => void
}) {
  return (
    <Dialog
      open
      title={props.title}
      onClose={props.onClose}
      foot={
        <Button kind="quiet" onPress={props.onClose}>
          Done
        </Button>
      }
    >
      <InvitationLink {...props.link} />
    </Dialog>
  )
}
