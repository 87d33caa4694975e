import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { answerAndClose, ClientError, openCase, openQueuePage, readersOf, takeCase } from '#client'
import { atWork } from './in-process.ts'
import {
  type Actor,
  addMember,
  file,
  type Filed,
  follow,
  type OpenDesk,
  openDesk,
  play,
  postern,
  type QueueRow,
  queueOf,
} from './stage.ts'

type Row = QueueRow & { taken: string }

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let maintainer: Actor
let first: Filed
let other: Filed

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
  first = await file(desk, 'Overflow in the parser\n\nA long line.\n', [
    '--kind',
    'exploited',
    '--name',
    'Reporter 1',
    '--contact',
    'reporter@example.org',
  ])
  other = await file(desk, 'The same overflow\n')
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

const act = (verb: string, id: string, ...more: readonly string[]) =>
  play<Row>(['case', verb, id, ...more, ...desk.first.flags])

test('a coordinator takes a case, hands it on and gives it back; the queue says who has it', async () => {
  assert.equal((await act('take', first.number)).taken, 'Coordinator 1')
  const rows = (await queueOf(second)) as Row[]
  assert.equal(rows.find(({ id }) => id === first.sha256)?.taken, 'Coordinator 1')
  assert.equal((await act('take', first.number, 'Coordinator 2')).taken, 'Coordinator 2')
  const refused = await postern(['case', 'take', first.number, 'Maintainer 1', ...desk.first.flags])
  assert.equal(refused.code, 5, refused.err)
  assert.match(refused.err, /F8/)
  assert.equal((await act('take', first.number, '--nobody')).taken, '')
})

test('of two who take a case at the same time the second is told', async () => {
  const [one, two] = await Promise.all([atWork(desk, desk.first), atWork(desk, second)])
  const [mine, theirs] = [
    await openCase(one.view, first.sha256),
    await openCase(two.view, first.sha256),
  ]
  await takeCase(one, mine, one.self.signer.who)
  const late = takeCase(two, theirs, two.self.signer.who)
  await assert.rejects(late, (error: unknown) => {
    assert.ok(error instanceof ClientError)
    assert.match(error.message, /Coordinator 1 took this case meanwhile/)
    return true
  })
})

test('states, titles and links; nobody closes without an answer or a reason', async () => {
  assert.equal((await act('state', other.number, 'waiting')).lane, 'new')
  await act('ack', other.number)
  assert.equal((await act('state', other.number, 'waiting')).lane, 'waiting')
  const early = await postern(['case', 'state', other.number, 'closed', ...desk.first.flags])
  assert.equal(early.code, 2, early.err)
  await act('title', other.number, '**Overflow**, reported twice')
  const [row] = (await queueOf(second)).filter(({ id }) => id === other.sha256)
  assert.equal(row?.title, 'Overflow, reported twice')
  await act('link', other.number, 'duplicate-of', first.number)
  const itself = await postern([
    'case',
    'link',
    first.number,
    'see',
    first.number,
    ...desk.first.flags,
  ])
  assert.equal(itself.code, 5, itself.err)
})

test('the last answer and the end come in one batch, and a closed case opens again', async () => {
  const path = join(desk.folder, 'answer.txt')
  await writeFile(path, 'We know it from another report. Thank you.\n')
  const closed = await act('reply', other.number, '--text', path, '--close')
  assert.deepEqual([closed.state, closed.lane], ['closed', 'closed'])
  const seen = await follow(desk, other.receipt)
  assert.equal(seen.state, 'closed')
  assert.equal(seen.messages.at(-1)?.text, 'We know it from another report. Thank you.\n')
  assert.equal((await act('state', other.number, 'open')).state, 'open')
})

test('who closes behind a newer state is told, and nothing is sent', async () => {
  const late = await atWork(desk, second)
  const stale = await openCase(late.view, other.sha256)
  await act('state', other.number, 'waiting')
  const closing = answerAndClose(late, stale, { text: 'Too late.', files: [] })
  await assert.rejects(closing, (error: unknown) => error instanceof ClientError)
  const { messages } = await follow(desk, other.receipt)
  assert.ok(messages.every(({ text }) => text !== 'Too late.'))
})

test('an assessment has no reporter, no clock and no place among the new', async () => {
  const path = join(desk.folder, 'assessment.md')
  await writeFile(path, '# Does the old parser have it too?\n\nKind: question\n')
  const proof = join(desk.folder, 'notes.txt')
  await writeFile(proof, 'notes')
  const opened = await play<Row>([
    'case',
    'assess',
    '--text',
    path,
    '--attach',
    proof,
    ...desk.first.flags,
  ])
  assert.deepEqual(
    [opened.title, opened.due, opened.lane],
    ['Does the old parser have it too?', '', 'open'],
  )
  const shown = await play<{ messages: { from: string; text: string; attachments: object[] }[] }>([
    'case',
    'show',
    opened.number,
    ...second.flags,
  ])
  assert.deepEqual(
    shown.messages.map(({ from, text, attachments }) => [from, text, attachments.length]),
    [['Coordinator 1', '# Does the old parser have it too?\n\nKind: question\n', 1]],
  )
  await play(['case', 'add', opened.number, 'Maintainer 1', ...second.flags])
  assert.equal((await queueOf(maintainer)).length, 1)
  const closed = await act('close', opened.number, '--reason', 'It has not.')
  assert.equal(closed.state, 'closed')
  const refused = await postern(['case', 'assess', '--text', path, ...maintainer.flags])
  assert.equal(refused.code, 4, refused.err)
})

test('a page of the queue: titles are proved, everything else is said to be a hint', async () => {
  const { view, keyring } = await atWork(desk, second)
  const page = await openQueuePage({ view }, keyring, { lane: 'all' })
  assert.equal(page.next, undefined)
  assert.deepEqual(
    page.rows.map(({ number, title, hints }) => [number, title, hints.state, hints.acknowledged]),
    [
      [first.number, 'Overflow in the parser', 'open', false],
      [other.number, 'Overflow, reported twice', 'waiting', true],
    ],
  )
  const [one] = (await openQueuePage({ view }, keyring, { lane: 'new', limit: 1 })).rows
  assert.equal(one?.id, first.sha256)
  assert.equal((await openQueuePage({ view }, keyring, { lane: 'mine' })).rows.length, 0)
  const untitled = await file(desk, 'Nobody opened this one yet')
  const fresh = await openQueuePage({ view }, keyring, { lane: 'new' })
  assert.equal(fresh.rows.find(({ id }) => id === untitled.sha256)?.title, '')
})

test('who can read a thread is known before a word is written', async () => {
  const { view } = await atWork(desk, second)
  const within = await openCase(view, first.sha256)
  const names = (thread: 'all' | 'desk' | 'p-example') =>
    readersOf(view, within, thread).map(({ name }) => name)
  assert.deepEqual(names('desk'), ['Coordinator 1', 'Coordinator 2'])
  assert.deepEqual(names('all'), ['Coordinator 1', 'Coordinator 2', 'reporter'])
  assert.deepEqual(names('p-example'), ['Coordinator 1', 'Coordinator 2'])
  await play(['case', 'add', first.number, 'Maintainer 1', ...desk.first.flags])
  const later = await openCase((await atWork(desk, second)).view, first.sha256)
  const readers = readersOf(view, later, 'all')
  assert.deepEqual(readers.map(({ name }) => name).sort(), [
    'Coordinator 1',
    'Coordinator 2',
    'Maintainer 1',
    'reporter',
  ])
  assert.deepEqual(readers.find(({ name }) => name === 'Maintainer 1')?.roles, [
    'maintainer:example',
  ])
})

test('what a reporter says beside the text stands apart from it', async () => {
  const shown = await play<{ messages: { text: string; facts: object }[] }>([
    'case',
    'show',
    first.number,
    ...desk.first.flags,
  ])
  const [message] = shown.messages
  assert.equal(message?.text, 'Overflow in the parser\n\nA long line.')
  assert.deepEqual(message?.facts, {
    project: '',
    kind: 'exploited',
    name: 'Reporter 1',
    contact: 'reporter@example.org',
  })
  const people = desk.first.flags.filter((flag) => flag !== '--json')
  const printed = await postern(['case', 'show', first.number, ...people])
  assert.match(printed.out, /Kind: exploited\n +Name: Reporter 1\n/)
})
