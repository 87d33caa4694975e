import type { Source } from '#client'

/** A file that a person chose, read from the disk as it is needed. */
export function sourceOf(file: File): Source {
  return {
    name: file.name,
    type: file.type,
    size: file.size,
    open: () => streamOf(file),
    whole: async () => new Uint8Array(await file.arrayBuffer()),
  }
}

async function* streamOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

/** The content whole and checked to its end: what is cut short is never offered for saving (N11). */
export async function blobOf(
  content: AsyncIterable<Uint8Array<ArrayBuffer>>,
  /** Told how many bytes are there. */
  progress: (done: number) => void,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let done = 0
  for await (const part of content) {
    parts.push(part)
    done += part.length
    progress(done)
  }
  // Never a type that a browser would show: it is saved and nothing else (R07).
  return new Blob(parts, { type: 'application/octet-stream' })
}
