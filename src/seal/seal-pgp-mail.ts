import { createMessage, encrypt, sign } from 'openpgp'
import type { Bytes } from '#lexicon'
import { judgedAt, profileOf, type ReporterCertificate } from './reporter-certificate.ts'
import type { SecretKey } from './secret-keys.ts'

/**
 * An OpenPGP message in armor for somebody who wrote by mail: signed with the desk's mail key, encrypted to them
 * and to that key (RFC 3156, 6.2). No compression: what an attacker chose may stand beside what they do not know.
 */
export async function sealPgpMail(
  content: Bytes,
  to: ReporterCertificate,
  own: SecretKey,
  now: number,
): Promise<string> {
  const config = profileOf(to.key)
  // A key of version 6 reads messages that a key of version 4 does not: the desk has its sealed copy.
  const both = to.key.keyPacket.version === 4
  const message = await createMessage({ binary: content })
  const signed = await sign({
    message,
    signingKeys: own.key,
    date: new Date(Math.max(now, own.key.getCreationTime().getTime())),
    format: 'object',
    config,
  })
  const sealed: unknown = await encrypt({
    message: signed,
    encryptionKeys: both ? [to.key, own.key.toPublic()] : [to.key],
    date: judgedAt(now),
    format: 'armored',
    config,
  })
  return String(sealed)
}
