import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import {
  encrypt,
  encryptSessionKey,
  enums,
  createMessage,
  generateSessionKey,
  PacketList,
  SymmetricallyEncryptedDataPacket,
} from 'openpgp'
import { bytesOfBase64, bytesOfText, concatBytes, textOfBytes } from '#lexicon'
import { readCertificate } from './certificate.ts'
import { PROFILE_V4 } from './openpgp-profile.ts'
import { newMailKey, type SecretKey, unsealPgp } from './unseal.ts'

const run = promisify(execFile)
let folder: string
let mine: SecretKey
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-pgp-'))
  mine = await newMailKey('Test Foundation')
  writeFileSync(join(folder, 'desk.pgp'), bytesOfBase64(mine.cert))
  await gpg('--import', 'desk.pgp')
  await gpg('--passphrase', '', '--quick-gen-key', 'Reporter 1', 'ed25519', 'sign', 'never')
})
after(async () => {
  await run('gpgconf', ['--homedir', folder, '--kill', 'all']).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
})

const gpg = async (...words: readonly string[]) => {
  const common = ['--homedir', folder, '--batch', '--quiet', '--yes', '--trust-model', 'always']
  const options = { cwd: folder, encoding: 'buffer' as const, maxBuffer: 2 ** 28 }
  return new Uint8Array((await run('gpg', [...common, ...words], options)).stdout)
}
const toDesk = async (content: Uint8Array, ...how: readonly string[]) => {
  writeFileSync(join(folder, 'plain'), content)
  return gpg('--output', '-', ...how, '--recipient', 'Test Foundation', '--encrypt', 'plain')
}

test('what gpg encrypts is opened: armored and not, compressed and not, signed and not', async () => {
  for (const how of [
    ['--armor'],
    [],
    ['--armor', '--sign', '--compress-algo', 'zip'],
    ['--armor', '--sign', '--compress-algo', 'zlib'],
    ['--armor', '--compress-algo', 'none'],
    ['--armor', '--hidden-recipient', 'Test Foundation'],
  ]) {
    const blob = await toDesk(bytesOfText('It overflows.\n'), ...how)
    const other = await newMailKey('Another epoch')
    const { content, signed } = await unsealPgp(blob, [other, mine])
    assert.equal(textOfBytes(content), 'It overflows.\n', how.join(' '))
    assert.equal(signed, how.includes('--sign'), how.join(' '))
  }
})

test('a message to other keys, a changed one, and one that is none are refused', async () => {
  const blob = await toDesk(bytesOfText('It overflows.'))
  await assert.rejects(unsealPgp(blob, [await newMailKey()]), { code: 'decrypt' })
  await assert.rejects(unsealPgp(blob, []), { code: 'decrypt' })
  const changed = new Uint8Array(blob)
  changed[changed.length - 5] = (changed.at(-5) ?? 0) ^ 1
  await assert.rejects(unsealPgp(changed, [mine]), { code: 'decrypt' })
  await assert.rejects(unsealPgp(bytesOfText('no message'), [mine]), { name: 'Refused' })
  const signed = await gpg('--output', '-', '--sign', 'plain')
  await assert.rejects(unsealPgp(signed, [mine]), { code: 'grammar' })
})

test('a packet that nothing protects against change is never opened (K14)', async () => {
  const { key } = await readCertificate(mine.cert)
  const session = await generateSessionKey({ encryptionKeys: key, config: PROFILE_V4 })
  const keyPacket: unknown = await encryptSessionKey({
    ...session,
    encryptionKeys: key,
    format: 'binary',
    config: PROFILE_V4,
  })
  assert.ok(keyPacket instanceof Uint8Array)
  const { packets } = await createMessage({ binary: bytesOfText('It overflows.') })
  const bare = new SymmetricallyEncryptedDataPacket()
  Reflect.set(bare, 'packets', packets)
  const seal: unknown = Reflect.get(bare, 'encrypt')
  assert.ok(typeof seal === 'function')
  await Reflect.apply(seal, bare, [enums.symmetric.aes256, session.data, PROFILE_V4])
  const outer = new PacketList<SymmetricallyEncryptedDataPacket>()
  outer.push(bare)
  const blob = concatBytes(keyPacket, outer.write())
  await assert.rejects(unsealPgp(blob, [mine]), { code: 'grammar' })
})

test('a message that grows beyond all mails when it is opened is refused (R45)', async () => {
  const bomb = await toDesk(new Uint8Array(80 * 1024 * 1024), '--compress-algo', 'zlib')
  assert.ok(bomb.length < 200_000)
  await assert.rejects(unsealPgp(bomb, [mine]), { code: 'decrypt' })
})

test('two messages in one are not read as one (K13)', async () => {
  const { key } = await readCertificate(mine.cert)
  const sealed = async (text: string) => {
    const blob: unknown = await encrypt({
      message: await createMessage({ text }),
      encryptionKeys: key,
      format: 'binary',
      config: PROFILE_V4,
    })
    assert.ok(blob instanceof Uint8Array)
    return new Uint8Array(blob)
  }
  const both = concatBytes(await sealed('first'), await sealed('second'))
  await assert.rejects(unsealPgp(both, [mine]), { code: 'decrypt' })
})

test('a message with a thousand key packets is not tried with each of them', async () => {
  const { key } = await readCertificate(mine.cert)
  const data = new Uint8Array(32).fill(3)
  const packet: unknown = await encryptSessionKey({
    data,
    algorithm: 'aes256',
    encryptionKeys: key,
    format: 'binary',
    config: PROFILE_V4,
  })
  assert.ok(packet instanceof Uint8Array)
  const whole = await toDesk(bytesOfText('words'))
  const blob = concatBytes(...Array.from({ length: 1000 }, () => new Uint8Array(packet)), whole)
  const began = performance.now()
  await assert.rejects(unsealPgp(blob, [mine]), {
    code: 'grammar',
    message: /more keys than we try/,
  })
  assert.ok(performance.now() - began < 1000)
})
