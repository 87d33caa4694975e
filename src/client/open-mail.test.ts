import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { base64OfBytes, bytesOfText, concatBytes, textOfBytes } from '#lexicon'
import { exportCopy } from '#seal'
import { newMailKey, type SecretKey } from '#unseal'
import { ClientError } from './client-error.ts'
import type { Keyring } from './keyring.ts'
import { openApart, openRawMail } from './open-mail.ts'

let older: SecretKey
let newer: SecretKey
before(async () => {
  ;[older, newer] = await Promise.all([newMailKey(), newMailKey()])
})

test('a mail to an older key is opened, also by whoever was not given every key', async () => {
  const mail = await encrypted('Subject: Inside\r\nFrom: a@example.net\r\n\r\nIt overflows.\r\n')
  for (const newest of [newer, new ClientError('no-reader', 'Not for you.')]) {
    const opened = await openRawMail(mail, keyring(newest, older))
    assert.deepEqual([opened.pgp, opened.why, opened.subject], ['opened', '', 'Inside'])
    assert.ok(textOfBytes(opened.content).endsWith('It overflows.\r\n'))
    assert.ok(textOfBytes(opened.raw).startsWith('From: a@example.net'))
  }
})

test('what does not open says so, and is given as it came', async () => {
  const mail = await encrypted('Subject: Inside\r\n\r\nIt overflows.\r\n')
  const none = new ClientError('no-reader', 'Not for you.')
  for (const ring of [keyring(newer), keyring(none), keyring()]) {
    const opened = await openRawMail(mail, ring)
    assert.deepEqual([opened.pgp, opened.subject, opened.signed], ['closed', '...', false])
    assert.notEqual(opened.why, '')
    assert.deepEqual(opened.content, opened.raw)
  }
  const gone = new ClientError('unreachable', 'Nobody answers.')
  await assert.rejects(openRawMail(mail, keyring(gone)), { code: 'unreachable' })
})

test('a head inside that says otherwise is told, and an absent one is no contradiction', async () => {
  const other = await encrypted('Subject: x\r\nFrom: b@example.net\r\n\r\n.')
  const { differs } = await openRawMail(other, keyring(older))
  assert.deepEqual(differs, [{ name: 'from', outside: 'a@example.net', inside: 'b@example.net' }])
  const plain = await encrypted('Content-Type: text/plain\r\n\r\n.')
  const opened = await openRawMail(plain, keyring(older))
  assert.deepEqual([opened.differs, opened.subject], [[], '...'])
})

test('of a plain mail nothing is opened, and no key is asked for', async () => {
  const raw = bytesOfText('Subject: =?utf-8?Q?=C3=BCber?=\r\n\r\nIt overflows.')
  const opened = await openRawMail(raw, keyring(new TypeError('not asked')))
  assert.deepEqual([opened.pgp, opened.subject, opened.content], ['none', 'über', raw])
})

test('a part by itself is opened by itself', async () => {
  const blob = await sealed('Alone.')
  assert.equal(textOfBytes(await openApart(keyring(older), blob)), 'Alone.')
  await assert.rejects(openApart(keyring(newer), blob), { code: 'decrypt' })
})

function keyring(...keys: readonly (SecretKey | Error)[]): Keyring {
  return {
    mailKeyNames: () => keys.map((_, n) => `mail/${keys.length - n}`),
    keyOf: async (name) => {
      const key = keys[keys.length - Number(name.slice('mail/'.length))]
      if (key === undefined || key instanceof Error) throw key ?? new RangeError(name)
      return key
    },
    labelKeyOf: () => Promise.reject(new TypeError('no label is read')),
  }
}

async function sealed(text: string) {
  const content = async function* () {
    yield bytesOfText(text)
  }
  const parts: Uint8Array[] = []
  for await (const part of await exportCopy(content(), 'x', older.cert)) parts.push(part)
  return concatBytes(...parts)
}

async function encrypted(inner: string) {
  const blob = base64OfBytes(await sealed(inner)).replace(/.{64}/g, '$&\n')
  const lines = [
    'From: a@example.net',
    'Subject: ...',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
    '',
    '--b',
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '--b',
    'Content-Type: application/octet-stream',
    '',
    `-----BEGIN PGP MESSAGE-----\n\n${blob}\n-----END PGP MESSAGE-----`,
    '--b--',
  ]
  return bytesOfText(lines.join('\r\n'))
}
