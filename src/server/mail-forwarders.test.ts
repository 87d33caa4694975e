import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readServeArguments } from './arguments.ts'
import { isMailSettings, saidOfMail } from './mail-settings.ts'

const saidBy = (...args: readonly string[]) => readServeArguments(args).mail

test('the forwarders are addresses, kept, and taken back', () => {
  const kept = saidOfMail(undefined, saidBy('--mail-forwarder', '192.0.2.25,2001:db8::25'))
  assert.deepEqual(kept, { addresses: [], forwarders: ['192.0.2.25', '2001:db8::25'] })
  assert.equal(isMailSettings(kept), true)
  assert.deepEqual(saidOfMail(kept, saidBy()), kept)
  assert.deepEqual(saidOfMail(kept, saidBy('--mail-forwarder', '::1'))?.forwarders, ['::1'])
  assert.deepEqual(saidOfMail(kept, saidBy('--mail-forwarder', 'off')), { addresses: [] })
  for (const wrong of [
    '',
    'mx.example.org',
    '192.0.2.0/24',
    '192.0.2.25,',
    '192.0.2.25:25',
    'fe80::1%eth0',
    Array.from({ length: 33 }, () => '192.0.2.25').join(','),
  ]) {
    const usage = { name: 'ServerError', code: 'usage' }
    assert.throws(() => saidBy('--mail-forwarder', wrong), usage, wrong)
    assert.equal(isMailSettings({ addresses: [], forwarders: wrong.split(',') }), false, wrong)
  }
})
