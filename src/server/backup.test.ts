import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { askDatabase } from '../../stories/database.ts'
import { newReport } from '../../stories/drafts.ts'
import { newWorld, seedOf } from '../../stories/world.ts'
import {
  folderWithKey,
  operate,
  postJson,
  type Running,
  scratchFolder,
  serveTrial,
} from './trial-server.ts'

const folder = scratchFolder()
const data = folderWithKey(folder, seedOf('server'))
const file = join(folder, 'night')
const world = await newWorld(Date.now())
let server: Running

before(async () => {
  server = await serveTrial(['--data', data, '--limits', 'off'])
  await postJson(server.url, '/api/v1/setup', { secret: server.secret, batch: world.batch })
  for (const name of ['Reporter 1', 'Reporter 2']) {
    const { request } = await newReport(world, { name })
    assert.equal((await postJson(server.url, '/api/v1/reports', request)).status, 201)
  }
})
after(() => server.end('SIGKILL'))

type Verified = { cases: number; blobs: number; ledger: { size: number; root: string } }
const verified = async (where: string) => {
  const { code, out, err } = await operate(['verify', '--data', where, '--json'])
  assert.equal(code, 0, err)
  return JSON.parse(out) as Verified
}

test('a backup is taken beside the running server, in two private files', async () => {
  const { code, out, err } = await operate(['backup', file, '--data', data, '--json'])
  assert.equal(code, 0, err)
  const said = JSON.parse(out) as { rows: number; ledger: { size: number } }
  assert.ok(said.rows > 30)
  for (const name of [file, `${file}.keys`]) assert.equal(statSync(name).mode & 0o777, 0o600)
  const [head = ''] = readFileSync(file, 'utf8').split('\n')
  const { ledger, desk } = JSON.parse(head) as { ledger: { size: number }; desk: string }
  assert.equal(desk, world.desk)
  assert.equal(ledger.size, said.ledger.size)
  // The backup itself is an event after it.
  assert.equal((await verified(data)).ledger.size, ledger.size + 1)
  assert.equal((await fetch(`${server.url}/health`)).status, 200)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.part')),
    [],
  )
})

test('no key stands in the larger file, and no case in the smaller one', () => {
  const tables = (name: string) =>
    readFileSync(name, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"table"'))
      .map((line) => (JSON.parse(line) as { table: string }).table)
  assert.ok(tables(file).every((table) => !table.startsWith('keys.')))
  assert.ok(tables(`${file}.keys`).every((table) => table.startsWith('keys.')))
  const seed = readFileSync(join(data, 'server.key'), 'utf8').trim()
  assert.ok(!readFileSync(file, 'utf8').includes(seed))
  assert.ok(readFileSync(`${file}.keys`, 'utf8').includes(seed))
})

test('a backup never writes over another', async () => {
  const { code } = await operate(['backup', file, '--data', data])
  assert.equal(code, 2)
})

test('it comes back whole into an empty folder, and then only reads', async () => {
  const back = join(folder, 'back')
  const { code, err, out } = await operate(['restore', file, '--data', back, '--json'])
  assert.equal(code, 0, err)
  const restored = JSON.parse(out) as Verified
  const { ledger, ...rest } = restored
  assert.ok(ledger.size > 0)
  const { ledger: _, ...now } = await verified(data)
  assert.deepEqual(rest, now)
  // The restore is an entry of the restored ledger.
  assert.equal((await verified(back)).ledger.size, ledger.size + 1)
  const doctor = await operate(['doctor', '--data', back])
  assert.equal(doctor.code, 5)
  assert.match(doctor.out, /^bad .*only reads/m)
  const copy = await serveTrial(['--data', back, '--limits', 'off'])
  assert.equal(copy.secret, undefined)
  const desk = (await (await fetch(`${copy.url}/api/v1/desk`)).json()) as { state: string }
  assert.equal(desk.state, 'restored')
  const { request } = await newReport(world, { name: 'Reporter 3' })
  assert.equal((await postJson(copy.url, '/api/v1/reports', request)).status, 503)
  assert.equal((await postJson(copy.url, '/api/v1/uploads', {})).status, 503)
  assert.equal((await postJson(copy.url, '/api/v1/login/challenge', {})).status, 200)
  await copy.end()
  const again = await operate(['restore', file, '--data', back])
  assert.equal(again.code, 2, 'not into a folder that holds something')
})

test('a backup that lost a part, or one letter, is refused and leaves nothing', async () => {
  const bad = join(folder, 'bad')
  const into = join(folder, 'never')
  const refused = async (code: number, words: RegExp) => {
    const ended = await operate(['restore', bad, '--data', into])
    assert.equal(ended.code, code, ended.err)
    assert.match(ended.err, words)
    assert.equal(existsSync(into) && readdirSync(into).length > 0, false)
  }
  copyFileSync(file, bad)
  await refused(4, /\.keys is missing/)
  copyFileSync(`${file}.keys`, `${bad}.keys`)
  const whole = readFileSync(file, 'utf8')
  writeFileSync(bad, whole.replace('"case.open"', '"case.opem"'))
  await refused(5, /damaged/)
  writeFileSync(bad, whole.slice(0, -100))
  await refused(5, /damaged/)
  writeFileSync(bad, whole.split('\n').slice(0, -2).join('\n'))
  await refused(5, /damaged/)
  appendFileSync(bad, '\nnonsense\n')
  await refused(5, /damaged/)
  writeFileSync(bad, 'nonsense')
  await refused(5, /not a backup/)
  const other = join(folder, 'other')
  await operate(['backup', other, '--data', data])
  copyFileSync(other, bad)
  await refused(5, /same backup/)
})

test('verify names the first thing that is not as it was signed', async () => {
  await server.end()
  const broken: readonly (readonly [string, string, RegExp])[] = [
    [
      `update ledger.entry set head = replace(head, '"note":""', '"note":"x"') where seq = (select max(seq) from ledger.entry)`,
      `update ledger.entry set head = replace(head, '"note":"x"', '"note":""') where seq = (select max(seq) from ledger.entry)`,
      /Ledger entry \d+/,
    ],
    [
      `update blobs.piece set bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)`,
      `update blobs.piece set bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)`,
      /statement 0 names is stored damaged/,
    ],
    [
      `update keys.packet set bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)`,
      `update keys.packet set bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)`,
      /statement 0 names is stored damaged/,
    ],
    [
      `update keys.wrap set bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 1)`,
      `update keys.wrap set bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 1)`,
      /statement \d+ names is stored damaged/,
    ],
    [
      `update identity.statement set type = 'desk.rules' where type = 'desk.beat'`,
      `update identity.statement set type = 'desk.beat' where type = 'desk.rules'`,
      /Desk chain: statement \d+ is indexed/,
    ],
    [
      `alter table keys.wrap rename to gone; create table keys.wrap as select * from keys.gone limit 0; grant select on keys.wrap to postern_identity, postern_desk`,
      `drop table keys.wrap; alter table keys.gone rename to wrap`,
      /names a wrap that is missing/,
    ],
    [
      `delete from identity.statement where seq = (select max(seq) from identity.statement)`,
      '',
      /Ledger|Desk chain/,
    ],
  ]
  for (const [breaks, mends, names] of broken) {
    const running = await serveTrial(['--data', data])
    await askDatabase(data, breaks)
    const { code, err } = await operate(['verify', '--data', data])
    assert.equal(code, 5, breaks)
    assert.match(err, names, breaks)
    assert.match(err, /^postern: [^\n]+\n$/)
    if (mends !== '') await askDatabase(data, mends)
    await running.end()
  }
})

test('a restore that was cut off leaves a folder that no start takes', async () => {
  const half = join(folder, 'half')
  mkdirSync(half)
  renameSync(join(data, 'server.key'), join(half, 'server.key'))
  writeFileSync(join(half, 'restoring'), '')
  const { code, err } = await operate(['serve', '--data', half])
  assert.equal(code, 5)
  assert.match(err, /did not finish/)
})
