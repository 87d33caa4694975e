import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { acknowledge, openCase, sendMessage } from '#client'
import { bytesOfText, SECOND } from '#lexicon'
import { atWork, type Meddle, memoryOfOneProcess, vaultOf } from '../../stories/in-process.ts'
import { file, type OpenDesk, openDesk } from '../../stories/stage.ts'
import { caseHandlers } from './cases.ts'
import { queueHandlers } from './queue-pages.ts'
import { trialSession } from './trial-session.ts'

/* What is looked at in the background, so that a report which says that it is exploited does not wait unseen. */

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
before(async () => {
  desk = await openDesk((end) => ends.push(end))
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

/** A case that the desk cannot hand out. */
let damaged = ''
const meddle: Meddle = async (request, go) => {
  const given = damaged === '' || !request.path.includes(`/cases/${damaged}/statements`)
  if (given) return go()
  const problem = { type: 'about:blank', title: 'It is damaged.', status: 500, code: 'internal' }
  return { status: 500, body: bytesOfText(JSON.stringify(problem)) }
}

test('one case that the desk cannot hand out keeps no other from being looked at', async () => {
  const first = await file(desk, 'Damaged at the desk\n')
  // The longest waiting one is looked at first: in the ledger's seconds.
  await new Promise((done) => setTimeout(done, SECOND))
  const { sha256 } = await file(desk, 'It burns\n', ['--kind', 'exploited'])
  damaged = first.sha256
  let looked = () => {}
  const done = new Promise<void>((resolve) => (looked = resolve))
  const work = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const { session } = trialSession(work, await vaultOf(desk, desk.first), looked)
  const queue = queueHandlers(session)
  const page = { lane: 'all', sort: '', after: '' } as const
  await queue.queuePage(page)
  const late = setTimeout(looked, 20 * SECOND)
  await done
  clearTimeout(late)
  const { rows } = await queue.queuePage(page)
  assert.equal(rows.find(({ id }) => id === sha256)?.kind, 'exploited')
})

test('a case that is looked at is not fetched again by whoever opens it, and what came since is there', async () => {
  damaged = ''
  const { sha256: id } = await file(desk, 'Looked at and opened\n')
  const colleague = await atWork(desk, desk.first)
  let within = await acknowledge(colleague, await openCase(colleague.view, id))
  const asked: string[] = []
  const watch: Meddle = (request, go) => {
    if (request.path.includes(`/cases/${id}/statements`)) asked.push(request.path)
    return go()
  }
  const work = await atWork(desk, desk.first, memoryOfOneProcess(), watch)
  const { session } = trialSession(work, await vaultOf(desk, desk.first))
  await queueHandlers(session).queuePage({ lane: 'all', sort: '', after: '' })
  for (let left = 500; asked.length === 0; left--) {
    assert.ok(left > 0, 'nobody looked')
    await new Promise((done) => setTimeout(done, 20))
  }
  const note = { text: 'While it is looked at', files: [] }
  within = await sendMessage(colleague, within, 'desk', note)
  const { shown } = await caseHandlers(session).openCase({ id, stand: '' })
  const texts = shown.entries.flatMap((entry) => (entry.kind === 'message' ? [entry.text] : []))
  assert.deepEqual([texts.length, texts.at(-1)], [2, note.text])
  assert.ok(shown.entries.length >= within.fold.statements.size)
  assert.deepEqual(
    asked.filter((path) => path.endsWith('after=-1')),
    asked.slice(0, 1),
  )
})
