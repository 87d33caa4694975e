import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { atWork, type Meddle, memoryOfOneProcess } from '../../stories/in-process.ts'
import { type OpenDesk, openDesk } from '../../stories/stage.ts'
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
  assert.deepEqual(
    known.map(({ id }) => id),
    [within.id],
  )
})
