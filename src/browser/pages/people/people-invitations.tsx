import { useState } from 'preact/hooks'
import type { InvitationShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { When } from '../../parts/when.tsx'
import { withStepUp } from '../../step-up.tsx'
import { visibleLine } from '../../visible-text.ts'
import { LinkDialog } from './people-invite.tsx'
import type { Link } from './people-link.tsx'
import { NoteFor } from './people-note.tsx'
import { readPeopleSoon, settlePeople } from './people-state.ts'
import { rolesWords } from './people-words.ts'

/** Links that are on their way. Each can be shown again, made anew, or taken back. */
export function Invitations(props: { readonly invitations: readonly InvitationShown[] }) {
  const { invitations } = props
  const [shown, setShown] = useState<{ readonly title: string; readonly link: Link }>()
  const act = useAct()
  if (invitations.length === 0) return null
  const show = (lookup: string) =>
    act.run('Opening it', async () => {
      const link = await ask('showInvitation', { lookup })
      setShown({ title: 'The invitation', link })
    })
  const renew = (lookup: string) =>
    act.run('Making a new code', async () => {
      const link = await withStepUp(() => ask('renewInvitation', { lookup }))
      setShown({ title: 'A new code; the old one works no more', link })
      readPeopleSoon()
    })
  const withdraw = (lookup: string) =>
    act.run('Taking it back', async () => {
      const people = await ask('withdrawInvitation', { lookup })
      settlePeople(people, 'The invitation was taken back. Its link works no more.')
    })
  return (
    <section class="stack">
      <h2>Invited</h2>
      <div class="table-wrap">
        <table class="fold">
          <thead>
            <tr>
              <th>As</th>
              <th>By</th>
              <th>State</th>
              <th>
                <span class="sr">What you can do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {invitations.map((each) => {
              const { lookup, state } = each
              return (
                <tr key={lookup}>
                  <th scope="row">
                    {'roles' in each ? rolesWords(each.roles) : 'not known'}
                    <NoteFor note={'note' in each ? each.note : ''} />
                  </th>
                  <td data-l="By:">{'by' in each ? visibleLine(each.by.name) : 'not known'}</td>
                  <td data-l="State:">
                    <State of={each} />
                  </td>
                  <td class="num nowrap">
                    {state === 'open' && (
                      <>
                        <Button
                          kind="link"
                          disabled={act.busy !== undefined}
                          why={act.busy}
                          onPress={() => show(lookup)}
                        >
                          Show again
                        </Button>
                        {'\u2002'}
                        <Button
                          kind="link"
                          disabled={act.busy !== undefined}
                          why={act.busy}
                          onPress={() => renew(lookup)}
                        >
                          New code
                        </Button>
                        {'\u2002'}
                      </>
                    )}
                    <Button
                      kind="link"
                      disabled={act.busy !== undefined}
                      why={act.busy}
                      onPress={() => withdraw(lookup)}
                    >
                      Take back
                    </Button>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <TroubleNotice of={act} />
      <div>
        {shown !== undefined && <LinkDialog {...shown} onClose={() => setShown(undefined)} />}
      </div>
    </section>
  )
}

function State({ of }: { readonly of: InvitationShown }) {
  switch (of.state) {
    case 'open':
      return (
        <>
          no answer yet, ends <When at={of.expires} />
        </>
      )
    case 'answered':
      return 'answered; compare words above'
    case 'forged':
      return 'does not hold; nobody is admitted by it'
    case 'closed':
      return 'sealed to a desk key that you were not given'
  }
}
