import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMailPace, wideNetworkOf } from './mail-pace.ts'

test('a network is what one customer is given', () => {
  for (const ip of ['192.0.2.1', '192.0.2.255', '::ffff:192.0.2.9', '::FFFF:192.0.2.9'])
    assert.equal(wideNetworkOf(ip), '192.0.2', ip)
  for (const ip of ['2001:db8:7::1', '2001:db8:7:2:3:4:5:6', '2001:db8:7:ffff::'])
    assert.equal(wideNetworkOf(ip), '2001:db8:7', ip)
  assert.equal(wideNetworkOf('2001:db8::1'), '2001:db8:0')
  for (const ip of ['127.0.0.1', '127.9.9.9', '::ffff:127.0.0.1', '::1'])
    assert.equal(wideNetworkOf(ip), '', ip)
})

test('a network sends so many mails, and this machine as many as it likes', () => {
  let now = 0
  const mayCome = openMailPace(() => now, { burst: 2, perHour: 60 })
  assert.deepEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(mayCome), [true, true, false])
  assert.equal(mayCome('198.51.100.1'), true)
  assert.deepEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'].map(mayCome), [true, true, true])
  now += 60_000
  assert.deepEqual(['192.0.2.3', '192.0.2.3'].map(mayCome), [true, false])
})
