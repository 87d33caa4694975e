import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { DeskShown, Failure, FailureCode, ReceiptShown, WorkerEvent } from '#worker'
import { Failed } from '../../ask-worker.ts'
import { type Answers, trialWorker } from '../../trial-worker.ts'
import { createReportSession } from './report-session.ts'

const DESK: DeskShown = {
  id: 'ab'.repeat(32),
  name: 'Example Foundation',
  domain: 'example.org',
  coordinators: 3,
  words: Array(12).fill('word').join(' '),
}
const RECEIPT: ReceiptShown = {
  number: '2026-7F3KQ',
  received: '2026-11-21T22:14:07Z',
  acknowledgeBy: '2026-11-28T22:14:07Z',
  words: Array(12).fill('word').join(' '),
  statement: 'cd'.repeat(32),
  deskName: DESK.name,
  proof: '{}',
}

function failing(code: FailureCode): Failed {
  return new Failed({ code, message: code, check: '', evidence: [] })
}

/** A session with a worker that answers as the test says. */
function stage(answers: Answers = {}, desk: string = DESK.id) {
  const table: Answers = {
    openDesk: () => DESK,
    attach: () => ({}),
    removeAttachment: () => ({}),
    fileReport: () => RECEIPT,
    ...answers,
  }
  const { ask, asked, onEvent, say } = trialWorker(table)
  const session = createReportSession({
    ask,
    onEvent,
    pin: { desk, origin: 'http://localhost' },
    online: true,
  })
  const fill = () => {
    session.form.value = {
      ...session.form.value,
      project: 'example',
      text: 'It crashes.',
      explained: true,
    }
  }
  const ops = () => asked.map(([op]) => op)
  return { session, fill, ops, asked, say, table }
}

function attached(id: string, failure?: Failure): WorkerEvent {
  return { event: 'attached', id, failure }
}

test('a report goes out and the receipt takes its place; the text is gone from memory', async () => {
  const { session, fill, asked } = stage()
  await session.openDesk()
  fill()
  assert.equal(session.wouldLose.value, true)
  await session.send()
  assert.deepEqual(session.receipt.value, RECEIPT)
  assert.equal(session.form.value.text, '')
  assert.deepEqual(asked.at(-1), [
    'fileReport',
    { text: 'It crashes.', kind: 'vulnerability', project: 'example', name: '', contact: '' },
  ])
})

test('leaving warns while there is text, and after the receipt until the words are kept', async () => {
  const { session, fill } = stage()
  assert.equal(session.wouldLose.value, false)
  await session.openDesk()
  fill()
  await session.send()
  assert.equal(session.wouldLose.value, true)
  session.kept.value = true
  assert.equal(session.wouldLose.value, false)
})

test('errors come with the first press, not while one types', async () => {
  const { session, ops } = stage()
  await session.openDesk()
  assert.deepEqual(session.errors.value, {})
  await session.send()
  assert.ok(session.errors.value.text)
  assert.equal(session.presses.value, 1)
  assert.ok(!ops().includes('fileReport'))
})

test('a failure keeps everything, and the same press sends again', async () => {
  let tries = 0
  const { session, fill } = stage({
    fileReport: () => {
      tries += 1
      if (tries === 1) throw failing('unavailable')
      return RECEIPT
    },
  })
  await session.openDesk()
  fill()
  await session.send()
  assert.equal(session.failure.value?.code, 'unavailable')
  assert.equal(session.form.value.text, 'It crashes.')
  assert.equal(session.sending.value, '')
  await session.send()
  assert.equal(session.failure.value, undefined)
  assert.equal(session.receipt.value?.number, RECEIPT.number)
})

test('two presses send one report', async () => {
  const { session, fill, ops } = stage()
  await session.openDesk()
  fill()
  await Promise.all([session.send(), session.send()])
  await session.send()
  assert.equal(ops().filter((op) => op === 'fileReport').length, 1)
})

test('a file begins at once, and the report waits for it', async () => {
  const { session, fill, ops, say } = stage()
  await session.openDesk()
  session.addFiles([new File(['abc'], 'a.txt')])
  assert.equal(session.attachments.value[0]?.state, 'sending')
  fill()
  const sent = session.send()
  await turn()
  assert.equal(session.sending.value, 'files')
  assert.ok(!ops().includes('fileReport'))
  say(attached('file-1'))
  await sent
  assert.equal(session.receipt.value?.number, RECEIPT.number)
})

test('a file that fails for good keeps the report back and says so', async () => {
  const { session, fill, ops, say } = stage()
  await session.openDesk()
  session.addFiles([new File(['abc'], 'a.txt')])
  fill()
  const failure = failing('problem').failure
  say(attached('file-1', failure))
  const sent = session.send()
  await turn()
  assert.equal(session.attachments.value[0]?.state, 'sending', 'tried once more by the press')
  say(attached('file-1', failure))
  await sent
  assert.match(session.errors.value.files ?? '', /a\.txt/)
  assert.ok(!ops().includes('fileReport'))
  session.removeFile('file-1')
  await session.send()
  assert.ok(session.receipt.value)
})

test('files that were chosen before the desk was checked wait for it', async () => {
  const { session, ops } = stage()
  session.addFiles([new File(['abc'], 'a.txt')])
  assert.equal(session.attachments.value[0]?.state, 'waiting')
  assert.deepEqual(ops(), [])
  await session.openDesk()
  assert.deepEqual(ops(), ['openDesk', 'attach'])
})

test('a file that never began is removed without a word to the worker; one on its way is stopped', async () => {
  const { session, ops } = stage()
  session.addFiles([new File([], 'a'), new File([], 'b')])
  session.removeFile('file-1')
  assert.deepEqual(ops(), [])
  await session.openDesk()
  session.removeFile('file-2')
  assert.deepEqual(ops(), ['openDesk', 'attach', 'removeAttachment'])
  assert.deepEqual(session.attachments.value, [])
})

test('offline: the press says so and keeps; back online only files go by themselves', async () => {
  let gone = true
  const { session, fill, ops, say } = stage({
    openDesk: () => {
      if (gone) throw failing('unreachable')
      return DESK
    },
  })
  session.setOnline(false)
  await session.openDesk()
  fill()
  await session.send()
  assert.equal(session.failure.value?.code, 'unreachable')
  assert.equal(session.form.value.text, 'It crashes.')
  session.addFiles([new File(['abc'], 'a.txt')])
  gone = false
  session.setOnline(true)
  await turn()
  assert.deepEqual(ops().slice(-1), ['attach'])
  assert.ok(!ops().includes('fileReport'))
  say(attached('file-1', failing('unreachable').failure))
  session.setOnline(true)
  assert.equal(session.attachments.value[0]?.state, 'sending')
  say(attached('file-1'))
  await session.send()
  assert.ok(session.receipt.value)
})

test('a page without a pin asks nobody', async () => {
  const { session, fill, ops } = stage({}, '')
  await session.openDesk()
  fill()
  await session.send()
  assert.equal(session.place.value.state, 'none')
  assert.deepEqual(ops(), [])
})
