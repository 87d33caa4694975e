import type { OwnWays } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Tag } from '../../parts/tag.tsx'
import { When } from '../../parts/when.tsx'
import { leaveDesk } from '../desk/desk-lock.ts'
import { sessionWay } from './own-words.ts'

/** Where this person is logged in just now, and how to end it. */
export function OwnSessions(props: {
  readonly ways: OwnWays
  readonly onWays: (ways: OwnWays) => void
}) {
  const { sessions } = props.ways
  const act = useAct()
  const end = (id: string) =>
    act.run('Ending it', async () => {
      props.onWays(await ask('endSession', { id }))
    })
  const leave = () =>
    act.run('Leaving', async () => {
      await leaveDesk()
    })
  return (
    <section class="stack">
      <h2>Sessions</h2>
      <p class="prose">
        A session ends by itself: a coordinator’s after 15 minutes without you and after 12 hours at
        most, others after one hour and after 24 hours.
      </p>
      <div class="table-wrap">
        <table class="fold">
          <thead>
            <tr>
              <th>Where</th>
              <th>Began</th>
              <th>Last seen</th>
              <th>
                <span class="sr">What you can do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ id, way, opened, seen, current }) => (
              <tr key={id}>
                <th scope="row">
                  {sessionWay(way)} {current && <Tag tone="accent">this one</Tag>}
                </th>
                <td data-l="Began:">
                  <When at={opened} />
                </td>
                <td data-l="Last seen:">
                  <When at={seen} />
                </td>
                <td class="num">
                  {!current && (
                    <Button
                      kind="link"
                      onPress={() => end(id)}
                      disabled={act.busy !== undefined}
                      why={act.busy}
                    >
                      End it
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <TroubleNotice of={act} />
      <div class="line">
        <Button onPress={leave} busy={act.busy}>
          Log out
        </Button>
        <span class="muted">
          Ends this session and forgets everything on this machine, drafts as well; only sealed
          marks of what was seen stay.
        </span>
      </div>
    </section>
  )
}
