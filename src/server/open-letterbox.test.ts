import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { swaks } from '../../stories/swaks.ts'
import { operate, type Running, scratchFolder, serveTrial } from './trial-server.ts'

const ADDRESS = 'security@example.org'

test('the door for mail opens when it is asked for, and is remembered', async () => {
  const data = join(scratchFolder(), 'data')
  const first = await serveTrial(['--data', data, '--mail-port', '0', '--mail-address', ADDRESS])
  const { host, port } = mailOf(first)
  assert.equal(host, '127.0.0.1')
  const letter = { port, from: 'a@example.net', to: ADDRESS, mail: 'Subject: a\n\nwords\n' }
  // A desk without people has no key to seal to: whoever sends keeps the mail.
  assert.equal((await swaks(letter)).code, '451')
  const { err } = await first.end()
  assert.match(err, /Mail for security@example\.org is taken at 127\.0\.0\.1 port \d+/)
  assert.match(err, /"event":"mail-not-taken","name":"IntakeError","code":"not-open"/)
  assert.doesNotMatch(err, /example\.net|Subject/)

  const file = join(data, 'mail-tls.pem')
  const own = readFileSync(file, 'utf8')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const examined = await operate(['doctor', '--data', data])
  assert.match(examined.out, /good {2}Mail for security@example\.org is taken/)
  const second = await serveTrial(['--data', data])
  assert.equal(mailOf(second).host, '127.0.0.1')
  await second.end()
  assert.equal(readFileSync(file, 'utf8'), own)

  const third = await serveTrial(['--data', data, '--mail-port', 'off'])
  assert.equal('mail' in readyOf(third), false)
  await third.end()
  const closed = await operate(['doctor', '--data', data])
  assert.match(closed.out, /good {2}No mail is taken here/)
})

test('a door that cannot be opened stops the start with one sentence', async () => {
  const folder = scratchFolder()
  const data = join(folder, 'data')
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  writeFileSync(join(folder, 'no.pem'), 'no certificate')
  const mail = ['--mail-address', ADDRESS, '--mail-port']
  const no = join(folder, 'no.pem')
  for (const [args, words] of [
    [[...mail, String(port)], /Mail cannot be taken at 127\.0\.0\.1 port/],
    [[...mail, '0', '--mail-tls-cert', no, '--mail-tls-key', no], /--mail-tls-cert/],
  ] as const) {
    const { code, err } = await operate(['serve', '--data', data, '--port', '0', ...args])
    assert.equal(code, 2, err)
    assert.match(err, words)
  }
  taken.close()
})

function mailOf(server: Running) {
  return (readyOf(server) as { mail: { host: string; port: number } }).mail
}

function readyOf({ printed }: Running): object {
  return JSON.parse(printed().out) as object
}
