import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublicAddress } from './public-address.ts'

test('addresses of the Internet are public', () => {
  for (const address of ['1.1.1.1', '9.255.255.255', '172.32.0.1', '2606:4700::1111', '2a00::1'])
    assert.equal(isPublicAddress(address), true, address)
})

test('nothing of this machine, of its network or of its cloud is', () => {
  const inside = `
    0.0.0.0 127.0.0.1 127.8.8.8 10.1.2.3 172.16.0.1 172.31.255.255
    192.168.1.1 169.254.169.254 100.100.100.200 192.0.0.192 198.18.0.1 224.0.0.1
    255.255.255.255 203.0.113.5 :: ::1 fe80::1 fe80::1%lo
    fd00:ec2::254 fc00::1 ff02::1 fec0::1 2001:db8::1 2002:7f00:1::
    ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1
    2001::1 100::1`
  for (const address of inside.trim().split(/\s+/))
    assert.equal(isPublicAddress(address), false, address)
})

test('what is no address is not public', () => {
  for (const word of ['', 'localhost', '127.1', '0x7f000001', '2130706433', '[::1]', '1.1.1.1 '])
    assert.equal(isPublicAddress(word), false, word)
})
