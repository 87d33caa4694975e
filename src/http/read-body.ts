import { type Bytes, concatBytes } from '#lexicon'
import { HttpError } from './http-error.ts'

/**
 * The body of a request, at most `most` bytes. What is announced is refused before a byte is read;
 * chunked bodies are counted as they come.
 */
export async function readBody(request: Request, most: number): Promise<Bytes> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > most) throw new HttpError('too-large')
  const parts: Uint8Array[] = []
  let size = 0
  try {
    const body: AsyncIterable<Uint8Array> | undefined = request.body ?? undefined
    if (body === undefined) return new Uint8Array(0)
    for await (const part of body) {
      size += part.length
      if (size > most) throw new HttpError('too-large')
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause
    // The sender went away in the middle: whatever we answer, nobody reads it.
    throw new HttpError('malformed', { cause })
  }
  return concatBytes(...parts)
}
