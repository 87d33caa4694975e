import {
  type CaseView,
  ClientError,
  type KeyStand,
  type MailPlan,
  openTimeline,
  planMail,
  whereOf,
} from '#client'
import { type Entered, keyringOf } from './member-session.ts'
import type { DeliveriesShown, KeyStandShown, MailPlanShown, MailWish } from './mail-plan-shown.ts'

/** How an answer leaves by mail, from everything that is opened of the case. `look`: a domain may be asked for a key. */
export async function planFor(
  entered: Entered,
  within: CaseView,
  look: boolean,
): Promise<MailPlan> {
  const { view, self, cases } = entered
  const keyring = keyringOf(entered)
  const opened = cases.get(within.id)
  const whole = opened?.sealed.size === 0 && opened.within.fold.head.id === within.fold.head.id
  const { messages } = whole ? opened.timeline : await openTimeline(view, within, self, keyring)
  return planMail({ view, self }, within, keyring, messages, (address) =>
    asked(entered, address, look),
  )
}

/** What became of the mails of a case, and nothing opened for it. */
export async function deliveriesNow({ view }: Entered, id: string): Promise<DeliveriesShown> {
  const { relay, deliveries } = await view.api.call('readDeliveries', { params: { id } })
  return { relay, deliveries: deliveries.map((each) => ({ ...each })) }
}

/** A domain is asked once for as long as the desk is open. */
const known = new WeakMap<Entered, Map<string, Promise<string>>>()

function asked(entered: Entered, address: string, look: boolean): Promise<string | undefined> {
  const answers = known.get(entered) ?? new Map<string, Promise<string>>()
  known.set(entered, answers)
  const before = answers.get(address)
  if (before !== undefined) return before
  if (!look) return Promise.resolve(undefined)
  const answer = entered.view.api
    .call('lookUpKey', { body: { address } })
    .then(({ certificate }) => certificate)
  answers.set(address, answer)
  answer.catch(() => answers.delete(address))
  return answer
}

/** What leaves is what was looked at when it was pressed: the same address, the same key. */
export function demandAsShown(plan: MailPlan, wish: MailWish): void {
  const { key } = plan
  const hash = 'found' in key ? key.found.certificate.hash : ''
  if (plan.to === wish.to && (wish.way !== 'pgp' || hash === wish.hash)) return
  throw new ClientError(
    'problem',
    'The address or the key of the reporter changed since the page showed it. Nothing was sent: look again.',
  )
}

export function mailPlanShown({
  to,
  from,
  relay,
  plain,
  follows,
  deliveries,
  key,
}: MailPlan): MailPlanShown {
  return {
    to,
    from,
    relay,
    plain,
    follows,
    key: keyShown(key),
    deliveries: deliveries.map((each) => ({ ...each })),
  }
}

function keyShown(key: KeyStand): KeyStandShown {
  const found = 'found' in key ? key.found : undefined
  return {
    state: key.state,
    fingerprint: found?.certificate.fingerprint ?? '',
    hash: found?.certificate.hash ?? '',
    where: found === undefined ? '' : whereOf(found),
    pinned: 'pin' in key ? key.pin.fingerprint : '',
    why: 'why' in key ? key.why : '',
    before: 'before' in key && key.before !== undefined ? whereOf(key.before) : '',
    asks: 'asks' in key,
    crowded: 'crowded' in key,
  }
}
