import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { restoredAt } from '#identity'
import {
  type MailDeps,
  type MailDoor,
  openLetterGroups,
  openMailDoor,
  openMailPace,
  senderNetworks,
  takeMail,
} from '#intake'
import { hostOf } from './address.ts'
import { askDns } from './ask-dns.ts'
import type { ServeArguments } from './arguments.ts'
import { writeDurably } from './data-folder.ts'
import type { House } from './house.ts'
import { type Log, tracesOf } from './log.ts'
import { clock, random } from './rooms.ts'
import { type Certified, selfSignedCertificate } from './self-signed-certificate.ts'
import { ServerError } from './server-error.ts'

type Letterbox = MailDoor & { readonly host: string }

/** Opens the door for mail, where the settings say so. Throws `ServerError` usage. */
export async function openLetterbox(
  { data, settings, database }: House,
  deps: MailDeps,
  { args, url, say, log }: LetterboxPlace,
): Promise<Letterbox | undefined> {
  const { mail } = settings
  if (mail?.port === undefined) return undefined
  const { addresses, port, host = '127.0.0.1', forwarders = [] } = mail
  const name = hostOf(url)
  const given = args.mail.tls
  const tls = given === undefined ? ownCertificate(data.path, name) : certificateOf(given)
  const letters = openLetterGroups(deps)
  try {
    const door = await openMailDoor({
      host,
      port,
      name,
      tls,
      addresses,
      resolve: askDns(mail),
      isOpen: whoOpened(async () => (await restoredAt(database.logins.identity)) === undefined),
      mayCome: openMailPace(senderNetworks(forwarders), clock),
      take: (mail) => takeMail({ ...deps, letters }, mail),
      failed: (error) => log({ event: 'mail-not-taken', ...tracesOf(error) }),
    })
    const how = given === undefined ? 'a certificate of its own' : 'the given certificate'
    say(`Mail for ${addresses.join(', ')} is taken at ${host} port ${door.port}; TLS with ${how}.`)
    return { ...door, host }
  } catch (cause) {
    const why = `Mail cannot be taken at ${host} port ${port}: choose others with --mail-host and --mail-port.`
    throw new ServerError('usage', why, { cause })
  }
}

/** A desk that is open stays open: a restored copy is made while nobody serves. Asked until then. */
function whoOpened(isOpen: () => Promise<boolean>): () => Promise<boolean> {
  let open = false
  return async () => (open ||= await isOpen())
}

type LetterboxPlace = {
  readonly args: Pick<ServeArguments, 'mail'>
  /** The public origin. */
  readonly url: string
  readonly say: (step: string) => void
  readonly log: Log
}

const OWN = 'mail-tls.pem'

/** Made once: a server that pins what it saw the first time shall see it again. */
function ownCertificate(folder: string, name: string): Certified {
  const file = join(folder, OWN)
  if (!existsSync(file)) {
    const { cert, key } = selfSignedCertificate(name, { now: clock(), random })
    writeDurably(file, `${cert}${key}`)
  }
  const both = readFileSync(file, 'utf8')
  return sound({ cert: both, key: both }, `${file} is not a certificate with its key: remove it.`)
}

function certificateOf({ cert, key }: { readonly cert: string; readonly key: string }): Certified {
  const wrong =
    'The files of --mail-tls-cert and --mail-tls-key are not a readable certificate and its key.'
  try {
    return sound({ cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }, wrong)
  } catch (cause) {
    throw new ServerError('usage', wrong, { cause })
  }
}

/** Throws here, and not at the first mail. */
function sound(pair: Certified, wrong: string): Certified {
  try {
    createSecureContext(pair)
    return pair
  } catch (cause) {
    throw new ServerError('usage', wrong, { cause })
  }
}
