import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openCase, openTimeline, refreshDesk, sendMessage, type Send } from '#client'
import type { CaseShown } from './shown.ts'
import { forgetfulMemory } from './forgetful-memory.ts'
import { reporterHandlers } from './reporter.ts'
import { atWork } from '../../stories/in-process.ts'
import { file, type Filed, type OpenDesk, openDesk, play } from '../../stories/stage.ts'

/*
 * The page of a reporter looks again whenever the desk's ledger grows, which at a busy desk is often. What
 * this thread verified and opened is neither fetched nor opened again.
 */

const ends: (() => Promise<void>)[] = []
const asked: string[] = []
let desk: OpenDesk
let filed: Filed
let coordinator: Awaited<ReturnType<typeof atWork>>

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  filed = await file(desk, 'The opening\n\nof a long case')
  await play(['case', 'ack', filed.number, ...desk.first.flags])
  coordinator = await atWork(desk, desk.first)
  for (const text of ['One.', 'Two.', 'Three.']) await answer(text)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('a look again asks for what follows the newest statement, and for no body that was opened', async () => {
  const worker = await newWorker()
  const first = await worker.follow({ words: filed.receipt })
  assert.deepEqual(textsOf(first), ['The opening\n\nof a long case', 'One.', 'Two.', 'Three.'])
  assert.ok(asked.some(isBody), 'the first look opens bodies')

  asked.length = 0
  const same = await worker.refresh({})
  assert.deepEqual(same.entries, first.entries)
  assert.deepEqual(asked.filter(isChain), [chainAfter(first)])
  assert.deepEqual(asked.filter(isBody), [])

  await answer('Four.')
  asked.length = 0
  const grown = await worker.refresh({})
  assert.deepEqual(textsOf(grown), [...textsOf(first), 'Four.'])
  assert.deepEqual(asked.filter(isChain), [chainAfter(first)])
  const { seq } = grown.entries.at(-1) ?? { seq: -1 }
  assert.deepEqual(asked.filter(isBody), [bodiesOf(seq)])
  assert.equal(grown.unseenFrom, seq)
})

test('an answer of the reporter opens nothing again either, and both sides read it', async () => {
  const worker = await newWorker()
  const first = await worker.follow({ words: filed.receipt })
  asked.length = 0
  const after = await worker.reply({ text: 'Thank you.', files: [] })
  assert.deepEqual(textsOf(after), [...textsOf(first), 'Thank you.'])
  const { seq } = after.entries.at(-1) ?? { seq: -1 }
  assert.deepEqual(
    asked.filter((path) => path.includes('/bodies')),
    [bodiesOf(seq)],
  )
  const read = await openCase(await refreshDesk(coordinator.view), filed.sha256)
  const { messages } = await openTimeline(
    coordinator.view,
    read,
    coordinator.self,
    coordinator.keyring,
  )
  assert.equal(messages.at(-1)?.text, 'Thank you.')
})

test('after leaving, the next words open their own report and nothing of the other', async () => {
  const other = await file(desk, 'Another report')
  const worker = await newWorker()
  await worker.follow({ words: filed.receipt })
  assert.deepEqual(textsOf(await worker.follow({ words: other.receipt })), ['Another report'])
  await worker.leave({})
  await assert.rejects(worker.refresh({}))
})

/** What runs behind /follow, in the process of the story. */
async function newWorker() {
  const send: Send = async ({ method, path, headers, body, signal }) => {
    asked.push(path)
    const given = { method, headers, body: body ?? null, signal: signal ?? null }
    const got = await fetch(`${desk.server.url}${path}`, given)
    return { status: got.status, body: new Uint8Array(await got.arrayBuffer()) }
  }
  const deps = { say: () => undefined, memory: forgetfulMemory(), clock: Date.now, send }
  const { handlers } = reporterHandlers({ ...deps, wait: (milliseconds) => wait(milliseconds) })
  await handlers.openDesk({ desk: desk.desk, origin: desk.server.url })
  return handlers
}

async function answer(text: string): Promise<void> {
  const view = await refreshDesk(coordinator.view)
  const within = await openCase(view, filed.sha256)
  await sendMessage({ ...coordinator, view }, within, 'all', { text, files: [] })
}

function textsOf({ entries }: CaseShown): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === 'message' ? [entry.text] : []))
}

function chainAfter({ entries }: CaseShown): string {
  const newest = Math.max(...entries.map(({ seq }) => seq))
  return `/api/v1/cases/${filed.sha256}/statements?after=${newest - 1}`
}

function bodiesOf(seq: number): string {
  return `/api/v1/cases/${filed.sha256}/bodies?from=${seq}&to=${seq}`
}

function isChain(path: string): boolean {
  return path.startsWith('/api/v1/cases/') && path.includes('/statements')
}

function isBody(path: string): boolean {
  return path.includes('/bodies') || path.includes('/blobs/')
}
