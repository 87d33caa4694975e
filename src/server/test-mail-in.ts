import { networkInterfaces } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { LIMITS, SECOND } from '#lexicon'
import { hostOf } from './address.ts'
import { addressesFor, resolverOf } from './ask-dns.ts'
import { openDataFolder } from './data-folder.ts'
import { openPulled } from './open-pull.ts'
import type { MailSettings } from './mail-settings.ts'
import type { MailPull } from './pull-settings.ts'
import { ServerError } from './server-error.ts'
import { readSettings } from './settings.ts'
import { troubleWords } from './trouble-words.ts'

/** Which way mail comes to this desk, as far as this machine can see. */
export type MailInSeen = {
  /** `mx`: it comes here. `elsewhere`: to the mail server that the DNS names. */
  readonly ways: readonly { readonly domain: string; readonly mx: 'here' | 'elsewhere' | 'none' }[]
  readonly door: boolean
  readonly pull?: { readonly trouble: string; readonly waiting: number; readonly tooLarge: number }
  /** False when nothing comes in. */
  readonly works: boolean
}

/** Looks at the DNS and logs in to the mailbox, now; takes and changes nothing. */
export async function testMailIn(
  { data }: { readonly data: string },
  say: (step: string) => void,
): Promise<MailInSeen> {
  const { mail, url = 'http://localhost' } = readSettings(openDataFolder(data).path)
  if (mail === undefined || mail.addresses.length === 0)
    throw new ServerError('usage', 'Nothing is said of mail yet: serve --mail-address.')
  const { addresses, port, host = '127.0.0.1', pull } = mail
  if (port !== undefined) say(`Mail for ${addresses.join(', ')} is taken at ${host} port ${port}.`)
  if (port === undefined && pull === undefined)
    say('No mail is taken: there is neither --mail-port nor --pull.')
  const domains = [...new Set(addresses.map((address) => address.split('@')[1] ?? ''))]
  const ways = []
  for (const domain of domains) {
    const mx = await mxOf(domain, hostOf(url), mail)
    say(wordsOfMx(domain, mx, { door: port !== undefined, pull: pull !== undefined }))
    ways.push({ domain, mx })
  }
  const door = port !== undefined
  if (pull === undefined) return { ways, door, works: door }
  const seen = await visit(pull, say)
  return { ways, door, pull: seen, works: seen.trouble === '' }
}

async function visit(
  pull: MailPull,
  say: (step: string) => void,
): Promise<NonNullable<MailInSeen['pull']>> {
  say(`To ${pull.host}, port ${pull.port}: TLS, and its certificate must verify.`)
  const box = await openPulled(pull)
  if (typeof box === 'string') {
    const { what, todo } = troubleWords(box)
    say(`Nothing can be pulled: ${what} ${todo}`)
    return { trouble: box, waiting: 0, tooLarge: 0 }
  }
  try {
    const waiting = await box.waiting()
    const sizes = await box.look(waiting)
    const tooLarge = sizes.filter(({ size }) => size > LIMITS.mail).length
    say(`The log-in works. ${waiting.length} mails wait in ${pull.folder}.`)
    if (tooLarge > 0) say(`${tooLarge} of them are too large and stay there.`)
    return { trouble: '', waiting: waiting.length, tooLarge }
  } finally {
    await box.close()
  }
}

type Way = MailInSeen['ways'][number]['mx']
type Ways = { readonly door: boolean; readonly pull: boolean }

function wordsOfMx(domain: string, mx: Way, { door, pull }: Ways): string {
  if (mx === 'none') return `The DNS names no mail server for ${domain}, or does not answer.`
  if (mx === 'here')
    return door
      ? `The MX of ${domain} is this machine: senders come here.`
      : `The MX of ${domain} is this machine, and nothing takes mail here: say --mail-port 25.`
  const where = `The MX of ${domain} is another machine`
  if (pull) return `${where}: mail is pulled out of a mailbox.`
  return door
    ? `${where}: it must send on here what comes for the desk.`
    : `${where}: forward to --mail-port, or read the mailbox with --pull.`
}

const WITHIN = 3 * SECOND

/** Is this machine the one that the DNS names? Behind an address that is translated nobody can say. */
async function mxOf(domain: string, own: string, mail: MailSettings): Promise<Way> {
  const late = pause(WITHIN, undefined, { ref: false }).then(() => 'none' as const)
  return Promise.race([late, asked(domain, own, mail).catch(() => 'none' as const)])
}

async function asked(domain: string, own: string, mail: MailSettings): Promise<Way> {
  const servers = await resolverOf(mail).resolveMx(domain)
  const [best] = servers.toSorted((a, b) => a.priority - b.priority)
  if (best === undefined || best.exchange === '') return 'none'
  if (best.exchange.toLowerCase() === own) return 'here'
  const ours = new Set(
    Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .map(({ address }) => address),
  )
  const found = await addressesFor(mail)(best.exchange).catch(() => [])
  return found.some((address) => ours.has(address)) ? 'here' : 'elsewhere'
}
