import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { askAndCommit, askAtOnce } from './ask-at-once.ts'
import { scratchDatabase } from './scratch-database.ts'

const database = await scratchDatabase()
after(() => database.close())
const db = database.logins.intake

const mark = (byte: number) => new Uint8Array(32).fill(byte)
const put = (...marks: readonly Uint8Array[]) => sql`
  insert into intake.mail (mark, taken) select mark, now() from unnest(${marks}::bytea[]) mark
  on conflict do nothing`
const marks = async () => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from pg_stat_activity where application_name like '%intake'`.execute(
    database.logins.intake,
  )
  return rows[0]?.n ?? 0
}

test('several questions are answered in their order, each behind what came before it', async () => {
  for (let round = 0; round < 3; round++) {
    const [first, again, both, sum] = await db
      .transaction()
      .execute((tx) =>
        askAtOnce(tx, [
          put(mark(round)),
          put(mark(round)),
          put(mark(round), mark(100 + round)),
          sql<{ sum: number }>`select ${round}::int + ${1}::int as sum`,
        ]),
      )
    assert.deepEqual([first.count, again.count, both.count], [1, 0, 1])
    assert.deepEqual(sum.rows, [{ sum: round + 1 }])
  }
})

test('the first that fails fails all of them, and nothing of the transaction stays', async () => {
  const failing = db
    .transaction()
    .execute((tx) => askAtOnce(tx, [put(mark(50)), sql`select 1 / ${0}::int`, put(mark(51))]))
  // Division by zero, and not that the transaction is aborted.
  await assert.rejects(failing, { code: '22012' })
  const [answer] = await db.transaction().execute((tx) => askAtOnce(tx, [put(mark(50), mark(51))]))
  assert.equal(answer.count, 2)
})

test('whoever catches the failure cannot commit what came before it', async () => {
  const caught = db.transaction().execute(async (tx) => {
    await askAtOnce(tx, [put(mark(60)), sql`select 1 / ${0}::int`]).catch(() => undefined)
  })
  await assert.rejects(caught)
  const [answer] = await db.transaction().execute((tx) => askAtOnce(tx, [put(mark(60))]))
  assert.equal(answer.count, 1)
})

test('many transactions at once each get their own answers', async () => {
  const asked = Array.from({ length: 40 }, (_, n) =>
    db.transaction().execute(async (tx) => {
      const questions = [
        sql<{ n: number }>`select ${n}::int as n`,
        sql`select pg_sleep(0.001)`,
      ] as const
      const [answer] = await askAtOnce(tx, questions)
      return answer.rows[0]?.n
    }),
  )
  assert.deepEqual(
    await Promise.all(asked),
    asked.map((_, n) => n),
  )
  assert.ok((await marks()) <= 4)
})

test('what is committed with its last questions stays, and nothing is asked behind it', async () => {
  await db.transaction().execute((tx) => askAndCommit(tx, [put(mark(70)), put(mark(71))]))
  const behind = db.transaction().execute(async (tx) => {
    await askAndCommit(tx, [put(mark(72))])
    await askAtOnce(tx, [put(mark(73))])
  })
  await assert.rejects(behind, RangeError)
  const [answer] = await db
    .transaction()
    .execute((tx) => askAtOnce(tx, [put(mark(70), mark(71), mark(72), mark(73))]))
  assert.equal(answer.count, 1)
})

test('of what fails nothing is committed, and the connection is as good as before', async () => {
  for (let n = 0; n < 6; n++) {
    const failing = db
      .transaction()
      .execute((tx) => askAndCommit(tx, [put(mark(80)), sql`select 1 / ${0}::int`]))
    await assert.rejects(failing, { code: '22012' })
  }
  // Whoever hides a failure before it is told that nothing was committed.
  const hidden = db.transaction().execute(async (tx) => {
    await sql`select 1 / 0`.execute(tx).catch(() => undefined)
    await askAndCommit(tx, [])
  })
  await assert.rejects(hidden, /rolled back/)
  const [answer] = await db.transaction().execute((tx) => askAtOnce(tx, [put(mark(80))]))
  assert.equal(answer.count, 1)
})
