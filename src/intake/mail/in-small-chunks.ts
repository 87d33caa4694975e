import { setImmediate as turn } from 'node:timers/promises'

const CHUNK = 64 * 1024
const CR = 13
const LF = 10

/**
 * A mail in chunks, with a turn for everybody else between them, and with CR LF at the end of every line:
 * the library hashes what it is given line by line, and a mail of bare line feeds would hold up the server
 * for half a minute. For checks only; what is stored is the mail as it came.
 */
export async function* inSmallChunks(raw: Uint8Array): AsyncGenerator<Buffer> {
  let before = 0
  for (let at = 0; at < raw.length; at += CHUNK) {
    const chunk = raw.subarray(at, at + CHUNK)
    yield withWholeLineEnds(chunk, before)
    before = chunk.at(-1) ?? 0
    await turn()
  }
}

/** Whoever gets it must not write into it: where nothing is missing it is the mail itself. */
function withWholeLineEnds(chunk: Uint8Array, before: number): Buffer {
  let bare = 0
  let last = before
  for (const byte of chunk) {
    if (byte === LF && last !== CR) bare++
    last = byte
  }
  if (bare === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
  const whole = Buffer.alloc(chunk.length + bare)
  let to = 0
  last = before
  for (const byte of chunk) {
    if (byte === LF && last !== CR) whole[to++] = CR
    whole[to++] = byte
    last = byte
  }
  return whole
}
