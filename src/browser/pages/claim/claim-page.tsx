import { useEffect, useRef, useState } from 'preact/hooks'
import type { Failure, Pin } from '#worker'
import { ask } from '../../ask-worker.ts'
import { failureOf } from '../../failure-of.ts'
import { AlarmPage, FailureNotice } from '../../parts/failure.tsx'
import { PublicFrame } from '../../parts/frame-public.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Waiting } from '../../parts/progress-bar.tsx'
import { Button, LinkButton } from '../../parts/button.tsx'
import { useLeaveWarning } from '../ceremony/leave-warning.ts'
import { brandOf } from '../report/report-brand.ts'
import { ClaimKeep } from './claim-keep.tsx'
import { ClaimSent } from './claim-sent.tsx'
import { type ClaimKept, DEAD_LINKS, type DeadLink } from './claim-words.ts'

type Step =
  | { readonly at: 'checking' }
  | { readonly at: 'dead'; readonly why: DeadLink }
  | { readonly at: 'keep' | 'sent'; readonly kept: ClaimKept }

/** A link out of a mail becomes twelve words that open its report (PROTOCOL 7). The link is used up by one press. */
export function ClaimPage({ fragment, pin }: { readonly fragment: string; readonly pin: Pin }) {
  const [step, setStep] = useState<Step>({ at: 'checking' })
  const [desk, setDesk] = useState('')
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  useLeaveWarning(step.at === 'keep')

  const attempt = async (act: () => Promise<void>) => {
    setFailure(undefined)
    setBusy(true)
    try {
      await act()
    } catch (error) {
      const failed = failureOf(error)
      const dead = failed.code === 'not-found' ? 'unknown' : failed.code === 'code' ? 'cut' : ''
      if (dead !== '') setStep({ at: 'dead', why: dead })
      else setFailure(failed)
    }
    setBusy(false)
  }
  const check = () =>
    attempt(async () => {
      if (fragment === '') return setStep({ at: 'dead', why: 'cut' })
      const { name } = await ask('openDesk', pin)
      setDesk(name)
      const [{ state, number }, made] = await Promise.all([
        ask('checkClaim', { fragment }),
        ask('makeClaim', {}),
      ])
      if (state === 'open') setStep({ at: 'keep', kept: { number, ...made } })
      else setStep({ at: 'dead', why: state === 'taken' ? 'used' : state })
    })
  const send = (kept: ClaimKept) =>
    attempt(async () => {
      const { state } = await ask('sendClaim', {})
      if (state === 'taken') setStep({ at: 'sent', kept })
      else setStep({ at: 'dead', why: state === 'open' ? 'unknown' : state })
    })
  useEffect(() => void check(), [])

  const brand = brandOf(desk)
  if (failure?.code === 'alarm') return <AlarmPage failure={failure} deskName={brand} />
  switch (step.at) {
    case 'keep':
      return (
        <ClaimKeep
          {...{ brand, busy, failure, origin: pin.origin, kept: step.kept }}
          onSend={() => void send(step.kept)}
        />
      )
    case 'sent':
      return <ClaimSent brand={brand} kept={step.kept} origin={pin.origin} />
    case 'dead':
      return <Dead brand={brand} why={step.why} />
    case 'checking':
      return (
        <PublicFrame brand={brand} head={<h1>Claim your report</h1>}>
          {failure === undefined ? (
            <Waiting label="Checking the desk and your link" />
          ) : (
            <Unchecked failure={failure} onRetry={() => void check()} />
          )}
        </PublicFrame>
      )
  }
}

function Unchecked({ failure, onRetry }: { readonly failure: Failure; onRetry: () => void }) {
  if (failure.code === 'refused') return <FailureNotice failure={failure} />
  return (
    <Notice tone="late" title="Your link was not checked." alert>
      <p>{failure.message}</p>
      <p>It is still unused. Wait a minute, then try again.</p>
      <div class="line">
        <Button onPress={onRetry}>Try again</Button>
      </div>
    </Notice>
  )
}

function Dead({ brand, why }: { readonly brand: string; readonly why: DeadLink }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const [title, says] = DEAD_LINKS[why]
  return (
    <PublicFrame
      brand={brand}
      head={
        <>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <p class="lead">{says}</p>
        </>
      }
    >
      <div class="line">
        <LinkButton href="/follow">Follow a report</LinkButton>
        <LinkButton kind="quiet" href="/report">
          Write a new report
        </LinkButton>
      </div>
    </PublicFrame>
  )
}
