import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  attachToDraft,
  ClientError,
  fileDraft,
  NO_FACTS,
  openReportDraft,
  removeFromDraft,
  type ReportWords,
} from '#client'
import { bytesOfText, LIMITS } from '#lexicon'
import { readHead, statementId } from '#seal'
import { type Meddle, sourceOf, visitor } from './in-process.ts'
import { type OpenDesk, openDesk, play, queueOf } from './stage.ts'

type Shown = {
  messages: { text: string; facts: Record<string, string>; attachments: { name: string }[] }[]
}

const MIB = LIMITS.piece
const deps = { wait: () => Promise.resolve() }
const ends: (() => Promise<void>)[] = []
let desk: OpenDesk

before(async () => {
  desk = await openDesk((end) => ends.push(end))
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

const words = (text: string): ReportWords => ({ text, facts: NO_FACTS, source: 'web' })
const show = (id: string) => play<Shown>(['case', 'show', id, ...desk.first.flags])

test('files go while the person writes; one that is removed or cancelled is not in the report', async () => {
  const pieces: string[] = []
  const view = await visitor(desk, (request, go) => {
    if (request.path.includes('/pieces/')) pieces.push(request.path)
    return go()
  })
  const draft = await openReportDraft(view, deps)
  const kept = new Uint8Array(randomBytes(2 * MIB + 5))
  const seen: number[] = []
  await attachToDraft(draft, sourceOf('kept.bin', kept), (_, sent) => seen.push(sent))
  assert.deepEqual(seen, [MIB, 2 * MIB, kept.length])

  const removed = await attachToDraft(draft, sourceOf('removed.txt', kept.slice(0, 9)), () => {})
  removeFromDraft(draft, removed)

  const stop = new AbortController()
  pieces.length = 0
  const large = sourceOf('cancelled.bin', new Uint8Array(8 * MIB))
  const cancelled = attachToDraft(draft, large, () => stop.abort(), stop.signal)
  await assert.rejects(cancelled, (error: unknown) => error === stop.signal.reason)
  assert.equal(pieces.length, 1)

  const facts = {
    project: 'Example Project',
    kind: 'exploited',
    name: 'Reporter 1',
    contact: '',
  } as const
  const text = 'Overflow in `read_table()`\n\nName: somebody else'
  const filed = await fileDraft(draft, { text, facts, source: 'web' })
  const { messages } = await show(filed.sha256)
  assert.deepEqual(
    messages.map((message) => [message.text, message.facts]),
    [[text, { ...facts }]],
  )
  assert.deepEqual(
    messages[0]?.attachments.map(({ name }) => name),
    ['kept.bin'],
  )
  const saved = join(desk.folder, 'kept.bin')
  await play(['case', 'get', filed.sha256, 'kept.bin', '-o', saved, ...desk.first.flags])
  assert.deepEqual(new Uint8Array(await readFile(saved)), kept)
})

test('a file on its way is never left out in silence', async () => {
  const draft = await openReportDraft(await visitor(desk), deps)
  const attached = attachToDraft(draft, sourceOf('a.bin', new Uint8Array(MIB)), () => {})
  await assert.rejects(fileDraft(draft, words('Too early')), isProblem)
  await attached
  await fileDraft(draft, words('In time'))
})

test('files that were sealed to a key of before are sealed again', async () => {
  const draft = await openReportDraft(await visitor(desk), deps)
  const content = new Uint8Array(randomBytes(1000))
  await attachToDraft(draft, sourceOf('early.bin', content), () => {})
  await play(['desk', 'renew', ...desk.first.flags])
  const { sha256 } = await fileDraft(draft, words('The desk has a new key'))
  const saved = join(desk.folder, 'early.bin')
  await play(['case', 'get', sha256, 'early.bin', '-o', saved, ...desk.first.flags])
  assert.deepEqual(new Uint8Array(await readFile(saved)), content)
})

test('a report whose answer was lost is filed once; other words are another report', async () => {
  let deaf = true
  const meddle: Meddle = async (request, go) => {
    const answer = await go()
    if (deaf && request.path === '/api/v1/reports')
      throw new ClientError('unreachable', 'The line broke.')
    return answer
  }
  const view = await visitor(desk, meddle)
  const draft = await openReportDraft(view, deps)
  await attachToDraft(draft, sourceOf('proof.bin', new Uint8Array(100)), () => {})
  const before = (await queueOf(desk.first)).length
  await assert.rejects(fileDraft(draft, words('Lost answer')), isUnreachable)
  assert.equal((await queueOf(desk.first)).length, before + 1)

  deaf = false
  const filed = await fileDraft(draft, words('Lost answer'))
  assert.equal((await queueOf(desk.first)).length, before + 1)
  assert.equal(readHead(filed.proof.filed, 'case').type, 'case.open')
  assert.equal(statementId(filed.proof.filed.head), filed.sha256)

  const changed = await fileDraft(draft, words('Lost answer, and one thing more'))
  assert.notEqual(changed.words, filed.words)
  const { messages } = await show(changed.sha256)
  assert.equal(messages[0]?.attachments.length, 1)
  assert.equal((await queueOf(desk.first)).length, before + 2)
})

test('uploads that the desk has swept are sent again', async () => {
  let sent = 0
  const view = await visitor(desk, async (request, go) => {
    const first = request.path.includes('/pieces/') && sent++ === 0
    if (!first) return go()
    // The desk took the piece, and will have forgotten it when the report comes.
    const sha256 = createHash('sha256')
      .update(request.body ?? '')
      .digest('hex')
    return { status: 200, body: bytesOfText(JSON.stringify({ sha256 })) }
  })
  const draft = await openReportDraft(view, deps)
  await attachToDraft(draft, sourceOf('swept.bin', new Uint8Array(100)), () => {})
  const { sha256 } = await fileDraft(draft, words('After a long while'))
  assert.equal(sent, 2)
  assert.equal((await show(sha256)).messages[0]?.attachments.length, 1)
})

const isProblem = (error: unknown) => error instanceof ClientError && error.code === 'problem'
const isUnreachable = (error: unknown) =>
  error instanceof ClientError && error.code === 'unreachable'
