import { readFileSync, writeFileSync } from 'node:fs'
import { base64OfBytes, type Bytes, bytesOfBase64, bytesOfText, hexOfBytes } from '#lexicon'
import { sha256 } from '#seal'

const FILE = new URL('sealed.json', import.meta.url)

type Stored = Record<string, { readonly from: string; readonly blob: string }>

/** Encryption draws random keys, so each blob is made once and committed. Delete its line to make it anew. */
export type SealedOnce = {
  /** The blob of this name. It is made again only when what it is made `from` changed. */
  readonly seal: (
    name: string,
    from: readonly (Bytes | string)[],
    make: () => Promise<Bytes>,
  ) => Promise<Bytes>
  /** Writes what was made anew; returns how many. Forgets blobs that nothing asked for. */
  readonly save: () => number
}

export function sealedOnce(): SealedOnce {
  const stored = readStored()
  const used: Stored = {}
  let made = 0
  return {
    async seal(name, parts, make) {
      if (used[name] !== undefined) throw new RangeError(`The blob ${name} is named twice.`)
      const from = digestOf(parts)
      const known = stored[name]
      const fits = known !== undefined && known.from === from
      if (!fits) made++
      const blob = fits ? known.blob : base64OfBytes(await make())
      used[name] = { from, blob }
      return bytesOfBase64(blob)
    },
    save() {
      const changed = made > 0 || Object.keys(stored).length !== Object.keys(used).length
      if (changed) writeFileSync(FILE, `${JSON.stringify(used, undefined, 1)}\n`)
      return made
    },
  }
}

function digestOf(parts: readonly (Bytes | string)[]): string {
  const digests = parts.map((part) => sha256(typeof part === 'string' ? bytesOfText(part) : part))
  return hexOfBytes(sha256(...digests)).slice(0, 32)
}

function readStored(): Stored {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Stored
  } catch {
    return {}
  }
}
