import { decrypt, readMessage, readPrivateKey } from 'openpgp'
import { readBodiesPage } from '#contract'

/** The floor: the same bodies, decrypted by the same library in turn, and nothing else done with them. */
async function bareDecrypt(): Promise<number> {
  const bytesOf = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer())
  const { bodies } = readBodiesPage(await bytesOf('/bench/bodies'))
  const decryptionKeys = await readPrivateKey({ binaryKey: await bytesOf('/bench/key') })
  // The key's own signatures are verified at its first use only: not part of a thousand messages.
  const open = async (binaryMessage: Uint8Array) => {
    const message = await readMessage({ binaryMessage })
    await decrypt({ message, decryptionKeys, format: 'binary' })
  }
  for (const { bytes } of bodies.slice(0, 20)) await open(bytes)
  const began = performance.now()
  for (const { bytes } of bodies) await open(bytes)
  return performance.now() - began
}

void bareDecrypt().then((taken) => postMessage(taken))
