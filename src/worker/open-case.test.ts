import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { acknowledge, noteCompared, openCase, refreshDesk, sendMessage } from '#client'
import { readBodiesPage, writeBodiesPage } from '#contract'
import { bytesOfText, textOfBytes } from '#lexicon'
import { atWork, type Meddle, memoryOfOneProcess, vaultOf } from '../../stories/in-process.ts'
import { addMember, file, type OpenDesk, openDesk } from '../../stories/stage.ts'
import { caseHandlers } from './cases.ts'
import type { WorkerEvent } from './operations.ts'
import { trialSession } from './trial-session.ts'

/* A case that is longer than a screen: what the page hears after the first answer. */

const MESSAGES = 30
/** A message that the first screen does not hold. */
const EARLY = 6
const NOTE = { text: 'A note', files: [] }

type Page = {
  statements: { statement: { head: string; sig: string }; accepted: { head: string } }[]
}
type Opened = Extract<WorkerEvent, { event: 'opened' }>

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let id = ''
before(async () => {
  desk = await openDesk((end) => ends.push(end))
  ;({ sha256: id } = await file(desk, 'A long case'))
  const work = await atWork(desk, desk.first)
  let within = await acknowledge(work, await openCase(work.view, id))
  for (let n = 0; n < MESSAGES; n++)
    within = await sendMessage(work, within, 'desk', { text: `Note ${n}`, files: [] })
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

test('what the first screen does not hold is opened by itself, and is all there', async () => {
  const { shown, filled } = await opened()
  assert.equal(shown.entries.filter(({ kind }) => kind === 'sealed').length, MESSAGES - 20)
  const kinds = [...filled.values()].map(({ kind }) => kind)
  assert.equal(kinds.length, MESSAGES - 20)
  assert.ok(kinds.every((kind) => kind === 'message'))
})

test('a receipt that does not hold takes back what was shown beside a time that nobody verified', async () => {
  const meddle: Meddle = async (request, go) => {
    const answer = await go()
    if (!request.path.includes(`/cases/${id}/statements`)) return answer
    const page = JSON.parse(textOfBytes(answer.body)) as Page
    const entry = page.statements[EARLY]
    if (entry !== undefined)
      entry.accepted.head = entry.accepted.head.replace(/"at":"\d{4}/, '"at":"2001')
    return { ...answer, body: bytesOfText(JSON.stringify(page)) }
  }
  const { shown, filled, texts } = await opened(meddle)
  assert.ok(texts.includes('Note 2'), 'it was shown')
  const broken = [...filled.values()].filter(({ kind }) => kind === 'broken')
  assert.ok(broken.some(({ seq }) => seq === EARLY))
  assert.equal(broken.length, MESSAGES - 20)
  assert.ok(shown.entries.filter(({ kind }) => kind === 'message').length >= 20)
})

test('one statement that is not signed, far from the first screen, and nothing is shown of the whole case', async () => {
  const meddle: Meddle = async (request, go) => {
    const answer = await go()
    if (!request.path.includes(`/cases/${id}/statements`)) return answer
    const page = JSON.parse(textOfBytes(answer.body)) as Page
    const { statement } = page.statements[EARLY] ?? {}
    if (statement !== undefined) statement.sig = `${'0'.repeat(64)}${statement.sig.slice(64)}`
    return { ...answer, body: bytesOfText(JSON.stringify(page)) }
  }
  const heard: WorkerEvent[] = []
  const work = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const { session } = trialSession(work, await vaultOf(desk, desk.first), (said) =>
    heard.push(said),
  )
  await assert.rejects(caseHandlers(session).openCase({ id, stand: '' }), { code: 'F3' })
  assert.deepEqual(heard, [])
  assert.equal(session.open().cases.size, 0)
})

test('a body that is not what its head names, among those opened later, is shown as that, and alone', async () => {
  const meddle: Meddle = async (request, go) => {
    const answer = await go()
    if (!request.path.includes(`/cases/${id}/bodies`)) return answer
    const { from, bodies } = readBodiesPage(answer.body)
    const last = bodies.find(({ seq }) => seq === EARLY)?.bytes.subarray(-1)
    last?.set([(last[0] ?? 0) ^ 1])
    return { ...answer, body: writeBodiesPage({ from, bodies }) }
  }
  const { shown, filled } = await opened(meddle)
  assert.ok(shown.entries.every(({ kind }) => kind !== 'broken'))
  const broken = [...filled.values()].filter(({ kind }) => kind === 'broken')
  assert.deepEqual(
    broken.map((entry) => [entry.seq, entry.kind === 'broken' && entry.check]),
    [[EARLY, 'body']],
  )
  assert.equal(filled.size, MESSAGES - 20)
})

test('what the page has already is not sent again, until something of it is another', async () => {
  const guest = await addMember(desk, 'Guest 1', 'guest')
  const { sha256: other } = await file(desk, 'A short case')
  const work = await atWork(desk, desk.first)
  const { session } = trialSession(work, await vaultOf(desk, desk.first))
  const { openCase: open } = caseHandlers(session)
  const { shown } = await open({ id: other, stand: '' })
  assert.equal(shown.entries[0]?.kind, 'message')
  const again = await open({ id: other, stand: shown.stand })
  assert.deepEqual(again, { same: true, shown: { ...shown, entries: [] } })
  // Of another stand, and of none, everything is told.
  for (const stand of ['', `${shown.stand} `])
    assert.deepEqual(await open({ id: other, stand }), { same: false, shown })

  const within = await sendMessage(work, await openCase(work.view, other), 'desk', NOTE)
  const grown = await open({ id: other, stand: shown.stand })
  assert.equal(grown.same, false)
  assert.equal(grown.shown.entries.length, within.statements.length)
  // A key that was compared meanwhile is another mark beside what its owner wrote.
  const { self } = await atWork(desk, guest)
  await noteCompared(await refreshDesk(work.view), self.signer.who, 'words')
  const marked = await open({ id: other, stand: grown.shown.stand })
  assert.equal(marked.same, false)
  assert.equal(marked.shown.entries.length, grown.shown.entries.length)
})

/** The first answer, and what stood in its place once nothing more came. */
async function opened(meddle?: Meddle) {
  const { promise: quiet, resolve } = Promise.withResolvers<void>()
  const filled = new Map<string, Opened['entries'][number]>()
  const texts: string[] = []
  let timer = setTimeout(resolve, 2000)
  const hear = (event: WorkerEvent) => {
    if (event.event !== 'opened') return
    clearTimeout(timer)
    timer = setTimeout(resolve, 500)
    for (const entry of event.entries) {
      filled.set(entry.id, entry)
      if (entry.kind === 'message') texts.push(entry.text)
    }
  }
  const work = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const { session } = trialSession(work, await vaultOf(desk, desk.first), hear)
  const { shown } = await caseHandlers(session).openCase({ id, stand: '' })
  await quiet
  return { shown, filled, texts }
}
