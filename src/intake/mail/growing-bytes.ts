import type { Bytes } from '#lexicon'

const FIRST = 16 * 1024
/** Larger ones get all the room that there may be: of what nothing is written to, the system gives nothing. */
const SMALL = 1024 * 1024

/**
 * Bytes that come in pieces of any size, at most `most` of them, copied into one place. Kept as they come, a
 * mail of lines that are one dot each would be millions of objects. A large mail moves once, while it is
 * small: who moves to a larger place holds both for a moment, and that is when memory is short.
 */
export function growingBytes(most: number): {
  readonly add: (piece: Uint8Array) => void
  /** What came. Nothing may be added afterwards. */
  readonly whole: () => Bytes
} {
  let room = new Uint8Array(Math.min(FIRST, most))
  let size = 0
  return {
    add: (piece) => {
      const needed = size + piece.length
      if (needed > room.length) {
        const larger = new Uint8Array(needed > SMALL ? most : Math.min(most, 2 * needed))
        larger.set(room.subarray(0, size))
        room = larger
      }
      room.set(piece, size)
      size = needed
    },
    whole: () => room.subarray(0, size),
  }
}
