import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '#lexicon'
import { idleAt, idleLimit } from './desk-idle.ts'

test('a coordinator’s desk locks after 15 minutes, others after an hour', () => {
  assert.equal(idleLimit(true), 15 * MINUTE)
  assert.equal(idleLimit(false), HOUR)
})

test('it warns in the last minute and locks at its end', () => {
  const at = (passed: number) => idleAt(0, passed, 15 * MINUTE)
  assert.deepEqual(at(0), { locks: false, warns: false, left: '15 min' })
  assert.equal(at(14 * MINUTE - 1).warns, false)
  assert.equal(at(14 * MINUTE).warns, true)
  assert.equal(at(15 * MINUTE - 1).locks, false)
  assert.equal(at(15 * MINUTE).locks, true)
  assert.equal(at(15 * MINUTE).warns, false)
})

test('a machine that slept wakes up locked; a clock set back does not hold the desk open longer', () => {
  assert.equal(idleAt(0, 9 * HOUR, 15 * MINUTE).locks, true)
  assert.equal(idleAt(HOUR, 0, 15 * MINUTE).left, '15 min')
})
