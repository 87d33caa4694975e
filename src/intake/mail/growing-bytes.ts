import type { Bytes } from '#lexicon'

const FIRST = 64 * 1024

/**
 * Bytes that come in pieces of any size, copied into one place. Kept as they come, a mail of lines that
 * are one dot each would be millions of objects.
 */
export function growingBytes(): {
  readonly add: (piece: Uint8Array) => void
  readonly size: () => number
  /** What came. Nothing may be added afterwards. */
  readonly whole: () => Bytes
} {
  let room = new Uint8Array(FIRST)
  let size = 0
  return {
    add: (piece) => {
      if (size + piece.length > room.length) {
        const larger = new Uint8Array(Math.max(2 * room.length, size + piece.length))
        larger.set(room.subarray(0, size))
        room = larger
      }
      room.set(piece, size)
      size += piece.length
    },
    size: () => size,
    whole: () => room.subarray(0, size),
  }
}
