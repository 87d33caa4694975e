import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { askDatabase } from './database.ts'
import {
  type Actor,
  addMember,
  file,
  follow,
  freePort,
  type OpenDesk,
  openDesk,
  play,
  postern,
  queueOf,
  reporterFlags,
  type Running,
  serve,
} from './stage.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

type Stage = OpenDesk & { readonly second: Actor; readonly port: number }

async function stage(t: { after: (end: () => Promise<void>) => void }): Promise<Stage> {
  const port = await freePort()
  const desk = await openDesk((end) => t.after(end), { port })
  return { ...desk, port, second: await addMember(desk, 'Coordinator 2', 'coordinator') }
}

async function backUp(desk: OpenDesk, name: string): Promise<string> {
  const path = join(desk.folder, name)
  const made = await postern(['backup', path, '--data', desk.server.data])
  assert.equal(made.code, 0, made.err)
  return path
}

/** Restores into a fresh folder and serves it where the lost machine stood. */
async function restoreInPlace(
  t: { after: (end: () => Promise<void>) => void },
  desk: Stage,
  path: string,
): Promise<Running> {
  await desk.server.stop()
  const data = join(desk.folder, 'restored')
  const restored = await postern(['restore', path, '--data', data])
  assert.equal(restored.code, 0, restored.err)
  const server = await serve({ data, port: desk.port })
  t.after(async () => {
    await server.stop()
  })
  return server
}

test('a backup restored on a fresh machine gives back every case, message and file', async (t) => {
  const desk = await stage(t)
  const attachment = randomBytes(2_300_000)
  const proof = join(desk.folder, 'proof.bin')
  await writeFile(proof, attachment)
  const filed = await file(desk, 'A report\n\nwith a proof', ['--attach', proof])
  const flags = desk.first.flags
  await queueOf(desk.first)
  await play(['case', 'ack', filed.number, ...flags])
  await play(['case', 'reply', filed.number, '--text', '-', ...flags], { input: 'An answer\n' })
  await play(['case', 'note', filed.number, '--text', '-', ...flags], { input: 'A note\n' })
  const before = {
    queue: await queueOf(desk.second),
    followed: await follow(desk, filed.receipt),
    shown: await play(['case', 'show', filed.number, ...desk.second.flags]),
  }
  await desk.server.stop()
  const path = await backUp(desk, 'desk.backup')
  await restoreInPlace(t, desk, path)

  assert.deepEqual(await queueOf(desk.second), before.queue)
  assert.deepEqual(await follow(desk, filed.receipt), before.followed)
  assert.deepEqual(await play(['case', 'show', filed.number, ...desk.second.flags]), before.shown)
  const saved = join(desk.folder, 'saved.bin')
  await play(['case', 'get', filed.number, 'proof.bin', '-o', saved, ...flags])
  assert.equal(sha256(await readFile(saved)), sha256(attachment))
  const verified = await postern(['verify', '--data', join(desk.folder, 'restored')])
  assert.equal(verified.code, 0, verified.err)

  // Until two coordinators said so, nobody seals to a desk whose people may be those of yesterday.
  const text = join(desk.folder, 'next.md')
  await writeFile(text, 'The next report\n')
  const report = ['report', ...reporterFlags(desk), '--text', text]
  const refused = await postern(report)
  assert.notEqual(refused.code, 0)
  assert.equal(refused.out, '')
  const first = await play<{ waits: boolean; lost: string[] }>(['desk', 'restored', ...flags])
  assert.deepEqual(first, { lost: [], waits: true })
  assert.notEqual((await postern(report)).code, 0)
  const second = await play<{ waits: boolean }>(['desk', 'restored', ...desk.second.flags])
  assert.equal(second.waits, false)
  assert.equal((await postern(report)).code, 0)
  assert.equal((await queueOf(desk.first)).length, 2)
})

test('an older state alarms every machine that knows more, until two coordinators name what is lost', async (t) => {
  const desk = await stage(t)
  const kept = await file(desk, 'A report that is in the backup')
  await play(['case', 'ack', kept.number, ...desk.first.flags])
  const path = await backUp(desk, 'older.backup')
  const gone = await file(desk, 'A report that came after the backup')
  await play(['case', 'reply', kept.number, '--text', '-', ...desk.first.flags], {
    input: 'After\n',
  })
  await queueOf(desk.first)
  await queueOf(desk.second)
  await restoreInPlace(t, desk, path)

  for (const actor of [desk.first, desk.second]) {
    const alarm = await postern(['queue', ...actor.flags])
    assert.equal(alarm.code, 5, alarm.err)
    assert.equal(alarm.out, '')
    assert.match(alarm.err, /H[13]/)
  }
  const reporter = await postern(['follow', ...reporterFlags(desk), '--receipt', kept.receipt])
  assert.equal(reporter.code, 5, reporter.err)
  assert.equal(reporter.out, '')

  const declared = await play<{ lost: string[]; waits: boolean }>([
    'desk',
    'restored',
    ...desk.first.flags,
  ])
  assert.deepEqual([...declared.lost].sort(), [gone.sha256, kept.sha256].sort())
  assert.equal(declared.waits, true)
  assert.equal((await postern(['queue', ...desk.first.flags])).code, 5, 'one alone does not end it')
  const approved = await play<{ waits: boolean }>(['desk', 'restored', ...desk.second.flags])
  assert.equal(approved.waits, false)

  for (const actor of [desk.first, desk.second])
    assert.deepEqual(
      (await queueOf(actor)).map(({ id }) => id),
      [kept.sha256],
    )
  assert.equal((await follow(desk, kept.receipt)).state, 'acknowledged')
  const lost = await postern(['follow', ...reporterFlags(desk), '--receipt', gone.receipt])
  assert.equal(lost.code, 4)
  await play(['case', 'reply', kept.number, '--text', '-', ...desk.first.flags], {
    input: 'Again\n',
  })
})

test('a desk chain longer than the backup’s is given back by whoever remembers it', async (t) => {
  const desk = await stage(t)
  const path = await backUp(desk, 'older.backup')
  await play(['desk', 'renew', ...desk.first.flags])
  await addMember(desk, 'Maintainer 1', 'maintainer:example')
  const gone = await file(desk, 'Sealed to a key that the backup does not have')
  await queueOf(desk.second)
  await restoreInPlace(t, desk, path)

  const alarm = await postern(['queue', ...desk.second.flags])
  assert.equal(alarm.code, 5, alarm.err)
  const declared = await play<{ lost: string[]; waits: boolean }>([
    'desk',
    'restored',
    ...desk.second.flags,
  ])
  assert.deepEqual(declared, { lost: [gone.sha256], waits: true })
  const approved = await play<{ waits: boolean }>(['desk', 'restored', ...desk.first.flags])
  assert.equal(approved.waits, false)

  const { members } = await play<{ members: { name: string }[] }>([
    'member',
    'list',
    ...desk.first.flags,
  ])
  assert.ok(
    members.some(({ name }) => name === 'Maintainer 1'),
    'the desk chain is whole again',
  )
  // The wraps of desk/2 were lost with the database; desk/3 took its place.
  const next = await file(desk, 'The first report after the restore')
  for (const actor of [desk.first, desk.second])
    assert.deepEqual(
      (await queueOf(actor)).map(({ id, title }) => [id, title]),
      [[next.sha256, 'The first report after the restore']],
    )
  const verified = await postern(['verify', '--data', join(desk.folder, 'restored')])
  assert.equal(verified.code, 0, verified.err)
})

test('a damaged or incomplete backup is refused, and a filled folder is left alone', async (t) => {
  const desk = await stage(t)
  await file(desk, 'A report')
  const path = await backUp(desk, 'desk.backup')
  const into = (name: string) => ['--data', join(desk.folder, name)]

  const full = await postern(['restore', path, '--data', desk.server.data])
  assert.notEqual(full.code, 0)

  const bytes = await readFile(path)
  for (const [name, at] of [
    ['middle', Math.floor(bytes.length / 2)],
    ['end', bytes.length - 40],
  ] as const) {
    const damaged = join(desk.folder, `${name}.backup`)
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    await writeFile(damaged, changed)
    await copyFile(`${path}.keys`, `${damaged}.keys`)
    const ran = await postern(['restore', damaged, ...into(`from-${name}`)])
    assert.equal(ran.code, 5, `${name}: ${ran.err}`)
  }
  const lonely = join(desk.folder, 'lonely.backup')
  await copyFile(path, lonely)
  const ran = await postern(['restore', lonely, ...into('from-lonely')])
  assert.notEqual(ran.code, 0)
  assert.match(ran.err, /\.keys/)
})

test('verify names the first entry that somebody changed in the database', async (t) => {
  const desk = await stage(t)
  await file(desk, 'A report')
  const good = await postern(['verify', '--data', desk.server.data])
  assert.equal(good.code, 0, good.err)
  await askDatabase(
    desk.server.data,
    `update ledger.entry set head = replace(head, '"count":1', '"count":2') where seq = (select max(seq) from ledger.entry where type = 'ledger.event')`,
  )
  const broken = await postern(['verify', '--data', desk.server.data])
  assert.equal(broken.code, 5, broken.out + broken.err)
  const [row] = await askDatabase<{ seq: number }>(
    desk.server.data,
    `select max(seq)::int as seq from ledger.entry where type = 'ledger.event'`,
  )
  assert.ok(`${broken.out}${broken.err}`.includes(String(row?.seq)), broken.err)
})
