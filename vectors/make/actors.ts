import { type Bytes, bytesOfHex, bytesOfText, hexOfBytes } from '#lexicon'
import { joinMessage, type Person, sha256, type Signer, signerOfSeed } from '#seal'
import { type TestKey, testKey, type TestKeyName } from './test-keys.ts'

/** Somebody in the vectors: a signing key from a fixed seed, and a committed encryption key. */
export type Actor = {
  readonly name: string
  readonly seed: Bytes
  readonly signer: Signer
  readonly who: Person
  readonly pgp: TestKey
}

export type Cast = Awaited<ReturnType<typeof cast>>

/** Everybody who appears. The names are roles; nobody is invented. */
export async function cast() {
  return {
    root: await actor('Root', 'rotated'),
    server: await actor('Server', 'rotated'),
    server2: await actor('Server 2', 'rotated'),
    c1: await actor('Coordinator 1', 'coordinator-1'),
    c2: await actor('Coordinator 2', 'coordinator-2'),
    c3: await actor('Coordinator 3', 'coordinator-3'),
    c1new: await actor('Coordinator 1', 'rotated', 'Coordinator 1, new key'),
    c2new: await actor('Coordinator 2', 'rotated', 'Coordinator 2, new key'),
    m1: await actor('Maintainer 1', 'maintainer-1'),
    m1new: await actor('Maintainer 1', 'rotated', 'Maintainer 1, new key'),
    m2: await actor('Maintainer 2', 'maintainer-2'),
    b1: await actor('Board 1', 'board-1'),
    s1: await actor('Steward 1', 'steward-1'),
    reporter: await actor('Reporter', 'reporter'),
    claimant: await actor('Reporter by mail', 'claimant'),
    stranger: await actor('Stranger', 'rotated'),
  }
}

async function actor(name: string, key: TestKeyName, unique = name): Promise<Actor> {
  const seed = sha256(bytesOfText(`postern vectors: ${unique}`))
  const signer = await signerOfSeed(seed)
  return { name, seed, signer, who: signer.who, pgp: testKey(key) }
}

/** The signature with which somebody joins: under a handle, by an invitation or for a case. */
export function joins(
  who: Actor,
  desk: string,
  over: { readonly handle?: string; readonly invite?: string; readonly enc?: string } = {},
): Promise<string> {
  const { handle = who.name, invite = '', enc = who.pgp.cert } = over
  return who.signer.sign(joinMessage({ desk, enc, handle, invite, who: who.who }))
}

/** A hash that stands for something that no vector carries. */
export function standIn(what: string): string {
  return hexOfBytes(sha256(bytesOfText(`postern vectors: ${what}`)))
}

export function bytesOfStandIn(what: string): Bytes {
  return bytesOfHex(standIn(what))
}
