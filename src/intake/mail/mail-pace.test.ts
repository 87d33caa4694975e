import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMailPace, senderNetworks, wideNetworkOf } from './mail-pace.ts'

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
  const mayCome = openMailPace(wideNetworkOf, () => now, { burst: 2, perHour: 60 })
  assert.deepEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(mayCome), [true, true, false])
  assert.equal(mayCome('198.51.100.1'), true)
  assert.deepEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'].map(mayCome), [true, true, true])
  now += 60_000
  assert.deepEqual(['192.0.2.3', '192.0.2.3'].map(mayCome), [true, false])
})

test('a forwarder that the operator names is passed over, however it is written, and its neighbours are not', () => {
  const networkOf = senderNetworks(['198.51.100.25', '2001:DB8:7:0::25'])
  const mayCome = openMailPace(networkOf, () => 0, { burst: 1, perHour: 1 })
  for (const ip of ['198.51.100.25', '::ffff:198.51.100.25', '2001:db8:7::25'])
    assert.deepEqual([ip, ip, ip].map(mayCome), [true, true, true], ip)
  for (const ip of ['198.51.100.26', '2001:db8:7::26'])
    assert.deepEqual([ip, ip].map(mayCome), [true, false], ip)
  assert.equal(networkOf(''), '')
})
