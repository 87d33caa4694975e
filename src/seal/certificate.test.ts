import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enums, generateKey } from 'openpgp'
import { base64OfBytes, bytesOfBase64 } from '#lexicon'
import { type Certificate, readCertificate } from './certificate.ts'
import { PROFILE_V6, USER_ID } from './openpgp-profile.ts'
import { Refused } from './refused.ts'
import { encryptFrame } from './seal-message.ts'
import { readSealed } from './sealed.ts'
import { newMailKey, newSecretKey, unsealFrame } from './unseal.ts'

// Which certificates are refused is in vectors/sealing; here is what needs fresh ones.

const isCert = (error: unknown) => error instanceof Refused && error.code === 'cert'
const SLOT = new Uint8Array(32).fill(1)

test('keys that we make are accepted, and say nothing about their holder', async () => {
  for (const key of [await newSecretKey(), await newMailKey()]) {
    const { version, base64 } = await readCertificate(key.cert)
    assert.equal(version, key.key.keyPacket.version)
    assert.equal(base64, key.cert)
    assert.deepEqual(key.key.getUserIDs(), ['postern'])
  }
})

test('a key from a clock that runs ahead or behind is sealed to', async () => {
  for (const seconds of [-400_000_000, -1, 2, 300, 86_400]) {
    const { privateKey } = await generateKey({
      type: 'curve25519',
      userIDs: [USER_ID],
      date: new Date(Date.now() + seconds * 1000),
      format: 'object',
      config: PROFILE_V6,
    })
    const certificate = await readCertificate(base64OfBytes(privateKey.toPublic().write()))
    const blob = await encryptFrame(SLOT, Uint8Array.of(7), [certificate])
    const key = { cert: certificate.base64, secret: new Uint8Array(0), key: privateKey }
    const opened = await unsealFrame(SLOT, readSealed<'invitation'>(blob, 1), key)
    assert.deepEqual([...opened], [7], `${seconds} seconds`)
  }
})

test('a certificate that is signed with a hash which no browser computes is refused', async () => {
  const signedWith = async (preferredHashAlgorithm: enums.hash) => {
    const { privateKey } = await generateKey({
      type: 'curve25519',
      userIDs: [USER_ID],
      format: 'object',
      config: { ...PROFILE_V6, preferredHashAlgorithm, rejectHashAlgorithms: new Set() },
    })
    return base64OfBytes(privateKey.toPublic().write())
  }
  await readCertificate(await signedWith(enums.hash.sha512))
  await assert.rejects(readCertificate(await signedWith(enums.hash.sha3_512)), isCert)
})

test('one bit of any byte of a certificate changed: refused, or not the same certificate', async () => {
  const { cert } = await newSecretKey()
  const bytes = bytesOfBase64(cert)
  for (let at = 0; at < bytes.length; at += 2) {
    const bent = bytes.slice()
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8))
    const other = base64OfBytes(bent)
    const read = await readCertificate(other).catch((error: unknown) => {
      assert.ok(isCert(error), `byte ${at}: ${String(error)}`)
    })
    // Unhashed subpackets are covered by no signature; what they say is not believed.
    if (read !== undefined) await sameKey(read, cert)
  }
})

test('nobody to seal to, and both kinds of keys together, are refused', async () => {
  const v6 = await readCertificate((await newSecretKey()).cert)
  const v4 = await readCertificate((await newMailKey()).cert)
  await assert.rejects(encryptFrame(SLOT, Uint8Array.of(1), []), isCert)
  await assert.rejects(encryptFrame(SLOT, Uint8Array.of(1), [v6, v4]), isCert)
})

async function sameKey(read: Certificate, cert: string): Promise<void> {
  const own = await readCertificate(cert)
  assert.equal(read.key.getFingerprint(), own.key.getFingerprint())
  assert.equal(read.key.subkeys[0]?.getFingerprint(), own.key.subkeys[0]?.getFingerprint())
}
