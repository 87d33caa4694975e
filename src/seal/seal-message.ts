import { createMessage, encrypt } from 'openpgp'
import type { Bytes } from '#lexicon'
import { type Body, writeBody } from './body.ts'
import { type Certificate, profileFor } from './certificate.ts'
import { frame } from './frame.ts'
import { AT_ANY_TIME } from './openpgp-profile.ts'
import { asSealed, type Sealed } from './sealed.ts'

/** A body for the place that `slot` names, to the circle's key (and, in a report, the reporter's). */
export async function sealBody(
  slot: Bytes,
  body: Body,
  readers: readonly Certificate[],
): Promise<Sealed<'body'>> {
  return asSealed(await encryptFrame(slot, writeBody(body), readers))
}

/** An epoch's secret key to one reader (PROTOCOL 5.2, wraps). */
export async function wrapKey(
  slot: Bytes,
  secret: Bytes,
  reader: Certificate,
): Promise<Sealed<'wrap'>> {
  return asSealed(await encryptFrame(slot, secret, [reader]))
}

/** Any small payload in a frame, encrypted and not signed: the signed head binds it. */
export async function encryptFrame(
  slot: Bytes,
  payload: Bytes,
  readers: readonly Certificate[],
): Promise<Bytes> {
  const binary = frame(slot, payload)
  const blob: unknown = await encrypt({
    message: await createMessage({ binary, filename: '', date: new Date(0) }),
    encryptionKeys: readers.map((reader) => reader.key),
    date: AT_ANY_TIME,
    format: 'binary',
    config: profileFor(readers),
  })
  if (!(blob instanceof Uint8Array)) throw new TypeError('small input gives bytes')
  return new Uint8Array(blob)
}
