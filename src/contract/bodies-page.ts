import type { Bytes } from '#lexicon'

/** Sealed bodies of one case, by their places, in order. */
export type BodiesPage = {
  /** The first place that this page speaks of: what is missing behind it is not for this reader. */
  readonly from: number
  readonly bodies: readonly { readonly seq: number; readonly bytes: Bytes }[]
}

const WORD = 4

/**
 * The page as raw bytes: `from`, then place, length and bytes of each body, all numbers as 32 bits in
 * network order. In JSON a case of a thousand messages would cost a third more and be read four times.
 */
export function writeBodiesPage({ from, bodies }: BodiesPage): Bytes {
  const size = bodies.reduce((sum, { bytes }) => sum + 2 * WORD + bytes.length, WORD)
  const page = new Uint8Array(size)
  const view = new DataView(page.buffer)
  view.setUint32(0, from)
  let at = WORD
  for (const { seq, bytes } of bodies) {
    view.setUint32(at, seq)
    view.setUint32(at + WORD, bytes.length)
    page.set(bytes, at + 2 * WORD)
    at += 2 * WORD + bytes.length
  }
  return page
}

/** Throws a RangeError for bytes that are no such page. */
export function readBodiesPage(page: Bytes): BodiesPage {
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  const from = view.getUint32(0)
  const bodies: { seq: number; bytes: Bytes }[] = []
  let at = WORD
  while (at < page.length) {
    const [seq, length] = [view.getUint32(at), view.getUint32(at + WORD)]
    at += 2 * WORD
    if (at + length > page.length) throw new RangeError('a body is cut off')
    bodies.push({ seq, bytes: page.subarray(at, at + length) })
    at += length
  }
  return { from, bodies }
}
