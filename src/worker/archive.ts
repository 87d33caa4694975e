import { Zip, ZipPassThrough } from 'fflate'
import type { WriteFile } from '#client'

/** A zip without compression: what goes in is ciphertext, or small. */
export function newArchive(): { readonly write: WriteFile; readonly end: () => Blob } {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const zip = new Zip((error, part) => {
    if (error !== null) throw error
    parts.push(new Uint8Array(part))
  })
  return {
    write: async (name, content) => {
      const file = new ZipPassThrough(name)
      zip.add(file)
      for await (const part of content) file.push(new Uint8Array(part))
      file.push(new Uint8Array(0), true)
    },
    end: () => {
      zip.end()
      return new Blob(parts, { type: 'application/zip' })
    },
  }
}
