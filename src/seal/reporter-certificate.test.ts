import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { config, generateKey } from 'openpgp'
import { type Bytes, bytesOfText, DAY, LIMITS } from '#lexicon'
import { Refused } from './refused.ts'
import { certificatesIn, readReporterCertificate } from './reporter-certificate.ts'
import { sealPgpMail } from './seal-pgp-mail.ts'
import { demandPgpMessage } from './pgp-armor.ts'
import { newMailKey, unsealPgp } from './unseal.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'postern-keys-'))
after(async () => {
  await run('gpgconf', ['--homedir', folder, '--kill', 'all']).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
})
const gpg = async (...words: readonly string[]): Promise<Bytes> => {
  const common = ['--homedir', folder, '--batch', '--quiet', '--yes', '--trust-model', 'always']
  const options = { encoding: 'buffer', maxBuffer: 1e8 } as const
  return new Uint8Array((await run('gpg', [...common, ...words], options)).stdout)
}
/** A key as gpg makes it, and its certificate. */
async function made(address: string, kind: string, ends = 'never', ...more: string[]) {
  const make = ['--passphrase', '', ...more, '--quick-gen-key', `R <${address}>`, kind]
  const apart = /^(?:nist|brainpool|rsa)/.test(kind)
  await gpg(...make, apart ? 'sign' : 'default', ends)
  if (apart) {
    const listed = new TextDecoder().decode(await gpg('--with-colons', '-k', address))
    const [, fingerprint = ''] = /fpr:+([0-9A-F]{40}):/.exec(listed) ?? []
    await gpg('--passphrase', '', '--quick-add-key', fingerprint, kind, 'encr')
  }
  return gpg('--export', address)
}

const now = Date.now()
const ADDRESS = 'Reporter@example.net'
const refused = (why: RegExp) => (error: unknown) =>
  error instanceof Refused && error.code === 'cert' && why.test(error.message)

test('whatever gpg makes today is taken, and gpg opens what is encrypted to it', async () => {
  const own = await newMailKey()
  for (const kind of ['rsa2048', 'future-default', 'nistp256']) {
    const address = `${kind}@example.net`
    const [bytes, ...more] = await certificatesIn(await made(address, kind))
    assert.ok(bytes && more.length === 0)
    const certificate = await readReporterCertificate(bytes, address.toUpperCase(), now)
    assert.match(certificate.fingerprint, /^[0-9a-f]{40}$/)
    assert.match(certificate.hash, /^[0-9a-f]{64}$/)
    const armored = await sealPgpMail(bytesOfText('words'), certificate, own, now)
    demandPgpMessage(armored)
    const opened = await unsealPgp(armored, [own])
    assert.deepEqual([opened.content, opened.signed], [bytesOfText('words'), true])
  }
})

test('a key of version 6 is taken', async () => {
  const { privateKey } = await generateKey({
    type: 'curve25519',
    userIDs: [{ email: ADDRESS }],
    format: 'object',
    config: { ...config, v6Keys: true, aeadProtect: true },
  })
  const bytes = new Uint8Array(privateKey.toPublic().write())
  const certificate = await readReporterCertificate(bytes, ADDRESS, now)
  assert.match(certificate.fingerprint, /^[0-9a-f]{64}$/)
  const armored = await sealPgpMail(bytesOfText('words'), certificate, await newMailKey(), now)
  demandPgpMessage(armored)
  const key = { cert: '', secret: new Uint8Array(0), key: privateKey }
  assert.deepEqual((await unsealPgp(armored, [key])).content, bytesOfText('words'))
})

test('a key for another address is not for this one, and a name in it proves nothing', async () => {
  const bytes = await made('other@example.net', 'future-default')
  await assert.rejects(readReporterCertificate(bytes, ADDRESS, now), refused(/another address/))
  // Where the mail said for whom it is.
  await readReporterCertificate(bytes, undefined, now)
  await gpg('--quick-add-uid', 'other@example.net', `R <${ADDRESS}>`)
  const named = await gpg('--export', 'other@example.net')
  await readReporterCertificate(named, ADDRESS, now)
  await gpg('--quick-revoke-uid', 'other@example.net', `R <${ADDRESS}>`)
  const taken = await gpg('--export', 'other@example.net')
  await assert.rejects(readReporterCertificate(taken, ADDRESS, now), refused(/another address/))
})

test('what expired, was revoked, is weak, or only signs is refused, with why', async () => {
  const short = await made('short@example.net', 'future-default', '1d')
  await readReporterCertificate(short, undefined, now)
  await assert.rejects(readReporterCertificate(short, undefined, now + 2 * DAY), refused(/expired/))

  await made('gone@example.net', 'future-default')
  const [, fingerprint = ''] =
    /fpr:+([0-9A-F]{40}):/.exec(
      new TextDecoder().decode(await gpg('--with-colons', '-k', 'gone@example.net')),
    ) ?? []
  const file = join(folder, 'openpgp-revocs.d', `${fingerprint}.rev`)
  const revocation = readFileSync(file, 'utf8').replace(':-----', '-----')
  writeFileSync(file, revocation)
  await gpg('--import', file)
  const gone = await gpg('--export', 'gone@example.net')
  await assert.rejects(readReporterCertificate(gone, undefined, now), refused(/revoked/))

  const weak = await made('weak@example.net', 'rsa1024')
  await assert.rejects(readReporterCertificate(weak, undefined, now), refused(/strength/))
  const curve = await made('curve@example.net', 'brainpoolP256r1')
  await assert.rejects(readReporterCertificate(curve, undefined, now), refused(/Brainpool/))
  await gpg('--passphrase', '', '--quick-gen-key', 'sign@example.net', 'ed25519', 'sign', 'never')
  const signs = await gpg('--export', 'sign@example.net')
  await assert.rejects(readReporterCertificate(signs, undefined, now), refused(/encrypted to/))
})

test('a secret key, several keys, rubbish and ten megabytes are no key to use', async () => {
  await made('secret@example.net', 'future-default')
  const secret = await gpg('--export-secret-keys', 'secret@example.net')
  await assert.rejects(readReporterCertificate(secret, undefined, now), refused(/secret/))
  assert.deepEqual(await certificatesIn(secret), [])
  const all = await gpg('--export')
  assert.ok((await certificatesIn(all)).length > 5)
  await assert.rejects(readReporterCertificate(all, undefined, now), refused(/one key/))
  for (const rubbish of [new Uint8Array(0), new Uint8Array(100), 'words', '-----BEGIN PGP'])
    await assert.rejects(certificatesIn(rubbish), refused(/key/))
  const large = new Uint8Array(10_000_000)
  await assert.rejects(certificatesIn(large), refused(/larger/))
  await assert.rejects(
    readReporterCertificate(new Uint8Array(LIMITS.foundKey + 1), undefined, now),
    refused(/larger/),
  )
})

/** The bytes of an OpenPGP packet, of a number, and of a certificate of version 4 with forged revocations. */
const packet = (tag: number, body: Uint8Array): Bytes =>
  Uint8Array.from([0xc0 | tag, 255, ...u32(body.length), ...body])
const u16 = (n: number) => [n >> 8, n & 255]
const u32 = (n: number) => [...u16(n >>> 16), ...u16(n & 0xffff)]
const mpi = (bits: number) => {
  const number = Array.from({ length: Math.ceil(bits / 8) }, () => 0x55)
  number[0] = 1 << ((bits - 1) % 8)
  number[number.length - 1] = 0x57
  return [...u16(bits), ...number]
}
const PRIME = [...u16(17), 1, 0, 1]
function planted(algorithm: number, bits: readonly number[], revocations: number): Bytes {
  const body = Uint8Array.from([4, ...u32(1.6e9), algorithm, ...bits.flatMap(mpi)])
  const id = createHash('sha1').update(Uint8Array.from([0x99, ...u16(body.length), ...body]))
  const made = Array.from({ length: revocations }, (_, n) => {
    const subpackets = [5, 2, ...u32(1.6e9 + n), 9, 16, ...id.copy().digest().subarray(-8)]
    const head = [4, 0x20, algorithm, 8, ...u16(subpackets.length), ...subpackets]
    const signed = [0x99, ...u16(body.length), ...body, ...head, 4, 255, ...u32(head.length)]
    // The two bytes by which a reader sees beforehand whether to verify at all.
    const left = createHash('sha256').update(Uint8Array.from(signed)).digest().subarray(0, 2)
    const numbers = algorithm === 17 ? [...PRIME, ...PRIME] : mpi(2040)
    return packet(2, Uint8Array.from([...head, 0, 0, ...left, ...numbers]))
  })
  const name = packet(13, bytesOfText(`R <${ADDRESS}>`))
  return Uint8Array.from([packet(6, body), ...made, name].flatMap((each) => [...each]))
}

test('a key that would be computed with for hours is refused before anything of it is', async () => {
  const attacks: Record<string, readonly [Bytes, RegExp]> = {
    'DSA with an order without end': [planted(17, [8192, 65_535, 2000, 2000], 100), /a kind/],
    'ElGamal, which signs nothing': [planted(16, [8192, 8000, 8000], 0), /a kind/],
    'an exponent without end': [planted(1, [8192, 8190], 100), /number/],
    'an exponent of 72 bits': [planted(1, [2048, 72], 1), /number/],
    'a modulus of half a million bits': [planted(1, [65_535, 17], 100), /number/],
    'signatures without end': [planted(1, [2048, 17], 201), /signatures/],
  }
  for (const [name, [bytes, why]] of Object.entries(attacks)) {
    assert.ok(bytes.length <= LIMITS.foundKey, name)
    const began = process.cpuUsage()
    const [certificate, ...more] = await certificatesIn(bytes)
    assert.ok(certificate && more.length === 0, name)
    await assert.rejects(readReporterCertificate(certificate, ADDRESS, now), refused(why), name)
    assert.ok(process.cpuUsage(began).user < 1_000_000, name)
  }
  await assert.rejects(
    readReporterCertificate(planted(1, [2048, 17], 1), ADDRESS, now),
    refused(/do not verify|revoked/),
  )
})

test('clear text in armor is no encrypted message', async () => {
  const good = await sealPgpMail(
    bytesOfText('words'),
    await readReporterCertificate(
      await made('carry@example.net', 'future-default'),
      undefined,
      now,
    ),
    await newMailKey(),
    now,
  )
  demandPgpMessage(good)
  const clear = new TextDecoder().decode(
    await gpg('--armor', '--store', join(folder, 'pubring.kbx')),
  )
  const attacks = {
    clear,
    'something before': `words\n${good}`,
    'something behind': `${good}words\n`,
    'no armor': 'words',
    'a header in armor': good.replace('-----\n\n', '-----\nComment: words\n\n'),
    'words in armor': `-----BEGIN PGP MESSAGE-----\n\n${btoa('words of a report')}\n-----END PGP MESSAGE-----\n`,
  }
  for (const [name, attack] of Object.entries(attacks))
    assert.throws(() => demandPgpMessage(attack), { code: 'grammar' }, name)
})
