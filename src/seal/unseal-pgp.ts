import {
  type Config,
  decrypt,
  PublicKeyEncryptedSessionKeyPacket,
  readMessage,
  SymEncryptedIntegrityProtectedDataPacket,
} from 'openpgp'
import { type Bytes, LIMITS } from '#lexicon'
import { AT_ANY_TIME, PROFILE_V4 } from './openpgp-profile.ts'
import { demand, Refused } from './refused.ts'
import type { Opened } from './sealed.ts'
import type { SecretKey } from './secret-keys.ts'

/** What a stranger's OpenPGP message held. */
export type OpenedPgp = {
  readonly content: Bytes
  /** Somebody signed it. Nobody checked who: it is never shown as good (K13, K17). */
  readonly signed: boolean
}

/**
 * What other programs write may be compressed, signed, in partial lengths and sealed to people besides us.
 * A message that is a thousand times its size when it is opened is refused (R45).
 */
const STRANGERS: Config = {
  ...PROFILE_V4,
  maxDecompressedMessageSize: 2 * LIMITS.mail,
  ignoreUnsupportedPackets: true,
}

/**
 * An OpenPGP message that came by mail, with the desk's mail keys. What nothing protects against change
 * (a packet 9, a modification code that is not there) is never opened (K14). Throws `Refused` decrypt or
 * grammar.
 */
export async function unsealPgp(
  given: string | Bytes,
  keys: readonly SecretKey[],
): Promise<Opened<OpenedPgp>> {
  const config = STRANGERS
  try {
    const armored = typeof given === 'string' ? given : armorIn(given)
    const message =
      typeof armored === 'string'
        ? await readMessage({ armoredMessage: armored, config })
        : await readMessage({ binaryMessage: armored, config })
    const sealed = [...message.packets].some(
      (packet) => packet instanceof SymEncryptedIntegrityProtectedDataPacket,
    )
    // Each of them is tried with each of our keys, and a mail has room for 300 000.
    const keysNamed = [...message.packets].filter(
      (packet) => packet instanceof PublicKeyEncryptedSessionKeyPacket,
    ).length
    demand(keysNamed <= 100, 'grammar', 'This mail is encrypted to more keys than we try.')
    demand(sealed, 'grammar', 'What is in this mail is not protected against change.')
    const opened = await decrypt({
      message,
      decryptionKeys: keys.map(({ key }) => key),
      format: 'binary',
      date: AT_ANY_TIME,
      config,
    })
    const content = bytesOf(opened.data)
    return { content, signed: opened.signatures.length > 0 } as Opened<OpenedPgp>
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('decrypt', 'This mail does not open with the mail key of the desk.', {
      cause,
    })
  }
}

/** Of a message that was given whole the library gives it whole. */
function bytesOf(data: unknown): Bytes {
  if (data instanceof Uint8Array) return new Uint8Array(data)
  throw new TypeError('a whole message gives bytes')
}

const ARMOR = '-----BEGIN PGP MESSAGE-----'

/** Armor is letters, whatever stands around it; everything else is packets as they are. */
function armorIn(bytes: Bytes): string | Bytes {
  const text = new TextDecoder('latin1').decode(bytes)
  const at = text.indexOf(ARMOR)
  return at < 0 ? bytes : text.slice(at)
}
