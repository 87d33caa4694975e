import { armorCertificate, Refused } from '#seal'
import type { DeskView } from './desk-view.ts'

/** The newest mail key of the desk, as the verified chain names it: armored, and its fingerprint in capitals. */
export async function mailKeyOf(
  view: DeskView,
): Promise<{ readonly armored: string; readonly fingerprint: string }> {
  const cert = view.directory.now.mail.at(-1)?.cert
  if (cert === undefined) throw new Refused('cert', 'This desk has no mail key.')
  return armorCertificate(cert)
}
