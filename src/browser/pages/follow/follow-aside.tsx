import { Fragment } from 'preact'
import type { CaseShown } from '#worker'
import { Button } from '../../parts/button.tsx'
import { DueClock } from '../../parts/due-clock.tsx'
import { threadWord } from '../../parts/act-words.ts'
import { Facts } from '../../parts/facts.tsx'
import { PeopleList } from '../../parts/person.tsx'
import { When } from '../../parts/when.tsx'
import { countedByRole, letInBeside } from './follow-readers.ts'
import type { FollowSession } from './follow-session.ts'
import { othersWhoRead } from './follow-state.ts'
import { FollowTrouble } from './follow-trouble.tsx'

export type FollowAsideProps = {
  readonly session: FollowSession
  readonly shown: CaseShown
  readonly now: number
}

export function FollowAside({ session, shown, now }: FollowAsideProps) {
  const { doing } = session
  return (
    <>
      <section>
        <h2>Our clock</h2>
        <Facts
          items={[
            ['Received', <When at={shown.received} />],
            [
              shown.acknowledged === '' ? 'Acknowledgement due' : 'Acknowledged',
              <Answered shown={shown} now={now} />,
            ],
          ]}
        />
        <Button
          kind="link"
          busy={doing.value === 'looking' ? 'Looking …' : undefined}
          onPress={() => void session.lookForNews()}
        >
          Look for news
        </Button>
        <FollowTrouble session={session} of="looking" />
      </section>
      <section>
        <h2>Who can read this</h2>
        <Readers shown={shown} />
      </section>
      <section>
        <h2>Proof of receipt</h2>
        <p>Signed by the desk: what it took from you, and when. It holds no words and no text.</p>
        <Button
          busy={doing.value === 'proof' ? 'Collecting …' : undefined}
          onPress={() => void session.saveProof()}
        >
          Save the proof
        </Button>
        <FollowTrouble session={session} of="proof" />
      </section>
      <section>
        <h2>Done for now?</h2>
        <p>
          Leaving locks your report. Nothing of it stays in this browser, and your words open it
          again.
        </p>
        <Button onPress={() => void session.leave()}>Leave</Button>
      </section>
    </>
  )
}

function Readers({ shown }: { readonly shown: CaseShown }) {
  const people = othersWhoRead(shown)
  const beside = letInBeside(shown)
  return (
    <>
      <p>
        <b>{countedByRole(people)}</b>, and you.
      </p>
      <PeopleList people={people} />
      {beside.map(({ thread, people: letIn }) => (
        <Fragment key={thread}>
          <p>
            Let in beside, to the desk’s thread with {threadWord(thread)}, which you do not read:{' '}
            <b>{countedByRole(letIn)}</b>.
          </p>
          <PeopleList people={letIn} />
        </Fragment>
      ))}
      <p>Their keys are signed by this desk; you yourself compared words with none of them.</p>
    </>
  )
}

function Answered({ shown, now }: { readonly shown: CaseShown; readonly now: number }) {
  const { due, received, acknowledged } = shown
  return <DueClock due={due} received={received} now={now} acknowledged={acknowledged} />
}
