import { existsSync, statSync } from 'node:fs'
import { HOUR, timeOf } from '#lexicon'
import { readMailQueue } from '#post'
import { bad, type Finding, good, look } from './finding.ts'
import type { House } from './house.ts'
import type { MailSettings } from './mail-settings.ts'
import { postKeyFile } from './post-key.ts'
import { signingKey } from './relay-of.ts'
import { clock } from './rooms.ts'

type Looked = Pick<House, 'data' | 'settings' | 'database'>

/** What the doctor sees of outgoing mail. Nothing, where nothing was ever said of mail. */
export async function examineMailOut(house: Looked): Promise<Finding[]> {
  const { mail } = house.settings
  if (mail === undefined) return []
  return [relay(mail), ...signature(mail), ...key(house), ...(await queue(house))]
}

function relay({ relay, port }: MailSettings): Finding {
  if (relay === undefined) {
    const how = port === undefined ? look : bad
    return how(
      'There is no relay: no mail is sent, and who writes to the desk gets no receipt.',
      'Start the server with --mail-relay HOST:PORT.',
    )
  }
  const { host, port: at, tls } = relay
  const said = `What the desk sends goes through ${host}, port ${at}`
  if (tls === 'required') return good(`${said}, with TLS.`)
  return good(`${said}, ${tls === 'none' ? 'without TLS' : 'with TLS where it is offered'}.`)
}

function signature({ dkim, from, addresses }: MailSettings): Finding[] {
  if (dkim === undefined) return []
  try {
    signingKey(dkim)
  } catch {
    return [
      bad(
        `The DKIM key ${dkim.keyFile} cannot be used: the server does not start with it.`,
        'Put back an RSA key of 2048 bits or more, or say --mail-dkim off.',
      ),
    ]
  }
  const domain = (from ?? addresses[0] ?? '').split('@')[1] ?? ''
  const ours = dkim.domain.toLowerCase()
  if (domain === ours || domain.endsWith(`.${ours}`))
    return [good(`What the desk sends is signed for ${dkim.domain} (DKIM).`)]
  return [
    look(
      `Mail from ${domain} is signed for ${dkim.domain}: receivers do not count that.`,
      'Sign for the domain that stands in From.',
    ),
  ]
}

function key({ data }: Looked): Finding[] {
  const file = postKeyFile(data.path)
  if (!existsSync(file) || (statSync(file).mode & 0o077) === 0) return []
  return [bad(`Others may read ${file}.`, `Run: chmod go= ${file}`)]
}

async function queue({ database, data }: Looked): Promise<Finding[]> {
  const { counts, mails } = await readMailQueue(database.logins.post)
  const { waiting = 0 } = counts
  const findings: Finding[] = []
  const locked = mails.filter(({ state, answer }) => state === 'waiting' && answer === 'no-key')
  const keyless = waiting > 0 && !existsSync(postKeyFile(data.path))
  if (keyless || locked.length > 0)
    findings.push(
      bad(
        'Mails wait that another post.key sealed: this server cannot send them.',
        'Put the old post.key back and start again, or leave them: after five days they are erased.',
      ),
    )
  const late = mails.filter(
    ({ state, written }) => state === 'waiting' && written.getTime() < clock() - HOUR,
  )
  const [oldest] = late.toSorted((a, b) => a.written.getTime() - b.written.getTime())
  if (oldest !== undefined)
    findings.push(
      look(
        `${waiting} mails wait, one since ${timeOf(oldest.written.getTime())}.`,
        'See postern mail queue for what the relay answers.',
      ),
    )
  // A mail that was refused is in the queue until its days are over, and stays on its case.
  const refused = mails.filter(({ state, kept }) => state === 'dead' && kept).length
  if (refused > 0)
    findings.push(
      look(
        `${refused} mails were refused for good in the last days.`,
        'See postern mail queue: the relay may refuse all, or these addresses do not exist.',
      ),
    )
  return findings.length > 0 ? findings : [good(`${waiting} mails wait to be sent.`)]
}
