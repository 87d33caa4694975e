import { useState } from 'preact/hooks'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask, Failed } from '../../ask-worker.ts'
import { Button, LinkButton } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { WordsSheet } from '../../parts/words-sheet.tsx'
import { usePasskey } from '../../passkeys.ts'
import type { Invited } from './join-code.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'
import { visibleLine } from '../../visible-text.ts'

/** The answer is at the desk; a person must compare before it counts. */
export function JoinWait({ invited }: { readonly invited: Invited }) {
  const [state, setState] = useState<'waiting' | 'not-yet' | 'in'>('waiting')
  const act = useAct()
  const tryToOpen = () =>
    act.run('Waiting for your passkey', async () => {
      const { nonce } = await ask('challenge', {})
      const { assertion, prf } = await usePasskey({ nonce })
      try {
        await ask('unlock', { assertion, prf })
        setState('in')
      } catch (error) {
        if (!(error instanceof Failed) || error.failure.code !== 'not-found') throw error
        setState('not-yet')
      }
    })
  if (state === 'in')
    return (
      <>
        <TaskTitle key="in" title="You are in">
          A coordinator of {visibleLine(invited.desk.name)} admitted you.
        </TaskTitle>
        <p>
          Add a second passkey under “Keys and sessions”, on another device: then one lost device
          costs you nothing.
        </p>
        <div class="line">
          <LinkButton kind="main" href="/desk">
            Go to the desk
          </LinkButton>
          <span class="muted">It asks for your passkey once more.</span>
        </div>
      </>
    )
  return (
    <>
      <TaskTitle title="Read these words to the coordinator who invited you">
        By voice, on a number that you both know already, or in one room. They see the same twelve
        and admit you.
      </TaskTitle>
      <WordsSheet words={invited.keyWords} label="Your key words" big />
      <section class="prose">
        <h2>What happens next</h2>
        <ol>
          <li>The coordinator compares the words with those on their screen.</li>
          <li>
            If the words match, they admit you. A coordinator, board member or data steward also
            waits for a second person, unless the desk’s root signs.
          </li>
          <li>Then your passkey opens the desk. Nobody sends you a mail about it: try it here.</li>
        </ol>
        <p>
          If their words differ from yours, somebody stands between you. They must not admit you;
          ask for a new invitation by another way.
        </p>
      </section>
      {state === 'not-yet' && (
        <Notice tone="due" title="Not yet." alert>
          <p>
            Nobody admitted you so far, or a second person still has to approve. Try again later.
          </p>
        </Notice>
      )}
      <TroubleNotice of={act} />
      <div class="line no-print">
        <Button kind="main" onPress={tryToOpen} busy={act.busy}>
          Try to open the desk
        </Button>
        <span class="muted">You may close this page: your passkey also opens /desk later.</span>
      </div>
    </>
  )
}
