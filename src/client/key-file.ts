import type { Bytes } from '#lexicon'
import {
  canonicalText,
  closeVault,
  type Code,
  fileKey,
  parseCanonical,
  readVault,
  recoveryKeys,
  Refused,
  signerOfSeed,
  type Vault,
  type VaultKey,
  writeVault,
} from '#seal'
import { openVault, type SecretKey } from '#unseal'
import { ClientError } from './client-error.ts'
import type { Self } from './self.ts'

/** A member's keys on disk: a vault with two ways in, the passphrase and the recovery words (PROTOCOL 4.2). */
export type KeyFile = { readonly desk: string; readonly vault: Vault }

/** The secrets of a person before they are put away. Seeds are 32 bytes. */
export type NewSelf = {
  readonly sign: Bytes
  readonly key: SecretKey
}

export async function closeKeyFile(
  desk: string,
  person: NewSelf,
  passphrase: string,
  recovery: Code,
): Promise<string> {
  const { who } = await signerOfSeed(person.sign)
  // Never the root: a file that is stolen with its passphrase must not stand for two people.
  const bundle = { sign: person.sign, pgp: person.key.secret, root: undefined }
  const file = { kind: 'file', id: '', key: await fileKey(passphrase, desk, who) } as const
  return writeKeyFile(
    desk,
    await closeVault(desk, who, bundle, [file, recoveryWay(recovery, desk)]),
  )
}

/** A vault that a passphrase opens, as a key file. */
export function writeKeyFile(desk: string, vault: Vault): string {
  return `${canonicalText({ desk, v: 1, vault: writeVault(vault) })}\n`
}

export function readKeyFile(text: string): KeyFile {
  try {
    const value = parseCanonical(text.trimEnd())
    if (typeof value === 'object' && 'desk' in value && 'vault' in value && 'v' in value) {
      const { desk, vault, v } = value
      if (
        v === 1 &&
        typeof desk === 'string' &&
        typeof vault === 'string' &&
        /^[0-9a-f]{64}$/.test(desk)
      )
        return { desk, vault: readVault(vault) }
    }
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
  }
  throw new ClientError('key-file', 'This is not a key file of this version.')
}

/** How a person opens their key file. */
export type Way = { readonly passphrase: string } | { readonly recovery: Code }

export async function openKeyFile({ desk, vault }: KeyFile, way: Way): Promise<Self> {
  try {
    const opened = await openVault(desk, vault, await vaultKeyOf(desk, vault, way))
    return { signer: await signerOfSeed(opened.sign), key: opened.key, root: undefined }
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    const what = 'passphrase' in way ? 'This passphrase does' : 'These recovery words do'
    throw new ClientError('key-file', `${what} not open the key file.`, { cause })
  }
}

/** What opens the vault of a key file. */
async function vaultKeyOf(desk: string, vault: Vault, way: Way): Promise<VaultKey> {
  if ('passphrase' in way) {
    const key = await fileKey(way.passphrase, desk, vault.who)
    return { kind: 'file', id: '', key }
  }
  return recoveryWay(way.recovery, desk)
}

function recoveryWay(recovery: Code, desk: string): VaultKey {
  const { lookup, wrap } = recoveryKeys(recovery, desk)
  return { kind: 'recovery', id: lookup, key: wrap }
}
