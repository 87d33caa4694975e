import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newHouse } from '../../stories/house.ts'
import { USUAL_LIMITS } from './rate-limit.ts'
import { ask, openTrialDoor } from './trial-door.ts'

const house = await newHouse()
const { database } = house
after(() => database.close())

const body = JSON.stringify({ lookup: '0'.repeat(32), auth: '0'.repeat(64) })

test('a thousand guesses from one address end in 429, whatever it says about itself', async (t) => {
  const door = await openTrialDoor(house, { limits: USUAL_LIMITS })
  t.after(() => door.close())
  const guess = (n: number) =>
    ask(
      door,
      'POST',
      '/api/v1/follow',
      {
        origin: door.origin,
        'content-type': 'application/json',
        'x-forwarded-for': `192.0.2.${n % 250}`,
        forwarded: `for=192.0.2.${n % 250}`,
      },
      body,
    )
  const statuses: number[] = []
  for (let n = 0; n < 60; n++) {
    const { status, headers, text } = await guess(n)
    statuses.push(status)
    if (status !== 429) continue
    assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/)
    assert.equal((JSON.parse(text) as { code: string }).code, 'too-many')
  }
  assert.equal(statuses.filter((status) => status === 404).length, USUAL_LIMITS.follow.burst)
  // Other doors stay open to the same address, and reading always has its own measure.
  assert.equal((await ask(door, 'GET', '/')).status, 200)
})

test('behind a trusted proxy each visitor has a measure of their own', async (t) => {
  const door = await openTrialDoor(house, { limits: USUAL_LIMITS, trustedProxies: ['127.0.0.1'] })
  t.after(() => door.close())
  const guess = async (address: string) => {
    const headers = {
      origin: door.origin,
      'content-type': 'application/json',
      'x-forwarded-for': address,
    }
    return (await ask(door, 'POST', '/api/v1/follow', headers, body)).status
  }
  for (let n = 0; n < USUAL_LIMITS.follow.burst; n++)
    assert.equal(await guess(`10.9.9.${n}, 192.0.2.1`), 404)
  assert.equal(await guess('192.0.2.1'), 429)
  assert.equal(await guess('192.0.2.2'), 404)
})

test('monitors learn that the database is away, and nothing else', async (t) => {
  const door = await openTrialDoor(house, { isHealthy: () => Promise.resolve(false) })
  t.after(() => door.close())
  const { status, text } = await ask(door, 'GET', '/health')
  assert.equal(status, 503)
  assert.equal(text, '{"status":"unavailable"}')
})
