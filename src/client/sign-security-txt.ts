import { bytesOfHex, DAY, type Time, timeOf } from '#lexicon'
import type { SecurityTxtSettings } from '#publication'
import { deskWords, Refused } from '#seal'
import { clearSign, keyEnds } from '#unseal'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
import { mailKeyOf } from './mail-key.ts'

/** What a coordinator says otherwise than the desk's chain and address do. */
export type SecurityTxtWishes = Partial<Omit<SecurityTxtSettings, 'desk' | 'canonical'>> & {
  /** The desk's public address, where this machine reaches it by another. */
  readonly origin?: string
  /** Addresses beside the desk's own where the same file lies. */
  readonly canonical?: readonly string[]
}

export type SecurityTxtPlan = {
  /** What will be signed, to be shown first. */
  readonly text: string
  readonly expires: Time
  /** Of the mail key that will sign, in capitals. */
  readonly fingerprint: string
  /** Signs exactly this text. */
  readonly sign: () => Promise<string>
}

/**
 * `writeSecurityTxt` of #publication, given by whoever calls: pages for browsers load this room, and nothing that
 * makes public pages.
 */
export type WriteSecurityTxt = (
  settings: SecurityTxtSettings,
  now: number,
  keyExpires: number,
) => string

/** Ten months: a volunteer who is late still has eight weeks. */
const USUAL = 300 * DAY

/**
 * The desk's security.txt, signed by nobody yet: who is asked to sign it sees it first. Throws
 * `PublicationError` for what would not be sound or would outlive the key, `ClientError` no-reader for whom the
 * mail key was never opened.
 */
export async function planSecurityTxt(
  view: DeskView,
  keyring: Keyring,
  wishes: SecurityTxtWishes,
  write: WriteSecurityTxt,
): Promise<SecurityTxtPlan> {
  const now = view.clock()
  const [name] = keyring.mailKeyNames()
  if (name === undefined) throw new Refused('cert', 'This desk has no mail key.')
  const key = await keyring.keyOf(name)
  const { fingerprint, address } = await mailKeyOf(view)
  const midnight = Math.floor((now + USUAL) / DAY) * DAY
  const { contact = [], canonical = [], origin = view.api.origin, ...said } = wishes
  const own = [`${origin}/report`, ...(address === '' ? [] : [`mailto:${address}`])]
  const settings: SecurityTxtSettings = {
    expires: timeOf(midnight),
    encryption: [`${origin}/mail-key.asc`],
    acknowledgments: [],
    languages: ['en'],
    policy: [`${origin}/security/`],
    csaf: [],
    ...said,
    contact: contact.length === 0 ? own : contact,
    canonical: [...new Set([`${origin}/.well-known/security.txt`, ...canonical])],
    desk: { id: view.id, words: deskWords(bytesOfHex(view.id)) },
  }
  const text = write(settings, now, await keyEnds(key))
  return { text, expires: settings.expires, fingerprint, sign: () => clearSign(text, key, now) }
}
