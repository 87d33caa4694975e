import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Source } from '#client'
import { endsInTurn } from './ends-in-turn.ts'
import { gatherReporters, type Reporters } from './many-reporters.ts'
import { type Actor, openDesk, postern, queueOf, type Running, serve } from './stage.ts'

const ROUNDS = 10
const AT_ONCE = 6
const REPORTS_A_ROUND = 60
/** Acknowledged before the next kill. */
const ENOUGH = 20

test('the server is killed ten times while reporters file', async (t) => {
  const after = endsInTurn(t)
  const desk = await openDesk(after)
  let server: Running | undefined = desk.server
  after(async () => server?.stop())
  const { url, data, port } = desk.server
  const reporters = await gatherReporters(url, desk.desk)
  after(() => reporters.close())

  // A new report begins only while the server is up; what is under way when it dies stays under way.
  let budget = REPORTS_A_ROUND
  const end = new AbortController()
  after(() => end.abort())
  let abandoned = 0
  const filing = together(AT_ONCE, async (reporter) => {
    for (let n = 1; !end.signal.aborted; n++) {
      if (server === undefined || budget <= 0) {
        await wait(20)
        continue
      }
      budget--
      // Every third never comes back after a cut; every twentieth has a file of more than one piece.
      const again = async () => {
        while (server === undefined) await wait(20)
        return n % 3 !== 0
      }
      const files = n % 20 === 4 ? [randomSource('proof.bin', 1_500_000)] : []
      const text = `Report ${n} of reporter ${reporter}\n\n${randomBytes(400).toString('base64')}\n`
      const filed = await reporters.file({ text, files, again })
      if (filed === undefined) abandoned++
    }
  })

  const acknowledged: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    await until(() => reporters.filed.length >= round * ENOUGH)
    await wait(randomInt(0, 200))
    const running = server
    assert.ok(running)
    // Every second time PostgreSQL dies with it, as in a power cut, and has to recover.
    const database = round % 2 === 0 ? postmasterOf(data) : undefined
    const killed = running.kill()
    if (database !== undefined) process.kill(database, 'SIGKILL')
    server = undefined
    await killed
    acknowledged.push(reporters.filed.length)
    server = await serve({ data, port })
    budget = REPORTS_A_ROUND
  }
  await wait(300)
  end.abort()
  await filing

  await demandAllKept(reporters, desk.first)
  const verified = await postern(['verify', '--data', data])
  assert.equal(verified.code, 0, verified.err)
  const again = [...reporters.sent.values()].filter((times) => times > 1).length
  const { filed, sent } = reporters
  t.diagnostic(`acknowledged before each kill: ${acknowledged.join(', ')}`)
  t.diagnostic(
    `${sent.size} reports were sent, ${filed.length} acknowledged, ${again} sent more than once, ${abandoned} given up`,
  )
  assert.ok(filed.length >= ROUNDS * ENOUGH, 'too few reports to prove anything')
  assert.ok(again + abandoned >= ROUNDS / 2, 'the kills hit nothing under way')
})

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
  for (const id of ids.keys()) assert.ok(sent.has(id), 'nobody sent this report')
}

function postmasterOf(data: string): number {
  const pid = Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  assert.ok(Number.isSafeInteger(pid) && pid > 1)
  return pid
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
