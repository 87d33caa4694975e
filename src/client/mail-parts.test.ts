import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfText, textOfBytes } from '#lexicon'
import { isSignedWhole, pgpMailIn, rawPartsOf } from './mail-parts.ts'

const ARMORED = '-----BEGIN PGP MESSAGE-----\r\n\r\nwV4D\r\n=abcd\r\n-----END PGP MESSAGE-----'
const TYPE = 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"'

test('a part is cut byte for byte, whatever its bytes and line ends are', () => {
  const body = bytesOfText(
    'before\r\n--b\r\none\r\n\r\n--b \t\r\ntwo  \n--b--\r\nafter\r\n--b\r\nno\r\n',
  )
  assert.deepEqual(rawPartsOf(body, 'b', 9).map(textOfBytes), ['one\r\n', 'two  '])
  assert.deepEqual(rawPartsOf(bytesOfText('--b\nopen\n--bb\nx'), 'b', 9).map(textOfBytes), [
    'open\n--bb\nx',
  ])
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const raw = Buffer.concat([
        Buffer.from('--=bound\r\n'),
        a,
        Buffer.from('\r\n--=bound\r\n'),
        b,
        Buffer.from('\r\n--=bound--'),
      ])
      const parts = rawPartsOf(new Uint8Array(raw), '=bound', 9)
      assert.deepEqual(
        parts.map((part) => Buffer.from(part)),
        [Buffer.from(a), Buffer.from(b)],
      )
    }),
  )
})

test('the forms in which a whole mail is one OpenPGP message are known', () => {
  for (const raw of [
    mime(TYPE),
    mime('multipart/mixed; boundary=b', 'Content-Type: text/plain\r\n\r\n \r\n'),
    mime(TYPE.replace('boundary="b"', 'boundary=b')),
  ])
    assert.deepEqual(pgpMailIn(bytesOfText(raw)), { form: 'mime', armored: ARMORED })
  for (const raw of [
    `Subject: x\r\n\r\n${ARMORED}\r\n`,
    `Content-Type: text/plain; charset=utf-8\r\n\r\n\r\n${ARMORED}`,
    `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${ARMORED.replaceAll('=', '=3D')}`,
    `Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n${btoa(ARMORED)}`,
  ])
    assert.deepEqual(pgpMailIn(bytesOfText(raw)), { form: 'inline', armored: ARMORED }, raw)
})

test('what stands beside something encrypted is not read with it (K14, K15)', () => {
  for (const raw of [
    mime(TYPE, '', `--b\r\nContent-Type: text/plain\r\n\r\nbeside\r\n`),
    mime(TYPE, 'Content-Type: text/html\r\n\r\n<img src="https://evil.example/\r\n'),
    mime(TYPE, '', '').replace('pgp-encrypted\r\n', 'octet-stream\r\n'),
    mime('multipart/mixed; boundary=b', 'Content-Type: text/plain\r\n\r\nwords\r\n'),
    mime('multipart/alternative; boundary=b'),
    `Content-Type: ${TYPE}\r\n${mime('multipart/mixed; boundary=b')}`,
    `Subject: x\r\n\r\nwords\r\n${ARMORED}`,
    `Subject: x\r\n\r\n${ARMORED}\r\nwords`,
    `Subject: x\r\n\r\n${ARMORED}\r\n${ARMORED}`,
    `Content-Type: text/html\r\n\r\n${ARMORED}`,
    '',
    'words',
  ])
    assert.equal(pgpMailIn(bytesOfText(raw)), undefined, raw)
})

test('only what is signed as a whole is called so, and by no more than its form', () => {
  const signed = 'Content-Type: multipart/signed; boundary=b; micalg=pgp-sha256\r\n\r\n'
  assert.equal(isSignedWhole(bytesOfText(signed)), true)
  assert.equal(isSignedWhole(bytesOfText(`Content-Type: multipart/mixed\r\n\r\n${signed}`)), false)
})

test('no bytes at all make it fail, and large ones take no time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      const raw = new Uint8Array([...bytesOfText(`Content-Type: ${TYPE}\r\n\r\n--b\r\n`), ...bytes])
      pgpMailIn(raw)
    }),
  )
  const begin = performance.now()
  for (const part of ['--b\r\n', '\n--b', '--b ', '--', '=\r', '= '])
    pgpMailIn(bytesOfText(`Content-Type: ${TYPE}\r\n\r\n${part.repeat(2_000_000 / part.length)}`))
  assert.ok(performance.now() - begin < 4000)
})

function mime(type: string, first = '', last = ''): string {
  const version = 'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n'
  const sealed = `Content-Type: application/octet-stream\r\n\r\n${ARMORED}\r\n`
  const parts = [first, version, sealed].filter((part) => part !== '')
  return `Subject: x\r\nContent-Type: ${type}\r\n\r\n--b\r\n${parts.join('\r\n--b\r\n')}${last}--b--\r\n`
}
