import { readFile } from 'node:fs/promises'
import { KEY_TYPE, type Source } from '#client'
import { certificatesIn, readReporterCertificate, Refused } from '#seal'
import { UsageError } from './usage.ts'

/**
 * The public key that a reporter wants to be answered with, as a file of the report. Judged here as the desk will
 * judge it: whoever gives one that cannot be used shall hear it now.
 */
export async function reporterKeyOf(
  path: string | undefined,
  contact: string,
): Promise<readonly Source[]> {
  if (path === undefined) return []
  if (contact === '')
    throw new UsageError('--pgp-key needs --contact: the mail address that the key names.')
  const bytes = new Uint8Array(await readFile(path))
  const given = (bytes[0] ?? 0) < 0x80 ? new TextDecoder().decode(bytes) : bytes
  try {
    const [certificate, ...more] = await certificatesIn(given)
    if (certificate === undefined || more.length > 0)
      throw new UsageError(`${path} must hold one public key, and no secret one.`)
    await readReporterCertificate(certificate, contact, Date.now())
    const source = { name: 'reporter-key.pgp', type: KEY_TYPE, size: certificate.length }
    return [{ ...source, open: () => once(certificate) }]
  } catch (error) {
    if (error instanceof Refused) throw new UsageError(`${path}: ${error.message}`)
    throw error
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}
