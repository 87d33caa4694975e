import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { generateKey } from 'openpgp'
import { bytesOfBase64, DAY } from '#lexicon'
import { AT_ANY_TIME, PROFILE_V4 } from './openpgp-profile.ts'
import { Refused } from './refused.ts'
import { clearSign, keyEnds, newMailKey, newSecretKey, readSecretKey } from './unseal.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'postern-sign-'))
after(async () => {
  await run('gpgconf', ['--homedir', folder, '--kill', 'all']).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
})
const gpg = (...words: readonly string[]) =>
  run('gpg', ['--homedir', folder, '--batch', '--status-fd', '1', ...words], { cwd: folder })

const TEXT = '# one\n- two\nFrom three\nContact: mailto:security@example.org\n'
const key = await newMailKey('Example desk', 'security@example.org')

test('gpg verifies what the mail key signed, gives it back, and notices one altered letter', async () => {
  const signed = await clearSign(TEXT, key, Date.now())
  writeFileSync(join(folder, 'cert'), bytesOfBase64(key.cert))
  writeFileSync(join(folder, 'signed'), signed)
  writeFileSync(join(folder, 'altered'), signed.replace('three', 'four'))
  await gpg('--import', 'cert')
  const { stdout } = await gpg('--output', '-', '--verify', 'signed')
  assert.match(stdout, new RegExp(`VALIDSIG ${key.key.getFingerprint()}`, 'i'))
  assert.ok(stdout.includes('Contact: mailto:security@example.org\n'))
  await assert.rejects(gpg('--verify', 'altered'))
})

test('what others would change on the way is not signed, nor anything by another key', async () => {
  const refused = (text: string, by = key) =>
    assert.rejects(clearSign(text, by, Date.now()), (error) => {
      return error instanceof Refused && error.code === 'clear-sign'
    })
  await refused('no end')
  await refused('a space at the end \nof a line\n')
  await refused('another\r\nend\n')
  await refused(TEXT, await newSecretKey())
})

test('a signature is never older than its key', async () => {
  const signed = await clearSign(TEXT, key, Date.now() - 30 * DAY)
  assert.ok(!signed.includes('\r'))
  assert.match(signed, /^-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n/)
})

test('our mail keys never end; one that does says when', async () => {
  assert.equal(await keyEnds(key), Infinity)
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ name: 'ends' }],
    keyExpirationTime: 1000,
    format: 'object',
    config: PROFILE_V4,
  })
  const ending = await readSecretKey(new Uint8Array(privateKey.write()))
  const made = privateKey.getCreationTime().getTime()
  assert.equal(await keyEnds(ending), made + 1_000_000)
  await assert.rejects(clearSign(TEXT, ending, AT_ANY_TIME.getTime()), Refused)
})
