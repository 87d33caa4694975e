import { createCleartextMessage, readCleartextMessage, sign, verify } from 'openpgp'
import { PROFILE_V4 } from './openpgp-profile.ts'
import { demand, Refused } from './refused.ts'
import type { SecretKey } from './secret-keys.ts'

/*
 * [Note: the one text that we sign in the clear]
 * K26 is about reading: around a clear-signed text others can stand that look signed. Inside the desk nothing
 * is signed that way, and nothing that came so is believed. This is for what the world expects in that form, a
 * security.txt (RFC 9116, 2.3), and only writes it. It stands behind #unseal, because it needs an opened key.
 */

/**
 * The text with a signature of the mail key around it. What other programs would change on the way, a space at
 * the end of a line or another line end, is refused. Verified once more before it is returned.
 */
export async function clearSign(text: string, { key }: SecretKey, now: number): Promise<string> {
  demand(key.keyPacket.version === 4, 'clear-sign', 'Only the mail key signs what others read.')
  const plain = text.endsWith('\n') && !/[^\S\n]\n|\r/.test(text)
  demand(plain, 'clear-sign', 'This text would be another after it was signed.')
  // A signature that is older than its key, by a clock that went back, is believed by nobody.
  const date = new Date(Math.max(now, key.getCreationTime().getTime()))
  const config = PROFILE_V4
  try {
    // The end of the last line belongs to the signature's mark (RFC 9580, 7.1).
    const message = await createCleartextMessage({ text: text.slice(0, -1) })
    // The library writes the text with one line end and the rest with another; a signature is of neither.
    const written = await sign({ message, signingKeys: key, date, config })
    const signed = written.replaceAll('\r\n', '\n')
    const read = await readCleartextMessage({ cleartextMessage: signed, config })
    const verificationKeys = key.toPublic()
    const proof = await verify({
      message: read,
      verificationKeys,
      date,
      expectSigned: true,
      config,
    })
    demand(`${proof.data}\n` === text, 'clear-sign', 'What was signed is another text.')
    return signed.endsWith('\n') ? signed : `${signed}\n`
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused('clear-sign', 'The mail key did not sign this text.', { cause })
  }
}

/** When a key ends, in milliseconds; `Infinity` where it does not: ours are followed by others instead. */
export async function keyEnds({ key }: SecretKey): Promise<number> {
  const end = await key.getExpirationTime(undefined, PROFILE_V4)
  if (end === null) return 0
  return end instanceof Date ? end.getTime() : end
}
