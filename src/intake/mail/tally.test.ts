import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf, openTally } from './tally.ts'

test('so much in all, so much by each; what is given back is free again', () => {
  const tally = openTally({ all: 5, each: 3 })
  assert.equal(tally.take('a', 3), true)
  assert.equal(tally.take('a', 1), false)
  assert.equal(tally.take('b', 3), false, 'six in all')
  assert.equal(tally.take('b', 2), true)
  assert.equal(tally.take('c', 1), false)
  tally.give('a', 2)
  assert.equal(tally.take('c', 2), true)
  assert.equal(tally.take('a', 3), false)
})

test('the addresses of one IPv6 network count as one', () => {
  for (const ip of ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::'])
    assert.equal(networkOf(ip), '2001:db8:1:2')
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0')
  assert.equal(networkOf('::1'), '0:0:0:0')
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7')
})
