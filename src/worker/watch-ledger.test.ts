import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { refreshDesk } from '#client'
import { atWork } from '../../stories/in-process.ts'
import { file, type OpenDesk, openDesk } from '../../stories/stage.ts'
import type { WorkerEvent } from './operations.ts'
import { watchLedger } from './watch-ledger.ts'

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
before(async () => {
  desk = await openDesk((end) => ends.push(end))
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

test('each growth of the ledger is said once, also when something else verified it before', async () => {
  // A login is in the ledger too.
  const view = await refreshDesk((await atWork(desk, desk.first)).view)
  const heard: WorkerEvent['event'][] = []
  let next = Promise.withResolvers<void>()
  let looked = Promise.withResolvers<void>()
  const wait = () => {
    looked.resolve()
    return next.promise
  }
  const look = async () => {
    const { resolve } = next
    next = Promise.withResolvers()
    looked = Promise.withResolvers()
    resolve()
    await looked.promise
  }
  let open = true
  const say = ({ event }: WorkerEvent) => heard.push(event)
  watchLedger(() => (open ? { api: view.api, from: view.checkpoint.size } : undefined), {
    say,
    wait,
  })
  await look()
  assert.deepEqual(heard, [])
  await file(desk, 'The first')
  // As the page of the people does while the queue is in sight.
  const newer = await refreshDesk(view)
  assert.ok(newer.checkpoint.size > view.checkpoint.size)
  await look()
  await look()
  assert.deepEqual(heard, ['changed'])
  await file(desk, 'The second')
  await look()
  assert.deepEqual(heard, ['changed', 'changed'])
  open = false
  await file(desk, 'Nobody is there')
  await look()
  assert.equal(heard.length, 2)
})
