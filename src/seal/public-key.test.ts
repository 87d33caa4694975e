import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { armor, enums, generateKey, type PrivateKey } from 'openpgp'
import { type Bytes, concatBytes } from '#lexicon'
import { readPublicKey } from './public-key.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'postern-public-key-'))
after(async () => {
  await run('gpgconf', ['--homedir', folder, '--kill', 'all']).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
})

const newKey = async (name: string): Promise<PrivateKey> =>
  (await generateKey({ userIDs: [{ name }], format: 'object' })).privateKey
const asPublic = (bytes: Bytes) => armor(enums.armor.publicKey, bytes)

test('one public key is read, as we write it and as gpg does', async () => {
  const key = await newKey('A team')
  const fingerprint = key.getFingerprint().toUpperCase()
  assert.equal((await readPublicKey(key.toPublic().armor())).fingerprint, fingerprint)
  const gpg = async (...words: readonly string[]) =>
    (await run('gpg', ['--homedir', folder, '--batch', '--quiet', '--yes', ...words])).stdout
  for (const kind of ['future-default', 'rsa3072']) {
    const address = `${kind}@example.org`
    await gpg('--passphrase', '', '--quick-gen-key', address, kind, 'default', '2y')
    await gpg('--passphrase', '', '--quick-add-uid', address, `again ${address}`)
    const listed = await gpg('--with-colons', '-k', address)
    const read = await readPublicKey(await gpg('--armor', '--export', address))
    assert.equal(read.fingerprint, /fpr:+([0-9A-F]{40}):/.exec(listed)?.[1])
  }
})

test('a secret key does not pass in the armor of a public one, alone or beside it', async () => {
  const key = await newKey('A team')
  const own = new Uint8Array(key.toPublic().write())
  const secret = new Uint8Array(key.write())
  const other = new Uint8Array((await newKey('Another')).write())
  const marker = new Uint8Array([0xca, 3, 0x50, 0x47, 0x50])
  const unknown = new Uint8Array([0xfc, 3, 1, 2, 3])
  for (const [what, bytes] of Object.entries({
    'the secret key': secret,
    'a secret key after it': concatBytes(own, other),
    'a secret key before it': concatBytes(other, own),
    'its own secret key after it': concatBytes(own, secret),
    'a packet that readers skip': concatBytes(own, unknown),
    'a marker': concatBytes(marker, own),
    'bytes at the end': concatBytes(own, new Uint8Array([1, 2, 3])),
    'secret numbers inside the public packet': longerFirst(own, secret.slice(-40)),
  }))
    await assert.rejects(readPublicKey(asPublic(bytes)), { code: 'cert' }, what)
  await assert.rejects(readPublicKey(key.armor()), { code: 'cert' })
  await assert.rejects(readPublicKey(armor(enums.armor.message, own)), { code: 'cert' })
  const good = asPublic(own)
  for (const beside of [`Words.\n${good}`, `${good}Words.\n`, good + good])
    await assert.rejects(readPublicKey(beside), { code: 'cert' })
  await readPublicKey(good)
})

/** The first packet, whose length is one byte, with more at its end. */
function longerFirst(bytes: Bytes, more: Bytes): Bytes {
  const [tag = 0, length = 0] = bytes
  const header = new Uint8Array([tag, length + more.length])
  return concatBytes(header, bytes.slice(2, 2 + length), more, bytes.slice(2 + length))
}
