import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTime, millisecondsOf, timeOf } from './time.ts'

test('every second from year 0 to 9999 is a time, and gives back its milliseconds', () => {
  const first = Date.parse('0000-01-01T00:00:00Z')
  const last = Date.parse('9999-12-31T23:59:59Z')
  const second = fc.integer({ min: first / 1000, max: last / 1000 })
  fc.assert(
    fc.property(second, (each) => {
      const time = timeOf(each * 1000)
      assert.ok(isTime(time), time)
      assert.equal(millisecondsOf(time), each * 1000)
    }),
  )
})

test('milliseconds are cut, not rounded', () => {
  assert.equal(timeOf(1_999), '1970-01-01T00:00:01Z')
})

test('days and seconds that do not exist, zones and fractions are no times', () => {
  const wrong = [
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+00:00',
    '2026-01-01T00:00:00.000Z',
    '2026-01-01t00:00:00z',
    '2026-01-01 00:00:00Z',
    '+02026-01-01T00:00:00Z',
    '26-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    '',
  ]
  for (const time of wrong) assert.ok(!isTime(time), time)
  assert.ok(!isTime(0))
  assert.ok(!isTime(new Date(0)))
})
