import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { type LookUpDeps, lookUpKey, USUAL_LOOK_UP } from './look-up-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-wkd-'))
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
const names = 'subjectAltName=DNS:openpgpkey.example.org,DNS:example.org'
const made = ['-keyout', key, '-out', cert, '-subj', '/CN=x', '-addext', names, '-days', '2']
execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', ...made], {
  stdio: 'ignore',
})
const pem = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }

let asked: string[] = []
let answer = (_: IncomingMessage, to: ServerResponse): void => void to.end('the key')
const server = createServer(pem, (from, to) => {
  asked.push(`${from.headers.host} ${from.url}`)
  answer(from, to)
})
server.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const { port } = server.address() as AddressInfo
after(() => server.close())
beforeEach(() => {
  asked = []
  answer = (_, to) => void to.end('the key')
})

const here: LookUpDeps = {
  resolve: () => Promise.resolve(['127.0.0.1']),
  mayAsk: (address) => address === '127.0.0.1',
  port,
  ca: pem.cert,
  within: 2000,
}
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

test('asked is the advanced way, with the hash of the lower-cased name', async () => {
  assert.equal(text(await lookUpKey('Joe.Doe@Example.ORG', here)), 'the key')
  assert.deepEqual(asked, [
    'openpgpkey.example.org /.well-known/openpgpkey/example.org/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe',
  ])
})

test('a domain without that name is asked directly', async () => {
  const resolve = (name: string) =>
    name.startsWith('openpgpkey.') ? Promise.reject(new Error('ENOTFOUND')) : here.resolve(name)
  assert.equal(text(await lookUpKey('joe.doe@example.org', { ...here, resolve })), 'the key')
  assert.deepEqual(asked, [
    'example.org /.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=joe.doe',
  ])
})

test('nothing inside is reached, also not where one address of several is public', async () => {
  const { mayAsk } = USUAL_LOOK_UP
  for (const inside of ['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '10.0.0.1'])
    for (const addresses of [[inside], ['1.1.1.1', inside], [inside, '1.1.1.1']]) {
      const resolve = () => Promise.resolve(addresses)
      assert.equal(await lookUpKey('joe@example.org', { ...here, resolve, mayAsk }), undefined)
    }
  assert.deepEqual(asked, [])
})

test('a name that answers otherwise the second time is resolved once', async () => {
  let times = 0
  const resolve = (name: string) => {
    times += name.startsWith('openpgpkey.') ? 1 : 100
    return Promise.resolve([times === 1 ? '127.0.0.1' : '169.254.169.254'])
  }
  assert.equal(text(await lookUpKey('joe@example.org', { ...here, resolve })), 'the key')
  assert.equal(times, 1)
})

test('a domain that is an address or no name is not asked', async () => {
  for (const domain of ['127.0.0.1', '[127.0.0.1]', 'localhost', '0x7f.1', 'a..b', 'x', ''])
    assert.equal(await lookUpKey(`joe@${domain}`, here), undefined, domain)
  assert.deepEqual(asked, [])
})

test('a redirect is not followed', async () => {
  answer = (_, to) => void to.writeHead(302, { location: 'https://example.org/elsewhere' }).end()
  assert.equal(await lookUpKey('joe@example.org', here), undefined)
  assert.equal(asked.length, 1)
})

test('a key of ten megabytes is cut off, and so is one that never ends', async () => {
  let sent = 0
  answer = (_, to) => {
    const part = Buffer.alloc(16 * 1024)
    const go = (): void => {
      if (to.destroyed || sent > 10_000_000) return void to.end()
      sent += part.length
      to.write(part, () => setImmediate(go))
    }
    go()
  }
  assert.equal(await lookUpKey('joe@example.org', here), undefined)
  assert.ok(sent < 5_000_000, `${sent}`)
  answer = (_, to) => void to.write('a')
  const began = Date.now()
  assert.equal(await lookUpKey('joe@example.org', { ...here, within: 200 }), undefined)
  assert.ok(Date.now() - began < 1500)
})

test('a certificate that does not verify, a dead name and a silent resolver are nothing', async () => {
  const { ca: _, ...untrusted } = here
  assert.equal(await lookUpKey('joe@example.org', untrusted), undefined)
  assert.equal(await lookUpKey('joe@other.example', here), undefined)
  const resolve = () => new Promise<never>(() => undefined)
  assert.equal(await lookUpKey('joe@example.org', { ...here, resolve, within: 100 }), undefined)
  assert.deepEqual(asked, [])
})
