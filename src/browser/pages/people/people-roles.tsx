import { useState } from 'preact/hooks'
import type { MemberShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Check } from '../../parts/pick.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { outcomeWords, waitsSentence } from './people-outcome.ts'
import { settlePeople } from './people-state.ts'
import { PROJECT_ERROR, projectsOf, ROLE_KINDS, rolesWords, rolesWith } from './people-words.ts'

export function RolesDialog(props: { readonly member: MemberShown; readonly onClose: () => void }) {
  const { member } = props
  const [plain, setPlain] = useState<readonly string[]>(
    member.roles.filter((role) => !role.startsWith('maintainer:')),
  )
  const [projects, setProjects] = useState(projectsOf(member.roles).join(', '))
  const [error, setError] = useState<string>()
  const act = useAct()
  const change = () => {
    const roles = rolesWith(plain, projects)
    setError(roles === undefined ? PROJECT_ERROR : undefined)
    if (roles === undefined) return
    act.run('Signing', async () => {
      const { people, ...came } = await withStepUp(() =>
        ask('changeRoles', { who: member.who, roles }),
      )
      const name = visibleLine(member.name)
      const title = came.waits
        ? waitsSentence(`The change for ${name}`)
        : `${name} is ${rolesWords(roles)} now.`
      settlePeople(people, outcomeWords(title, came))
      props.onClose()
    })
  }
  return (
    <Dialog
      open
      title={`Roles of ${visibleLine(member.name)}`}
      onClose={props.onClose}
      foot={
        <>
          <Button kind="main" onPress={change} busy={act.busy}>
            Sign the change
          </Button>
          <Button kind="quiet" onPress={props.onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <fieldset>
        <legend class="sr">Roles</legend>
        {ROLE_KINDS.filter(({ value }) => value !== 'maintainer').map(({ value, label, hint }) => (
          <Check
            key={value}
            label={label}
            hint={hint}
            checked={plain.includes(value)}
            onCheck={(on) =>
              setPlain((now) => (on ? [...now, value] : now.filter((each) => each !== value)))
            }
          />
        ))}
      </fieldset>
      <TextField
        label="Maintainer of"
        hint="Short names of projects, with commas between them."
        optional
        value={projects}
        onInput={(text) => {
          setProjects(text)
          setError(undefined)
        }}
        error={error}
        spellcheck={false}
      />
      <p class="muted">
        Roles of coordinators, board and data stewards change only with a second person or the root.
        The change is signed and stands in the public record.
      </p>
      <TroubleNotice of={act} />
    </Dialog>
  )
}
