import { readFileSync, writeFileSync } from 'node:fs'
import { enums, generateKey, type PrivateKey, type UserID } from 'openpgp'
import { base64OfBytes, type Bytes, bytesOfBase64 } from '#lexicon'
import { PROFILE_V4, PROFILE_V6 } from '#seal'

/** An OpenPGP key pair for tests. The secret is public: it stands in keys.json. */
export type TestKey = { readonly cert: string; readonly secret: Bytes }

/** Every key is as old as this, so that no clock finds it too young. */
const MADE = new Date('2024-01-01T00:00:00Z')
const FILE = new URL('keys.json', import.meta.url)

/** OpenPGP keys cannot be made from a seed, so they are made once and committed. */
const WANTED = [
  ...[1, 2, 3].map((n) => `coordinator-${n}`),
  ...[1, 2].map((n) => `maintainer-${n}`),
  'board-1',
  'steward-1',
  'rotated',
  'reporter',
  'claimant',
  ...[1, 2, 3].map((n) => `desk-${n}`),
  ...[1, 2].map((n) => `all-${n}`),
  'project-1',
] as const
const WANTED_V4 = ['mail-1', 'gpg-member'] as const
/** Sound keys of profiles that are refused (PROTOCOL 2.1). */
const FOREIGN = {
  rsa: () => generateKey({ ...common(), type: 'rsa', rsaBits: 2048, config: PROFILE_V4 }),
  'nist-p256': () =>
    generateKey({ ...common(), type: 'ecc', curve: 'nistP256', config: PROFILE_V4 }),
  'nist-subkey': () =>
    generateKey({
      ...common(),
      type: 'ecc',
      curve: 'ed25519Legacy',
      subkeys: [{ type: 'ecc', curve: 'nistP256' }],
      config: PROFILE_V4,
    }),
  'v4-new-algorithms': () => generateKey({ ...common(), type: 'curve25519', config: PROFILE_V4 }),
  'without-aead': () =>
    generateKey({
      ...common(),
      type: 'curve25519',
      config: { ...PROFILE_V6, aeadProtect: false },
    }),
  'v4-with-aead': () =>
    generateKey({
      ...common(),
      type: 'ecc',
      curve: 'curve25519Legacy',
      config: { ...PROFILE_V4, aeadProtect: true },
    }),
  curve448: () => generateKey({ ...common(), type: 'curve448', config: PROFILE_V6 }),
  expiring: () =>
    generateKey({
      ...common(),
      type: 'curve25519',
      keyExpirationTime: 3_000_000_000,
      config: PROFILE_V6,
    }),
  'expired-in-2024': () =>
    generateKey({
      ...common(),
      type: 'curve25519',
      keyExpirationTime: 86_400,
      config: PROFILE_V6,
    }),
  'two-subkeys': () =>
    generateKey({ ...common(), type: 'curve25519', subkeys: [{}, {}], config: PROFILE_V6 }),
  'signing-subkey': () =>
    generateKey({ ...common(), type: 'curve25519', subkeys: [{ sign: true }], config: PROFILE_V6 }),
  'no-subkey': () =>
    generateKey({ ...common(), type: 'curve25519', subkeys: [], config: PROFILE_V6 }),
  'many-names': () =>
    generateKey({
      ...common(),
      userIDs: Array.from({ length: 24 }, (_, n) => ({ name: `name ${n}` })),
      type: 'curve25519',
      config: PROFILE_V6,
    }),
  revoked: async () => {
    const made = await generateKey({ ...common(), type: 'curve25519', config: PROFILE_V6 })
    const revoked = await made.privateKey.revoke(
      { flag: enums.reasonForRevocation.keyRetired, string: '' },
      MADE,
      PROFILE_V6,
    )
    return { privateKey: revoked }
  },
} as const

export type TestKeyName =
  (typeof WANTED)[number] | (typeof WANTED_V4)[number] | keyof typeof FOREIGN

type Stored = { readonly [name: string]: { readonly cert: string; readonly secret: string } }

let stored = readStored()

export function testKey(name: TestKeyName): TestKey {
  const key = stored[name]
  if (key === undefined) throw new RangeError(`There is no test key ${name}: run make/main.ts.`)
  return { cert: key.cert, secret: bytesOfBase64(key.secret) }
}

/** Adds to keys.json what is missing there; never replaces a key, for vectors carry them. */
export async function makeMissingKeys(): Promise<number> {
  const keys: Record<string, Stored[string]> = { ...stored }
  const made = async (name: string, make: () => Promise<{ privateKey: PrivateKey }>) => {
    if (keys[name] !== undefined) return 0
    const { privateKey } = await make()
    keys[name] = {
      cert: base64OfBytes(privateKey.toPublic().write()),
      secret: base64OfBytes(privateKey.write()),
    }
    return 1
  }
  let count = 0
  for (const name of WANTED)
    count += await made(name, () =>
      generateKey({ ...common(), type: 'curve25519', config: PROFILE_V6 }),
    )
  for (const name of WANTED_V4)
    count += await made(name, () =>
      generateKey({ ...common(), type: 'ecc', curve: 'curve25519Legacy', config: PROFILE_V4 }),
    )
  for (const [name, make] of Object.entries(FOREIGN)) count += await made(name, make)
  if (count > 0) writeFileSync(FILE, `${JSON.stringify(keys, undefined, 2)}\n`)
  stored = keys
  return count
}

function common(): { userIDs: UserID[]; format: 'object'; date: Date } {
  return { userIDs: [{ name: 'postern' }], format: 'object', date: MADE }
}

function readStored(): Stored {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Stored
  } catch {
    return {}
  }
}
