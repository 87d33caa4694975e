import { type Bytes, concatBytes, LIMITS } from '#lexicon'
import { HttpError } from './http-error.ts'

/** So much of a body that nobody wants is still taken, or its sender is cut off before they read why. */
const DISCARDED = 2 * LIMITS.request

/**
 * The body of a request, at most `most` bytes: announced or chunked, not one byte more is kept.
 * Throws `HttpError` too-large.
 */
export async function readBody(request: Request, most: number): Promise<Bytes> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of partsOf(request, most + DISCARDED)) {
    size += part.length
    if (size <= most) parts.push(part)
    else parts.length = 0
  }
  if (size > most) throw new HttpError('too-large')
  return concatBytes(...parts)
}

/** Takes a body off the line that was refused unread. */
export async function discardBody(request: Request): Promise<void> {
  if (request.body === null || request.bodyUsed) return
  const parts = partsOf(request, DISCARDED)
  try {
    for (let next = await parts.next(); next.done !== true;) next = await parts.next()
  } catch {
    // Too long, or cut off: the answer is what it was.
  }
}

async function* partsOf(request: Request, most: number): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > most) throw new HttpError('too-large')
  const body: AsyncIterable<Uint8Array> | undefined = request.body ?? undefined
  if (body === undefined) return
  let size = 0
  try {
    for await (const part of body) {
      size += part.length
      if (size > most) throw new HttpError('too-large')
      yield part
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause
    // The sender went away in the middle: whatever we answer, nobody reads it.
    throw new HttpError('malformed', { cause })
  }
}
