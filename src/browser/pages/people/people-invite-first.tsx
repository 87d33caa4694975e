import { useState } from 'preact/hooks'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { withStepUp } from '../../step-up.tsx'
import { InvitationLink, type Link, LinkSaid } from './people-link.tsx'

/** At the end of the set-up: two links, one for each of the next coordinators. */
export function InviteCoordinators() {
  const [links, setLinks] = useState<readonly Link[]>([])
  const act = useAct()
  const invite = () =>
    act.run('Making a link', async () => {
      const link = await withStepUp(() =>
        ask('invite', { roles: ['coordinator'], note: `Coordinator ${links.length + 2}` }),
      )
      setLinks((before) => [...before, link])
    })
  return (
    <section class="stack">
      <h2>Invite two more</h2>
      <LinkSaid links={links.length} />
      {links.length === 0 && (
        <p>
          Each link is for one person. When they have answered, you compare words with them under
          “People” and admit them. The second coordinator is admitted with the root words: keep
          their paper at hand.
        </p>
      )}
      {links.map((link, n) => (
        <section key={link.link} class="stack">
          <h3>Link for coordinator {n + 2}</h3>
          <InvitationLink {...link} main={n === links.length - 1} />
        </section>
      ))}
      <TroubleNotice of={act} />
      {links.length < 2 && (
        <div class="line">
          <Button kind={links.length === 0 ? 'main' : 'plain'} onPress={invite} busy={act.busy}>
            {links.length === 0
              ? 'Make a link for the second coordinator'
              : 'Make a link for the third'}
          </Button>
        </div>
      )}
    </section>
  )
}
