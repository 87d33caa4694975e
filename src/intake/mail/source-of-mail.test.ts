import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sourceOfMail } from './source-of-mail.ts'

const ARMOR = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n'
const source = (text: string) => sourceOfMail(Buffer.from(text))

test('what is ciphertext as a whole came as that', () => {
  for (const text of [
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"\r\n\r\n--x\r\n',
    'content-type:\r\n Multipart/Encrypted;\r\n boundary=x\r\n\r\n',
    `Subject: a\r\n\r\n${ARMOR}`,
    `Subject: a\n\n\n \n${ARMOR}`,
    `Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(ARMOR).toString('base64')}`,
  ])
    assert.equal(source(text), 'pgp', text)
})

test('everything else is a plain mail', () => {
  for (const text of [
    '',
    'Subject: a\r\n\r\nwords',
    `Subject: a\r\n\r\nwords before\r\n${ARMOR}`,
    `Subject: ${ARMOR}`,
    'Content-Type: multipart/mixed\r\n\r\nContent-Type: multipart/encrypted\r\n\r\n',
    'Content-Type: multipart/encryptedish\r\n\r\n',
    '\r\nContent-Type: multipart/encrypted\r\n\r\n',
    'Subject: a\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n',
  ])
    assert.equal(source(text), 'mail', text)
  fc.assert(fc.property(fc.uint8Array(), (raw) => assert.equal(sourceOfMail(raw), 'mail')))
})
