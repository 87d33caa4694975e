import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outcomeWords } from './people-outcome.ts'

test('the root never signs without a word to whoever gave it', () => {
  const said = (byRoot: boolean) => outcomeWords('Done.', { byRoot, stale: [] })
  assert.match(said(true).notes.join(), /signed with the desk’s root/)
  assert.deepEqual(said(false), { tone: 'accent', title: 'Done.', notes: [] })
})

test('a case that kept its old key is named, with the reason and what to do', () => {
  const stale = [{ number: '2026-7F3KQ', why: 'This statement is not signed by its author.' }]
  const { tone, notes } = outcomeWords('Ended.', { byRoot: false, stale })
  assert.equal(tone, 'due')
  assert.match(notes[0] ?? '', /2026-7F3KQ keeps its old key: This statement is not signed/)
  assert.match(notes.at(-1) ?? '', /Open each of these cases/)
})

test('where no case could be listed, all of them are said to be old', () => {
  const stale = [{ number: '', why: 'The desk cannot be reached.' }]
  const { notes } = outcomeWords('Ended.', { byRoot: false, stale })
  assert.match(notes[0] ?? '', /^The open cases keep their old keys: The desk cannot be reached\./)
})
