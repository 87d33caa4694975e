import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesOfHex, bytesOfText, concatBytes, hexOfBytes, LIMITS } from '#lexicon'

/** Each tag names one kind of hashed text and is never reused for another (K8). */
export type Tag =
  | 'statement'
  | 'slot'
  | 'file'
  | 'join'
  | 'words'
  | 'vault'
  | 'login'
  | 'invitation'
  | 'invite'
  | 'claim'
  | 'offer'

/** SHA-256 of the parts in order. 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const hash = nobleSha256.create()
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** Asking the engine costs more than it saves below this. */
const SMALL = 16 * 1024

/** The same by the engine itself: several times faster where there is more than a head to hash. */
export async function sha256ByEngine(bytes: Bytes): Promise<Bytes> {
  if (bytes.length <= SMALL) return sha256(bytes)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

/** SHA-256 of a stream: update with each chunk, then ask for the hex once. */
export function runningSha256(): { update(chunk: Uint8Array): void; hex(): string } {
  const hash = nobleSha256.create()
  return {
    update(chunk) {
      hash.update(chunk)
    },
    hex: () => hexOfBytes(hash.digest()),
  }
}

/** H(tag, bytes) of PROTOCOL 1: SHA-256 over the length of the tag, the tag, the bytes. */
export function taggedHash(tag: Tag, bytes: Uint8Array): Bytes {
  return sha256(prefixOf(tag), bytes)
}

/** `taggedHash` by the engine, for the readers of whole cases. */
export function taggedHashByEngine(tag: Tag, bytes: Uint8Array): Promise<Bytes> {
  return sha256ByEngine(concatBytes(prefixOf(tag), bytes))
}

/** By tag: a chain asks for the same two a thousand times. */
const prefixes = new Map<Tag, Bytes>()

function prefixOf(tag: Tag): Bytes {
  const known = prefixes.get(tag)
  if (known !== undefined) return known
  const name = bytesOfText(`postern/1 ${tag}`)
  const prefix = concatBytes(Uint8Array.of(name.length), name)
  prefixes.set(tag, prefix)
  return prefix
}

/** derive(secret, what) of PROTOCOL 1. The desk id is the salt: one code means nothing at another desk (N30). */
export function derive(secret: Uint8Array, deskId: string, what: string): Bytes {
  return expand(secret, bytesOfHex(deskId), what)
}

/** For the root code only: it exists before there is a desk. */
export function deriveBeforeDesk(secret: Uint8Array, what: string): Bytes {
  return expand(secret, new Uint8Array(32), what)
}

export function hmacSha256(key: Uint8Array, text: string): Bytes {
  return new Uint8Array(hmac(nobleSha256, key, bytesOfText(text)))
}

/**
 * The hash of a blob in hex: SHA-256 over the SHA-256 of each 1 MiB piece, so that pieces are checked
 * as they come. A blob is never empty.
 */
export function blobHash(blob: Uint8Array): string {
  const pieces: Bytes[] = []
  for (let at = 0; at < blob.length; at += LIMITS.piece)
    pieces.push(sha256(blob.subarray(at, at + LIMITS.piece)))
  return blobHashOfPieces(pieces)
}

/** `blobHash` by the engine, for the readers of whole cases. */
export async function blobHashByEngine(blob: Bytes): Promise<string> {
  return blobHashOfPieces(await pieceHashesByEngine(blob))
}

/** Of the pieces of 1 MiB that a blob is stored in. */
export async function pieceHashesByEngine(blob: Bytes): Promise<readonly Bytes[]> {
  const pieces: Bytes[] = []
  // One after the other: the engine copies what it is given, and this may be a mail of 26 MiB.
  for (let at = 0; at < blob.length; at += LIMITS.piece)
    pieces.push(await sha256ByEngine(blob.subarray(at, at + LIMITS.piece)))
  return pieces
}

export function blobHashOfPieces(pieceHashes: readonly Uint8Array[]): string {
  if (pieceHashes.length === 0) throw new RangeError('A blob is never empty.')
  return hexOfBytes(sha256(concatBytes(...pieceHashes)))
}

function expand(secret: Uint8Array, salt: Uint8Array, what: string): Bytes {
  return new Uint8Array(hkdf(nobleSha256, secret, salt, bytesOfText(`postern/1 ${what}`), 32))
}
