import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startNameServer } from '../../stories/name-server.ts'
import { readServeArguments } from './arguments.ts'
import { addressesFor, askDns, resolverOf } from './ask-dns.ts'
import { makeDataFolder } from './data-folder.ts'
import { isMailSettings, saidOfMail } from './mail-settings.ts'
import { keepSettings } from './settings.ts'
import { testMailIn } from './test-mail-in.ts'
import { scratchFolder } from './trial-server.ts'

const usage = { name: 'ServerError', code: 'usage' }
const saidBy = (...args: readonly string[]) => readServeArguments(args).mail
const LONG = `v=DKIM1; k=rsa; p=${'A'.repeat(400)}`
const ZONE = {
  'TXT example.net': 'v=spf1 ip4:127.0.0.1 -all',
  'TXT s1._domainkey.example.net': LONG,
  'MX example.net': '10 mx.example.net',
  'A mx.example.net': '192.0.2.7',
}

test('the name servers are addresses, kept, and taken back', () => {
  const kept = saidOfMail(undefined, saidBy('--mail-dns', '192.0.2.53,127.0.0.1:5353,[::1]:53'))
  assert.deepEqual(kept, { addresses: [], dns: ['192.0.2.53', '127.0.0.1:5353', '[::1]:53'] })
  assert.equal(isMailSettings(kept), true)
  assert.deepEqual(saidOfMail(kept, saidBy()), kept)
  assert.deepEqual(saidOfMail(kept, saidBy('--mail-dns', '::1'))?.dns, ['::1'])
  assert.deepEqual(saidOfMail(kept, saidBy('--mail-dns', 'off')), { addresses: [] })
  for (const wrong of [
    '',
    'dns.example.org',
    '192.0.2.53,',
    '192.0.2.53:',
    '192.0.2.53:0',
    '192.0.2.53:70000',
    '[192.0.2.53]:53',
    'fe80::1%eth0',
    Array.from({ length: 9 }, () => '192.0.2.53').join(','),
  ]) {
    assert.throws(() => saidBy('--mail-dns', wrong), usage, wrong)
    assert.equal(isMailSettings({ addresses: [], dns: wrong.split(',') }), false, wrong)
  }
})

test('what a mail names is asked of the given name server and of nobody else', async (t) => {
  const server = await startNameServer(ZONE)
  t.after(server.close)
  const mail = { dns: [server.at] }
  const ask = askDns(mail)
  assert.deepEqual(await ask('example.net', 'TXT'), [['v=spf1 ip4:127.0.0.1 -all']])
  const [parts = []] = await ask('s1._domainkey.example.net', 'TXT')
  assert.equal([...parts].join(''), LONG)
  await assert.rejects(ask('other.example', 'TXT'), { code: 'ENOTFOUND' })
  await assert.rejects(ask('mx.example.net', 'TXT'), { code: 'ENODATA' })
  const [{ priority, exchange } = {}, ...more] = await resolverOf(mail).resolveMx('example.net')
  assert.deepEqual([priority, exchange, more], [10, 'mx.example.net', []])
  assert.deepEqual(await addressesFor(mail)('mx.example.net'), ['192.0.2.7'])
  // The machine's own file of hosts knows this one.
  await assert.rejects(addressesFor(mail)('localhost'))
  assert.ok(server.asked.includes('AAAA mx.example.net'))
  assert.ok(server.asked.includes('A localhost'))
})

test('a name server that says nothing is late, and asked once', async (t) => {
  const server = await startNameServer({}, { silent: true })
  t.after(server.close)
  await assert.rejects(askDns({ dns: [server.at] })('example.net', 'TXT'), { code: 'ETIMEOUT' })
  assert.deepEqual(server.asked, ['TXT example.net'])
})

test('mail test asks the same name server for the MX', async (t) => {
  const server = await startNameServer(ZONE)
  t.after(server.close)
  const data = join(scratchFolder(), 'data')
  makeDataFolder(data)
  const mail = { addresses: ['security@example.net'], dns: [server.at], port: 2525 }
  keepSettings(data, { url: 'https://mx.example.net', mail })
  const here = await testMailIn({ data }, () => undefined)
  assert.deepEqual(here.ways, [{ domain: 'example.net', mx: 'here' }])
  keepSettings(data, { url: 'https://desk.example.net', mail })
  const elsewhere = await testMailIn({ data }, () => undefined)
  assert.deepEqual(elsewhere.ways, [{ domain: 'example.net', mx: 'elsewhere' }])
  assert.ok(server.asked.includes('A mx.example.net'))
})
