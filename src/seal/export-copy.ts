import { createMessage, encrypt } from 'openpgp'
import { readCertificate } from './certificate.ts'
import { AT_ANY_TIME, PROFILE_V4 } from './openpgp-profile.ts'
import { chunksOf, streamOf } from './seal-file.ts'

/**
 * A copy of opened content for an export: an ordinary OpenPGP message to a v4 key, which stock gpg 2.2
 * opens. No frame, no slot: outside the desk there is no chain to bind it to.
 */
export async function exportCopy(
  content: AsyncIterator<Uint8Array>,
  filename: string,
  cert: string,
): Promise<AsyncGenerator<Uint8Array>> {
  const { key } = await readCertificate(cert)
  const sealed: unknown = await encrypt({
    message: await createMessage({ binary: streamOf(content), filename, date: new Date(0) }),
    encryptionKeys: key,
    date: AT_ANY_TIME,
    format: 'binary',
    config: PROFILE_V4,
  })
  return chunksOf(sealed)
}
