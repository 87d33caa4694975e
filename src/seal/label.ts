import { type Bytes, bytesOfText, LIMITS } from '#lexicon'
import { closeBox } from './box.ts'
import { blobHash, derive } from './hash.ts'
import { demand } from './refused.ts'
import { asSealed, type Sealed } from './sealed.ts'

const LONGEST = 255
export const LABEL_TEXT = 256

/** The key of all labels under one desk epoch (PROTOCOL 2.3). `deskSecret` is the secret key of `desk/n`. */
export function labelKey(deskSecret: Bytes, deskId: string): Bytes {
  return derive(deskSecret, deskId, 'label')
}

/** A title for a queue row: always 284 bytes. A longer title is cut at 255 bytes between characters. */
export async function sealLabel(key: Bytes, slot: Bytes, title: string): Promise<Sealed<'label'>> {
  const padded = new Uint8Array(LABEL_TEXT)
  padded.set(bytesOfText(cut(title)))
  const label = await closeBox(key, slot, padded)
  if (label.length !== LIMITS.label) throw new RangeError('A label has 284 bytes.')
  return asSealed(label)
}

/** Bytes that the head of a `case.title` names. Throws `Refused` label. */
export function readLabel(bytes: Bytes, hash: string): Sealed<'label'> {
  const named = bytes.length === LIMITS.label && blobHash(bytes) === hash
  demand(named, 'label', 'This is not the label that the head names.')
  return asSealed(bytes)
}

function cut(title: string): string {
  let short = ''
  for (const letter of title) {
    if (bytesOfText(short + letter).length > LONGEST) break
    short += letter
  }
  return short
}
