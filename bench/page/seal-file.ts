import { sealSource } from '#client'
import { LIMITS } from '#lexicon'
import { readCertificate } from '#seal'
import { newSecretKey } from '#unseal'
import { sourceOf } from '../../src/worker/file-source.ts'
import type { Sealed } from '../visits.ts'

const ROUNDS = 5

/** Seals a file as a message does, with all its hashes, in turn with nothing but AES over the same bytes. */
async function sealInTurn(file: File): Promise<Sealed> {
  const { cert } = await newSecretKey()
  const readers = [await readCertificate(cert)]
  const plain = new Uint8Array(await file.arrayBuffer())
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
  const bare = async () => {
    for (let at = 0; at < plain.length; at += LIMITS.piece) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const part = plain.subarray(at, at + LIMITS.piece)
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, part)
    }
  }
  const sealed = async () => {
    const { pieces, entry } = sealSource(sourceOf(file), readers)
    let size = 0
    for await (const { bytes } of pieces) size += bytes.length
    const { sha256 } = await entry()
    if (size <= file.size || sha256.length !== 64) throw new Error('The file was not sealed.')
  }
  const taken: Sealed = { bare: [], sealed: [] }
  for (let round = 0; round <= ROUNDS; round++) {
    const times = [await timeOf(bare), await timeOf(sealed)] as const
    // The first round compiles what the others run.
    if (round === 0) continue
    taken.bare.push(times[0])
    taken.sealed.push(times[1])
  }
  return taken
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

addEventListener('message', ({ data }: MessageEvent<number>) => {
  const parts = Array.from({ length: data / LIMITS.piece }, () => {
    const part = new Uint8Array(LIMITS.piece)
    for (let at = 0; at < part.length; at += 65_536)
      crypto.getRandomValues(part.subarray(at, at + 65_536))
    return part
  })
  void sealInTurn(new File(parts, 'recording.bin')).then((taken) => postMessage(taken))
})
