import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchOffers, nextChoice } from './palette-match.ts'

const offers = [
  'Go to the queue',
  'Acknowledge',
  'Lock the desk',
  'Unlocked door in a package',
  'Queue: Mine',
].map((title) => ({ id: title, title, kind: 'Act', keys: '' }))

test('the beginning of a title is better than the beginning of a word, and that than a part', () => {
  assert.deepEqual(found('lock'), ['Lock the desk', 'Unlocked door in a package'])
  assert.deepEqual(found('queue'), ['Queue: Mine', 'Go to the queue'])
})

test('every word must fit', () => {
  assert.deepEqual(found('door package'), ['Unlocked door in a package'])
  assert.deepEqual(found('door queue'), [])
})

test('first letters find a title', () => {
  assert.deepEqual(found('gttq'), ['Go to the queue'])
})

test('nothing typed gives the first ones, in their order', () => {
  assert.equal(matchOffers(offers, ' ', 2).length, 2)
  assert.equal(matchOffers(offers, '', 2)[0]?.title, 'Go to the queue')
})

test('arrows go round', () => {
  assert.equal(nextChoice(0, -1, 3), 2)
  assert.equal(nextChoice(2, 1, 3), 0)
  assert.equal(nextChoice(0, 1, 0), 0)
})

function found(text: string): string[] {
  return matchOffers(offers, text, 10).map(({ title }) => title)
}
