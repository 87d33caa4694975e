import { type Bytes, concatBytes } from '#lexicon'
import { demand } from './refused.ts'
import { readSealedFront, type SealedFront } from './sealed.ts'

/** The front of a sealed file lies within its first bytes: key packets have a hundred each. */
const FRONT_MOST = 4096

/**
 * Passes a sealed file on while it follows the packets: key packets of one version, one encrypted
 * packet, nothing behind it (N32). The library skips what it does not know, so it is not asked.
 * `demandFront` judges what stands in front. Throws what it throws, and `Refused` grammar.
 */
export async function* followPieces(
  pieces: AsyncIterator<Uint8Array>,
  demandFront: (front: SealedFront) => void,
): AsyncGenerator<Bytes> {
  let begun: Bytes = new Uint8Array(0)
  let next = await pieces.next()
  for (; next.done !== true; next = await pieces.next()) {
    begun = concatBytes(begun, next.value)
    if (begun.length >= FRONT_MOST) break
  }
  const front = readSealedFront(begun)
  demandFront(front)
  const packet = followPacket()
  packet.take(begun.subarray(front.data))
  yield begun
  for (next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    packet.take(next.value)
    yield new Uint8Array(next.value)
  }
  packet.end()
}

/** Walks one packet through its partial lengths (RFC 9580 4.2.1.4), however it is cut. */
function followPacket(): { take(chunk: Uint8Array): void; end(): void } {
  let header: number[] = []
  let left = 1 // the tag
  let last = false
  const readHeader = (byte: number): void => {
    header.push(byte)
    const [one = 0, two = 0] = header
    const size = one === 255 ? 5 : one >= 192 && one < 224 ? 2 : 1
    if (header.length < size) return
    last = one < 224 || one === 255
    if (one === 255) left = header.slice(1).reduce((sum, each) => sum * 256 + each, 0)
    else if (one >= 224) left = 2 ** (one & 0x1f)
    else left = size === 2 ? ((one - 192) << 8) + two + 192 : one
    header = []
  }
  return {
    take(chunk) {
      for (let at = 0; at < chunk.length;) {
        if (left > 0) {
          const taken = Math.min(left, chunk.length - at)
          left -= taken
          at += taken
          continue
        }
        demand(!last, 'grammar', 'Something stands behind the sealed packet.')
        readHeader(chunk[at] ?? 0)
        at++
      }
    },
    end() {
      demand(last && left === 0, 'grammar', 'This sealed file is cut off.')
    },
  }
}
