import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY, HOUR, MINUTE, timeOf } from '#lexicon'
import {
  ago,
  day,
  dayAndTime,
  dayOfPromise,
  inOwnZone,
  longDayAndTime,
  restWords,
  timeLeft,
} from './time-words.ts'

const NOW = Date.parse('2026-11-21T23:14:00Z')
const after = (length: number) => timeOf(NOW + length)

test('a day stands in UTC, with the year only when it is another', () => {
  assert.equal(dayAndTime('2026-11-28T22:14:07Z', NOW), 'Sat 28 Nov, 22:14 UTC')
  assert.equal(dayAndTime('2027-01-14T04:05:00Z', NOW), 'Thu 14 Jan 2027, 04:05 UTC')
  assert.equal(day('2026-11-01T00:00:00Z', NOW), 'Sun 1 Nov')
  assert.equal(longDayAndTime('2026-11-21T22:14:07Z'), 'Saturday 21 November 2026, 22:14:07 UTC')
})

test('a clock says two units, and minutes only below six hours', () => {
  const said = (length: number) => timeLeft(after(length), NOW)
  assert.equal(said(5 * HOUR + 20 * MINUTE), '5 h 20 min')
  assert.equal(said(5 * HOUR), '5 h')
  assert.equal(said(11 * HOUR + 59 * MINUTE), '11 h')
  assert.equal(said(28 * HOUR), '1 d 04 h')
  assert.equal(said(7 * DAY), '7 d')
  assert.equal(said(20 * MINUTE), '20 min')
  assert.equal(said(30_000), 'under 1 min')
  assert.equal(said(-(3 * HOUR + 10 * MINUTE)), '3 h over')
  assert.equal(said(-(50 * HOUR)), '2 d 02 h over')
})

test('what is gone is said in one unit, then by its day', () => {
  const said = (length: number) => ago(after(-length), NOW)
  assert.equal(said(0), 'just now')
  assert.equal(said(-5 * MINUTE), 'just now')
  assert.equal(said(5 * MINUTE), '5 min ago')
  assert.equal(said(3 * HOUR), '3 h ago')
  assert.equal(said(2 * DAY), '2 d ago')
  assert.equal(said(8 * DAY), 'Fri 13 Nov')
})

test('a promise counts its days from one', () => {
  const received = '2026-11-12T09:14:07Z'
  const due = '2026-11-19T09:14:07Z'
  assert.equal(dayOfPromise(received, due, '2026-11-12T21:02:00Z'), 'day 1 of 7')
  assert.equal(dayOfPromise(received, due, '2026-11-19T09:00:00Z'), 'day 7 of 7')
  assert.equal(dayOfPromise(received, due, '2026-11-20T10:00:00Z'), '2 d late')
  assert.equal(dayOfPromise(received, due, ''), '')
})

test('what is no time gives no words', () => {
  for (const at of ['', 'tomorrow']) {
    const said = [dayAndTime(at), day(at), longDayAndTime(at), inOwnZone(at)]
    assert.deepEqual([...said, timeLeft(at, NOW), ago(at, NOW)], ['', '', '', '', '', ''])
  }
})

test('every length has words, and never three units', () => {
  fc.assert(
    fc.property(fc.integer({ min: -400 * DAY, max: 400 * DAY }), (length) => {
      assert.match(
        timeLeft(after(length), NOW),
        /^(under 1 min|\d+ (d|h|min)|\d d \d\d h|\d h \d+ min)( over)?$/,
      )
    }),
  )
})

test('the rest of an upload is rounded', () => {
  assert.deepEqual([1, 17, 89, 100, 3600, 7200].map(restWords), [
    'a few seconds left',
    'about 20 s left',
    'about 90 s left',
    'about 2 min left',
    'about 60 min left',
    'about 2 h left',
  ])
})
