import { type Bytes, bytesOfBase64, headerValues, isSignedFor, readMailHeaders } from '#lexicon'
import { certificatesIn, Refused, readReporterCertificate, type ReporterCertificate } from '#seal'
import { isFieldVouchedFor, isVouchedFor } from './is-vouched-for.ts'
import type { Mail } from './mail.ts'
import { publicKeysIn } from './mail-parts.ts'
import type { OpenedMail } from './open-mail.ts'

/** A key that somebody can be answered with, and where it stood. */
export type FoundKey = {
  readonly certificate: ReporterCertificate
  readonly from: 'mail' | 'autocrypt' | 'wkd' | 'form' | 'case'
  /** The place of the mail in the case; -1 for what came from elsewhere. */
  readonly seq: number
  /** Its domain says that it sent it. Nothing is encrypted to another one before somebody said that it holds. */
  readonly vouched: boolean
}

/** The keys that were found, and why others are none. */
export type KeysFound = { readonly keys: readonly FoundKey[]; readonly refused: readonly string[] }

export const NO_KEYS: KeysFound = { keys: [], refused: [] }

/** More text than this is searched for keys by nobody. */
export const LARGEST_WITH_KEY = 4 * 1024 * 1024

/**
 * The keys in a mail for the address that it is from. From a mail that failed a check none is taken: whoever
 * forges a mail would have the answer encrypted to themselves.
 */
export async function keysInMail(
  { mail, seq }: { readonly mail: Mail; readonly seq: number },
  { pgp, content, raw, differs }: Pick<OpenedMail, 'pgp' | 'content' | 'raw' | 'differs'>,
  address: string,
  now: number,
): Promise<KeysFound> {
  const forged = differs.some(({ name }) => name === 'from')
  if (forged || pgp === 'closed' || !mayBeFrom(mail, address)) return NO_KEYS
  const { results } = mail.facts
  const vouched = isVouchedFor(address, results)
  const attached = content.length > LARGEST_WITH_KEY ? [] : publicKeysIn(content)
  const found = await keysOf(attached, { from: 'mail', seq, vouched, address, now })
  const header = autocryptOf(raw, address)
  if (header === undefined) return found
  // The mail says for which address it is, and it is the one that it is from.
  const more = await keysOf([header], {
    from: 'autocrypt',
    seq,
    vouched: vouched && isFieldVouchedFor('autocrypt', address, results, raw),
    address: undefined,
    now,
  })
  return {
    keys: [...found.keys, ...more.keys],
    refused: [...found.refused, ...more.refused],
  }
}

/** Is it worth fetching for a key? Of a larger one none is taken, nor of one that failed a check. */
export function mayHoldKey(mail: Mail, address: string): boolean {
  return mail.size <= LARGEST_WITH_KEY && mayBeFrom(mail, address)
}

/**
 * The keys that are not the same, the newest first. The same key twice in one mail is one: programs attach it
 * whole and write a smaller copy into the header.
 */
export function differingKeys(keys: readonly FoundKey[]): readonly FoundKey[] {
  const distinct: FoundKey[] = []
  for (const key of keys) {
    const { hash, fingerprint } = key.certificate
    const known = distinct.some(
      ({ seq, certificate }) =>
        certificate.hash === hash || (certificate.fingerprint === fingerprint && seq === key.seq),
    )
    if (!known) distinct.push(key)
  }
  return distinct
}

type Place = Pick<FoundKey, 'from' | 'seq' | 'vouched'> & {
  readonly address: string | undefined
  readonly now: number
}

/** Judges whatever was found or given as a key. */
export async function keysOf(
  given: readonly (Bytes | string)[],
  { from, seq, vouched, address, now }: Place,
): Promise<KeysFound> {
  const keys: FoundKey[] = []
  const refused: string[] = []
  for (const each of given) {
    try {
      for (const bytes of await certificatesIn(each)) {
        try {
          const certificate = await readReporterCertificate(bytes, address, now)
          keys.push({ certificate, from, seq, vouched })
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          refused.push(error.message)
        }
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refused.push(error.message)
    }
  }
  return { keys, refused }
}

/**
 * May it be from this address, by everything that was found out about it? What nobody asked about says nothing. Of
 * such a mail a key is offered; whether its domain stands behind it is another question.
 */
export function mayBeFrom({ sender, facts }: Mail, address: string): boolean {
  const { dmarc, spf, dkim } = facts.results
  if (sender.doubts.length > 0 || sender.address.toLowerCase() !== address.toLowerCase())
    return false
  // The letterbox saw nothing of an imported mail: somebody put it into a file.
  if (facts.way === 'import' || dmarc.verdict === 'fail') return false
  if (isSignedFor(address, dkim)) return true
  // Permerror: a head that was made so that nobody can check it.
  if (dmarc.verdict === 'skipped' || dmarc.verdict === 'permerror') return false
  return spf.verdict !== 'fail' && spf.verdict !== 'skipped'
}

/** Autocrypt Level 1, 2.1: one header, for the address in From, with nothing critical that we do not know. */
function autocryptOf(raw: Bytes, address: string): Bytes | undefined {
  const valid = headerValues(readMailHeaders(raw), 'autocrypt').flatMap((value) => {
    const fields = value.split(';').map((field) => /^\s*([^=\s]+)\s*=(.*)$/s.exec(field))
    const known = fields.every((field) =>
      /^(?:addr|prefer-encrypt|keydata|_.*)$/.test(field?.[1] ?? ''),
    )
    const of = (name: string) => fields.find((field) => field?.[1] === name)?.[2]?.trim() ?? ''
    const mine = of('addr').toLowerCase() === address.toLowerCase()
    return known && mine ? [of('keydata')] : []
  })
  const [keydata, ...more] = valid
  if (keydata === undefined || more.length > 0) return undefined
  try {
    return bytesOfBase64(keydata.replace(/\s+/g, ''))
  } catch {
    return undefined
  }
}
