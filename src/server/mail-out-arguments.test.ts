import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readMailCommand, readServeArguments } from './arguments.ts'
import { saidOfMail } from './mail-settings.ts'
import { relayOf, RELAY_PASSWORD } from './relay-of.ts'
import { keepSettings, readSettings } from './settings.ts'
import { scratchFolder } from './trial-server.ts'

const usage = { name: 'ServerError', code: 'usage' }
const out = (...args: string[]) => readServeArguments(args).mail.out

/** What is kept after a start with these words, and refused when it is not sound. */
function keptAfter(folder: string, ...args: string[]) {
  const mail = saidOfMail(readSettings(folder).mail, readServeArguments(args).mail)
  return keepSettings(folder, mail === undefined ? {} : { mail }).mail
}

test('a relay is a host and a port, and says how it is reached', () => {
  assert.deepEqual(out(), {})
  const far = { host: 'mail.example.org', port: 587, tls: 'required' }
  assert.deepEqual(out('--mail-relay', 'mail.example.org').relay, far)
  const near = { host: '::1', port: 25, tls: 'opportunistic' }
  assert.deepEqual(out('--mail-relay', '[::1]:25').relay, near)
  assert.deepEqual(
    out('--mail-relay', '127.0.0.1:25', '--mail-relay-tls', 'none', '--mail-relay-user', 'me')
      .relay,
    { host: '127.0.0.1', port: 25, tls: 'none', user: 'me' },
  )
  for (const args of [
    ['--mail-relay', ''],
    ['--mail-relay', 'a b'],
    ['--mail-relay', 'smtp://a'],
    ['--mail-relay', 'user@a'],
    ['--mail-relay', 'a:0'],
    ['--mail-relay', 'a:65536'],
    ['--mail-relay', 'a', '--mail-relay-tls', 'yes'],
    ['--mail-relay-tls', 'none'],
    ['--mail-relay-user', 'me'],
    ['--mail-dkim', 'example.org:postern'],
    ['--mail-dkim', ':postern:file'],
  ])
    assert.throws(() => out(...args), usage, args.join(' '))
})

test('what is said of sending is kept beside what is said of taking, and off takes it back', () => {
  const folder = scratchFolder()
  assert.equal(keptAfter(folder), undefined)
  const addresses = ['security@example.org']
  keptAfter(folder, '--mail-address', 'Security@example.org', '--mail-port', '2525')
  const relay = { host: 'mail.example.org', port: 25, tls: 'required' }
  const dkim = { domain: 'example.org', selector: 'postern', keyFile: '/keys/a:b.pem' }
  assert.deepEqual(keptAfter(folder, '--mail-relay', 'mail.example.org:25'), {
    addresses,
    relay,
    port: 2525,
  })
  keptAfter(folder, '--mail-dkim', 'example.org:postern:/keys/a:b.pem')
  const all = { addresses, port: 2525, relay, dkim, from: 'desk@example.org' }
  assert.deepEqual(keptAfter(folder, '--mail-from', 'Desk@Example.org'), all)
  assert.deepEqual(keptAfter(folder), all)
  const { relay: _, dkim: __, ...rest } = all
  assert.deepEqual(keptAfter(folder, '--mail-relay', 'off', '--mail-dkim', 'off'), rest)
})

test('nothing that would leave this machine in clear by our will is kept', () => {
  for (const args of [
    ['--mail-from', 'nobody', '--mail-address', 'a@example.org'],
    ['--mail-relay', 'mail.example.org'],
    ['--mail-from', 'a@example.org', '--mail-relay', 'a.example', '--mail-relay-tls', 'none'],
    '--mail-from a@example.org --mail-relay a.example --mail-relay-tls opportunistic --mail-relay-user me'.split(
      ' ',
    ),
    ['--mail-from', 'a@example.org', '--mail-dkim', 'example.org:a b:file'],
  ])
    assert.throws(() => keptAfter(scratchFolder(), ...args), usage, args.join(' '))
})

test('a password comes from the environment, and a key that cannot sign is seen at the start', () => {
  const addresses = ['a@example.org']
  const relay = { host: 'mail.example.org', port: 587, tls: 'required', user: 'me' } as const
  assert.equal(relayOf({ addresses }, 'https://example.org', {}), undefined)
  assert.throws(() => relayOf({ addresses, relay }, 'https://example.org', {}), usage)
  const env = { [RELAY_PASSWORD]: 'words' }
  const reached = relayOf({ addresses, relay }, 'https://desk.example.org:8443', env)
  assert.deepEqual(reached?.login, { user: 'me', password: 'words' })
  assert.equal(reached.helo, 'desk.example.org')
  assert.equal(relayOf({ addresses, relay }, 'https://192.0.2.1', env)?.helo, '[192.0.2.1]')
  assert.equal(relayOf({ addresses, relay }, 'https://[::1]', env)?.helo, '[IPv6:::1]')

  const folder = scratchFolder()
  const signed = (name: string, text: string) => {
    const keyFile = join(folder, name)
    writeFileSync(keyFile, text)
    const dkim = { domain: 'example.org', selector: 'postern', keyFile }
    return relayOf({ addresses, relay, dkim }, 'https://example.org', env)
  }
  const pem = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength, publicKeyEncoding, ...pem })
  const ed25519 = generateKeyPairSync('ed25519', { publicKeyEncoding, ...pem })
  assert.match(signed('good', rsa(2048).privateKey)?.dkim?.key ?? '', /PRIVATE KEY/)
  assert.throws(() => signed('short', rsa(1024).privateKey), usage)
  assert.throws(() => signed('other', ed25519.privateKey), usage)
  assert.throws(() => signed('public', rsa(2048).publicKey), usage)
  assert.throws(() => signed('words', 'words'), usage)
})

test('the operator’s mail commands take their words and no others', () => {
  assert.equal(readMailCommand(['queue', '--data', 'x']).act, 'queue')
  const {
    data,
    json: _,
    databaseUrl: __,
    ...test
  } = readMailCommand(['test', '--to', 'a@example.org'])
  assert.deepEqual([data, test], ['./data', { act: 'test', to: 'a@example.org' }])
  assert.equal(readMailCommand(['test']).act, 'test')
  const [old, place] = ['old.mbox', { data: './data', databaseUrl: undefined, json: false }]
  const imported = { ...place, act: 'import', file: old }
  // As with serve: a database that may forget is taken only when somebody insists.
  assert.deepEqual(readMailCommand(['import', old]), { ...imported, unsafe: false })
  assert.deepEqual(readMailCommand(['import', old, '--unsafe']), { ...imported, unsafe: true })
  for (const args of [
    [],
    ['key'],
    ['import'],
    ['import', 'a', 'b'],
    ['queue', 'more'],
    ['test', 'more'],
    ['import', 'a', '--to', 'b'],
    ['queue', '--to', 'a@example.org'],
  ])
    assert.throws(() => readMailCommand(args), usage, args.join(' '))
})
