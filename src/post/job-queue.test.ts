import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { DAY } from '#lexicon'
import { asOwner, newHouse } from '../../stories/house.ts'
import { startJobQueue } from './job-queue.ts'
import { sweepOutbox } from './outbox.ts'

const house = await newHouse()
const { database } = house
after(() => database.close())

test('the queue lives in its own schema, runs what is due, and two of them agree', async () => {
  let runs = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const run = (): Promise<void> => {
    runs += 1
    resolve()
    return Promise.resolve()
  }
  const failures: unknown[] = []
  // A minute that does not come while this runs.
  const cron = `${(new Date().getMinutes() + 30) % 60} * * * *`
  const start = () =>
    startJobQueue({
      connection: database.jobs,
      everySeconds: 0.5,
      tasks: [{ name: 'sweep', cron, run }],
      failed: (task, error) => failures.push([task, error]),
    })
  const queues = await Promise.all([start(), start()])
  const [schedule] = await asOwner(house, 'select name, cron from boss.schedule')
  assert.deepEqual(schedule, { name: 'sweep', cron })
  // What the schedule does once an hour.
  await asOwner(house, `insert into boss.job (name) values ('sweep')`)
  await promise
  for (const queue of queues) await queue.stop()
  assert.equal(runs, 1)
  assert.deepEqual(failures, [])
  const foreign = await asOwner(
    house,
    `select table_schema from information_schema.tables
     where table_name ilike '%job%' and table_schema not in ('boss', 'information_schema')`,
  )
  assert.deepEqual(foreign, [])
})

test('a task that fails is told, and its connections go with the queue', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const queue = await startJobQueue({
    connection: database.jobs,
    everySeconds: 0.5,
    tasks: [{ name: 'broken', cron: '0 0 1 1 *', run: () => Promise.reject(new Error('words')) }],
    failed: (task) => resolve(task),
  })
  await asOwner(house, `insert into boss.job (name) values ('broken')`)
  assert.equal(await promise, 'broken')
  await queue.stop()
})

test('old notices are swept, new ones stay', async () => {
  const now = Date.UTC(2026, 10, 21)
  for (const age of [0, 1, 8])
    await asOwner(
      house,
      `insert into post.outbox (kind, about, written) values ('case-changed', '\\x00', to_timestamp($1))`,
      [(now - age * DAY) / 1000],
    )
  await asOwner(house, `delete from post.outbox where kind <> 'case-changed'`)
  await sweepOutbox(database.logins.post, now - 7 * DAY)
  const [row] = await asOwner(house, 'select count(*)::int as n from post.outbox')
  assert.equal(row?.['n'], 2)
})
