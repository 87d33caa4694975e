import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSameAddress, statedAddress } from './index.ts'

test('one address is read, and none where programs read different ones', () => {
  for (const value of ['a@example.org', ' A <a@example.org>', '"B, b@x.org" <a@example.org>'])
    assert.equal(statedAddress(value), 'a@example.org', value)
  const unclear = ['', 'A', 'a@x.org, a@example.org', '<a@x.org> <a@example.org>', 'A: a@x.org;']
  for (const value of [...unclear, 'a@x.org (b) <c@d.org> (e)', `${'a'.repeat(1000)}@b.org`])
    assert.equal(statedAddress(value), undefined, value)
})

test('an address is the same in capitals, and with a plus it is another', () => {
  assert.ok(isSameAddress('Ann@Example.org', 'ann@EXAMPLE.org'))
  assert.ok(!isSameAddress('ann+desk@example.org', 'ann@example.org'))
  assert.ok(!isSameAddress('ann@example.org', 'ann@example.net'))
  assert.ok(!isSameAddress('', ''))
})
