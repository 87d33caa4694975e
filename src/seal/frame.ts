import { type Bytes, concatBytes, sameBytes } from '#lexicon'
import { demand } from './refused.ts'

/** slot(32) ‖ length(8): what stands before the payload. */
export const FRAME_HEAD = 40
const SMALLEST = 512

/** Padmé: hides the length of a frame to 12 per cent. `length` in bytes, at least 2. */
export function padme(length: number): number {
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const grain = 2 ** (exponent - kept)
  return Math.ceil(length / grain) * grain
}

/** The size of the whole frame around a payload of `length` bytes. */
export function frameSize(length: number): number {
  return padme(Math.max(SMALLEST, FRAME_HEAD + length))
}

/** The 40 bytes before a payload of `length` bytes. */
export function frameHead(slot: Bytes, length: number): Bytes {
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(length))
  return concatBytes(slot, size)
}

/** The length that a frame's head names. Throws `Refused` slot when it belongs to another place. */
export function readFrameHead(head: Bytes, slot: Bytes): number {
  demand(head.length >= FRAME_HEAD, 'slot', 'This frame is too short.')
  const own = sameBytes(head.subarray(0, 32), slot)
  demand(own, 'slot', 'This was sealed for another place, author or case.')
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const length = Number(view.getBigUint64(32))
  demand(Number.isSafeInteger(length), 'frame', 'The frame names an impossible length.')
  return length
}

export function frame(slot: Bytes, payload: Bytes): Bytes {
  const whole = new Uint8Array(frameSize(payload.length))
  whole.set(frameHead(slot, payload.length))
  whole.set(payload, FRAME_HEAD)
  return whole
}

/** The payload. The size must be exactly the Padmé size and the rest zero: no second message hides there (N13). */
export function unframe(slot: Bytes, whole: Bytes): Bytes {
  const length = readFrameHead(whole, slot)
  const end = FRAME_HEAD + length
  demand(whole.length === frameSize(length), 'frame', 'The frame has another size than it names.')
  demand(isZero(whole.subarray(end)), 'frame', 'The padding of this frame is not zero.')
  return whole.slice(FRAME_HEAD, end)
}

export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}
