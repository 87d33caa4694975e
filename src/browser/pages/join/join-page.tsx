import { useEffect, useState } from 'preact/hooks'
import { useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { failure, phase } from '../../desk-state.ts'
import { failureOf } from '../../failure-of.ts'
import { AlarmPage } from '../../parts/failure.tsx'
import { Ceremony } from '../../parts/steps.tsx'
import { makePasskey, type MadePasskey } from '../../passkeys.ts'
import { readPin } from '../../pin.ts'
import { type Invited, JoinCode, JoinHandle, type Taken } from './join-code.tsx'
import { JoinPasskey } from './join-passkey.tsx'
import { JoinWait } from './join-wait.tsx'
import { KeepWords } from '../ceremony/keep-words.tsx'
import { useLeaveWarning } from '../ceremony/leave-warning.ts'
import { useSecondTouch } from '../ceremony/second-touch.tsx'
import { mayServeAgain } from '../setup/setup-form.ts'
import { RecoveryRules } from '../setup/setup-words.tsx'

const STEPS = [
  { title: 'Your invitation', hint: 'Whose desk it is, and your handle' },
  { title: 'Recovery words', hint: 'On paper; yours alone' },
  { title: 'Your passkey', hint: 'One touch opens the desk' },
  { title: 'Be admitted', hint: 'Read your key words to a coordinator' },
]

type Invitee = {
  readonly at: 'handle' | 'recovery' | 'passkey' | 'wait'
  readonly invited: Invited
  readonly handle: string
}
type Step = { readonly at: 'code' } | Invitee

/** An invited person makes their keys (PROTOCOL 6). The invitation is used up by the last touch alone. */
export function JoinPage({ words }: { readonly words: string }) {
  const [step, setStep] = useState<Step>({ at: 'code' })
  const [absent, setAbsent] = useState(false)
  const [made, setMade] = useState<MadePasskey & { readonly at: number }>()
  const [taken, setTaken] = useState<Taken>()
  const act = useAct()
  const touch = useSecondTouch()
  useLeaveWarning(step.at === 'recovery' || step.at === 'passkey')

  const openInvitation = (typed: string) =>
    act.run('Opening the invitation', async () => {
      const begun = await ask('begin', readPin())
      setAbsent(begun.state === 'not-set-up')
      if (begun.state === 'not-set-up') return
      setStep({ at: 'handle', invited: await ask('openInvitation', { words: typed }), handle: '' })
    })
  useEffect(() => {
    if (words !== '') openInvitation(words)
  }, [])

  /** Before a passkey is made: a handle that reads like another's costs one more line, not a new passkey. */
  const takeHandle = (step: Invitee, handle: string) =>
    act.run('Comparing your handle', async () => {
      try {
        await ask('checkHandle', { handle })
        setStep({ ...step, at: 'recovery', handle })
      } catch (error) {
        const { code, message } = failureOf(error)
        if (code !== 'problem') throw error
        setTaken({ handle, why: message })
      }
    })

  const answer = (step: Invitee) =>
    act.run('Waiting for your passkey', async () => {
      const passkey = made ?? { ...(await touchNew(step)), at: Date.now() }
      setMade(passkey)
      const { registration, prf, label } = passkey
      const given = { handle: step.handle.trim(), registration, prf, label }
      try {
        await ask('answerInvitation', given)
        setStep({ ...step, at: 'wait' })
      } catch (error) {
        if (!mayServeAgain(passkey, Date.now(), failureOf(error).code)) setMade(undefined)
        throw error
      }
    })

  const touchNew = async ({ invited, handle }: Invitee) => {
    const { nonce } = await ask('challenge', {})
    return makePasskey({
      nonce,
      who: invited.who,
      handle: handle.trim(),
      deskName: invited.desk.name,
      exclude: [],
      again: touch.again,
    })
  }

  const task = () => {
    switch (step.at) {
      case 'code':
        return <JoinCode words={words} act={act} absent={absent} onWords={openInvitation} />
      case 'handle':
        return (
          <JoinHandle
            invited={step.invited}
            handle={step.handle}
            act={act}
            taken={taken}
            onHandle={(handle) => takeHandle(step, handle)}
          />
        )
      case 'recovery':
        return (
          <KeepWords
            title="Your recovery words"
            lead="They open your keys when your passkey cannot. This is the only time you see them."
            label="Your recovery words"
            words={step.invited.recoveryWords}
            goOn="These are my recovery words"
            onKept={() => setStep({ ...step, at: 'passkey' })}
            onBack={() => setStep({ ...step, at: 'handle' })}
          >
            <RecoveryRules />
          </KeepWords>
        )
      case 'passkey':
        return (
          <JoinPasskey
            act={act}
            touch={touch}
            made={made !== undefined}
            onAnswer={() => answer(step)}
          />
        )
      case 'wait':
        return <JoinWait invited={step.invited} />
    }
  }

  const alarm = phase.value === 'stopped' ? failure.value : undefined
  const name = step.at === 'code' ? 'Postern' : step.invited.desk.name
  if (alarm !== undefined) return <AlarmPage failure={alarm} deskName={name} />
  return (
    <Ceremony
      brand={name}
      steps={STEPS}
      at={['handle', 'recovery', 'passkey', 'wait'].indexOf(
        step.at === 'code' ? 'handle' : step.at,
      )}
      aside={
        <p class="no-print">
          {step.at === 'wait'
            ? 'Your invitation was used and works no more.'
            : 'Nothing is sent before the third step. You can close this page until then and begin again with the same link; it lives 72 hours.'}
        </p>
      }
    >
      {task()}
    </Ceremony>
  )
}
