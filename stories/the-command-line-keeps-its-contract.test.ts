import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { playDirectory } from './directory-scene.ts'
import {
  addMember,
  type Actor,
  file,
  type Filed,
  freePort,
  openDesk,
  type OpenDesk,
  PASSPHRASE,
  play,
  postern,
  queueOf,
  reporterFlags,
  scratchFolder,
  withRoot,
} from './stage.ts'

const run = promisify(execFile)
let desk: OpenDesk
let maintainer: Actor
let filed: Filed
const ends: (() => Promise<void>)[] = []

before(async () => {
  const mail = ['--mail-address', 'report@security.example.org']
  desk = await openDesk((end) => ends.push(end), { more: ['--limits', 'off', ...mail] })
  maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
  filed = await file(desk, 'A report')
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

describe('exit 2: the command was not understood', () => {
  const wrong: readonly (readonly string[])[] = [
    ['nonsense'],
    ['report', '--to', 'http://localhost:1', '--text', '/dev/null', '--fast'],
    ['report', '--text', '/dev/null'],
    ['report', '--to', 'no address', '--text', '/dev/null'],
    ['report', '--to', 'http://localhost:1', '--text', '/nowhere/at/all'],
    ['follow', '--to', 'http://localhost:1'],
    ['queue', '--to', 'http://localhost:1', '--verbose'],
    ['case'],
    ['case', 'open', 'x'],
    ['case', 'sort', '2026-00000', 'nonsense', '--to', 'http://localhost:1', '--as', 'x'],
    ['case', 'ack', '--to', 'http://localhost:1', '--as', 'x'],
    ['case', 'take', '--to', 'http://localhost:1', '--as', 'x'],
    ['case', 'take', 'x', 'y', '--nobody', '--to', 'http://localhost:1', '--as', 'x'],
    ['case', 'state', '2026-00000', 'done', '--to', 'http://localhost:1', '--as', 'x'],
    ['case', 'link', 'x', 'like', 'y', '--to', 'http://localhost:1', '--as', 'x'],
    ['case', 'assess', '--to', 'http://localhost:1', '--as', 'x'],
    ['report', '--to', 'http://localhost:1', '--text', '/dev/null', '--kind', 'urgent'],
    ['report', '--to', 'http://localhost:1', '--text', '/dev/null', '--name', 'a\nKind: question'],
    ['member', 'compare', 'x', '--to', 'http://localhost:1', '--as', 'x'],
    ['member', 'roles', 'x', '--role', 'king', '--to', 'http://localhost:1', '--as', 'x'],
    ['member', 'invite', '--role', 'king', '--to', 'http://localhost:1', '--as', 'x'],
    ['member', 'invite', '--role', 'guest', '--note', 'a\nb', '--to', 'http://localhost:1'],
    ['release', '/dev/null', '--to', 'http://localhost:1', '--as', 'x'],
    ['release', 'approve', 'x', '--to', 'http://localhost:1', '--as', 'x'],
    ['publish', 'verify'],
    ['init', '--name', 'N'],
    ['securitytxt'],
    ['securitytxt', 'check'],
    ['securitytxt', 'check', 'https://'],
    ['securitytxt', 'sign', '--to', 'http://localhost:1', '--as', 'x'],
    ['serve', '--data', '/tmp/x', '--nonsense'],
    ['backup', '--data', '/tmp/x'],
  ]
  for (const args of wrong)
    test(`postern ${args.join(' ')}`, async () => {
      const ran = await postern(args)
      assert.equal(ran.code, 2, `${ran.out}${ran.err}`)
      assert.equal(ran.out, '')
      assert.equal(ran.err.trim().split('\n').length, 1, ran.err)
      assert.doesNotMatch(ran.err, /node_modules|\.ts:|Error:/)
    })
})

test('exit 3: nobody answers', async () => {
  const port = await freePort()
  const ran = await postern([
    'report',
    '--to',
    `http://localhost:${port}`,
    '--text',
    join(import.meta.dirname, 'stage.ts'),
    '--state',
    join(desk.folder, 'state-nobody'),
  ])
  assert.equal(ran.code, 3, ran.err)
  assert.equal(ran.out, '')
})

describe('exit 4: not found, or not allowed', () => {
  test('an unknown case and one of somebody else look the same', async () => {
    const unknown = 'a'.repeat(64)
    const [mine, none] = await Promise.all([
      postern(['case', 'show', filed.sha256, ...maintainer.flags]),
      postern(['case', 'show', unknown, ...maintainer.flags]),
    ])
    assert.equal(mine.code, 4)
    assert.deepEqual(mine, none)
    assert.deepEqual(await queueOf(maintainer), [])
  })

  test('a wrong passphrase opens no key file', async () => {
    const ran = await postern(['queue', ...desk.first.flags], {
      env: { POSTERN_PASSPHRASE: `${PASSPHRASE}!` },
    })
    assert.equal(ran.code, 4)
    assert.equal(ran.out, '')
  })

  test('a key file of another desk is of no use', async (t) => {
    const other = await openDesk((end) => t.after(end))
    const flags = ['--to', desk.server.url, '--as', other.first.key, '--json']
    const ran = await postern(['queue', ...flags, '--state', join(desk.folder, 'state-foreign')])
    assert.equal(ran.code, 5, ran.err)
    assert.equal(ran.out, '')
  })

  test('an invitation works once', async () => {
    const { invitation, expires } = await play<{ invitation: string; expires: string }>([
      'member',
      'invite',
      '--role',
      'guest',
      ...desk.first.flags,
    ])
    const hours = (Date.parse(expires) - Date.now()) / 3_600_000
    assert.ok(hours > 71.9 && hours <= 72)
    const accept = (name: string) =>
      postern([
        'member',
        'accept',
        '--to',
        desk.server.url,
        '--invitation',
        invitation,
        '--name',
        name,
        '--key-out',
        join(desk.folder, `${name}.key`),
        '--state',
        join(desk.folder, `state-${name}`),
        '--json',
      ])
    assert.equal((await accept('guest-1')).code, 0)
    const second = await accept('guest-2')
    assert.equal(second.code, 4, second.err)
    await assert.rejects(stat(join(desk.folder, 'guest-2.key')), 'no key file without an admission')
  })

  test('a coordinator is never admitted unmet', async () => {
    const { invitation } = await play<{ invitation: string }>([
      'member',
      'invite',
      '--role',
      'coordinator',
      ...desk.first.flags,
    ])
    await play([
      'member',
      'accept',
      '--to',
      desk.server.url,
      '--invitation',
      invitation,
      '--name',
      'Unmet',
      '--key-out',
      join(desk.folder, 'unmet.key'),
      '--state',
      join(desk.folder, 'state-unmet'),
      '--json',
    ])
    const ran = await postern(['member', 'admit', 'Unmet', ...desk.first.flags])
    assert.equal(ran.code, 2, ran.err)
    const met = ['member', 'admit', 'Unmet', '--met', 'seen', ...desk.first.flags]
    const alone = await postern(met)
    assert.equal(alone.code, 4, alone.err)
    assert.match(alone.err, /Nobody else can be the second person: give the root words/)
    const { byRoot, waits } = await play<{ byRoot: boolean; waits: boolean }>(
      [...met, '--root'],
      withRoot(desk),
    )
    assert.deepEqual({ byRoot, waits }, { byRoot: true, waits: false })
  })
})

test('the second person reads what they would approve: whom, as what, with which key, and who wants it', async () => {
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  await addMember(desk, 'Steward 1', 'steward', second)
  const { pending } = await play<{ pending: Pending[] }>(['member', 'list', ...desk.first.flags])
  const [waits] = pending
  assert.ok(waits !== undefined && pending.length === 1)
  const { type, proposer, name, roles, met } = waits
  assert.deepEqual(
    { type, proposer, name, roles, met },
    {
      type: 'member.admit',
      proposer: 'Coordinator 2',
      name: 'Steward 1',
      roles: ['steward'],
      met: 'words',
    },
  )
  assert.equal(waits.words.split(' ').length, 12)
  const plain = desk.first.flags.filter((flag) => flag !== '--json')
  const { out } = await postern(['member', 'list', ...plain])
  for (const part of ['member.admit Steward 1 (steward), by Coordinator 2', waits.words, waits.id])
    assert.ok(out.includes(part), part)
})

test('a note on an invitation says to coordinators for whom it was', async () => {
  const note = ['--note', 'Somebody from the mailing list']
  const { invitation } = await play<{ invitation: string }>([
    'member',
    'invite',
    '--role',
    'guest',
    ...note,
    ...desk.first.flags,
  ])
  const mine = ['--key-out', join(desk.folder, 'noted.key'), '--state', join(desk.folder, 'noted')]
  const there = ['--to', desk.server.url, '--invitation', invitation, '--name', 'Guest 5']
  await play(['member', 'accept', ...there, ...mine, '--json'])
  const { applicants } = await play<{ applicants: { name: string; note: string }[] }>([
    'member',
    'list',
    ...desk.first.flags,
  ])
  assert.equal(applicants.find(({ name }) => name === 'Guest 5')?.note, note[1])
})

type Pending = {
  readonly id: string
  readonly type: string
  readonly proposer: string
  readonly name: string
  readonly roles: readonly string[]
  readonly met: string
  readonly words: string
}

test('people get lines, programs get JSON; report always prints JSON on stdout', async () => {
  const path = join(desk.folder, 'plain.md')
  await writeFile(path, '## A *plain* report\n')
  const flags = reporterFlags(desk).filter((flag) => flag !== '--json')
  const ran = await postern(['report', ...flags, '--text', path])
  assert.equal(ran.code, 0, ran.err)
  const printed = JSON.parse(ran.out) as Record<string, string>
  assert.deepEqual(Object.keys(printed), ['receipt', 'number', 'received', 'sha256'])
  assert.match(ran.err, /twelve words/)
  const people = desk.first.flags.filter((flag) => flag !== '--json')
  const queue = await postern(['queue', ...people])
  assert.match(queue.out, /A plain report/)
  assert.throws(() => JSON.parse(queue.out) as unknown)
})

test('what a reporter writes cannot command the terminal of a coordinator', async () => {
  const path = join(desk.folder, 'evil.md')
  await writeFile(
    path,
    'Title \u001b[2J\u202egnp.exe\n\nText \u001b]0;owned\u0007 \u200b end\r\nnext\n',
  )
  const { number } = await play<Filed>(['report', ...reporterFlags(desk), '--text', path])
  const people = desk.first.flags.filter((flag) => flag !== '--json')
  for (const args of [['queue'], ['case', 'show', number]]) {
    const ran = await postern([...args, ...people])
    assert.equal(ran.code, 0, ran.err)
    const commands = [...ran.out].filter((letter) => {
      const code = letter.codePointAt(0) ?? 0
      return (
        (code < 32 && code !== 10) ||
        (code >= 0x7f && code < 0xa0) ||
        code === 0x202e ||
        code === 0x200b
      )
    })
    assert.deepEqual(commands, [])
  }
})

test('a member says how often they are told; before there is an address that is an error', async () => {
  const say = (word: string, by: Actor) => postern(['member', 'notices', word, ...by.flags])
  const none = await say('daily', maintainer)
  assert.equal(none.code, 2)
  assert.match(none.err, /no address of yours: say “postern member address EMAIL” first/)
  assert.equal((await say('often', desk.first)).code, 2)
  await play(['member', 'address', 'volunteer@example.org', ...desk.first.flags])
  assert.deepEqual(JSON.parse((await say('daily', desk.first)).out), { notices: 'daily' })
})

test('the mail key names the address that the server takes mail for, and is published as it was signed', async () => {
  const made = await play<{ key: string; address: string; published: string }>([
    'mail',
    'key',
    ...reporterFlags(desk),
    '--json',
  ])
  assert.equal(made.address, 'report@security.example.org')
  assert.equal(made.published, `${desk.server.url}/mail-key.asc`)
  const published = await fetch(made.published)
  assert.equal(published.status, 200)
  assert.equal(await published.text(), made.key)
})

test('the security.txt that a coordinator signs is sound, and gpg verifies it with the published key', async () => {
  const out = join(desk.folder, 'security.txt')
  const url = ['--url', 'https://security.example.org']
  const sign = (...more: string[]) =>
    postern(['securitytxt', 'sign', ...desk.first.flags, ...url, ...more])
  const unasked = await sign('--out', out)
  assert.equal(unasked.code, 2, 'a person says yes')
  assert.equal((await sign('--yes', '--expires', '2099-01-01')).code, 5)
  const signed = await sign(
    '--yes',
    '--out',
    out,
    '--canonical',
    'https://example.org/security.txt',
  )
  assert.equal(signed.code, 0, signed.err)
  const { fingerprint } = JSON.parse(signed.out) as { fingerprint: string }
  const text = await readFile(out, 'utf8')
  for (const part of [
    'Contact: mailto:report@security.example.org\n',
    'Canonical: https://security.example.org/.well-known/security.txt\n',
    'Canonical: https://example.org/security.txt\n',
    `# Desk: ${desk.desk}\n`,
  ])
    assert.ok(text.includes(part), `${part}${text}`)
  const checked = await play<{ valid: boolean; findings: unknown[] }>([
    'securitytxt',
    'check',
    out,
    '--json',
  ])
  assert.deepEqual([checked.valid, checked.findings], [true, []])
  const keys = join(desk.folder, 'key.asc')
  await writeFile(keys, await (await fetch(`${desk.server.url}/mail-key.asc`)).text())
  const home = join(desk.folder, 'gpg')
  await mkdir(home, { mode: 0o700 })
  const gpg = (...words: string[]) => run('gpg', ['--homedir', home, '--batch', ...words])
  await gpg('--import', keys)
  const { stdout } = await gpg('--status-fd', '1', '--verify', out)
  await run('gpgconf', ['--homedir', home, '--kill', 'all'])
  assert.ok(stdout.includes(`VALIDSIG ${fingerprint}`))
  const released = await sign('--yes')
  assert.equal(released.code, 0, released.err)
  assert.match((JSON.parse(released.out) as { release: string }).release, /^[0-9a-f]{64}$/)
  const looked = async () => (await postern(['queue', ...desk.first.flags])).err
  assert.doesNotMatch(await looked(), /security\.txt/)
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)
  assert.equal((await sign('--yes', '--expires', soon)).code, 0)
  assert.match(await looked(), new RegExp(`security\\.txt ends on ${soon}`))
  const outsider = await postern(['securitytxt', 'sign', ...maintainer.flags, ...url, '--yes'])
  assert.equal(outsider.code, 4, outsider.err)
})

test('a directory is imported, looked at, released by one coordinator, found and exported', () =>
  playDirectory(desk, maintainer))

test('init on a data folder starts the desk privately, prints each code once and keeps the keys closed', async (t) => {
  const folder = await scratchFolder((end) => t.after(end))
  const key = join(folder, 'first.key')
  const args = ['init', '--name', 'Example Foundation', '--domain', 'example.org', '--json']
  const where = [
    '--coordinator',
    'first@example.org',
    '--key-out',
    key,
    '--data',
    join(folder, 'data'),
  ]
  const made = await play<{ root: string; recovery: string; desk: string }>([...args, ...where])
  assert.equal(made.root.split(' ').length, 12)
  assert.equal(made.recovery.split(' ').length, 12)
  assert.equal((await stat(key)).mode & 0o777, 0o600)
  const text = await readFile(key, 'utf8')
  for (const secret of [made.root, made.recovery, PASSPHRASE]) assert.ok(!text.includes(secret))
  const again = await postern([...args, ...where])
  assert.equal(again.code, 2, again.err)
  assert.match(again.err, /exists already/)
})
