import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPace } from './pace.ts'

test('so many at once, then so many an hour, for each', () => {
  let now = 0
  const pace = openPace({ burst: 3, perHour: 60 }, () => now)
  const taken = (who: string, times: number) =>
    Array.from({ length: times }, () => pace.take(who)).filter(Boolean).length
  assert.equal(taken('a', 5), 3)
  assert.equal(taken('b', 5), 3, 'another one')
  assert.deepEqual([pace.left('a'), pace.left('nobody')], [0, 3])
  now += 59_000
  assert.equal(taken('a', 1), 0)
  now += 1000
  assert.deepEqual([pace.left('a'), pace.left('a')], [1, 1], 'asking takes none')
  assert.equal(taken('a', 5), 1)
  now += 3_600_000
  assert.equal(taken('a', 9), 3, 'never more at once')
  now -= 10_000_000
  assert.equal(taken('a', 9), 0, 'a clock that went back gives nothing')
})

test('whoever comes from many places fills no memory, and frees nobody who comes still', () => {
  let now = 0
  const pace = openPace({ burst: 2, perHour: 1 }, () => now)
  for (let n = 0; n < 60_000; n++) {
    now += 1
    if (n % 10_000 === 0) pace.take('steady')
    assert.equal(pace.take(String(n)), true)
  }
  assert.equal(pace.take('steady'), false)
  assert.deepEqual([pace.take('0'), pace.take('0')], [true, true], 'forgotten')
})
