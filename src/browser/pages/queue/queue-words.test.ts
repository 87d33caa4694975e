import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RowShown } from '#worker'
import { casesWord, lanesOf, loadedWords, stepOf } from './queue-words.ts'

test('what is not loaded is said, and nothing is said when everything is there', () => {
  assert.equal(loadedWords(31, 412, true), '31 of 412 loaded')
  assert.equal(loadedWords(500, 0, true), '500 loaded')
  assert.equal(loadedWords(412, 412, false), '')
})

test('figures have a space that does not break', () => {
  assert.equal(casesWord(1), '1 case')
  assert.equal(casesWord(100_000), '100\u00a0000 cases')
})

test('a row says what it waits for', () => {
  assert.equal(stepOf(row({ due: '2026-11-28T22:14:07Z' })), 'Acknowledge')
  assert.equal(stepOf(row({ acknowledged: true })), 'Sort')
  assert.equal(stepOf(row({ acknowledged: true, sort: 'question' })), 'In work')
  assert.equal(stepOf(row({ acknowledged: true, state: 'waiting' })), 'Waiting')
  assert.equal(stepOf(row({ acknowledged: true, state: 'waiting', asks: true })), 'Answer')
  assert.equal(stepOf(row({ state: 'closed', asks: true })), 'Closed')
  assert.equal(stepOf(row({ held: 'spam', due: '2026-11-28T22:14:07Z' })), 'Free or bin')
  assert.equal(stepOf(row({ state: 'closed', due: '2026-11-28T22:14:07Z' })), 'Closed')
})

test('whoever takes no case has no lane of taken ones', () => {
  const names = (coordinator: boolean) => lanesOf(coordinator).map(({ lane }) => lane)
  assert.deepEqual(names(true), ['all', 'new', 'mine', 'waiting', 'closed', 'held'])
  assert.deepEqual(names(false), ['all', 'waiting', 'closed'])
})

function row(hints: {
  readonly due?: string
  readonly acknowledged?: boolean
  readonly sort?: string
  readonly state?: string
  readonly asks?: boolean
  readonly held?: 'spam'
}): RowShown {
  return {
    id: 'a',
    number: '2026-7F3KQ',
    title: 'Case',
    kind: '',
    hints: {
      source: 'web',
      received: '2026-11-21T22:14:07Z',
      due: '',
      state: 'open',
      sort: '',
      taken: undefined,
      acknowledged: false,
      held: '',
      unseen: 0,
      asks: false,
      ...hints,
    },
  }
}
