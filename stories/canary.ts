import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, inflateSync } from 'node:zlib'

/** A way in which a word may lie in a file, and the bytes to look for. */
export type Spelling = { readonly name: string; readonly bytes: Buffer }

export type Hit = { readonly file: string; readonly spelling: string }
export type Search = {
  readonly files: number
  readonly bytes: number
  readonly hits: readonly Hit[]
}

/** The word as it is, in other cases and encodings, reversed, and in base64 at each alignment. */
export function spellingsOf(word: string): readonly Spelling[] {
  const raw = Buffer.from(word)
  const wide = Buffer.from(word, 'utf16le')
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), raw]).toString('base64')
    // The digits at both ends depend on what stands around the word.
    return text.slice(shift === 0 ? 0 : shift + 1, text.replace(/=+$/, '').length - 1)
  })
  return [
    { name: 'raw', bytes: raw },
    { name: 'upper case', bytes: Buffer.from(word.toUpperCase()) },
    { name: 'lower case', bytes: Buffer.from(word.toLowerCase()) },
    { name: 'utf-16le', bytes: wide },
    { name: 'utf-16be', bytes: Buffer.from(wide).swap16() },
    { name: 'hex', bytes: Buffer.from(raw.toString('hex')) },
    { name: 'HEX', bytes: Buffer.from(raw.toString('hex').toUpperCase()) },
    { name: 'url', bytes: Buffer.from(encodeURIComponent(word)) },
    { name: 'reversed', bytes: Buffer.from(raw).reverse() },
    ...base64.map((text, shift) => ({ name: `base64+${shift}`, bytes: Buffer.from(text) })),
  ]
}

/** Reads every file under the folders whole, and names each place where one of the words lies. */
export async function search(
  words: readonly string[],
  folders: readonly string[],
): Promise<Search> {
  const spellings = words.flatMap(spellingsOf)
  let files = 0
  let bytes = 0
  const hits: Hit[] = []
  for (const folder of folders) {
    for await (const file of filesUnder(folder)) {
      files++
      for (const spelling of spellings)
        if (Buffer.from(file).includes(spelling.bytes)) hits.push({ file, spelling: spelling.name })
      bytes += await searchFile(file, spellings, (spelling) => hits.push({ file, spelling }))
    }
  }
  return { files, bytes, hits }
}

const CHUNK = 8 * 2 ** 20

async function searchFile(
  file: string,
  spellings: readonly Spelling[],
  found: (spelling: string) => void,
): Promise<number> {
  const overlap = Math.max(...spellings.map((spelling) => spelling.bytes.length)) - 1
  const seen = new Set<string>()
  const look = (bytes: Buffer, inside = '') => {
    for (const { name, bytes: word } of spellings) {
      if (seen.has(inside + name) || !bytes.includes(word)) continue
      seen.add(inside + name)
      found(inside + name)
    }
  }
  const handle = await open(file)
  try {
    let tail = Buffer.alloc(0)
    let read = 0
    for await (const chunk of handle.createReadStream({ highWaterMark: CHUNK })) {
      if (!Buffer.isBuffer(chunk)) continue
      const window = Buffer.concat([tail, chunk])
      look(window)
      tail = Buffer.from(window.subarray(Math.max(0, window.length - overlap)))
      read += chunk.length
    }
    if (read < CHUNK) lookInside(await readFile(file), look)
    return read
  } finally {
    await handle.close().catch(() => undefined)
  }
}

/** gzip and zlib at the beginning of a file. */
function lookInside(bytes: Buffer, look: (bytes: Buffer, inside: string) => void): void {
  for (const [name, inflate] of [
    ['gzip ', gunzipSync],
    ['zlib ', inflateSync],
  ] as const) {
    try {
      look(inflate(bytes, { maxOutputLength: 64 * 2 ** 20 }), name)
    } catch {
      continue
    }
  }
}

async function* filesUnder(path: string): AsyncGenerator<string> {
  const found = await stat(path)
  if (found.isFile()) yield path
  if (!found.isDirectory()) return
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name)
    if (entry.isDirectory()) yield* filesUnder(inside)
    else if (entry.isFile()) yield inside
  }
}
