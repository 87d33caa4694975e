import { createPrivateKey, sign } from 'node:crypto'
import { type Bytes, bytesOfHex, concatBytes } from '#lexicon'
import { type Signer, signerOfSeed } from '#seal'

/** PKCS #8 header of an Ed25519 private key (RFC 8410); the seed follows. */
const PKCS8 = bytesOfHex('302e020100300506032b657004220420')

/**
 * The server's signer. It signs several statements for each mail: by Node.js itself at once, where WebCrypto
 * hands each to another thread and waits for it, which costs twice the signature. The same signatures.
 */
export async function serverSigner(seed: Bytes): Promise<Signer> {
  const { who } = await signerOfSeed(seed)
  const pkcs8 = Buffer.from(concatBytes(PKCS8, seed))
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return { who, sign: (message) => Promise.resolve(sign(null, message, key).toString('hex')) }
}
