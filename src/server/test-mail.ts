import { openRelay, writeTestMail } from '#post'
import { isMailAddress, type MailSettings } from './mail-settings.ts'
import { openDataFolder } from './data-folder.ts'
import { relayOf } from './relay-of.ts'
import { clock, random } from './rooms.ts'
import { ServerError } from './server-error.ts'
import { readSettings } from './settings.ts'

export type MailTest = {
  readonly became: 'sent' | 'dead' | 'later'
  readonly answer: string
}

/** One mail through the relay, now and without the queue, and what the relay said to it. */
export async function testMail(
  { data, to }: { readonly data: string; readonly to: string },
  say: (step: string) => void,
): Promise<MailTest> {
  const settings = readSettings(openDataFolder(data).path)
  const { mail, url = 'http://localhost', name = 'Postern' } = settings
  return sendTest({ mail, name, url, to }, say)
}

/** The same by a server that runs. Throws `ServerError` usage where mail cannot go out at all. */
export async function sendTest(
  {
    mail,
    name,
    url,
    to,
  }: {
    readonly mail: MailSettings | undefined
    readonly name: string
    readonly url: string
    readonly to: string
  },
  say: (step: string) => void,
): Promise<MailTest> {
  const from = mail?.from ?? mail?.addresses[0]
  if (mail === undefined || from === undefined)
    throw new ServerError(
      'usage',
      'Nothing is said of mail yet: serve --mail-from or --mail-address.',
    )
  const relay = relayOf(mail, url, process.env)
  if (relay === undefined)
    throw new ServerError('usage', 'There is no relay: serve --mail-relay HOST:PORT.')
  if (!isMailAddress(to.toLowerCase()))
    throw new ServerError('usage', '--to is an address like operator@example.org.')
  say(`To ${relay.host}, port ${relay.port}: ${TLS_WORDS[relay.tls]}`)
  if (relay.login !== undefined) say(`With a login as ${relay.login.user}.`)
  if (relay.dkim !== undefined) say(`Signed for ${relay.dkim.domain} (DKIM).`)
  const letterhead = { name, from, url }
  const raw = await writeTestMail({ letterhead, to, now: clock(), random })
  const { became, answer } = await openRelay(relay).send({ from: '', to, raw })
  say(wordsOf(became, answer))
  return { became, answer }
}

const TLS_WORDS = {
  required: 'TLS, and its certificate must verify.',
  opportunistic: 'TLS where it is offered.',
  none: 'without TLS.',
}

const ANSWERS: Readonly<Record<string, string>> = {
  unreachable:
    'Nobody answers there, or the connection broke off: look at host, port and firewall.',
  late: 'It did not answer in time.',
  tls: 'TLS did not come about: it is not offered there, or the certificate does not verify.',
  login: 'The login was refused or is not offered there.',
}

function wordsOf(became: MailTest['became'], answer: string): string {
  if (became === 'sent') return `The relay took it (${answer}). Look whether it arrives, and where.`
  const why = ANSWERS[answer] ?? `The relay answered ${answer}.`
  return became === 'dead' ? `${why} It says no for good.` : why
}
