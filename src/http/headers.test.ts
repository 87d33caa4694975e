import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { ENDPOINTS } from '#contract'
import { newHouse } from '../../stories/house.ts'
import { strictHeaders } from './strict-headers.ts'
import { ask, openTrialDoor } from './trial-door.ts'

const house = await newHouse()
const { database } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

const STRICT = strictHeaders('http://localhost')

function demandStrict(headers: Readonly<Record<string, string>>, where: string): void {
  for (const [name, value] of Object.entries(STRICT)) assert.equal(headers[name], value, where)
  assert.equal(headers['access-control-allow-origin'], undefined, where)
  assert.equal(headers['server'], undefined, where)
  assert.equal(headers['x-powered-by'], undefined, where)
  assert.equal(headers['set-cookie'], undefined, where)
}

test('the policy names no source but ourselves and nothing inline', () => {
  const policy = STRICT['content-security-policy'] ?? ''
  assert.match(policy, /^default-src 'none';/)
  assert.doesNotMatch(policy, /unsafe|http|\*/)
  for (const closed of ['base-uri', 'object-src', 'frame-ancestors', 'trusted-types'])
    assert.match(policy, new RegExp(`${closed} 'none'`))
})

test('no name in a text is looked up before somebody follows it', () => {
  assert.equal(STRICT['x-dns-prefetch-control'], 'off')
})

test('HSTS stands only on an https desk, for two years', () => {
  assert.equal(STRICT['strict-transport-security'], undefined)
  const hsts = strictHeaders('https://security.example.org')['strict-transport-security']
  assert.equal(hsts, 'max-age=63072000; includeSubDomains')
})

test('strict headers stand on every answer of every route, refused or not', async () => {
  const pages = ['/', '/setup', '/mark.svg', '/health', '/api/v1/openapi.json']
  const paths = Object.values(ENDPOINTS).map(({ path }) =>
    path
      .replace(/\{n\}/, '0')
      .replace(/\{upload\}/, '0'.repeat(32))
      .replace(/\{\w+\}/g, 'a'.repeat(64)),
  )
  const unknown = [
    '/nothing',
    '/.git/config',
    '/.env',
    '/api',
    '/api/v1/',
    '/%',
    '/api/v1/cases/%ff',
  ]
  let answers = 0
  for (const path of [...pages, ...paths, ...unknown]) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const { status, headers, text } = await ask(door, method, path)
      demandStrict(headers, `${method} ${path}`)
      assert.ok(status < 500, `${method} ${path} ${status}`)
      if (status >= 400 && method !== 'HEAD') {
        assert.equal(headers['content-type'], 'application/problem+json')
        assert.equal((JSON.parse(text) as { status: number }).status, status)
      }
      answers += 1
    }
  }
  assert.ok(answers > 250)
  assert.deepEqual(door.failures, [])
})

test('methods that nobody needs are refused everywhere, with the ones there are', async () => {
  for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    assert.equal((await ask(door, method, '/api/v1/desk')).status, 405)
    assert.equal((await ask(door, method, '/nothing')).status, 405)
  }
  const put = await ask(door, 'PUT', '/api/v1/desk')
  assert.equal(put.status, 405)
  assert.equal(put.headers['allow'], 'GET, HEAD')
})

test('what Node itself refuses carries the same headers and says nothing of us', async () => {
  const raw = [
    'NONSENSE\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'GET / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\n\r\n',
  ]
  for (const text of raw) {
    const answer = await exchange(text)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    assert.match(head, /^HTTP\/1\.1 400 /, text.slice(0, 60))
    const fields = head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': '))
    demandStrict(
      Object.fromEntries(
        fields.map(([name = '', ...value]) => [name.toLowerCase(), value.join(': ')]),
      ),
      text.slice(0, 60),
    )
    assert.match(body, /"code":"malformed"/)
  }
})

async function exchange(text: string): Promise<string> {
  const socket = connect(door.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.end(text)
  let answer = ''
  for await (const part of socket.setEncoding('latin1')) answer += String(part)
  return answer
}
