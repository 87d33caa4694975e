import { CLOCK_SLACK, HOUR, millisecondsOf } from '#lexicon'
import { type AnyHead, type Certificate, demand, readCertificate, type SealedFront } from '#seal'

/** F9 where a statement comes in: an author's clock may run ten minutes ahead of ours, not more. */
export function demandNotFuture(head: AnyHead, now: number): void {
  const early = millisecondsOf(head.at) > now + CLOCK_SLACK
  demand(!early, 'F9', 'This statement comes from the future: set the clock of this machine.')
}

/** An author's clock may run behind by this much; longer ago is a claim that nobody needs to make. */
const SIGNED_WITHIN = HOUR

/**
 * What is posted was signed just now. A statement dated far back would make the desk look abandoned
 * (the 30-day rule) and a fresh epoch look old (F7). Throws `Refused` F9.
 */
export function demandRecent(head: AnyHead, now: number): void {
  const late = millisecondsOf(head.at) < now - SIGNED_WITHIN
  demand(!late, 'F9', 'This statement was signed long ago: set the clock of this machine.')
}

/**
 * Every certificate in the head is sound and of the version for its place: nobody later seals to a key
 * that turns out broken. Throws `Refused` cert.
 */
export async function demandCertificates(head: AnyHead): Promise<void> {
  const named = certificateIn(head)
  if (named === undefined) return
  const { version } = await readCertificate(named.cert)
  const right = named.version === 'any' || named.version === version
  demand(right, 'cert', `A ${head.type} statement has a certificate of version ${named.version}.`)
}

/**
 * The message is for exactly these certificates: a report sealed to another key would be accepted and
 * never read. Of version 4 only the number of readers can be seen. Throws `Refused` grammar.
 */
export async function demandSealedTo(
  front: SealedFront,
  certificates: readonly string[],
): Promise<void> {
  const readers = await Promise.all(certificates.map(readCertificate))
  const right = readers.every(({ version }) => version === front.version)
  demand(right && front.recipients === readers.length, 'grammar', 'This is sealed in another way.')
  if (front.version === 4) return
  const named = [...front.fingerprints].sort().join()
  const expected = readers.map(encryptionFingerprint).sort().join()
  demand(named === expected, 'grammar', 'This is sealed to another key than its head names.')
}

function encryptionFingerprint({ key }: Certificate): string {
  return key.subkeys.map((subkey) => subkey.getFingerprint()).join()
}

function certificateIn(
  head: AnyHead,
): { readonly cert: string; readonly version: 4 | 6 | 'any' } | undefined {
  switch (head.type) {
    case 'desk.key':
      return { cert: head.cert, version: head.circle === 'mail' ? 4 : 6 }
    case 'member.admit':
    case 'member.rotate':
      return { cert: head.enc, version: 'any' }
    case 'case.key':
      return { cert: head.cert, version: 6 }
    case 'case.open':
    case 'case.reporter':
      return head.enc === '' ? undefined : { cert: head.enc, version: 6 }
    default:
      return undefined
  }
}
