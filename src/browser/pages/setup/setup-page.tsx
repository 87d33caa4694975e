import { useEffect, useState } from 'preact/hooks'
import type { AnswerTo, MeShown, Operations } from '#worker'
import { useAct } from '../../act.tsx'
import { ask } from '../../ask-worker.ts'
import { failure, phase } from '../../desk-state.ts'
import { failureOf } from '../../failure-of.ts'
import { AlarmPage } from '../../parts/failure.tsx'
import { Ceremony } from '../../parts/steps.tsx'
import { makePasskey, type MadePasskey } from '../../passkeys.ts'
import { readPin } from '../../pin.ts'
import { useLeaveWarning } from '../ceremony/leave-warning.ts'
import { useSecondTouch } from '../ceremony/second-touch.tsx'
import { DeskOpen } from './setup-done.tsx'
import { type DeskForm, mayServeAgain, setupSecret } from './setup-form.ts'
import { NameDesk } from './setup-name.tsx'
import { PasskeyStep } from './setup-passkey.tsx'
import { AlreadyOpen, Asking } from './setup-states.tsx'
import { RecoveryWords, RootWords } from './setup-words.tsx'

const STEPS = [
  { title: 'Name the desk', hint: 'Foundation, domain, your handle' },
  { title: 'Root words', hint: 'On paper, twice; two people keep them' },
  { title: 'Recovery words', hint: 'On paper; yours alone' },
  { title: 'Your passkey', hint: 'One touch opens the desk' },
  { title: 'Invite two more', hint: 'So that nobody is alone' },
]

type Secrets = AnswerTo<Operations, 'makeDesk'>
type Step =
  | { readonly at: 'name' }
  | { readonly at: 'root' | 'recovery' | 'passkey'; readonly secrets: Secrets }
  | { readonly at: 'done'; readonly me: MeShown }

/**
 * The set-up ceremony (PROTOCOL 6). Nothing leaves this browser before the last step: until then a
 * person may stop, and the link still works. The passkey comes last because the desk takes it only
 * within five minutes, and writing words down takes longer.
 */
export function SetupPage({ secret }: { readonly secret: string }) {
  const [state, setState] = useState<'asking' | 'not-set-up' | 'open'>('asking')
  const [form, setForm] = useState<DeskForm>({ secret, name: '', domain: '', handle: '' })
  const [step, setStep] = useState<Step>({ at: 'name' })
  const [made, setMade] = useState<MadePasskey & { readonly at: number }>()
  const act = useAct()
  const touch = useSecondTouch()
  useLeaveWarning(state !== 'open' && step.at !== 'name' && step.at !== 'done')

  const begin = () =>
    act.run('Asking the desk', async () => {
      const begun = await ask('begin', readPin())
      setState(begun.state === 'not-set-up' ? 'not-set-up' : 'open')
      setForm((now) => ({
        ...now,
        name: now.name || begun.name,
        domain: now.domain || begun.domain,
      }))
    })
  useEffect(begin, [])

  const makeKeys = () =>
    act.run('Making keys', async () => {
      const { name, domain, handle } = form
      const given = { name: name.trim(), domain: domain.trim(), handle: handle.trim() }
      setStep({ at: 'root', secrets: await ask('makeDesk', given) })
    })

  const open = (secrets: Secrets) =>
    act.run('Waiting for your passkey', async () => {
      const passkey = made ?? { ...(await touchNew(secrets)), at: Date.now() }
      setMade(passkey)
      const { registration, prf, label } = passkey
      const given = { secret: setupSecret(form.secret), registration, prf, label }
      try {
        setStep({ at: 'done', me: await ask('openNewDesk', given) })
      } catch (error) {
        if (!mayServeAgain(passkey, Date.now(), failureOf(error).code)) setMade(undefined)
        // The answer may have been lost on its way: nothing that was done is done twice.
        const begun = await ask('begin', readPin()).catch(() => undefined)
        if (begun === undefined || begun.state === 'not-set-up') throw error
        setState('open')
      }
    })

  const touchNew = async (secrets: Secrets) => {
    const { nonce } = await ask('challenge', {})
    return makePasskey({
      nonce,
      who: secrets.who,
      handle: form.handle.trim(),
      deskName: form.name.trim(),
      exclude: [],
      again: touch.again,
    })
  }

  const task = () => {
    if (state === 'asking') return <Asking act={act} onRetry={begin} />
    switch (step.at) {
      case 'name':
        return <NameDesk form={form} onForm={setForm} onNamed={makeKeys} act={act} />
      case 'root':
        return (
          <RootWords
            words={step.secrets.rootWords}
            onKept={() => setStep({ ...step, at: 'recovery' })}
          />
        )
      case 'recovery':
        return (
          <RecoveryWords
            words={step.secrets.recoveryWords}
            onKept={() => setStep({ ...step, at: 'passkey' })}
          />
        )
      case 'passkey':
        return (
          <PasskeyStep
            act={act}
            touch={touch}
            made={made !== undefined}
            onOpen={() => open(step.secrets)}
          />
        )
      case 'done':
        return <DeskOpen me={step.me} />
    }
  }
  const alarm = phase.value === 'stopped' ? failure.value : undefined
  if (alarm !== undefined) return <AlarmPage failure={alarm} deskName="Postern" />
  if (state === 'open') return <AlreadyOpen />
  const at = ['name', 'root', 'recovery', 'passkey', 'done'].indexOf(step.at)
  return (
    <Ceremony
      brand="Postern"
      steps={STEPS}
      at={at}
      aside={
        <p class="no-print">
          {step.at === 'done'
            ? 'The set-up link was used and works no more.'
            : 'Until the fourth step is done nothing is sent: you can close this page and begin again with the same link. It works once, and ends after seven days or when the server starts again.'}
        </p>
      }
    >
      {task()}
    </Ceremony>
  )
}
