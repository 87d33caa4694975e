import { base64OfBytes, type Bytes, bytesOfText } from '#lexicon'
import { blobHash, type Body, canonicalText, frame, taggedHash, writeBody } from '#seal'
import type { Actor } from './actors.ts'
import { type Case, type Fields, headAfter, signText } from './chains.ts'
import type { SealedOnce } from './sealed-once.ts'
import type { Shelf } from './shelf.ts'
import { testKey } from './test-keys.ts'

/** The slot of a head, by the book (PROTOCOL 2.1). */
export function slotOfFields(head: Fields): Bytes {
  const { body: _body, label: _label, wraps: _wraps, ...bound } = head
  return taggedHash('slot', bytesOfText(canonicalText(bound)))
}

export type Place = { readonly by: Actor; readonly head: Fields }

export type Sealing = {
  readonly place: Place
  readonly blob: Bytes
  readonly key?: Bytes
  readonly recipients?: number
  readonly frame?: Bytes
}

export const ALL = testKey('all-1')
export const WORDS: Body = { text: 'We look at it.', title: '', files: [] }

export function messageOf(
  { chain }: Case,
  by: Actor,
  to: string,
  files: readonly string[] = [],
): Place {
  return { by, head: headAfter(chain, by, 'case.message', { to, files, reply: '' }) }
}

export async function vectorOf({
  place,
  blob,
  key = ALL.secret,
  recipients = 1,
  ...more
}: Sealing) {
  const head = canonicalText({ ...place.head, body: blobHash(blob) })
  return {
    statement: await signText(place.by.signer, head),
    secret_key: base64OfBytes(key),
    recipients,
    blob: base64OfBytes(blob),
    ...(more.frame !== undefined && { frame: base64OfBytes(more.frame) }),
  }
}

/** Rejects next to the sound `message`; `make` gives the blob from the sound frame. */
export function rejecting(shelf: Shelf, once: SealedOnce, place: Place) {
  const whole = frame(slotOfFields(place.head), writeBody(WORDS))
  return async (
    name: string,
    check: string,
    what: string,
    make: (whole: Bytes) => Promise<Bytes>,
    more: Omit<Partial<Sealing>, 'blob'> = {},
  ) => {
    const blob = await once.seal(`body ${name}`, [whole, ...(more.frame ? [more.frame] : [])], () =>
      make(whole),
    )
    const input = await vectorOf({ place, blob, ...more })
    shelf.reject('body', `message-${name}`, check, { against: 'message', what }, input)
  }
}
