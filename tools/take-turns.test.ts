import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { takeTurns } from './take-turns.ts'

test('never more than so many at once, in order, and a failure gives its turn on', async () => {
  const turn = takeTurns(2)
  const begun: number[] = []
  let running = 0
  let most = 0
  const work = (n: number) => async () => {
    begun.push(n)
    most = Math.max(most, ++running)
    for (let left = n % 3; left >= 0; left--) await turnOfTheLoop()
    running--
    if (n === 1) throw new RangeError('the second')
    return n
  }
  const all = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => turn(work(n))))
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5])
  assert.equal(most, 2)
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
  )
  assert.equal(await turn(work(6)), 6)
})
