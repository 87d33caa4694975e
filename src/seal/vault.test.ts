import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { base64OfBytes, type Bytes, bytesOfBase64 } from '#lexicon'
import { readCertificate } from './certificate.ts'
import { newCode, receiptKeys, recoveryKeys } from './code.ts'
import { blobHash } from './hash.ts'
import { type Person, signerOfSeed } from './person.ts'
import { Refused } from './refused.ts'
import { wrapKey } from './seal-message.ts'
import { slotOf } from './statement.ts'
import {
  newSecretKey,
  openVault,
  readSecretKey,
  reopenVault,
  type SecretKey,
  unwrapKey,
} from './unseal.ts'
import { closeVault, fileKey, readVault, type Vault, type VaultKey, writeVault } from './vault.ts'

const DESK = 'ab'.repeat(32)
const SEED = new Uint8Array(32).fill(5)
const isVault = (error: unknown) => error instanceof Refused && error.code === 'vault'

let who: Person
let key: SecretKey
let vault: Vault
const receipt = receiptKeys(newCode(), DESK)
const recovery = recoveryKeys(newCode(), DESK)
const byReceipt: VaultKey = { kind: 'receipt', id: receipt.lookup, key: receipt.wrap }
const byRecovery: VaultKey = { kind: 'recovery', id: recovery.lookup, key: recovery.wrap }
const byPasskey: VaultKey = {
  kind: 'prf',
  id: 'credential-1',
  key: new Uint8Array(32).fill(7),
}

before(async () => {
  ;({ who } = await signerOfSeed(SEED))
  key = await newSecretKey()
  const bundle = { sign: SEED, pgp: key.secret, root: undefined }
  vault = await closeVault(DESK, who, bundle, [byReceipt, byRecovery])
})

test('each way opens the vault, with the same keys inside', async () => {
  for (const way of [byReceipt, byRecovery]) {
    const opened = await openVault(DESK, readVault(writeVault(vault)), way, key.cert)
    assert.deepEqual([opened.sign, opened.pgp, opened.root], [SEED, key.secret, undefined])
  }
})

test('seeds of the root come back; a vault written twice is another text', async () => {
  const root = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(root, async (each) => {
      const own = each === undefined ? undefined : new Uint8Array(each)
      const bundle = { sign: SEED, pgp: key.secret, root: own }
      const [one, two] = await Promise.all([
        closeVault(DESK, who, bundle, [byReceipt]),
        closeVault(DESK, who, bundle, [byReceipt]),
      ])
      assert.notEqual(writeVault(one), writeVault(two))
      assert.deepEqual((await openVault(DESK, two, byReceipt)).root, own)
    }),
    { numRuns: 10 },
  )
})

test('one bit of any byte of a stored vault changed: refused (K11)', async () => {
  const flip = (base64: string, at: number) => {
    const bytes = bytesOfBase64(base64)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
    return base64OfBytes(bytes)
  }
  const boxes = vault.keys.length
  assert.equal(boxes, 2)
  for (let at = 0; at < 60; at++) {
    const keys = vault.keys.map((each) => ({ ...each, box: flip(each.box, at) }))
    await assert.rejects(openVault(DESK, { ...vault, keys }, byReceipt), isVault, `box ${at}`)
  }
  const size = bytesOfBase64(vault.bundle).length
  for (let at = 0; at < size; at++) {
    const bundle = flip(vault.bundle, at)
    await assert.rejects(openVault(DESK, { ...vault, bundle }, byReceipt), isVault, `bundle ${at}`)
  }
})

test('one character of the text of a vault changed: no longer opened by all of its ways', async () => {
  const text = writeVault(vault)
  const letters = fc.constantFrom(...'{}",:0aA=/+ \\')
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), letters, async (at, letter) => {
      fc.pre(text[at] !== letter)
      const bent = text.slice(0, at) + letter + text.slice(at + 1)
      const all = async () => {
        const read = readVault(bent)
        await openVault(DESK, read, byReceipt, key.cert)
        await openVault(DESK, read, byRecovery, key.cert)
      }
      await assert.rejects(all, isVault)
    }),
    { numRuns: 300 },
  )
})

test('a vault is for one desk, one person, one way under one name', async () => {
  const other = 'cd'.repeat(32)
  await assert.rejects(openVault(other, vault, byReceipt), isVault)
  const stranger = (await signerOfSeed(new Uint8Array(32).fill(6))).who
  await assert.rejects(openVault(DESK, { ...vault, who: stranger }, byReceipt), isVault)
  await assert.rejects(openVault(DESK, vault, { ...byReceipt, key: recovery.wrap }), isVault)
  await assert.rejects(openVault(DESK, vault, { ...byReceipt, id: 'other' }), isVault)
  const [first, second] = vault.keys
  if (first === undefined || second === undefined) return
  const swapped = { ...vault, keys: [{ ...first, box: second.box }, second] }
  await assert.rejects(openVault(DESK, swapped, byReceipt), isVault)
})

test('a way in is added without the others knowing, and taken away again', async () => {
  const open = await reopenVault(DESK, vault, byReceipt)
  const more = readVault(writeVault(await open.add(byPasskey)))
  assert.equal(more.bundle, vault.bundle)
  for (const way of [byReceipt, byRecovery, byPasskey])
    assert.deepEqual((await openVault(DESK, more, way, key.cert)).sign, SEED)
  const less = await (await reopenVault(DESK, more, byPasskey)).remove('receipt', byReceipt.id)
  assert.deepEqual(
    less.keys.map(({ kind }) => kind),
    ['recovery', 'prf'],
  )
  await assert.rejects(openVault(DESK, less, byReceipt), isVault)
  assert.deepEqual((await openVault(DESK, less, byPasskey)).sign, SEED)
})

test('a way in of the same name is replaced', async () => {
  const open = await reopenVault(DESK, vault, byReceipt)
  const renewed = { ...byRecovery, key: new Uint8Array(32).fill(8) }
  const changed = await open.add(renewed)
  assert.equal(changed.keys.length, 2)
  assert.deepEqual((await openVault(DESK, changed, renewed)).sign, SEED)
  await assert.rejects(openVault(DESK, changed, byRecovery), isVault)
})

test('what another device deposited meanwhile is kept', async () => {
  const [here, there] = [
    await reopenVault(DESK, vault, byReceipt),
    await reopenVault(DESK, vault, byRecovery),
  ]
  const theirs = await there.add(byPasskey)
  const second: VaultKey = { ...byPasskey, id: 'credential-2' }
  const both = await here.add(second, theirs)
  for (const way of [byReceipt, byRecovery, byPasskey, second])
    assert.deepEqual((await openVault(DESK, both, way)).sign, SEED)
})

test('the last way in stays; an unknown one, or one with an impossible name, is refused', async () => {
  const open = await reopenVault(DESK, vault, byReceipt)
  await assert.rejects(open.remove('prf', 'credential-1'), isVault)
  await assert.rejects(open.add({ ...byPasskey, id: 'a b' }), isVault)
  const one = await open.remove('recovery', byRecovery.id)
  await assert.rejects(open.remove('receipt', byReceipt.id, one), isVault)
})

test('a box never goes into the vault of somebody else, of another desk or around another bundle (K11)', async () => {
  const open = await reopenVault(DESK, vault, byReceipt)
  const seed = new Uint8Array(32).fill(6)
  const other = (await signerOfSeed(seed)).who
  const bundle = { sign: seed, pgp: (await newSecretKey()).secret, root: undefined }
  const foreign = await closeVault(DESK, other, bundle, [byReceipt])
  await assert.rejects(open.add(byPasskey, foreign), isVault)
  await assert.rejects(open.remove('receipt', byReceipt.id, foreign), isVault)
  // Our boxes under their name, their bundle under our name, our bundle under their name.
  for (const mixed of [
    { ...foreign, keys: vault.keys },
    { ...foreign, who },
    { ...vault, who: other },
  ]) {
    await assert.rejects(open.add(byPasskey, mixed), isVault)
    await assert.rejects(reopenVault(DESK, mixed, byReceipt), isVault)
  }
  const bundleOfMine = { sign: SEED, pgp: key.secret, root: undefined }
  const again = await closeVault(DESK, who, bundleOfMine, [byReceipt])
  await assert.rejects(open.add(byPasskey, again), isVault)
  await assert.rejects(reopenVault('cd'.repeat(32), vault, byReceipt), isVault)
  await assert.rejects(reopenVault(DESK, vault, { ...byReceipt, key: byRecovery.key }), isVault)
})

test('the certificate must be the one of the chain', async () => {
  const another = await newSecretKey()
  await assert.rejects(openVault(DESK, vault, byReceipt, another.cert), isVault)
})

test('keys that do not belong together never unlock, though their owner closed the vault (K11)', async () => {
  const bent = key.secret.slice()
  for (const at of scalarsOf(key.secret)) {
    bent.set(key.secret)
    bent[at] = (bent[at] ?? 0) ^ 0x10
    const bundle = { sign: SEED, pgp: bent, root: undefined }
    const closed = await closeVault(DESK, who, bundle, [byReceipt])
    await assert.rejects(openVault(DESK, closed, byReceipt, key.cert), isVault, `byte ${at}`)
  }
  const others = { sign: new Uint8Array(32).fill(9), pgp: key.secret, root: undefined }
  const closed = await closeVault(DESK, who, others, [byReceipt])
  await assert.rejects(openVault(DESK, closed, byReceipt, key.cert), isVault)
})

test('one bit of any byte of a wrapped key changed: refused (K11)', async () => {
  const head = {
    v: 1 as const,
    type: 'case.key' as const,
    desk: DESK,
    chain: DESK,
    seq: 1,
    prev: DESK,
    by: who,
    at: '2026-11-21T12:00:00Z',
    dir: DESK,
    log: '',
    circle: 'all',
    epoch: 1,
    cert: key.cert,
    wraps: [],
  }
  const me = await newSecretKey()
  const certificate = await readCertificate(me.cert)
  for (let at = 0; at < key.secret.length; at += 3) {
    const bent: Bytes = key.secret.slice()
    bent[at] = (bent[at] ?? 0) ^ 0x10
    const blob: Bytes = await wrapKey(slotOf(head), bent, certificate)
    const wrap = { blob: blobHash(blob), epoch: 1, to: who }
    const named = { ...head, wraps: [wrap] }
    const opening = unwrapKey(named, wrap, blob, { reader: who, key: me }, key.cert)
    await assert.rejects(opening, Refused, `byte ${at}`)
  }
})

test('a passphrase counts as it is normalised, and only for its person and desk', async () => {
  const own = await fileKey('ﬁne passphrase', DESK, who)
  assert.deepEqual(await fileKey('fine passphrase', DESK, who), own)
  const others = await Promise.all([
    fileKey('Fine passphrase', DESK, who),
    fileKey('fine passphrase', 'cd'.repeat(32), who),
    fileKey('fine passphrase', DESK, 'ef'.repeat(32)),
  ])
  for (const each of others) assert.notDeepEqual(each, own)
})

test('an OpenPGP secret survives being written and read', async () => {
  const read = await readSecretKey(key.secret)
  assert.equal(read.cert, key.cert)
  assert.deepEqual(new Uint8Array(read.key.write()), key.secret)
})

/** Where the secret scalars of both key packets lie: behind version, time, algorithm, length, point, usage octet. */
function scalarsOf(secret: Bytes): readonly number[] {
  const places: number[] = []
  for (let at = 0; at < secret.length;) {
    const [tag = 0, one = 0, two = 0] = secret.subarray(at, at + 3)
    const head = one < 192 ? 2 : 3
    const size = one < 192 ? one : ((one - 192) << 8) + two + 192
    const scalar = at + head + 10 + 32 + 1
    if ((tag & 63) === 5 || (tag & 63) === 7)
      for (let byte = scalar; byte < at + head + size; byte++) places.push(byte)
    at += head + size
  }
  return places
}
