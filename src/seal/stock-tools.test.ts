import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type Bytes, bytesOfText, concatBytes } from '#lexicon'
import { readCertificate } from './certificate.ts'
import { exportCopy } from './export-copy.ts'
import { unframe } from './frame.ts'
import { blobHash } from './hash.ts'
import { signerOfSeed } from './person.ts'
import { encryptFrame, wrapKey } from './seal-message.ts'
import { signStatement, statementId } from './statement.ts'
import { newMailKey, newSecretKey } from './unseal.ts'

/*
 * What docs/formats/README.md says can be done by hand is done here with the commands of Debian.
 */

const run = promisify(execFile)
let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-stock-'))
})
after(async () => {
  await run('gpgconf', ['--homedir', folder, '--kill', 'all']).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
})

const sh = (script: string) => run('sh', ['-euc', script], { cwd: folder, encoding: 'utf8' })
const gpg = (...words: readonly string[]) =>
  run('gpg', ['--homedir', folder, '--batch', '--quiet', '--yes', ...words], { cwd: folder })

test('openssl alone verifies a statement, and notices one altered byte', async () => {
  const signer = await signerOfSeed(new Uint8Array(32).fill(8))
  const statement = await signStatement(signer, {
    v: 1,
    type: 'desk.beat',
    desk: 'ab'.repeat(32),
    chain: 'ab'.repeat(32),
    seq: 7,
    prev: 'cd'.repeat(32),
    by: signer.who,
    at: '2026-11-21T22:50:43Z',
    dir: '',
    log: '',
  })
  writeFileSync(join(folder, 'sig.bin'), Buffer.from(statement.sig, 'hex'))
  const verify = `
    { printf '\\023postern/1 statement'; cat head.json; } | openssl dgst -sha256 -binary > id.bin
    printf '302a300506032b6570032100%s' "${signer.who}" | xxd -r -p | openssl pkey -pubin -inform DER -out by.pem
    openssl pkeyutl -verify -pubin -inkey by.pem -rawin -in id.bin -sigfile sig.bin`
  writeFileSync(join(folder, 'head.json'), statement.head)
  const { stdout } = await sh(verify)
  assert.match(stdout, /Verified Successfully/)
  const id = readFileSync(join(folder, 'id.bin')).toString('hex')
  assert.equal(id, statementId(statement.head))
  writeFileSync(join(folder, 'head.json'), statement.head.replace('22:50:43', '22:50:44'))
  await assert.rejects(sh(verify))
})

test('split and openssl compute the hash of a blob', async () => {
  for (const size of [1, 1024 * 1024, 2 * 1024 * 1024 + 3]) {
    const blob = new Uint8Array(size).map((_, at) => (at * 7) & 255)
    writeFileSync(join(folder, 'blob'), blob)
    const { stdout } = await sh(
      `split -b 1M --filter='openssl dgst -sha256 -binary' blob | openssl dgst -sha256 -r`,
    )
    assert.equal(stdout.slice(0, 64), blobHash(blob))
  }
})

test('gpg opens a wrap to a member who uses gpg; the frame gives the key', async () => {
  const { secret: member, cert } = await newMailKey('Maintainer 1')
  const epoch = await newSecretKey()
  const slot = new Uint8Array(32).fill(9)
  writeFileSync(join(folder, 'member.pgp'), member)
  await gpg('--import', 'member.pgp')
  writeFileSync(
    join(folder, 'wrap'),
    await wrapKey(slot, epoch.secret, await readCertificate(cert)),
  )
  await gpg('--output', 'frame', '--decrypt', 'wrap')
  const whole = new Uint8Array(readFileSync(join(folder, 'frame')))
  assert.deepEqual(unframe(slot, whole), epoch.secret)
})

test('a certificate made by gpg is sealed to, and gpg opens what was sealed', async () => {
  await gpg('--passphrase', '', '--quick-gen-key', 'Maintainer 2', 'ed25519', 'sign', 'never')
  const { stdout: list } = await gpg('--list-keys', '--with-colons', 'Maintainer 2')
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(list)?.[1] ?? ''
  await gpg('--passphrase', '', '--quick-add-key', fingerprint, 'cv25519', 'encr', 'never')
  await gpg('--output', 'gpg.cert', '--export', fingerprint)
  const certificate = await readCertificate(
    readFileSync(join(folder, 'gpg.cert')).toString('base64'),
  )
  const slot = new Uint8Array(32).fill(4)
  const payload: Bytes = bytesOfText('for gpg')
  writeFileSync(join(folder, 'sealed'), await encryptFrame(slot, payload, [certificate]))
  await gpg('--output', 'opened', '--decrypt', 'sealed')
  const whole = new Uint8Array(readFileSync(join(folder, 'opened')))
  assert.deepEqual(unframe(slot, whole), payload)
})

test('gpg opens a copy of an export under its own name', async () => {
  const key = await newMailKey('export')
  writeFileSync(join(folder, 'export.asc'), key.key.armor())
  await gpg('--import', 'export.asc')
  const content = bytesOfText('A message.\n'.repeat(20_000))
  async function* source() {
    yield await Promise.resolve(content)
  }
  const parts: Uint8Array[] = []
  for await (const part of await exportCopy(source(), 'message-000.txt', key.cert)) parts.push(part)
  writeFileSync(join(folder, 'message-000.txt.pgp'), concatBytes(...parts))
  await gpg('--output', 'message', '--decrypt', 'message-000.txt.pgp')
  assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'message'))), content)
})

test('gpg takes a mail key that it looks up by an address only where the key names it, and every one from a file', async () => {
  // What `gpg --locate-external-keys security@example.org` does with the answer of a directory of keys.
  const lookUp = ['--import-filter', 'keep-uid=mbox = security@example.org']
  const offered = async (cert: string, ...flags: readonly string[]): Promise<string[]> => {
    writeFileSync(join(folder, 'offered'), Buffer.from(cert, 'base64'))
    await gpg(...flags, '--import', 'offered').catch(() => undefined)
    const { stdout } = await gpg('--with-colons', '--list-keys')
    const users = [...stdout.matchAll(/^uid:(?:[^:]*:){8}([^:]*):/gm)].map(([, user]) => user ?? '')
    return users.filter((user) => user.startsWith('Desk'))
  }
  const nameless = await newMailKey('Desk')
  const named = await newMailKey('Desk of keys', 'security@example.org')
  assert.deepEqual(await offered(nameless.cert, ...lookUp), [])
  assert.deepEqual(await offered(named.cert, ...lookUp), ['Desk of keys <security@example.org>'])
  assert.equal((await offered(nameless.cert)).length, 2)
})
