import { readBodies } from '#desk'
import type { Bytes } from '#lexicon'
import { type HeadOf, type MailBody, type Person, readHead } from '#seal'
import type { PostKeys } from '#post'
import { type SecretKey, unsealMail } from '#unseal'
import { openWaitingMail } from '../src/post/waiting-mail.ts'
import { selfSignedCertificate } from '../src/server/self-signed-certificate.ts'
import { asOwner, deskDepsOf, type House } from './house.ts'
import { keyOf } from './world.ts'

/* What the letterbox for mail took, as those see it who come later. */

/** The sealed bodies of a case for this member; `null` for whoever has no business there. */
export async function bodiesFor(house: House, who: Person, id: string) {
  return readBodies(deskDepsOf(house), { kind: 'member', who }, id, 0, 5)
}

/** The head of a case, and the mail in it, as a coordinator of this world opens it. */
export async function openedMail(
  house: House,
  id: string,
): Promise<{ readonly head: HeadOf<'case.open'>; readonly opened: MailBody }> {
  const chain = [Buffer.from(id, 'hex')]
  const [row] = await asOwner(house, 'select head from desk.statement where chain = $1', chain)
  const head = readHead({ head: String(row?.['head']), sig: '' }, 'case')
  if (head.type !== 'case.open') throw new RangeError('this case begins in another way')
  const { world } = house
  const page = await bodiesFor(house, world.coordinator.signer.who, id)
  const bytes = page?.bodies[0]?.bytes ?? new Uint8Array(0)
  return { head, opened: await unsealMail(head, bytes, keyOf(world.keys, head.to)) }
}

/** A mail among the statements of a case, as whoever holds its key opens it. `keys`: those of its own circles. */
export async function openedAnswer(
  house: House,
  id: string,
  head: HeadOf<'case.open'> | HeadOf<'case.mail'>,
  keys: ReadonlyMap<string, SecretKey>,
): Promise<MailBody> {
  const { who } = house.world.coordinator.signer
  const page = await readBodies(deskDepsOf(house), { kind: 'member', who }, id, head.seq, head.seq)
  const bytes = page?.bodies[0]?.bytes ?? new Uint8Array(0)
  const circle = head.to.startsWith('desk/') ? house.world.keys : keys
  return unsealMail(head, bytes, keyOf(circle, head.to))
}

/** A mail that waits to be sent about this case, opened. */
export async function waitingMail(house: House, keys: PostKeys, about: Bytes, id?: number) {
  const rows = await house.database.logins.post
    .selectFrom('post.mail')
    .selectAll()
    .where('about', '=', about)
    .execute()
  const row = rows.find((each) => id === undefined || each.id === id)
  if (row === undefined) throw new RangeError('no such mail waits')
  return openWaitingMail(keys.waiting, row, row.sealed)
}

/** As the server makes its own for STARTTLS. */
export function trialCertificate() {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  return selfSignedCertificate('security.example.org', { now: Date.now(), random })
}
