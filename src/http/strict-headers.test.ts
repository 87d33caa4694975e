import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newHouse } from '../../stories/house.ts'
import { createApp } from './app.ts'
import { HEADERS_OF_KEY_THREAD, HEADERS_OF_PAGES, strictHeaders } from './strict-headers.ts'
import { openTrialDoor } from './trial-door.ts'

/*
 * R01 to R04, R08: what the headers say, word for word. That they stand on every answer is another test;
 * it compares answers with the code, so somebody has to compare the code with this.
 */

const DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'font-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-ancestors': "'none'",
  'worker-src': "'self'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
}

const HTTPS = 'https://security.example.org'

test('the policy is this one, and on pages with a script, and for the thread that holds keys, it makes one policy more', () => {
  const { 'content-security-policy': policy = '' } = strictHeaders(HTTPS)
  assert.deepEqual(directivesOf(policy), DIRECTIVES)
  assert.deepEqual(directivesOf(HEADERS_OF_PAGES['content-security-policy']), {
    ...DIRECTIVES,
    'trusted-types': 'postern',
  })
  const own = HEADERS_OF_KEY_THREAD['content-security-policy']
  assert.equal(own, HEADERS_OF_PAGES['content-security-policy'])
  assert.equal(HEADERS_OF_PAGES['integrity-policy'], 'blocked-destinations=(script)')
})

test('no sniffing, no referrer, no foreign opener, no frame, no cache', () => {
  const headers = strictHeaders(HTTPS)
  const words = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
  }
  for (const [name, value] of Object.entries(words)) assert.equal(headers[name], value, name)
  const features = headers['permissions-policy'] ?? ''
  for (const feature of [
    'camera',
    'geolocation',
    'microphone',
    'usb',
    'display-capture',
    'payment',
  ])
    assert.ok(features.split(', ').includes(`${feature}=()`), feature)
  assert.doesNotMatch(features, /=\((?!\))|\*/, 'nothing is open')
})

test('an https desk says HSTS for a year or more on answers and errors alike; a desk of this machine never', async (t) => {
  const house = await newHouse()
  const { database, clock, random } = house
  const door = await openTrialDoor(house)
  t.after(async () => {
    await door.close()
    await database.close()
  })
  const identity = { ...door.rooms.identity, origin: HTTPS }
  const app = createApp({
    rooms: { ...door.rooms, identity },
    limits: 'off',
    trustedProxies: [],
    isAway: () => false,
    isHealthy: () => Promise.resolve(true),
    failed: () => undefined,
    clock,
    random,
    browser: { assets: new Map(), pages: new Map() },
  })
  const seen = new Set<number>()
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/api/v1/desk'],
    ['GET', '/nothing'],
    ['GET', '/api/v1/cases'],
    ['GET', '/api/v1/cases?lane=&lane='],
    ['POST', '/api/v1/reports'],
    ['DELETE', '/api/v1/desk'],
    // R10: what a program asked in the clear was sent in the clear already; a redirect would hide it.
    ['GET', 'http://security.example.org/api/v1/desk'],
    ['GET', 'http://127.0.0.1/api/v1/desk'],
    ['POST', 'http://127.0.0.1/api/v1/reports'],
  ] as const) {
    const answer = await app.request(path, { method })
    const [, seconds = '0'] =
      /^max-age=(\d+)/.exec(answer.headers.get('strict-transport-security') ?? '') ?? []
    assert.ok(Number(seconds) >= 365 * 24 * 3600, `${method} ${path} ${answer.status}`)
    assert.equal(answer.headers.get('location'), null, path)
    seen.add(answer.status)
  }
  assert.ok(seen.has(200) && seen.has(404) && seen.has(401) && seen.has(403) && seen.has(405))
  assert.equal(strictHeaders(door.origin)['strict-transport-security'], undefined)
})

function directivesOf(policy: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    policy.split('; ').map((each) => {
      const [name = '', ...sources] = each.split(' ')
      return [name, sources.join(' ')]
    }),
  )
}
