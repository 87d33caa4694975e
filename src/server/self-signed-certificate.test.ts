import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { selfSignedCertificate } from './self-signed-certificate.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const NOW = Date.UTC(2026, 10, 22, 9, 8, 7)

test('the certificate is sound, names the desk and has no end', () => {
  const { cert, key } = selfSignedCertificate('security.example.org', { now: NOW, random })
  const read = new X509Certificate(cert)
  assert.equal(read.subjectAltName, 'DNS:security.example.org')
  assert.equal(read.checkHost('security.example.org'), 'security.example.org')
  assert.equal(read.verify(read.publicKey), true)
  assert.equal(read.checkPrivateKey(createPrivateKey(key)), true)
  assert.equal(Date.parse(read.validFrom), NOW - 86_400_000)
  assert.match(read.validTo, /^Dec 31 .* 9999 GMT$/)
  assert.equal(read.ca, false)
})

test('a longer name and another number fit too', () => {
  const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.org`
  const fill = (byte: number) => (length: number) => new Uint8Array(length).fill(byte)
  for (const byte of [0, 0x80, 0xff]) {
    const read = new X509Certificate(
      selfSignedCertificate(name, { now: NOW, random: fill(byte) }).cert,
    )
    assert.equal(read.subjectAltName, `DNS:${name}`)
    assert.equal(read.serialNumber.length, 32)
  }
})

test('a TLS client that knows it takes it, and another does not', async () => {
  const own = selfSignedCertificate('localhost', { now: Date.now(), random })
  const server = createServer({ ...own, minVersion: 'TLSv1.2' }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const dial = (ca: string) => connect({ port, host: '127.0.0.1', servername: 'localhost', ca })
  const known = dial(own.cert)
  await once(known, 'secureConnect')
  assert.equal(known.authorized, true)
  known.destroy()
  const other = dial(selfSignedCertificate('localhost', { now: Date.now(), random }).cert)
  await assert.rejects(once(other, 'secureConnect'))
  server.close()
})
