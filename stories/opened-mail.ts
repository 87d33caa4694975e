import { readBodies } from '#desk'
import { type HeadOf, type MailBody, type Person, readHead } from '#seal'
import { unsealMail } from '#unseal'
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

/** As the server makes its own for STARTTLS. */
export function trialCertificate() {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  return selfSignedCertificate('security.example.org', { now: Date.now(), random })
}
