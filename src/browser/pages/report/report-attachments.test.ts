import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '#worker'
import {
  isMoving,
  isWorthAnotherTry,
  LARGEST_FILE,
  newAttachment,
  noteAttached,
  noteProgress,
  noteSending,
  remarkOn,
  waitsForNetwork,
} from './report-attachments.ts'

const GONE: Failure = { code: 'unreachable', message: 'Nobody answers.', check: '', evidence: [] }

function ofSize(size: number): File {
  const file = new File(['x'], 'a.bin')
  Object.defineProperty(file, 'size', { value: size })
  return file
}

test('a file waits, is sent, and is there', () => {
  let list = [newAttachment('1', ofSize(2000))] as ReturnType<typeof noteSending>
  assert.ok(isMoving(list))
  list = noteProgress(list, '1', 500)
  assert.equal(list[0]?.done, 0, 'a late word about a file that does not move')
  list = noteSending(list, '1')
  list = noteProgress(list, '1', 1500)
  assert.equal(list[0]?.done, 1500)
  list = noteProgress(list, '1', 9999)
  assert.equal(list[0]?.done, 2000, 'never more than the whole')
  list = noteAttached(list, '1', undefined)
  assert.equal(list[0]?.state, 'sent')
  assert.ok(!isMoving(list))
})

test('a failed file can go again; a file that is too large cannot', () => {
  const failed = noteAttached(noteSending([newAttachment('1', ofSize(10))], '1'), '1', GONE)
  assert.ok(failed.every(isWorthAnotherTry) && !isMoving(failed))
  assert.equal(noteSending(failed, '1')[0]?.failure, undefined)
  const large = newAttachment('2', ofSize(LARGEST_FILE + 1))
  assert.equal(large.state, 'failed')
  assert.ok(!isWorthAnotherTry(large))
})

test('words about other files and removed files change nothing', () => {
  const list = [newAttachment('1', ofSize(10))]
  assert.deepEqual(noteAttached(list, '2', GONE), list)
  assert.deepEqual(noteProgress([], '1', 5), [])
})

test('pictures and documents bring a remark, a log does not', () => {
  const named = (name: string, type = '') => new File([], name, { type })
  assert.equal(remarkOn([]), '')
  assert.equal(remarkOn([named('crash.log', 'text/plain'), named('poc.py')]), '')
  assert.match(remarkOn([named('x', 'image/png')]), /place and the device/)
  assert.match(remarkOn([named('IMG_1.HEIC')]), /place and the device/)
  assert.match(remarkOn([named('notes.pdf')]), /author/)
  const both = remarkOn([named('a.jpg'), named('b.docx')])
  assert.match(both, /device.*author.*nothing is taken out/)
})

test('while the network is away a file waits for it, unless it is here or failed for good', () => {
  const small = [newAttachment('1', ofSize(2000))]
  const sending = noteSending(small, '1')
  const cut = noteAttached(sending, '1', GONE)
  const refused = noteAttached(sending, '1', { ...GONE, code: 'problem' })
  const sent = noteAttached(sending, '1', undefined)
  const large = [newAttachment('2', ofSize(LARGEST_FILE + 1))]
  assert.deepEqual(
    [small, sending, cut, refused, sent, large].map((list) => list.some(waitsForNetwork)),
    [true, true, true, false, false, false],
  )
})
