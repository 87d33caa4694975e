import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passkeyLabel } from './passkey-label.ts'

function dataOf(maker: string, flags = 0x45): Uint8Array {
  const data = new Uint8Array(37 + 16 + 2)
  data[32] = flags
  data.set(Buffer.from(maker, 'hex'), 37)
  return data
}

test('a maker that we know names the passkey', () => {
  const google = dataOf('ea9b8d664d011d213ce4b6b48cb575d4')
  assert.equal(
    passkeyLabel({ authenticatorData: google, transports: [], userAgent: '' }),
    'Google Password Manager',
  )
})

test('without a maker the way it is connected names it', () => {
  const none = dataOf('00'.repeat(16))
  const label = (...transports: string[]) =>
    passkeyLabel({ authenticatorData: none, transports, userAgent: 'Mozilla/5.0 (X11; Linux)' })
  assert.equal(label('internal'), 'Linux computer')
  assert.equal(label('hybrid', 'internal'), 'Linux computer')
  assert.equal(label('hybrid'), 'Phone or tablet')
  assert.equal(label('usb', 'nfc'), 'Security key')
  assert.equal(label(), 'Passkey')
})

test('a device is named so that its owner knows it on another one', () => {
  const name = (userAgent: string) =>
    passkeyLabel({ authenticatorData: undefined, transports: ['internal'], userAgent })
  assert.equal(name('Mozilla/5.0 (Linux; Android 16)'), 'Android phone or tablet')
  assert.equal(name('(iPhone; CPU iPhone OS 20_0 like Mac OS X)'), 'iPhone or iPad')
  assert.equal(name('(Macintosh; Intel Mac OS X 10_15_7)'), 'Mac')
  assert.equal(name('(Windows NT 10.0; Win64; x64)'), 'Windows computer')
  assert.doesNotMatch(name(''), /this/i)
})

test('data that is cut, or holds no credential, names no maker', () => {
  const google = dataOf('ea9b8d664d011d213ce4b6b48cb575d4')
  for (const authenticatorData of [
    undefined,
    google.subarray(0, 52),
    dataOf('ea9b8d664d011d213ce4b6b48cb575d4', 0x05),
  ])
    assert.equal(passkeyLabel({ authenticatorData, transports: [], userAgent: '' }), 'Passkey')
})
