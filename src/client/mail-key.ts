import { armorCertificate, Refused } from '#seal'
import type { DeskView } from './desk-view.ts'

export type MailKey = {
  readonly armored: string
  /** In capitals. */
  readonly fingerprint: string
  /** The address by which programs find it; `""` where it names none. */
  readonly address: string
  /** When a coordinator signed it. */
  readonly since: string
  /** Where this desk publishes it as a file. */
  readonly file: string
}

/** The newest mail key of the desk, as the verified chain names it. */
export async function mailKeyOf({ directory, api }: DeskView): Promise<MailKey> {
  const epoch = directory.now.mail.at(-1)
  if (epoch === undefined) throw new Refused('cert', 'This desk has no mail key.')
  const { armored, fingerprint, users } = await armorCertificate(epoch.cert)
  const [, address = ''] = /<([^<>]+)>$/.exec(users[0] ?? '') ?? []
  const since = directory.statements.get(epoch.by)?.at ?? ''
  return { armored, fingerprint, address, since, file: `${api.origin}/mail-key.asc` }
}
