import type { MailSettingsShown, MailTestShown, WaitingMailShown } from '#worker'
import { countWords } from '../../size-words.ts'

type Relay = NonNullable<MailSettingsShown['relay']>

/** `TLS, or nothing is sent; with a login` */
export function relayWords({ tls, login }: Relay): string {
  return login ? `${TLS_WORDS[tls]}; with a login` : TLS_WORDS[tls]
}

const TLS_WORDS: Readonly<Record<Relay['tls'], string>> = {
  required: 'With TLS and a certificate that verifies, or nothing is sent',
  opportunistic: 'With TLS where it is offered',
  none: 'Without TLS',
}

/** What a kind of mail is to a person. A word that is not known is shown as it came. */
export function kindOfMail(kind: string): string {
  return KINDS.get(kind) ?? kind
}

const KINDS = new Map([
  ['receipt', 'Receipt to a reporter'],
  ['answer', 'Answer by PGP mail'],
  ['plain', 'Answer by plain mail'],
  ['notice', 'Notice of an answer'],
  ['change', 'Notice to a member'],
  ['held', 'Notice of held mail'],
])

export function stateOfMail({ state, answer }: Pick<WaitingMailShown, 'state' | 'answer'>): string {
  const said = STATES.get(state) ?? state
  const why = answer === '' ? '' : (ANSWERS.get(answer) ?? `it answered ${answer}`)
  return why === '' ? said : `${said}: ${why}`
}

const STATES = new Map([
  ['waiting', 'Waits'],
  ['dead', 'Refused for good'],
  ['expired', 'Given up'],
  ['bounced', 'Came back'],
])

/** The words that the post has where no digits came. */
const ANSWERS = new Map([
  ['unreachable', 'the mail server cannot be reached'],
  ['late', 'the mail server did not answer in time'],
  ['tls', 'no TLS came about'],
  ['login', 'the login was refused'],
  ['hour', 'no receipt was left in that hour, for all or for that network'],
  ['no-key', 'another post.key sealed it'],
])

/** `2 wait, 31 were sent, 1 was refused, none came back, none was given up.` */
export function countsOfMail({
  waiting,
  sent,
  dead,
  expired,
  bounced,
}: MailSettingsShown['counts']): string {
  const was = (count: number, what: string) =>
    `${count === 0 ? 'none' : countWords(count)} ${count < 2 ? 'was' : 'were'} ${what}`
  const waits =
    waiting === 0 ? 'Nothing waits' : `${countWords(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`
  return `${waits}, ${was(sent, 'sent')}, ${was(dead, 'refused')}, ${bounced === 0 ? 'none' : countWords(bounced)} came back, ${was(expired, 'given up')}.`
}

/** `4C1F 09AB …` */
export function groupedFingerprint(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, '$1 ')
}

export const LEVEL_WORDS: Readonly<Record<MailTestShown['findings'][number]['level'], string>> = {
  good: 'Good',
  look: 'Look',
  bad: 'Bad',
}
