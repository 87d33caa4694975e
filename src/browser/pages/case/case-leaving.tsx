import { useEffect, useId } from 'preact/hooks'
import type { CaseShown, MailPlanShown, ThreadName } from '#worker'
import { ask } from '../../ask-worker.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNotice } from '../../parts/failure.tsx'
import { Notice } from '../../parts/notice.tsx'
import { When } from '../../parts/when.tsx'
import { visibleLine } from '../../visible-text.ts'
import { hasRoleFor, maySign } from '../desk/may-sign.ts'
import {
  chooseLeaving,
  leavingOf,
  planFailure,
  planFor,
  planned,
  readPlan,
  renewDeliveries,
} from './mail-leaving.ts'
import { acting, actOnCase } from './case-state.ts'
import { isOutOfReach } from './case-words.ts'
import {
  deliveryKind,
  deliveryWords,
  groupedKey,
  type Leaving,
  wayLabel,
  waysOf,
  waySentence,
} from './leaving-words.ts'

/** A mail that waits is mostly gone within seconds. */
const LOOK_AGAIN = 20_000

/** How what is written leaves by mail, and to whom: it stands before what is written. */
export function LeavingByMail({
  shown,
  thread,
}: {
  readonly shown: CaseShown
  readonly thread: ThreadName
}) {
  const answers = hasRoleFor('answer')
  useEffect(() => {
    if (answers) void readPlan(shown)
  }, [shown.id, shown.stand, answers])
  const plan = planFor(shown.id)
  const waits = plan?.relay === true && plan.deliveries.some(({ state }) => state === 'waiting')
  useEffect(() => {
    if (!answers || !waits) return undefined
    const timer = setTimeout(() => void renewDeliveries(shown.id), LOOK_AGAIN)
    return () => clearTimeout(timer)
  }, [plan, answers, waits])
  if (thread !== 'all') return null
  if (planFailure.value !== undefined)
    return <FailureNotice failure={planFailure.value} onRetry={() => void readPlan(shown)} />
  const reached = plan !== undefined && plan.to !== '' && plan.from !== ''
  if (isOutOfReach(shown) && !reached && (plan !== undefined || !answers)) return <NotByMail />
  if (!reached || !maySign('answer')) return null
  return (
    <>
      {plan.key.state === 'changed' && <KeyChanged id={shown.id} plan={plan} />}
      {plan.key.state === 'offered' && <KeyOffered id={shown.id} plan={plan} />}
      {plan.key.state === 'lost' && (
        <Notice tone="due" title="The key that this case keeps to cannot be used.">
          {plan.key.why}
          {plan.key.crowded && <Settle id={shown.id} hash="" which="old" />}
        </Notice>
      )}
      <Choice shown={shown} plan={plan} />
    </>
  )
}

function NotByMail() {
  return (
    <p class="muted">
      This case came by mail, and its sender holds no key to it. What you write here is read by
      those named below, and is not sent by mail.
    </p>
  )
}

function Choice({ shown, plan }: { readonly shown: CaseShown; readonly plan: MailPlanShown }) {
  const { id } = shown
  const name = useId()
  const way = leavingOf(id)
  return (
    <div class="leaving">
      <label>
        By mail{' '}
        <select
          class="input"
          value={way}
          aria-describedby={name}
          onChange={(event) => chooseLeaving(id, event.currentTarget.value as Leaving)}
        >
          {waysOf(plan).map((each) => (
            <option key={each} value={each}>
              {wayLabel(each)}
            </option>
          ))}
        </select>
      </label>
      <p class="hint" id={name}>
        <bdi>{waySentence(plan, way)}</bdi>
        {!plan.relay && way !== 'none' && ' The desk has no relay: the mail waits.'}
      </p>
      {plan.key.asks && (
        <div class="line">
          <Button onPress={() => void readPlan(shown, true)}>Look for a key</Button>
          <span class="hint">
            Asks <bdi>{visibleLine(domainOf(plan.to))}</bdi>, which learns that this desk looked.
          </span>
        </div>
      )}
    </div>
  )
}

/** Nothing is encrypted to a key that nobody looked at (PROTOCOL 7). */
function KeyChanged({ id, plan }: { readonly id: string; readonly plan: MailPlanShown }) {
  const { pinned, fingerprint, hash, where, before } = plan.key
  const same = pinned === fingerprint
  return (
    <Notice
      tone="late"
      title={
        before !== ''
          ? 'The reporter’s mails hold different keys: nothing is encrypted until you say which one holds.'
          : same
            ? 'The reporter’s key came again, and it is not the same: nothing is encrypted until you say which one holds.'
            : 'Another key came for the reporter: nothing is encrypted until you say which one holds.'
      }
    >
      <p>
        {before === '' ? 'Kept so far' : 'Came first'} <code class="fpr">{groupedKey(pinned)}</code>
        {before !== '' && ` ${visibleLine(before)}.`}
      </p>
      <p>
        Came now <code class="fpr">{groupedKey(fingerprint)}</code> {visibleLine(where)}.
      </p>
      <p>
        Whoever reads or forges the reporter’s mail can send a key of their own. Ask the reporter by
        another way before you take it.
      </p>
      <div class="line">
        <Settle id={id} hash={hash} which="old" />
        <Settle id={id} hash={hash} which="new" />
      </div>
    </Notice>
  )
}

/** Anybody may write in the name of a domain that says nothing. */
function KeyOffered({ id, plan }: { readonly id: string; readonly plan: MailPlanShown }) {
  const { fingerprint, hash, where } = plan.key
  return (
    <Notice
      tone="due"
      title="A key came, and its domain does not vouch for the mail: nothing is encrypted until you say that it holds."
    >
      <p>
        <code class="fpr">{groupedKey(fingerprint)}</code> {visibleLine(where)}.
      </p>
      <p>Ask the reporter by another way whether it is theirs.</p>
      <Settle id={id} hash={hash} which="new" label="Take this key" />
    </Notice>
  )
}

type Settling = {
  readonly id: string
  readonly hash: string
  readonly which: 'new' | 'old'
  readonly label?: string
}

function Settle({ id, hash, which, label }: Settling) {
  const done = which === 'old' ? 'The old key holds.' : 'The new key holds from now on.'
  const settle = () => void actOnCase('Signing', done, ask('settleKey', { id, hash, which }))
  return (
    <Button disabled={acting.value !== ''} onPress={settle}>
      {label ?? (which === 'old' ? 'Keep the old key' : 'Take the new key')}
    </Button>
  )
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** What became of each mail of the case, in the rail. */
export function Deliveries({ shown }: { readonly shown: CaseShown }) {
  const plan = planned.value?.id === shown.id ? planned.value.plan : undefined
  if (plan === undefined || plan.deliveries.length === 0) return null
  return (
    <section class="stack">
      <h2>Mails</h2>
      <ul class="rows">
        {plan.deliveries.toReversed().map((delivery, n) => (
          <li key={n}>
            <span>
              {deliveryKind(delivery)} {deliveryWords(delivery, plan.relay)}
              <small>
                <When at={delivery.at} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
