import { useState } from 'preact/hooks'
import type { ApplicantShown, MemberShown, MeShown } from '#worker'
import { useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { CompareDialog } from './people-compare.tsx'
import { NoteFor } from './people-note.tsx'
import { outcomeWords, waitsSentence } from './people-outcome.ts'
import { RootDialog } from './people-root.tsx'
import { settlePeople } from './people-state.ts'
import { needsRoot, rolesWords } from './people-words.ts'

/** Who answered an invitation with its code and waits to be admitted. */
export function Applicants(props: {
  readonly me: MeShown
  readonly members: readonly MemberShown[]
  readonly applicants: readonly ApplicantShown[]
}) {
  const { me, members } = props
  const [comparing, setComparing] = useState<ApplicantShown>()
  if (props.applicants.length === 0) return null
  return (
    <section class="stack">
      <h2>At the door</h2>
      <ul class="rows">
        {props.applicants.map((applicant) => (
          <li key={applicant.invite}>
            <span>
              <b>
                <bdi>{visibleLine(applicant.handle)}</bdi>
              </b>{' '}
              <small>answered an invitation as {rolesWords(applicant.roles)}</small>
              <NoteFor note={applicant.note} />
            </span>
            <Button kind="main" onPress={() => setComparing(applicant)}>
              Compare and admit…
            </Button>
          </li>
        ))}
      </ul>
      <div>
        {comparing !== undefined && needsRoot(members, me, comparing.roles) && (
          <RootDialog
            lead={`Nobody else can be the second person yet, so the desk’s root signs that ${visibleLine(comparing.handle)} joins. Its twelve words stand on the paper of the set-up.`}
            onClose={() => setComparing(undefined)}
          />
        )}
        {comparing !== undefined && !needsRoot(members, me, comparing.roles) && (
          <AdmitDialog applicant={comparing} onClose={() => setComparing(undefined)} />
        )}
      </div>
    </section>
  )
}

function AdmitDialog(props: { readonly applicant: ApplicantShown; readonly onClose: () => void }) {
  const { applicant } = props
  const { invite, roles, who, keyWords } = applicant
  const name = visibleLine(applicant.handle)
  const act = useAct()
  return (
    <CompareDialog
      name={applicant.handle}
      keyWords={applicant.keyWords}
      act={act}
      matchLabel="They match: admit"
      withoutLabel={roles.includes('coordinator') ? undefined : 'Admit without comparing'}
      onMatch={(met) =>
        act.run('Signing the admission', async () => {
          const { people, ...came } = await withStepUp(() =>
            ask('admit', { invite, who, keyWords, roles, met }),
          )
          const title = came.waits
            ? waitsSentence(`The admission of ${name}`)
            : `${name} is a member now.`
          settlePeople(people, outcomeWords(title, came))
          props.onClose()
        })
      }
      onClose={props.onClose}
      differ={
        <>
          <p>
            If they still differ, the answer at the desk is not from {name}: somebody else had the
            link first. Do not admit it.
          </p>
          <ol>
            <li>Take the invitation back, here.</li>
            <li>Invite {name} again and give the link by another way, best in one room.</li>
            <li>Ask how the first link could be read, and tell the other coordinators.</li>
          </ol>
          <div class="line">
            <Button
              kind="grave"
              busy={act.busy}
              onPress={() =>
                act.run('Taking it back', async () => {
                  const people = await ask('withdrawInvitation', { lookup: invite })
                  settlePeople(people, `The invitation that ${name} answered was taken back.`)
                  props.onClose()
                })
              }
            >
              Take the invitation back
            </Button>
          </div>
        </>
      }
    />
  )
}
