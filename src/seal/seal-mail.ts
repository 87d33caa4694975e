import { type Bytes, concatBytes } from '#lexicon'
import type { Certificate } from './certificate.ts'
import { type MailBody, writeMailFacts } from './mail-body.ts'
import { sealStream } from './seal-file.ts'
import { asSealed, type Sealed } from './sealed.ts'

/**
 * A mail and what the letterbox saw of it, for the place that `slot` names. Sealed in small parts, as a file
 * is: the server has others to serve while 30 MiB are encrypted, and memory for few copies of them.
 */
export async function sealMail(
  slot: Bytes,
  { facts, raw }: MailBody,
  readers: readonly Certificate[],
): Promise<Sealed<'body'>> {
  const line = writeMailFacts(facts)
  const parts: Bytes[] = []
  for await (const part of sealStream(inParts(line, raw), line.length + raw.length, slot, readers))
    parts.push(part)
  return asSealed(concatBytes(...parts))
}

const PART = 1024 * 1024

async function* inParts(line: Bytes, raw: Bytes): AsyncGenerator<Bytes> {
  yield line
  for (let at = 0; at < raw.length; at += PART)
    yield await Promise.resolve(raw.subarray(at, at + PART))
}
