import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { atWork, type Meddle, memoryOfOneProcess } from '../../stories/in-process.ts'
import { type OpenDesk, openDesk } from '../../stories/stage.ts'
import { HOUR } from '#lexicon'
import { listCaseIds } from './list-case-ids.ts'
import { newPosting, openAssessment } from './open-assessment.ts'

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
before(async () => {
  desk = await openDesk((end) => ends.push(end))
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

test('an assessment that never arrived and is asked for after an hour is signed anew', async () => {
  let away = true
  const meddle: Meddle = (request, go) => {
    if (away && request.path.endsWith('/reports')) throw new TypeError('the line is dead')
    return go()
  }
  const work = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const given = { title: 'Asked late', text: 'After a long night.', files: [] }
  const posting = newPosting()
  /** A statement of two hours ago, as it lies in a tab that was cut off meanwhile. */
  const before = { ...work, view: { ...work.view, clock: () => Date.now() - 2 * HOUR } }
  await assert.rejects(openAssessment(before, given, posting))
  assert.ok(posting.wire)
  away = false
  const within = await openAssessment(work, given, posting)
  assert.match(within.number, /^\d{4}-/)

  // Where the clock itself is wrong, signing again would not help: it is refused, and once.
  let posts = 0
  const counted: Meddle = (request, go) => {
    if (request.path.endsWith('/reports')) posts++
    return go()
  }
  const wrong = await atWork(desk, desk.first, memoryOfOneProcess(), counted)
  const late = { ...wrong, view: { ...wrong.view, clock: () => Date.now() - 2 * HOUR } }
  await assert.rejects(openAssessment(late, given), /F9/)
  assert.equal(posts, 1)
})

test('an assessment whose answer was lost is asked for again, and is one case', async () => {
  let lost = 0
  let gone = false
  /** The desk files it and says so; the line is dead before the answer comes, however often it is asked. */
  const meddle: Meddle = async (request, go) => {
    const answer = await go()
    if (gone && request.method === 'POST' && request.path.endsWith('/reports')) {
      lost++
      throw new TypeError('the line is dead')
    }
    return answer
  }
  const work = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const posting = newPosting()
  const given = { title: 'Looked into', text: 'By ourselves.', files: [] }
  gone = true
  await assert.rejects(openAssessment(work, given, posting))
  assert.ok(lost > 0)
  gone = false
  const within = await openAssessment(work, given, posting)
  const known = await listCaseIds(work.view, ['all'])
  assert.equal(known.filter(({ id }) => id === within.id).length, 1)
  assert.equal(known.length, 2)
})
