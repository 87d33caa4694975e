import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openReceiptPace } from './receipt-pace.ts'

const LIMITS = { all: { burst: 5, perHour: 60 }, each: { burst: 2, perHour: 60 } }

test('one network has its share, and all together have no more than all', () => {
  let now = 0
  let sent = 0
  const pace = openReceiptPace(() => now, LIMITS)
  const answered = (network: string) => {
    if (!pace.room()(network)) return false
    pace.spend(network, String(sent++))
    return true
  }
  assert.deepEqual(['a', 'a', 'a'].map(answered), [true, true, false])
  assert.deepEqual(['b', 'b', 'b'].map(answered), [true, true, false], 'another network')
  assert.deepEqual(['c', 'c', ''].map(answered), [true, false, false], 'all are used up')
  now += 60_000
  assert.deepEqual(['a', 'b'].map(answered), [true, false])
})

test('what comes without a network has no share, and counts with all', () => {
  const pace = openReceiptPace(() => 0, LIMITS)
  const room = pace.room()
  assert.deepEqual(['', '', '', '', '', ''].map(room), [true, true, true, true, true, false])
})

test('mails that are looked at together get no more than there is, and a look uses nothing up', () => {
  const pace = openReceiptPace(() => 0, LIMITS)
  for (let times = 0; times < 3; times++) {
    const room = pace.room()
    assert.deepEqual(['a', 'a', 'a', 'b', 'b', 'c', 'd'].map(room), [
      true,
      true,
      false,
      true,
      true,
      true,
      false,
    ])
  }
})

test('a receipt that is written again, for its transaction was rolled back, is one', () => {
  const pace = openReceiptPace(() => 0, LIMITS)
  for (let times = 0; times < 9; times++) pace.spend('a', 'the same')
  assert.equal(pace.room()('a'), true)
  pace.spend('a', 'another')
  assert.equal(pace.room()('a'), false)
})

test('what was written long ago is forgotten, so that no memory fills', () => {
  let now = 0
  const pace = openReceiptPace(() => now, LIMITS)
  for (let n = 0; n < 1001; n++) pace.spend('', String(n))
  now += 3_600_000
  for (let times = 0; times < 2; times++) pace.spend('a', '0')
  assert.equal(pace.room()('a'), true, 'counted once more, and only once')
  pace.spend('a', '1000')
  assert.equal(pace.room()('a'), true, 'still known')
})
