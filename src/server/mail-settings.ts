import type { MailArguments } from './arguments.ts'
import type { MailOut } from './mail-out-arguments.ts'
import {
  demandSoundDkim,
  demandSoundRelay,
  type DkimSettings,
  fits,
  isDkim,
  isPort,
  isRelay,
  isText,
  type MailRelay,
} from './relay-settings.ts'
import { areForwarders } from './mail-forwarders.ts'
import { areNameServers } from './name-servers.ts'
import { demandSoundPull, isPull, type MailPull } from './pull-settings.ts'
import { ServerError } from './server-error.ts'

/** How this desk takes and sends mail: `mail` in settings.json. No password stands here. */
export type MailSettings = {
  /** Where SMTP is taken; absent: nowhere. */
  readonly port?: number
  /** The address to listen on; absent: this machine only. */
  readonly host?: string
  /** Whom mail is taken for, in lower case. Their plus-addresses are theirs too. */
  readonly addresses: readonly string[]
  /** Name servers for what a mail names, as `127.0.0.1:53`; absent: those of this machine. */
  readonly dns?: readonly string[]
  /** Mail servers that pass on what they took: they have no limit of mails in an hour; absent: none. */
  readonly forwarders?: readonly string[]
  /** What stands in From of the desk's own mails; absent: the first of the addresses. */
  readonly from?: string
  /** The server that carries what the desk sends. */
  readonly relay?: MailRelay
  readonly dkim?: DkimSettings
  /** A mailbox that is read; absent: none. */
  readonly pull?: MailPull
}

/** Is this the `mail` of a settings.json? An unknown name is an error, not a guess. */
export function isMailSettings(value: unknown): value is MailSettings {
  const forms = {
    port: isPort,
    host: isText,
    dns: areNameServers,
    forwarders: areForwarders,
    from: isMailAddress,
    relay: isRelay,
    dkim: isDkim,
    pull: isPull,
  }
  return fits(value, { addresses: isAddresses }, forms)
}

/** What stood in the settings with what is said now; `undefined` where nothing was ever said of mail. */
export function saidOfMail(
  kept: MailSettings | undefined,
  { port, host, addresses, dns, forwarders, out, pull }: MailArguments,
): MailSettings | undefined {
  const nothingOut = Object.keys(out).length === 0
  const nothingIn = [port, host, dns, forwarders, pull].every((each) => each === undefined)
  const silent = nothingIn && addresses.length === 0 && nothingOut
  if (silent) return kept
  const old = withMailOut(kept ?? { addresses: [] }, out)
  const {
    port: before,
    dns: askedBefore,
    forwarders: passedBefore,
    pull: pulledBefore,
    ...rest
  } = old
  const now = port ?? before
  const asked = dns ?? askedBefore
  const passed = forwarders ?? passedBefore
  const pulled = pull ?? pulledBefore
  return {
    ...rest,
    ...(typeof now === 'number' && { port: now }),
    ...(host !== undefined && { host }),
    ...(asked !== undefined && asked !== 'off' && { dns: asked }),
    ...(passed !== undefined && passed !== 'off' && { forwarders: passed }),
    ...(pulled !== undefined && pulled !== 'off' && { pull: pulled }),
    ...(addresses.length > 0 && { addresses }),
  }
}

/** Plain addresses only: nobody's security address needs quotes. */
export function isMailAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 254 && ADDRESS.test(value)
}

/** Throws `ServerError` usage. */
export function demandSoundMail({ addresses, port, from, relay, dkim, pull }: MailSettings): void {
  const wrong = addresses.find((address) => !isMailAddress(address))
  if (wrong !== undefined)
    throw new ServerError('usage', `--mail-address takes one like security@example.org.`)
  if (port !== undefined && addresses.length === 0)
    throw new ServerError('usage', '--mail-port needs --mail-address: whom is mail taken for?')
  if (from !== undefined && !isMailAddress(from))
    throw new ServerError('usage', '--mail-from is an address like security@example.org.')
  if (relay !== undefined) demandSoundRelay(relay)
  if (dkim !== undefined) demandSoundDkim(dkim)
  if (pull !== undefined) demandSoundPull(pull, addresses)
  if (relay !== undefined && from === undefined && addresses.length === 0)
    throw new ServerError('usage', '--mail-relay needs --mail-from or --mail-address: who writes?')
}

/** `off` takes back what was said before. */
function withMailOut(kept: MailSettings, { from, relay, dkim }: MailOut): MailSettings {
  const { relay: relayBefore, dkim: dkimBefore, ...rest } = kept
  const relayNow = relay ?? relayBefore
  const dkimNow = dkim ?? dkimBefore
  return {
    ...rest,
    ...(from !== undefined && { from }),
    ...(relayNow !== undefined && relayNow !== 'off' && { relay: relayNow }),
    ...(dkimNow !== undefined && dkimNow !== 'off' && { dkim: dkimNow }),
  }
}

const ADDRESS =
  /^[a-z0-9_](?:[a-z0-9_.-]{0,62}[a-z0-9_])?@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/

function isAddresses(value: unknown): boolean {
  return Array.isArray(value) && value.every(isMailAddress)
}
