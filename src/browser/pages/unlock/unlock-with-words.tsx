import { useState } from 'preact/hooks'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask, Failed } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { WordsEntry } from '../../parts/words-sheet.tsx'
import { TaskTitle } from '../ceremony/task-title.tsx'

/** The passkey said who it is, and cannot open keys: the recovery words do. */
export function UnlockWithWords(props: {
  readonly onOpen: (me: MeShown) => void
  readonly onBack: () => void
}) {
  const [words, setWords] = useState('')
  const [wrong, setWrong] = useState(false)
  const act = useAct()
  const unlock = () =>
    act.run('Opening your keys', async () => {
      setWrong(false)
      try {
        props.onOpen(await ask('unlockWithWords', { words }))
      } catch (error) {
        // Twelve words that belong together, but not to this person's keys.
        if (!(error instanceof Failed) || error.failure.check !== 'vault') throw error
        setWrong(true)
      }
    })
  return (
    <form
      class="stack-5 form"
      onSubmit={(event) => {
        event.preventDefault()
        unlock()
      }}
    >
      <TaskTitle title="Your recovery words">
        Your passkey was accepted. In this browser it cannot open keys, so your recovery words do
        that.
      </TaskTitle>
      <WordsEntry
        label="Recovery words"
        hint="The twelve from your paper. They do not leave this browser."
        value={words}
        onInput={setWords}
      />
      {wrong && (
        <Notice tone="late" title="These words do not open your keys." alert>
          <p>
            Look at each word on your paper. If you made new recovery words since, only those count.
          </p>
        </Notice>
      )}
      <TroubleNotice of={act} />
      <div class="line">
        <Button kind="main" type="submit" busy={act.busy}>
          Open the desk
        </Button>
        <Button kind="quiet" onPress={props.onBack}>
          Use another passkey
        </Button>
      </div>
      <p class="muted">
        Tired of typing? Another browser, a phone or a newer security key as second passkey opens by
        itself. Add it under “Keys and sessions”.
      </p>
    </form>
  )
}
