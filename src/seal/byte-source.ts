import { type Bytes, concatBytes } from '#lexicon'
import { demand, Refused, type RefusedCode } from './refused.ts'

/** Bytes that come in parts, taken as they are needed. */
export type ByteSource = {
  /** As many as asked for; fewer only where they end. */
  readonly read: (count: number) => Promise<Bytes>
  /** What there is already, or comes next, at most `count`; empty where they end. */
  readonly some: (count: number) => Promise<Bytes>
}

export function byteSource(parts: AsyncIterator<Bytes>): ByteSource {
  let held: Bytes = new Uint8Array(0)
  const some = async (count: number): Promise<Bytes> => {
    while (held.length === 0) {
      const next = await parts.next()
      if (next.done === true) return held
      held = next.value
    }
    const taken = held.subarray(0, count)
    held = held.subarray(taken.length)
    return taken
  }
  return { some, read: (count) => readFrom(some, count) }
}

/** A packet, whose content is at its end when the packet is. */
export type Packet = { readonly tag: number; readonly content: ByteSource }

const LITERAL = 11
const SEIPD = 18
/** Only data may come in parts (RFC 9580 4.2.1.4). */
const IN_PARTS: readonly number[] = [LITERAL, SEIPD]

/**
 * The packet that begins here, in the new format alone (RFC 9580 4.2.1); `undefined` at the end. Throws
 * `Refused` with this code for bytes that are none, and from its content when less comes than it names.
 */
export async function nextPacket(
  source: ByteSource,
  code: RefusedCode,
): Promise<Packet | undefined> {
  const [first] = await source.read(1)
  if (first === undefined) return undefined
  demand((first & 0xc0) === 0xc0, code, 'This is not an OpenPGP message of our kind.')
  const tag = first & 0x3f
  let { left, last } = await readLength(source, code)
  demand(last || IN_PARTS.includes(tag), code, 'Only data may come in parts.')
  const some = async (count: number): Promise<Bytes> => {
    while (left === 0 && !last) ({ left, last } = await readLength(source, code))
    if (left === 0) return new Uint8Array(0)
    const taken = await source.some(Math.min(count, left))
    demand(taken.length > 0, code, 'A packet is cut off.')
    left -= taken.length
    return taken
  }
  return { tag, content: { some, read: (count) => readFrom(some, count) } }
}

async function readFrom(some: ByteSource['some'], count: number): Promise<Bytes> {
  const first = await some(count)
  if (first.length === count || first.length === 0) return first
  const parts = [first]
  for (let left = count - first.length; left > 0;) {
    const next = await some(left)
    if (next.length === 0) break
    parts.push(next)
    left -= next.length
  }
  return parts.length === 1 ? first : concatBytes(...parts)
}

async function readLength(
  source: ByteSource,
  code: RefusedCode,
): Promise<{ left: number; last: boolean }> {
  const octet = async (): Promise<number> => {
    const [one] = await source.read(1)
    if (one === undefined) throw new Refused(code, 'A packet is cut off.')
    return one
  }
  const one = await octet()
  if (one < 192) return { left: one, last: true }
  if (one < 224) return { left: ((one - 192) << 8) + (await octet()) + 192, last: true }
  if (one < 255) return { left: 2 ** (one & 0x1f), last: false }
  const four = await source.read(4)
  demand(four.length === 4, code, 'A packet is cut off.')
  return { left: new DataView(four.buffer, four.byteOffset, 4).getUint32(0), last: true }
}
