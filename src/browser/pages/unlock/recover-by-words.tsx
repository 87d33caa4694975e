import { useState } from 'preact/hooks'
import { timeOf } from '#lexicon'
import type { MeShown } from '#worker'
import { TroubleNotice, useAct } from '../../act.tsx'
import { ask, Failed } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { When } from '../../parts/when.tsx'
import { WordsEntry } from '../../parts/words-sheet.tsx'
import { RenewWords } from './renew-words.tsx'
import { opensWords } from './unlock-words.ts'
import { TaskTitle } from '../ceremony/task-title.tsx'

type State =
  | { readonly at: 'words' }
  /** `opens`: when, where nobody else can release it; `""` where a coordinator must. */
  | { readonly at: 'asked'; readonly opens: string; readonly tried: number }
  | { readonly at: 'open'; readonly me: MeShown }

/**
 * Recovery words without a passkey (PROTOCOL 4.1). The words prove who asks, and still another person
 * releases: whoever finds the paper must not be able to come in unseen. They open keys once.
 */
export function RecoverByWords(props: {
  readonly onOpen: (me: MeShown) => void
  readonly onBack: () => void
  readonly onLocked: () => void
}) {
  const [words, setWords] = useState('')
  const [state, setState] = useState<State>({ at: 'words' })
  const [unknown, setUnknown] = useState(false)
  const act = useAct()
  const askForIt = () =>
    act.run('Asking the desk', async () => {
      setUnknown(false)
      try {
        const { me, opens } = await ask('askRecovery', { words })
        if (me === undefined) setState({ at: 'asked', opens, tried: Date.now() })
        else setState({ at: 'open', me })
      } catch (error) {
        if (!(error instanceof Failed) || error.failure.code !== 'not-found') throw error
        // Also where they were good a moment ago: their owner made new ones.
        setState({ at: 'words' })
        setUnknown(true)
      }
    })
  if (state.at === 'open')
    return <RenewWords used={words} me={state.me} onDone={props.onOpen} onLocked={props.onLocked} />
  if (state.at === 'asked')
    return (
      <>
        <TaskTitle
          title={state.opens === '' ? 'Another coordinator must release it' : 'You have to wait'}
        >
          The desk knows that you asked, and tells every member who gave an address for notices.
        </TaskTitle>
        {state.opens === '' ? (
          <Notice tone="due" title="Call another coordinator.">
            <p>
              They find your request under “People” and press “Release”. They should know your
              voice: a mail from you proves nothing now. Then press the button here. A release holds
              for 24 hours.
            </p>
          </Notice>
        ) : (
          <Notice tone="due" title={opensWords(state.opens, state.tried)}>
            <p>
              You are the only coordinator, so nobody can release it. The words open your keys from{' '}
              <When at={state.opens} /> on. You can close this page; come back with the same words.
              If you come in by another way before, the wait begins anew.
            </p>
          </Notice>
        )}
        <TroubleNotice of={act} />
        <div class="line">
          <Button kind="main" onPress={askForIt} busy={act.busy}>
            Try again
          </Button>
          <Button kind="quiet" onPress={props.onBack}>
            Back
          </Button>
        </div>
        <p class="faint">
          Last tried <When at={timeOf(state.tried)} />. Your words are kept in this tab alone, until
          you leave it.
        </p>
      </>
    )
  return (
    <form
      class="stack-5 form"
      onSubmit={(event) => {
        event.preventDefault()
        askForIt()
      }}
    >
      <TaskTitle title="Recovery words alone">
        For when every passkey is lost. Another coordinator releases your keys; all members with a
        notice address are told.
      </TaskTitle>
      <WordsEntry label="Recovery words" value={words} onInput={setWords} />
      {unknown && (
        <Notice tone="late" title="These words open no keys here." alert>
          <p>
            Look at each word on your paper. If you made new recovery words since, only those count.
          </p>
        </Notice>
      )}
      <TroubleNotice of={act} />
      <div class="line">
        <Button kind="main" type="submit" busy={act.busy}>
          Ask for my keys
        </Button>
        <Button kind="quiet" onPress={props.onBack}>
          Back
        </Button>
      </div>
    </form>
  )
}
