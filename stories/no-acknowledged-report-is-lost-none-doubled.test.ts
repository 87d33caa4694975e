import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Source } from '#client'
import { askDatabase } from './database.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { gatherReporters, type Reporters } from './many-reporters.ts'
import { startOutsideDatabase } from './outside-database.ts'
import { mountSmallDisk } from './small-disk.ts'
import { type Actor, openDesk, postern, queueOf, type Running, serve } from './stage.ts'

const ROUNDS = 10
const AT_ONCE = 6
/** Acknowledged before the next kill. */
const ENOUGH = 20
const REPORTS_A_ROUND = 60

test('the server is killed ten times while reporters file', async (t) => {
  const after = endsInTurn(t)
  const desk = await openDesk(after)
  const { url, data, port } = desk.server
  const now: { server: Running | undefined } = { server: desk.server }
  after(() => now.server?.stop())
  const reporters = await gatherReporters(url, desk.desk)
  after(() => reporters.close())

  // A new report begins only while the server is up; what is under way when it dies stays under way.
  let budget = REPORTS_A_ROUND
  const end = new AbortController()
  after(() => end.abort())
  let abandoned = 0
  const filing = together(AT_ONCE, async (reporter) => {
    for (let n = 1; !end.signal.aborted; n++) {
      if (now.server === undefined || budget <= 0) {
        await wait(20)
        continue
      }
      budget--
      // Every third never comes back after a cut; every twentieth has a file of more than one piece.
      const again = async () => {
        while (now.server === undefined) await wait(20)
        return n % 3 !== 0
      }
      const files = n % 20 === 4 ? [randomSource('proof.bin', 1_500_000)] : []
      const filed = await reporters.file({ text: textOf(reporter, n), files, again })
      if (filed === undefined) abandoned++
    }
  })

  const acknowledged: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    await until(() => reporters.filed.length >= round * ENOUGH)
    await wait(randomInt(0, 200))
    const running = now.server
    assert.ok(running)
    // Every second time PostgreSQL dies with it, as in a power cut, and has to recover.
    const database = round % 2 === 0 ? postmasterOf(data) : undefined
    const killed = running.kill()
    if (database !== undefined) process.kill(database, 'SIGKILL')
    now.server = undefined
    await killed
    acknowledged.push(reporters.filed.length)
    now.server = await serve({ data, port })
    budget = REPORTS_A_ROUND
  }
  end.abort()
  await filing

  await demandAllKept(reporters, desk.first)
  const verified = await postern(['verify', '--data', data])
  assert.equal(verified.code, 0, verified.err)
  const { filed, sent } = reporters
  const again = [...sent.values()].filter((times) => times > 1).length
  t.diagnostic(`acknowledged before each kill: ${acknowledged.join(', ')}`)
  t.diagnostic(
    `${sent.size} reports were sent, ${filed.length} acknowledged, ${again} sent more than once, ${abandoned} given up`,
  )
  assert.ok(filed.length >= ROUNDS * ENOUGH, 'too few reports to prove anything')
  assert.ok(again + abandoned >= ROUNDS / 2, 'the kills hit nothing under way')
})

test('the database is stopped while reporters file, and the server is killed beside it', async (t) => {
  const after = endsInTurn(t)
  const database = await startOutsideDatabase(after)
  const env = { DATABASE_URL: database.url }
  const desk = await openDesk(after, { env })
  const { url, data, port } = desk.server
  let server = desk.server
  after(() => server.stop())

  // Reports whose files came in time, and whose own post is held back until the database is away.
  const away = Promise.withResolvers<void>()
  const withFile = await gatherReporters(url, desk.desk, () => away.promise)
  const reporters = await gatherReporters(url, desk.desk)
  after(() => {
    withFile.close()
    reporters.close()
  })
  const back = new AbortController()
  const end = new AbortController()
  after(() => {
    back.abort()
    end.abort()
  })
  /** Comes back until the desk has signed. */
  const patiently = async () => {
    await wait(200)
    return true
  }
  /** Asked once, and satisfied with the journal. */
  const once = () => Promise.resolve(false)
  const files = [randomSource('proof.bin', 1_200_000)]
  const refused = withFile.file({ text: textOf(0, 0), files, again: once })

  await reporters.file({ text: textOf(0, 1), again: patiently })
  const filing = together(AT_ONCE, async (reporter) => {
    for (let n = 1; !end.signal.aborted && n < 25; n++) {
      const again = reporter % 2 === 0 ? patiently : once
      if (n > 5) await wait(100)
      await reporters.file({ text: textOf(reporter, n), again })
    }
  })
  await until(() => reporters.filed.length >= 10)
  await database.stop()
  const stopped = performance.now()
  away.resolve()
  assert.equal(await refused, undefined)
  assert.deepEqual(
    withFile.answers.map(({ status, receipt }) => [status, receipt]),
    [[503, false]],
  )
  const meanwhile = () => reporters.answers.filter(({ at }) => at > stopped)
  await until(() => waitingIn(data).length >= AT_ONCE && meanwhile().length >= AT_ONCE)
  const signed = meanwhile().filter(({ receipt }) => receipt)
  assert.deepEqual(signed, [], 'a receipt was signed without a database')
  let journaled = waitingIn(data).length

  const started = performance.now()
  await database.start()
  await until(() => waitingIn(data).length === 0)
  t.diagnostic(
    `the journal was empty ${Math.round(performance.now() - started)} ms after the start`,
  )
  end.abort()
  await filing

  // Once more, and now the server dies while its journal is full.
  await database.stop()
  const before = reporters.filed.length
  const coming = together(AT_ONCE, async (reporter) => {
    const again = reporter % 2 === 0 ? untilBack : once
    await reporters.file({ text: textOf(reporter, 100), again })
  })
  async function untilBack(): Promise<boolean> {
    if (!back.signal.aborted) await new Promise((go) => back.signal.addEventListener('abort', go))
    await wait(200)
    return true
  }
  await until(() => waitingIn(data).length === AT_ONCE)
  journaled += AT_ONCE
  await server.kill()
  const kept = waitingIn(data)
  assert.equal(kept.length, AT_ONCE)
  const alone = await postern(['serve', '--data', data, '--port', String(port)], { env })
  assert.equal(alone.code, 3, alone.err)
  assert.deepEqual(waitingIn(data), kept)
  await database.start()
  server = await serve({ data, port, env })
  assert.deepEqual(waitingIn(data), [], 'the journal is filed before the door opens')
  back.abort()
  await coming
  assert.equal(reporters.filed.length, before + AT_ONCE / 2)

  await demandAllKept(reporters, desk.first)
  const queued = new Set((await queueOf(desk.first)).map((row) => row.id))
  const promised = new Set(
    reporters.answers.filter(({ status }) => status < 300).map(({ id }) => id),
  )
  for (const id of promised) assert.ok(queued.has(id), 'a journaled report never reached the queue')
  const verified = await postern(['verify', '--data', data], { env })
  assert.equal(verified.code, 0, verified.err)
  t.diagnostic(
    `${takenBy(reporters).size} reports were answered with 2xx, ${reporters.filed.length} with a receipt, ${journaled} lay in the journal`,
  )
})

const DISK = 192 * 2 ** 20
/** Longer than any number of quick tries to start PostgreSQL again. */
const FULL_FOR = 20_000
const BACK_WITHIN = 60_000

test('the disk is full, and then it is not', async (t) => {
  const after = endsInTurn(t)
  const disk = await mountSmallDisk(after, DISK)
  if (typeof disk === 'string') {
    t.skip(disk)
    return
  }
  const desk = await openDesk(after, { data: join(disk.folder, 'data') })
  const { data, url } = desk.server
  const reporters = await gatherReporters(url, desk.desk)
  after(() => reporters.close())
  const once = () => Promise.resolve(false)
  const small = () => reporters.file({ text: textOf(0, 0), again: once })
  const large = () => {
    const files = [randomSource('proof.bin', 3_000_000)]
    return reporters.file({ text: textOf(1, 0), files, again: once })
  }
  for (const file of [small, small, large]) assert.ok(await file())

  // What PostgreSQL has set aside for itself still takes a few reports; a receipt for them counts.
  await disk.fill()
  for (let left = 200; reporters.refusals.length === 0; left--) {
    assert.ok(left > 0, 'the full disk stops nobody')
    await small()
  }
  for (let n = 0; n < 5; n++) assert.equal(await large(), undefined)
  const inTime = reporters.filed.length

  // Its log runs out of room too: it ends by itself, and cannot start before there is room again.
  const write = `select pg_logical_emit_message(true, '', repeat('x', 4000000))`
  await assert.rejects(async () => {
    for (let n = 0; n < 100; n++) await askDatabase(data, write)
  })
  for (const until = performance.now() + FULL_FOR; performance.now() < until;) {
    await small()
    await wait(500)
  }
  assert.deepEqual(
    [...new Set(reporters.refusals)].filter((status) => status !== 507 && status !== 503),
    [],
    'another refusal than 507 and 503',
  )

  await disk.free()
  const freed = performance.now()
  // A second or two; PostgreSQL reads its log again first, which takes longer beside other work.
  while ((await large()) === undefined) {
    const late = performance.now() - freed > BACK_WITHIN
    assert.ok(!late, `there is room again, and nothing is taken: ${desk.server.printed()}`)
    await wait(500)
  }
  const waited = Math.round(performance.now() - freed)
  await until(() => waitingIn(data).length === 0)
  await demandAllKept(reporters, desk.first)
  const verified = await postern(['verify', '--data', data])
  assert.equal(verified.code, 0, verified.err)
  const { refusals } = reporters
  t.diagnostic(
    `${inTime} reports were acknowledged before PostgreSQL ended, ${refusals.length} requests refused with ${[...new Set(refusals)].join(' and ')}`,
  )
  t.diagnostic(
    `${takenBy(reporters).size - reporters.filed.length} lay in the journal; a new report was taken ${waited} ms after there was room`,
  )
})

/** Every receipt opens its case, and the queue has each report exactly once. */
async function demandAllKept(reporters: Reporters, coordinator: Actor): Promise<void> {
  const { filed, answers, sent } = reporters
  const received = new Set(filed.map((each) => each.sha256))
  assert.equal(received.size, filed.length)
  for (const { id, receipt } of answers)
    if (receipt) assert.ok(received.has(id), 'a receipt came and was not recorded')
  for (const { words, number, sha256 } of filed) {
    const found = await reporters.follow(words)
    assert.deepEqual(found, { id: sha256, number })
  }
  const rows = await queueOf(coordinator)
  const ids = new Map(rows.map((row) => [row.id, row.number]))
  assert.equal(ids.size, rows.length, 'a case stands twice in the queue')
  assert.equal(new Set(ids.values()).size, rows.length, 'two cases have one number')
  for (const { number, sha256 } of filed) assert.equal(ids.get(sha256), number)
  for (const id of takenBy(reporters)) assert.ok(ids.has(id), 'a journaled report never came out')
  for (const id of ids.keys()) assert.ok(sent.has(id), 'nobody sent this report')
}

/** Those whose reporters were told that the desk has them, with a receipt or without. */
function takenBy({ answers }: Reporters): ReadonlySet<string> {
  return new Set(answers.filter(({ status }) => status < 300).map(({ id }) => id))
}

/** Runs beside the story; what goes wrong shows where it is awaited. */
function together(count: number, work: (which: number) => Promise<void>): Promise<unknown> {
  const all = Promise.all(Array.from({ length: count }, (_, which) => work(which)))
  all.catch(() => undefined)
  return all
}

async function until(reached: () => boolean): Promise<void> {
  for (let left = 3000; !reached(); left--) {
    assert.ok(left > 0, 'nothing goes on any more')
    await wait(10)
  }
}

function waitingIn(data: string): readonly string[] {
  return readdirSync(join(data, 'journal')).filter((name) => name.endsWith('.report'))
}

function postmasterOf(data: string): number {
  const pid = Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  assert.ok(Number.isSafeInteger(pid) && pid > 1)
  return pid
}

function textOf(reporter: number, n: number): string {
  return `Report ${n} of reporter ${reporter}\n\n${randomBytes(400).toString('base64')}\n`
}

function randomSource(name: string, size: number): Source {
  const content = randomBytes(size)
  return {
    name,
    type: 'application/octet-stream',
    size,
    open: async function* () {
      for (let at = 0; at < size; at += 100_000) yield content.subarray(at, at + 100_000)
    },
  }
}
