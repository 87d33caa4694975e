const [DOT, CR, LF] = [0x2e, 0x0d, 0x0a]

/** What a chunk of DATA holds: bytes of the mail, and behind its end what belongs to the next command. */
export type DataPart = { readonly mail: Buffer; readonly rest: Buffer | undefined }

/**
 * Takes the dots away that SMTP puts before lines (RFC 5321, 4.5.2), and finds the end. A line ends with
 * CR LF and nothing else: a lone CR or LF is a byte like others, whatever stands around it (R39). A dot that
 * somebody forgot to double is kept. However the bytes are cut into chunks, the result is the same.
 */
export function dataLines(): (chunk: Uint8Array) => DataPart {
  // The bytes of CR LF . CR LF that were seen; the mail begins as if behind a line.
  let seen = 2
  return (chunk) => {
    if (seen <= 2 && !chunk.includes(DOT)) {
      // Nothing begins or ends at a dot: most of a large mail, and none of it is copied.
      seen = seenAtEnd(chunk, seen)
      return { mail: Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), rest: undefined }
    }
    // At most a dot and a CR were held back before.
    const mail = Buffer.allocUnsafe(chunk.length + 2)
    let size = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (seen === 4) {
        if (byte === LF) {
          const rest = Buffer.from(chunk.subarray(at + 1))
          return { mail: mail.subarray(0, size), rest }
        }
        mail[size++] = DOT
        mail[size++] = CR
        seen = 1
      } else if (seen === 3) {
        if (byte === CR) {
          seen = 4
          continue
        }
        if (byte !== DOT) mail[size++] = DOT
        seen = 0
      } else if (seen === 2 && byte === DOT) {
        seen = 3
        continue
      }
      mail[size++] = byte
      if (byte === CR) seen = 1
      else seen = byte === LF && seen === 1 ? 2 : 0
    }
    return { mail: mail.subarray(0, size), rest: undefined }
  }
}

/** How much of CR LF stands at the end of bytes without a dot, behind `before` of it. */
function seenAtEnd(chunk: Uint8Array, before: number): number {
  const last = chunk.at(-1)
  if (last === undefined) return before
  if (last === CR) return 1
  const cr = chunk.length > 1 ? chunk.at(-2) === CR : before === 1
  return last === LF && cr ? 2 : 0
}
