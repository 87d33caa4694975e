import { type Act, TroubleNotice } from '../../act.tsx'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Mark } from '../../parts/mark.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** Before the desk answered whether it is set up. */
export function Asking({ act, onRetry }: { readonly act: Act; readonly onRetry: () => void }) {
  return (
    <>
      <TaskTitle title="Set up the desk" />
      {act.busy !== undefined && <Waiting label="Asking whether this desk is set up already" />}
      <TroubleNotice of={act} unread="The desk did not say whether it is set up." />
      {act.trouble !== undefined && (
        <div class="line">
          <Button kind="main" onPress={onRetry}>
            Ask again
          </Button>
        </div>
      )}
    </>
  )
}

/** The link works once. */
export function AlreadyOpen() {
  return (
    <div class="ceremony">
      <header>
        <span class="brand">
          <Mark />
          <span>Postern</span>
        </span>
      </header>
      <main id="main">
        <TaskTitle title="This desk is set up already">
          The link worked once, and was used.
        </TaskTitle>
        <p>
          If you just opened it and the answer was lost on the way: your keys went with that try,
          and your passkey opens the desk.
        </p>
        <p>
          If neither you nor somebody you know used the link, somebody else has this desk. Stop the
          server and start with an empty data folder.
        </p>
        <div class="line">
          <LinkButton kind="main" href="/desk">
            Go to the desk
          </LinkButton>
          <LinkButton href="/">To the first page</LinkButton>
        </div>
      </main>
    </div>
  )
}
