import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readServeArguments } from './arguments.ts'
import { isMailAddress, isMailSettings, saidOfMail } from './mail-settings.ts'
import { keepSettings, readSettings } from './settings.ts'
import { scratchFolder } from './trial-server.ts'

const usage = { name: 'ServerError', code: 'usage' }
const saidBy = (...args: readonly string[]) => readServeArguments(args).mail

test('what is said of mail is kept, and the port can be taken back', () => {
  assert.equal(saidOfMail(undefined, saidBy()), undefined)
  const first = saidOfMail(
    undefined,
    saidBy('--mail-port', '2525', '--mail-address', 'Security@Example.org'),
  )
  assert.deepEqual(first, { port: 2525, addresses: ['security@example.org'] })
  assert.deepEqual(saidOfMail(first, saidBy()), first)
  const two = ['--mail-address', 'a@example.org', '--mail-address', 'b@example.org']
  const second = saidOfMail(first, saidBy(...two, '--mail-host', '0.0.0.0'))
  assert.deepEqual(second, {
    port: 2525,
    host: '0.0.0.0',
    addresses: ['a@example.org', 'b@example.org'],
  })
  const off = saidOfMail(second, saidBy('--mail-port', 'off'))
  assert.deepEqual(off, { host: '0.0.0.0', addresses: ['a@example.org', 'b@example.org'] })
})

test('wrong flags are an error before anything is made', () => {
  for (const args of [
    ['--mail-port', 'smtp'],
    ['--mail-port', '70000'],
    ['--mail-port'],
    ['--mail-tls-cert', 'a'],
    ['--mail-tls-key', 'a'],
  ])
    assert.throws(() => saidBy(...args), usage, args.join(' '))
  const folder = scratchFolder()
  const port = saidOfMail(undefined, saidBy('--mail-port', '25'))
  assert.ok(port)
  assert.throws(() => keepSettings(folder, { mail: port }), usage, 'mail for nobody')
  assert.throws(() => keepSettings(folder, { mail: { addresses: ['everybody'] } }), usage)
})

test('an address is plain', () => {
  for (const plain of ['security@example.org', 's.e-c_2@a-b.example.org'])
    assert.equal(isMailAddress(plain), true, plain)
  for (const odd of [
    '',
    'security',
    'security@',
    'security@example',
    '@example.org',
    'security+tag@example.org',
    '"security"@example.org',
    'security@example.org\n',
    'security @example.org',
    'security@-example.org',
    'security@example..org',
    'security@[127.0.0.1]',
    `${'a'.repeat(65)}@example.org`,
    7,
  ])
    assert.equal(isMailAddress(odd), false, String(odd))
})

test('the settings of a folder have these names and forms, and no others', () => {
  const whole = {
    port: 25,
    host: '0.0.0.0',
    addresses: ['security@example.org'],
    from: 'desk@example.org',
    relay: { host: 'relay.example.org', port: 587, tls: 'required', user: 'desk' },
    dkim: { domain: 'example.org', selector: 's1', keyFile: 'dkim.pem' },
  }
  assert.equal(isMailSettings(whole), true)
  const folder = scratchFolder()
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ mail: whole }))
  assert.deepEqual(readSettings(folder), { mail: whole })
  for (const wrong of [
    {},
    [],
    { ...whole, port: 1.5 },
    { ...whole, port: '25' },
    { ...whole, addresses: ['all'] },
    { ...whole, password: 'x' },
    { ...whole, relay: { host: 'a', port: 25 } },
    { ...whole, relay: { ...whole.relay, tls: 'maybe' } },
    { ...whole, relay: { ...whole.relay, password: 'x' } },
    { ...whole, dkim: { domain: 'example.org' } },
  ]) {
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ mail: wrong }))
    assert.throws(() => readSettings(folder), usage, JSON.stringify(wrong))
  }
})
