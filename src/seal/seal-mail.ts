import type { Bytes } from '#lexicon'
import type { Certificate } from './certificate.ts'
import { frameSize } from './frame.ts'
import { type MailBody, writeMailFacts } from './mail-body.ts'
import { sealStream } from './seal-file.ts'
import { asSealed, type Sealed } from './sealed.ts'
import { sealedPacketSize } from './sealed-packet.ts'

/**
 * A mail and what the letterbox saw of it, for the place that `slot` names. Sealed in small parts, as a file
 * is, into one room of the right size: the server has others to serve while 30 MiB are encrypted, and memory
 * for one copy of them.
 */
export async function sealMail(
  slot: Bytes,
  { facts, raw }: MailBody,
  readers: readonly Certificate[],
): Promise<Sealed<'body'>> {
  const line = writeMailFacts(facts)
  const size = line.length + raw.length
  let sealed: Bytes | undefined
  let at = 0
  for await (const part of sealStream(inParts(line, raw), size, slot, readers)) {
    // The first part is the key packets, whose size nobody knows before.
    sealed ??= new Uint8Array(part.length + sealedPacketSize(frameSize(size)))
    sealed.set(part, at)
    at += part.length
  }
  if (sealed === undefined || at !== sealed.length) throw new RangeError('another size than it has')
  return asSealed(sealed)
}

const PART = 1024 * 1024

async function* inParts(line: Bytes, raw: Bytes): AsyncGenerator<Bytes> {
  yield line
  for (let at = 0; at < raw.length; at += PART)
    yield await Promise.resolve(raw.subarray(at, at + PART))
}
