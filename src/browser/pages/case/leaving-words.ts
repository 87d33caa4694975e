import type { DeliveryShown, MailPlanShown, MailWay } from '#worker'
import { visibleLine } from '../../visible-text.ts'

/** How an answer leaves besides the sealed record; `none`: it does not leave by mail. */
export type Leaving = MailWay | 'none'

/** What can be chosen, the best first. Where a key was pinned and cannot be used, nothing weaker is chosen by itself. */
export function waysOf({ key, plain, to, from }: MailPlanShown): readonly Leaving[] {
  if (to === '' || from === '') return ['none']
  const pgp = key.state === 'first' || key.state === 'pinned'
  const kept: readonly Leaving[] = ['notice', ...(plain ? ['plain' as const] : []), 'none']
  if (pgp) return ['pgp', ...kept]
  return key.state === 'none' ? kept : ['none', ...kept.filter((way) => way !== 'none')]
}

export function wayLabel(way: Leaving): string {
  return {
    pgp: 'By PGP mail',
    notice: 'A notice without the text',
    plain: 'By plain mail',
    none: 'Not by mail',
  }[way]
}

/** One sentence on what the choice means. */
export function waySentence(plan: MailPlanShown, way: Leaving): string {
  const to = visibleLine(plan.to)
  switch (way) {
    case 'pgp':
      return `Encrypted on this machine to the key ${groupedKey(plan.key.fingerprint)} of ${to} (${plan.key.where}).${plan.key.state === 'first' ? ' From this answer on the case keeps to that key.' : ''}`
    case 'notice':
      return `${to} gets a mail that says there is an answer${plan.follows ? '' : ', and a link to claim the case'}. The text stays sealed.${plan.follows ? '' : ' They read what is written after you accept the claim; this answer only once their key words were compared.'}${whyNoKey(plan)}`
    case 'plain':
      return `Everybody who carries the mail to ${to} can read this answer.`
    case 'none':
      return 'What you write is sealed in this case, and no mail leaves.'
  }
}

function whyNoKey({ key }: MailPlanShown): string {
  return key.state === 'none' && key.why !== '' ? ` ${key.why}` : ''
}

export function groupedKey(fingerprint: string): string {
  return fingerprint.toUpperCase().replace(/(.{4})(?=.)/g, '$1 ')
}

/** Of somebody who is answered by mail alone: did an answer leave? Undefined where none can. */
export function mailedWord(plan: MailPlanShown): string | undefined {
  const left = plan.deliveries.filter(({ state }) => state === 'sent' || state === 'waiting')
  if (left.some(({ kind }) => kind === 'answer' || kind === 'plain')) return 'left by mail'
  if (left.some(({ kind }) => kind === 'notice')) return 'a notice left'
  const able = plan.to !== '' && plan.from !== ''
  return able ? 'none yet' : undefined
}

const KINDS: Readonly<Record<string, string>> = {
  receipt: 'Receipt',
  answer: 'Answer by PGP mail',
  plain: 'Answer by plain mail',
  notice: 'Notice of an answer',
}

export function deliveryKind({ kind }: DeliveryShown): string {
  return KINDS[kind] ?? visibleLine(kind)
}

/** What became of a mail, in the words of somebody who waits for it to arrive. */
export function deliveryWords({ state, answer }: DeliveryShown, relay: boolean): string {
  const digits = answer === '' ? '' : ` (${visibleLine(ANSWERS[answer] ?? answer)})`
  switch (state) {
    case 'sent':
      return 'left'
    case 'dead':
      if (answer === 'hour') return 'was not written: too many in that hour'
      return `was not taken${digits}: this person did not get it`
    case 'bounced':
      return `came back${digits}: this person did not get it`
    case 'expired':
      return 'could not be sent in five days, and was erased: this person did not get it'
    case 'waiting':
      if (!relay) return 'waits: the desk has no relay'
      return answer === '' ? 'is on its way out' : `waits, and is tried again${digits}`
    default:
      return visibleLine(state)
  }
}

const ANSWERS: Readonly<Record<string, string>> = {
  unreachable: 'the relay is not reached',
  late: 'the relay did not answer in time',
  tls: 'no sound TLS to the relay',
  login: 'the relay refused the login',
  'no-key': 'sealed under another post.key',
}
