import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createKeyring, labelCase, openCase, openTitle, refreshDesk } from '#client'
import { becomeMember, readInQueue } from './browser-keys.ts'
import { unlock } from './browser-acts.ts'
import { newPerson, openChromium, shownBy } from './browser-stage.ts'
import { atWork, memoryOfOneProcess, type Meddle } from './in-process.ts'
import { addMember, file, type OpenDesk, openDesk, type QueueRow, queueOf } from './stage.ts'

/*
 * A report gets its title from the first coordinator who opens it. Two who open it at the same moment both
 * write one: the desk takes one, the other folds anew and finds that it is done. Nobody sees an error.
 */

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk

before(async () => {
  desk = await openDesk((end) => ends.push(end))
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('two clients that title at once: one statement, and both go on from it', async () => {
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  const { sha256: id } = await file(desk, '# A race\n\nbetween two.')
  const gate = meetingOf(2)
  const statuses: number[] = []
  const meddle: Meddle = async ({ method, path }, go) => {
    const writes = method === 'POST' && path.endsWith(`/cases/${id}/statements`)
    if (writes) await gate.arrive()
    const answer = await go()
    if (writes) statuses.push(answer.status)
    return answer
  }
  const title = async (who: typeof second) => {
    const at = await atWork(desk, who, memoryOfOneProcess(), meddle)
    const within = await openCase(at.view, id)
    assert.equal(within.fold.titleSeq, -1)
    const titled = await labelCase(at, within, at.keyring)
    const view = await refreshDesk(at.view)
    return { titled, title: await openTitle({ ...at, view }, createKeyring(view, at.self), titled) }
  }
  const both = await Promise.all([title(desk.first), title(second)])
  assert.equal(gate.met(), true, 'both were about to write')
  assert.deepEqual(
    statuses.toSorted((a, b) => a - b),
    [200, 409],
  )
  const [one, other] = both
  assert.equal(one.titled.fold.titleSeq, 1)
  assert.deepEqual(one.titled.fold.head, other.titled.fold.head)
  assert.deepEqual([one.title, other.title], ['A race', 'A race'])
})

test('a page that opens a report while somebody else titles it shows the report, and no error', async () => {
  const browser = await openChromium((end) => ends.push(end))
  const { page, context } = await newPerson(browser)
  await becomeMember(desk, page, { name: 'Coordinator 3' })
  const other = await atWork(desk, desk.first)
  await unlock(page, desk.server.url)

  const statuses: number[] = []
  await context.route('**/api/v1/cases/*/statements', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    const id = /cases\/([0-9a-f]{64})/.exec(route.request().url())?.[1] ?? ''
    const view = await refreshDesk(other.view)
    const within = await openCase(view, id)
    // Between what the page read and what it writes, the other has titled it.
    if (within.fold.titleSeq < 0) await labelCase({ ...other, view }, within, other.keyring)
    const answer = await route.fetch()
    statuses.push(answer.status())
    await route.fulfill({ response: answer })
  })
  const { number } = await file(desk, '# Another race\n\nwith a page in it.')
  await shownBy(page, () => readInQueue(page, 'Another race', 'with a page in it'))
  assert.deepEqual(statuses, [409], 'the page was second')
  await page.getByRole('heading', { name: 'Another race', level: 1 }).waitFor()
  assert.deepEqual(await page.getByRole('alert').allInnerTexts(), [])
  const row = (await queueOf(desk.first)).find((each: QueueRow) => each.number === number)
  assert.equal(row?.title, 'Another race')
  const chain = await openCase(await refreshDesk(other.view), row.id)
  const titles = [...chain.fold.statements.values()].filter(({ type }) => type === 'case.title')
  assert.equal(titles.length, 1)
})

/** Nobody goes on before all are there. */
function meetingOf(count: number) {
  const all = Promise.withResolvers<void>()
  let here = 0
  return {
    arrive: () => {
      here++
      if (here >= count) all.resolve()
      return all.promise
    },
    met: () => here >= count,
  }
}
