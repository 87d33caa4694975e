import {
  answerAndClose,
  answerByMail,
  type CaseView,
  ClientError,
  findCase,
  type KeyStand,
  type MailPlan,
  type MailWay,
  openTimeline,
  planMail,
  sendMessage,
  settleKey,
  whereOf,
  type Words,
} from '#client'
import { isCoordinator } from '#seal'
import { enter, MEMBER_FLAGS, type Shift } from './enter.ts'
import { answer, line } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

/** `auto`: by PGP where there is a key, else a notice, where there is an address. */
const WAYS = ['auto', 'pgp', 'plain', 'notice', 'none'] as const
type Way = (typeof WAYS)[number]

export function wayNamed(name: string | undefined): Way {
  const way = WAYS.find((known) => known === (name ?? 'auto'))
  if (way === undefined) throw new UsageError(`--mail is one of ${WAYS.join(', ')}.`)
  return way
}

/** An answer in the general thread, and by mail to whoever has to be told of it. */
export async function answerReporter(
  shift: Shift,
  within: CaseView,
  words: Words,
  { way, close }: { readonly way: Way; readonly close: boolean },
): Promise<CaseView> {
  const { view, self, keyring, print } = shift
  // Whoever is no coordinator writes to the case alone.
  const mine = isCoordinator(view.directory.now, self.signer.who)
  if (!mine && way !== 'auto' && way !== 'none')
    throw new ClientError('not-allowed', 'Only coordinators answer by mail.')
  // A domain is asked for a key only where one would be used.
  const asks = way === 'auto' || way === 'pgp'
  const plan = mine && way !== 'none' ? await planOf(shift, within, asks) : undefined
  const chosen = plan && chosenWay(plan, way)
  if (plan === undefined || chosen === undefined)
    return close ? answerAndClose(shift, within, words) : sendMessage(shift, within, 'all', words)
  const done = await answerByMail(shift, within, words, { way: chosen, plan, keyring, close })
  print.say(leftWords(plan, chosen))
  return done
}

/** `case mail ID`: how an answer would leave, and what became of those that left. */
export async function mail(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id] = wordsAre(flags.words, 'ID')
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  // To look is not to answer: the domain of the reporter is not told of it.
  const { key, ...plan } = await planOf(shift, within, false)
  const printed = { ...plan, key: printedKey(key) }
  answer(shift.print, printed, () => [
    `To ${plan.to === '' ? 'nobody: no one address is known' : line(plan.to)}`,
    `Key: ${keyWords(key)}`,
    ...(plan.relay ? [] : ['There is no relay: what leaves waits.']),
    ...plan.deliveries.map(
      ({ kind, state, at, answer: said }) =>
        `${at}  ${line(kind)}  ${line(state)}${said === '' ? '' : `  ${line(said)}`}`,
    ),
  ])
}

/** `case key ID new|old`: which key holds, after another one came. */
export async function key(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, MEMBER_FLAGS)
  const [id, which] = wordsAre(flags.words, 'ID', 'new|old')
  if (which !== 'new' && which !== 'old')
    throw new UsageError('Say “new” for the key that came, or “old” for the one that was pinned.')
  const shift = await enter(flags)
  const within = await findCase(shift.view, id)
  const { key: stand } = await planOf(shift, within, true)
  await settleKey(shift, within, stand, which)
  const pinned = 'pin' in stand ? stand.pin.fingerprint : undefined
  const found = 'found' in stand ? stand.found.certificate.fingerprint : undefined
  const fingerprint = which === 'old' ? pinned : found
  answer(shift.print, { fingerprint }, () => [`The case is answered with ${grouped(fingerprint)}.`])
}

async function planOf(shift: Shift, within: CaseView, asks: boolean): Promise<MailPlan> {
  const { view, self, keyring } = shift
  const { messages } = await openTimeline(view, within, self, keyring)
  return planMail(shift, within, keyring, messages, async (address) => {
    if (!asks) return undefined
    const { certificate } = await view.api.call('lookUpKey', { body: { address } })
    return certificate
  })
}

/** Never a weaker way by itself where a key was pinned: then a person says how. */
function chosenWay({ from, to, key: stand }: MailPlan, way: Way): MailWay | undefined {
  if (way === 'none') return undefined
  if (way !== 'auto') return way
  if (from === '' || to === '') return undefined
  if (stand.state === 'changed')
    throw new ClientError(
      'problem',
      `${stand.before === undefined ? 'The reporter’s key changed' : 'The reporter’s mails hold different keys'}: ${keyWords(stand)} Ask the reporter by another way, and say “case key ID new” or “old” first.`,
    )
  if (stand.state === 'offered')
    throw new ClientError(
      'problem',
      `A key came, and its domain does not vouch for the mail: ${keyWords(stand)} Ask the reporter by another way whether it is theirs, and say “case key ID new”; or say --mail notice.`,
    )
  if (stand.state === 'lost')
    throw new ClientError(
      'problem',
      `${stand.why} ${stand.crowded ? 'Say “case key ID old” for that' : 'Say --mail notice'}.`,
    )
  return stand.state === 'none' ? 'notice' : 'pgp'
}

function leftWords({ to, key: stand, relay, follows }: MailPlan, way: MailWay): string {
  const how = {
    pgp: `By PGP mail to ${line(to)}, ${keyWords(stand)}`,
    plain: `By plain mail to ${line(to)}: everybody on its way can read it.`,
    notice: `A notice without content went to ${line(to)}: the text stays sealed.${follows ? '' : ' It holds a link to claim the case: they read what is written after you accept their claim, and this only once their key words were compared.'}`,
  }[way]
  return relay ? how : `${how} There is no relay: it waits.`
}

function keyWords(stand: KeyStand): string {
  switch (stand.state) {
    case 'none':
      return stand.why
    case 'first':
    case 'offered':
    case 'pinned':
      return `${grouped(stand.found.certificate.fingerprint)} (${whereOf(stand.found)}).`
    case 'changed':
      return `${stand.before === undefined ? 'pinned is' : 'nobody pinned one: first came'} ${grouped(stand.pin.fingerprint)}, and now came ${grouped(stand.found.certificate.fingerprint)}.`
    case 'lost':
      return `${grouped(stand.pin.fingerprint)} was pinned. ${stand.why}`
  }
}

function printedKey(stand: KeyStand) {
  return {
    state: stand.state,
    pinned: 'pin' in stand ? stand.pin.fingerprint : '',
    found: 'found' in stand ? stand.found.certificate.fingerprint : '',
    from: 'found' in stand ? stand.found.from : '',
    why: 'why' in stand ? stand.why : '',
  }
}

function grouped(fingerprint = ''): string {
  return fingerprint.toUpperCase().replace(/(.{4})(?=.)/g, '$1 ')
}
