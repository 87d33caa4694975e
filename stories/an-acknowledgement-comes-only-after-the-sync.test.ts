import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { endsInTurn } from './ends-in-turn.ts'
import { gatherReporters } from './many-reporters.ts'
import { startOutsideDatabase } from './outside-database.ts'
import { openDesk, postern, serve } from './stage.ts'
import { readTrace, straceTo, type SystemCall, whyNoTrace } from './system-calls.ts'

const WAL = /\/pg_wal\/[0-9A-F]{24}>/
const cannot = whyNoTrace()
const untraced = cannot === undefined ? {} : { skip: cannot }

test('between the last write of a report and its 201 there is a sync', untraced, async (t) => {
  const after = endsInTurn(t)
  const desk = await openDesk(after)
  await desk.server.stop()
  const { data, port, url } = desk.server
  const trace = join(desk.folder, 'trace')
  const server = await serve({ data, port, under: straceTo(trace) })
  after(() => server.stop())
  const reporters = await gatherReporters(url, desk.desk)
  after(() => reporters.close())
  const filed = await reporters.file({ text: 'A report\n\nlong enough', again: never })
  assert.ok(filed)
  assert.equal((await server.stop()).code, 0)

  const calls = await readTrace(trace, server.pid)
  const proof = proofOf(calls)
  assert.ok(proof, 'no sync between the last write and the answer')
  for (const [what, call] of Object.entries(proof)) t.diagnostic(`${what}: ${shown(call)}`)
  t.diagnostic(`${calls.length} system calls of the server and its PostgreSQL were read`)

  // The same reading finds nothing wrong in a trace that is in order, and must find this one wrong.
  const unsynced = calls.filter((call) => !isSync(call))
  assert.equal(proofOf(unsynced), undefined)
  const { sync, answer } = proof
  const late = { ...sync, began: answer.ended + 0.1, ended: answer.ended + 0.2 }
  assert.equal(proofOf([...calls.filter((call) => call !== sync), late]), undefined)
  const failed = { ...sync, result: '-1 EIO (Input/output error)' }
  assert.equal(proofOf(calls.map((call) => (call === sync ? failed : call))), undefined)
})

test(
  'without a database: file, fsync, name, fsync of the folder, then the answer',
  untraced,
  async (t) => {
    const after = endsInTurn(t)
    const database = await startOutsideDatabase(after)
    const env = { DATABASE_URL: database.url }
    const desk = await openDesk(after, { env })
    await desk.server.stop()
    const { data, port, url } = desk.server
    const trace = join(desk.folder, 'trace')
    const server = await serve({ data, port, env, under: straceTo(trace) })
    after(() => server.stop())
    const reporters = await gatherReporters(url, desk.desk)
    after(() => reporters.close())
    await database.stop()
    assert.equal(await reporters.file({ text: 'A report\n\nfor later', again: never }), undefined)
    const [given] = reporters.answers
    assert.deepEqual([given?.status, given?.receipt], [201, false])
    const name = `${given?.id}.report`
    assert.deepEqual(readdirSync(join(data, 'journal')), [name])
    await server.stop()

    const calls = await readTrace(trace, server.pid)
    const answer = calls.find(isAnswer)
    const renamed = calls.find(
      (call) => call.name.startsWith('rename') && call.args.includes(`/${name}"`),
    )
    assert.ok(answer && renamed)
    const temporary = /"([^"]+\.new)"/.exec(renamed.args)?.[1] ?? ''
    const writes = calls.filter(
      (call) => /^p?write/.test(call.name) && call.args.includes(`<${temporary}>`),
    )
    const synced = calls.find((call) => isSync(call) && call.args.includes(`<${temporary}>`))
    const folder = calls.find(
      (call) => isSync(call) && call.args.endsWith('/journal>') && call.began > renamed.ended,
    )
    const last = writes.at(-1)
    assert.ok(last && synced && folder)
    const order = [last, synced, renamed, folder, answer]
    for (const call of order) t.diagnostic(shown(call))
    for (const call of order.slice(0, -1)) assert.ok(!call.result.startsWith('-1'), shown(call))
    for (const [at, call] of order.entries())
      assert.ok(call.began > (order[at - 1]?.ended ?? 0), `${shown(call)} came too early`)
  },
)

test('a PostgreSQL that may forget is refused, unless somebody insists', async (t) => {
  const after = endsInTurn(t)
  const database = await startOutsideDatabase(after, { fsync: 'off' })
  const env = { DATABASE_URL: database.url }
  const desk = await openDesk(after, { env, more: ['--limits', 'off', '--unsafe'] })
  await desk.server.stop()
  const { data, port } = desk.server
  const old = join(data, 'old.mbox')
  writeFileSync(old, 'From a@example.org Mon Feb  1 10:00:00 2016\nSubject: old\n\nwords\n')
  for (const command of [
    ['serve', '--data', data, '--port', String(port)],
    ['mail', 'import', old, '--data', data],
  ]) {
    const ran = await postern(command, { env })
    assert.equal(ran.code, 5)
    assert.match(
      ran.err,
      /^postern: The database server runs with fsync off [^\n]*--unsafe[^\n]*\.\n$/,
    )
    t.diagnostic(ran.err.trim())
  }
  const ran = await postern(['mail', 'import', old, '--unsafe', '--data', data], { env })
  assert.match(ran.out, /^1 mails are cases now/m)
})

type Proof = {
  /** The server asks PostgreSQL to commit the report. */
  readonly commit: SystemCall
  /** The last write to the log that holds the commit. */
  readonly write: SystemCall
  readonly sync: SystemCall
  readonly committed: SystemCall
  /** The 201 goes to the reporter's socket. */
  readonly answer: SystemCall
}

/** The five calls in this order, each after the end of the one before. `undefined` where one is missing. */
function proofOf(calls: readonly SystemCall[]): Proof | undefined {
  const answer = calls.find(isAnswer)
  if (answer === undefined) return undefined
  const before = calls.filter((call) => call.ended < answer.began)
  const report = before.findLast((call) => call.args.includes('report-received'))
  const socket = /UNIX-STREAM:\[(\d+)/.exec(report?.args ?? '')?.[1] ?? 'none'
  const commit = before.findLast(
    (call) => call.args.includes(`[${socket}`) && call.args.includes('commit\\0'),
  )
  const committed = before.findLast(
    (call) => call.args.includes(`->${socket}`) && call.args.includes('COMMIT\\0'),
  )
  if (commit === undefined || committed === undefined) return undefined
  const between = before.filter(
    (call) => call.began > commit.began && call.ended < committed.began && WAL.test(call.args),
  )
  // Whoever commits writes its own part of the log, unless another process did it just before.
  const writes = between.filter((call) => /^p?write/.test(call.name))
  const write = writes.findLast((call) => call.pid === committed.pid) ?? writes.at(-1)
  const sync = between.find(
    (call) => isSync(call) && call.result === '0' && call.began > (write?.ended ?? Infinity),
  )
  if (write === undefined || sync === undefined) return undefined
  assert.equal(WAL.exec(write.args)?.[0], WAL.exec(sync.args)?.[0], 'another file was synced')
  return { commit, write, sync, committed, answer }
}

function isAnswer({ name, args }: SystemCall): boolean {
  return name.startsWith('write') && args.includes('TCP:') && args.includes('HTTP/1.1 201')
}

function isSync({ name }: SystemCall): boolean {
  return name === 'fsync' || name === 'fdatasync'
}

/** The kind of thing that was touched, without the path of this machine. */
function shown({ pid, name, args, result }: SystemCall): string {
  const file = /<(?:[^<>]*\/)?([^/<>]+)>/.exec(args)?.[1]?.replace(/:\[.*/, '')
  const names = [...args.matchAll(/"[^"]*\/([^/"]+)"/g)].map((match) => match[1])
  const what = name.startsWith('rename') ? names.join(' → ') : (file ?? '')
  return `${pid} ${name}(${what}) = ${result}`
}

async function never(): Promise<boolean> {
  await wait(0)
  return false
}
