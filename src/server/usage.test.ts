import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isLoopback, originOf } from './address.ts'
import { readFileArguments, readPlaceArguments, readServeArguments } from './arguments.ts'
import { createLog, tracesOf } from './log.ts'
import { keepSettings, readSettings } from './settings.ts'
import { operate, scratchFolder } from './trial-server.ts'

const usage = { name: 'ServerError', code: 'usage' }

test('flags that a command does not know are an error, not a guess', () => {
  for (const args of [
    ['--prot', '80'],
    ['--port'],
    ['--port', '80.5'],
    ['--port', '70000'],
    ['--port', '-1'],
    ['extra'],
    ['--limits', 'on'],
    ['--tls-cert', 'a'],
    ['--trusted-proxy', 'example.org'],
    ['--unsafe=yes'],
  ])
    assert.throws(() => readServeArguments(args), usage, args.join(' '))
  assert.throws(() => readFileArguments(['--data', 'x']), usage)
  assert.throws(() => readFileArguments(['a', 'b']), usage)
  assert.throws(() => readPlaceArguments(['a']), usage)
  assert.throws(() => readPlaceArguments(['--port', '1']), usage)
  assert.equal(readFileArguments(['a', '--data', 'x']).file, 'a')
})

test('without TLS only this machine is served', () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org', '2001:db8::1'])
    assert.throws(() => readServeArguments(['--host', host]), usage, host)
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
    assert.equal(readServeArguments(['--host', host]).host, host)
  const tls = ['--tls-cert', 'c', '--tls-key', 'k']
  assert.equal(readServeArguments(['--host', '0.0.0.0', ...tls]).host, '0.0.0.0')
  assert.throws(() => readServeArguments(['--host', '0.0.0.0', ...tls, '--limits', 'off']), usage)
  assert.equal(isLoopback('128.0.0.1'), false)
})

test('the public address is an origin and nothing else', () => {
  assert.equal(originOf('https://security.example.org/'), 'https://security.example.org')
  assert.equal(originOf('http://localhost:8080'), 'http://localhost:8080')
  for (const url of [
    'security.example.org',
    'ftp://example.org',
    'https://example.org/desk',
    'https://user@example.org',
    'https://example.org?a',
    'https://example.org#a',
    '',
  ])
    assert.throws(() => originOf(url), usage, url)
})

test('the history is pushed to a repository, and not by a program or with a password', () => {
  const folder = scratchFolder()
  const good = [
    'git@example.org:site.git',
    'ssh://git@example.org/site',
    'https://example.org/a.git',
  ]
  for (const publishTo of [...good, '/srv/site.git', 'file:///srv/site.git', ''])
    assert.equal(keepSettings(folder, { publishTo }).publishTo, publishTo)
  for (const publishTo of [
    'ext::sh -c "touch planted"',
    'ext::planted',
    '--exec=planted',
    '-u',
    'https://user:secret@example.org/a.git',
    'https://token@example.org/a.git',
    'http://example.org/a.git',
    'relative/path',
    'fd::7',
    'a b',
  ])
    assert.throws(() => keepSettings(folder, { publishTo }), usage, publishTo)
  const read = readServeArguments(['--publish-to', good[0] ?? ''])
  assert.equal(read.publishTo, good[0])
})

test('settings are said once and kept, and a wrong file is refused', () => {
  const folder = scratchFolder()
  assert.deepEqual(readSettings(folder), {})
  keepSettings(folder, { url: 'https://a.example', name: 'A “Foundation”' })
  keepSettings(folder, { domain: 'a.example' })
  const kept = { url: 'https://a.example', name: 'A “Foundation”', domain: 'a.example' }
  assert.deepEqual(readSettings(folder), kept)
  assert.throws(() => keepSettings(folder, { domain: 'not a domain' }), usage)
  assert.throws(() => keepSettings(folder, { name: ' ' }), usage)
  assert.deepEqual(readSettings(folder), kept)
  const limits = { follow: { burst: 2, perMinute: 1 } }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ limits }))
  assert.deepEqual(readSettings(folder), { limits })
  for (const wrong of [
    '{',
    '[]',
    '{"URL":"https://a.example"}',
    '{"limits":{"follow":{"burst":0,"perMinute":1}}}',
    '{"limits":{"other":{"burst":1,"perMinute":1}}}',
    '{"__proto__":{"url":"x"}}',
  ]) {
    writeFileSync(join(folder, 'settings.json'), wrong)
    assert.throws(() => readSettings(folder), usage, wrong)
  }
})

test('nothing breaks out of a line of the log', () => {
  const lines: string[] = []
  const log = createLog(
    (line) => lines.push(line),
    () => 0,
  )
  log({ event: 'a\r\nb', name: '\u001b[31m\u009b2J\u2028\u007f', count: 1, gone: undefined })
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^[\x20-\x7e]+\n$/)
  const read = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  assert.equal(read['event'], 'a\r\nb')
  assert.equal(read['at'], '1970-01-01T00:00:00.000Z')
})

test('an unforeseen error is logged by its name and place, never by its words', () => {
  const error = Object.assign(new TypeError('the receipt is abandon ability'), { code: 'X1' })
  const traces = tracesOf(error)
  assert.deepEqual(Object.keys(traces).toSorted(), ['code', 'name', 'place'])
  assert.equal(traces['name'], 'TypeError')
  assert.match(traces['place'] ?? '', /^src\/server\/usage\.test\.ts:\d+$/)
  assert.doesNotMatch(JSON.stringify(traces), /abandon/)
})

test('wrong use ends with 2 and one sentence, and makes nothing', async () => {
  const data = join(scratchFolder(), 'data')
  for (const args of [
    ['serve', '--data', data, '--nonsense'],
    ['serve', '--data', data, '--host', '0.0.0.0'],
    ['serve', '--data', data, '--url', 'example.org'],
    ['dance'],
    ['backup', '--data', data],
  ]) {
    const { code, out, err } = await operate(args)
    assert.equal(code, 2, args.join(' '))
    assert.equal(out, '')
    assert.match(err, /^postern: [^\n]+\n$/)
    assert.doesNotMatch(err, /\bat \/|node_modules/)
  }
  assert.equal(existsSync(join(data, 'postgres')), false)
  const help = await operate(['serve', '--help'])
  assert.equal(help.code, 0)
  assert.match(help.out, /--trusted-proxy/)
})

test('a folder that is no data folder is not found', async () => {
  const folder = scratchFolder()
  for (const args of [
    ['verify', '--data', folder],
    ['doctor', '--data', join(folder, 'none')],
    ['backup', join(folder, 'file'), '--data', folder],
    ['restore', join(folder, 'file'), '--data', join(folder, 'new')],
  ])
    assert.equal((await operate(args)).code, 4, args.join(' '))
})

test('a database without its server key is refused: a new key would make another server', async () => {
  const folder = scratchFolder()
  mkdirSync(join(folder, 'postgres'))
  const { code, err } = await operate(['serve', '--data', folder])
  assert.equal(code, 5)
  assert.match(err, /server\.key/)
})

test('a database that cannot be reached ends with 3', async () => {
  const folder = scratchFolder()
  const url = 'postgres://nobody:secret-word@127.0.0.1:1/none'
  const { code, err } = await operate(['serve', '--data', folder, '--database-url', url])
  assert.equal(code, 3)
  assert.doesNotMatch(err, /secret-word/)
})
