import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { ClientError } from '#client'
import { LARGEST_SECURITY_TXT } from '#publication'
import { fetchSecurityTxt } from './fetch-security-txt.ts'

const asked: string[] = []
const ANSWERS: Readonly<Record<string, readonly [status: number, location: string, body: string]>> =
  {
    '/moved': [200, '', 'Contact: mailto:security@example.org\n'],
    '/security.txt': [308, '/moved', ''],
    '/loop': [302, '/loop', ''],
    '/away': [302, 'file:///etc/passwd', ''],
    '/nowhere': [302, 'http://[', ''],
    '/large': [200, '', '#'.repeat(5_000_000)],
  }
const site = createServer((request, response) => {
  asked.push(request.url ?? '')
  const [status, location, body] = ANSWERS[request.url ?? ''] ?? [404, '', '']
  response.writeHead(status, { 'content-type': 'text/plain', ...(location !== '' && { location }) })
  response.end(body)
}).listen(0, '127.0.0.1')
await once(site, 'listening')
after(() => site.close())
const address = site.address()
assert.ok(address !== null && typeof address === 'object')
const host = `http://127.0.0.1:${address.port}`

test('a host is asked at its two places, and every address on the way is noted', async () => {
  const { bytes, from, contentType, fellBack } = await fetchSecurityTxt(host)
  assert.deepEqual(asked.splice(0), ['/.well-known/security.txt', '/security.txt', '/moved'])
  assert.deepEqual(from, [`${host}/security.txt`, `${host}/moved`])
  assert.equal(new TextDecoder().decode(bytes), ANSWERS['/moved']?.[2])
  assert.deepEqual([contentType, fellBack], ['text/plain', true])
})

test('an address with a path is asked alone', async () => {
  const { from, fellBack } = await fetchSecurityTxt(`${host}/moved`)
  assert.deepEqual([from, fellBack], [[`${host}/moved`], false])
})

test('no more is read than a reader need read', async () => {
  const { bytes } = await fetchSecurityTxt(`${host}/large`)
  assert.ok(bytes.length > LARGEST_SECURITY_TXT && bytes.length < 1_000_000)
})

test('what leads on and on, or to no web address, or is not there, is said', async () => {
  const code = async (path: string) => {
    const error: unknown = await fetchSecurityTxt(path).catch((thrown: unknown) => thrown)
    return error instanceof ClientError ? error.code : error
  }
  assert.equal(await code(`${host}/loop`), 'answer')
  assert.equal(await code(`${host}/away`), 'answer')
  assert.equal(await code(`${host}/nowhere`), 'answer')
  assert.equal(await code(`${host}/none`), 'not-found')
  assert.equal(await code('http://127.0.0.1:1/'), 'unreachable')
})
