import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EndpointName, ENDPOINTS } from '#contract'
import { MINUTE } from '#lexicon'
import { addressReader, limitedPart } from './client-address.ts'
import { HttpError } from './http-error.ts'
import { createRateLimit, LIMIT_CLASSES, limitClassOf, USUAL_LIMITS } from './rate-limit.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

function taken(limit: ReturnType<typeof createRateLimit>, address: string, tries: number): number {
  for (let count = 0; count < tries; count++) {
    try {
      limit('follow', address)
    } catch (error) {
      assert.ok(error instanceof HttpError)
      assert.equal(error.code, 'too-many')
      assert.ok((error.retryAfter ?? 0) >= 1)
      return count
    }
  }
  return tries
}

test('guessing from one address is slowed down, and no other address is', () => {
  let now = 0
  const limit = createRateLimit(USUAL_LIMITS, { clock: () => now, random })
  const { burst, perMinute } = USUAL_LIMITS.follow
  assert.equal(taken(limit, '192.0.2.1', 1000), burst)
  assert.equal(taken(limit, '192.0.2.2', 1000), burst)
  assert.equal(taken(limit, '192.0.2.1', 1000), 0)
  limit('read', '192.0.2.1')
  now += MINUTE
  assert.equal(taken(limit, '192.0.2.1', 1000), perMinute)
  now -= MINUTE
  assert.equal(taken(limit, '192.0.2.1', 1000), 0)
})

test('a visitor with a whole network of IPv6 is one visitor', () => {
  const limit = createRateLimit(USUAL_LIMITS, { clock: () => 0, random })
  const { burst } = USUAL_LIMITS.follow
  for (let host = 0; host < burst; host++) limit('follow', `2001:db8:1:2::${host.toString(16)}`)
  assert.equal(taken(limit, '2001:db8:1:2:ffff::1', 10), 0)
  assert.equal(taken(limit, '2001:db8:1:3::1', 10), 10)
  assert.equal(limitedPart('2001:db8::5'), '2001:db8:0:0')
  assert.equal(limitedPart('::1'), limitedPart('::2'))
  assert.equal(limitedPart('192.0.2.1'), '192.0.2.1')
})

test('limits that are off never refuse', () => {
  const limit = createRateLimit('off', { clock: () => 0, random })
  assert.equal(taken(limit, '192.0.2.1', 10_000), 10_000)
})

test('every endpoint has a class, and every class an endpoint', () => {
  const used = new Set((Object.keys(ENDPOINTS) as EndpointName[]).map(limitClassOf))
  assert.deepEqual([...used].toSorted(), [...LIMIT_CLASSES].toSorted())
})

test('every way to prove who somebody is shares the measure of logins', () => {
  const ways = [
    'logIn',
    'logInByPasskey',
    'stepUp',
    'askRecovery',
    'setUp',
    'askChallenge',
  ] as const
  for (const name of ways) assert.equal(limitClassOf(name), 'login', name)
})

test('a forwarded address is believed from the trusted proxy only', () => {
  const plain = addressReader([])
  assert.equal(plain('127.0.0.1', '203.0.113.5'), '127.0.0.1')
  const behind = addressReader(['127.0.0.1', '10.0.0.2', '::1'])
  assert.equal(behind('127.0.0.1', '203.0.113.5'), '203.0.113.5')
  assert.equal(behind('::ffff:127.0.0.1', '203.0.113.5'), '203.0.113.5')
  assert.equal(behind('198.51.100.9', '203.0.113.5'), '198.51.100.9')
  // What stands before the last foreign entry is the visitor's own invention.
  assert.equal(behind('127.0.0.1', '1.1.1.1, 203.0.113.5'), '203.0.113.5')
  assert.equal(behind('127.0.0.1', '1.1.1.1, 203.0.113.5, 10.0.0.2'), '203.0.113.5')
  assert.equal(behind('127.0.0.1', 'nonsense'), '127.0.0.1')
  assert.equal(behind('127.0.0.1', null), '127.0.0.1')
  assert.equal(behind(undefined, '203.0.113.5'), '')
})
