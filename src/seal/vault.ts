import { base64OfBytes, type Bytes, bytesOfText, hexOfBytes, isBase64 } from '#lexicon'
import { closeBox } from './box.ts'
import { canonicalText, parseCanonical } from './canonical.ts'
import { exactly, type Form, type Formed, listOf, matching, oneOf } from './form.ts'
import { derive, taggedHash } from './hash.ts'
import { isPerson, type Person } from './person.ts'
import { demand, Refused } from './refused.ts'

/** The ways into a vault (PROTOCOL 4.2). `file` exists in key files only, never at the server. */
const VAULT_KINDS = ['prf', 'recovery', 'receipt', 'file'] as const
export type VaultKind = (typeof VAULT_KINDS)[number]

/** A key that opens a vault, under the name that stands in it. */
export type VaultKey = { readonly kind: VaultKind; readonly id: string; readonly key: Bytes }

/** What a vault holds: seeds and the OpenPGP secret of one person. */
export type Bundle = {
  readonly sign: Bytes
  readonly pgp: Bytes
  /** The seed of the desk's root, for a coordinator who keeps it; else `undefined`. */
  readonly root: Bytes | undefined
}

const base64: Form<string> = (value): value is string =>
  typeof value === 'string' && value !== '' && isBase64(value)

const vaultForm = exactly({
  v: oneOf(1),
  who: isPerson,
  bundle: base64,
  keys: listOf(
    exactly({ kind: oneOf(...VAULT_KINDS), id: matching(/^[A-Za-z0-9_-]{0,512}$/), box: base64 }),
  ),
})

export type Vault = Formed<typeof vaultForm>

/** Throws `Refused` vault for a text that is not one. No parameters are read from it (K12). */
export function readVault(text: string): Vault {
  let value: unknown
  try {
    value = parseCanonical(text)
  } catch (cause) {
    throw new Refused('vault', 'This is not a vault.', { cause })
  }
  demand(vaultForm(value), 'vault', 'This is not a vault of this version.')
  return value
}

export function writeVault(vault: Vault): string {
  return canonicalText({ ...vault, keys: vault.keys.map((key) => ({ ...key })) })
}

/** Binds each box to its desk, person, kind and name: none can stand in for another (K11). */
export function vaultAad(desk: string, who: Person, kind: VaultKind | 'bundle', id: string): Bytes {
  return taggedHash('vault', bytesOfText(canonicalText({ desk, id, kind, who })))
}

/** A new vault around a bundle, openable by each of `keys`. */
export async function closeVault(
  desk: string,
  who: Person,
  bundle: Bundle,
  keys: readonly VaultKey[],
): Promise<Vault> {
  const main = crypto.getRandomValues(new Uint8Array(32))
  const inside = canonicalText({
    pgp: base64OfBytes(bundle.pgp),
    root: bundle.root === undefined ? '' : hexOfBytes(bundle.root),
    sign: hexOfBytes(bundle.sign),
  })
  const boxes = keys.map((way) => boxOf(desk, who, main, way))
  const sealed = await closeBox(main, vaultAad(desk, who, 'bundle', ''), bytesOfText(inside))
  return { v: 1, who, bundle: base64OfBytes(sealed), keys: await Promise.all(boxes) }
}

/** A reporter leaves one way into their vault: the words of this lookup. Throws `Refused` vault. */
export function demandReceiptVault(text: string, who: Person, lookup: string): void {
  const vault = readVault(text)
  const [key, ...others] = vault.keys
  const own =
    vault.who === who && key?.kind === 'receipt' && key.id === lookup && others.length === 0
  demand(own, 'vault', 'This vault is not the one of this reporter.')
}

/** The vault with one more way in; a way of the same name is replaced. `main` is the key that its boxes hold. */
export async function withKey(
  desk: string,
  vault: Vault,
  main: Bytes,
  way: VaultKey,
): Promise<Vault> {
  const others = vault.keys.filter((each) => each.kind !== way.kind || each.id !== way.id)
  const changed = { ...vault, keys: [...others, await boxOf(desk, vault.who, main, way)] }
  demand(vaultForm(changed), 'vault', 'A way into a vault has a name that does not fit.')
  return changed
}

/**
 * The vault without one of its ways in. Its main key stays: who kept an older copy and that way opens
 * the copy still, so a way that fell into other hands asks for new keys (`member.rotate`).
 */
export function withoutKey(vault: Vault, kind: VaultKind, id: string): Vault {
  const keys = vault.keys.filter((each) => each.kind !== kind || each.id !== id)
  demand(keys.length < vault.keys.length, 'vault', 'This vault has no such key.')
  demand(keys.length > 0, 'vault', 'The last way into a vault is not taken away.')
  return { ...vault, keys }
}

async function boxOf(desk: string, who: Person, main: Bytes, { kind, id, key }: VaultKey) {
  const box = await closeBox(key, vaultAad(desk, who, kind, id), main)
  return { kind, id, box: base64OfBytes(box) }
}

/** The key of a box that a passkey's PRF opens. The input of the PRF is a constant: no salt of the server (K19). */
export function prfKey(output: Bytes, desk: string): Bytes {
  return derive(output, desk, 'prf wrap')
}

/** Exactly this many rounds, always: a file that could name its own would name one (K12). */
const ROUNDS = 600_000

/** The key of a key file of the command line, from a passphrase. Half a second on purpose. */
export async function fileKey(passphrase: string, desk: string, who: Person): Promise<Bytes> {
  const words = bytesOfText(passphrase.normalize('NFKC'))
  const base = await crypto.subtle.importKey('raw', words, 'PBKDF2', false, ['deriveBits'])
  const parameters = {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt: bytesOfText(who),
    iterations: ROUNDS,
  }
  const bits = new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 256))
  return derive(bits, desk, 'file wrap')
}
