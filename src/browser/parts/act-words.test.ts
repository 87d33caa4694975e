import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_STATES, PROJECT_STATES, RELATIONS, SORTS, SOURCES } from '#lexicon'
import type { Act, PersonShown } from '#worker'
import { actSentence, roleWord, sortWord, sourceWord, stateWord, threadWord } from './act-words.ts'

const person = (name: string, who = name): PersonShown => ({
  who,
  name,
  roles: [],
  trust: 'compared',
})
const people = (count: number) =>
  Array.from({ length: count }, (_, n) => person(`Volunteer ${String(n + 1)}`))

test('every word of the protocol has one for people', () => {
  for (const [words, wordOf] of [
    [SORTS, sortWord],
    [[...CASE_STATES, ...PROJECT_STATES], stateWord],
    [SOURCES, sourceWord],
  ] as const) {
    const said = words.map((word) => wordOf(word))
    assert.equal(new Set(said).size, words.length)
    for (const word of said) assert.doesNotMatch(word, /^$|undefined/)
  }
  assert.equal(sortWord(''), 'Not sorted')
})

test('a word that nobody foresaw is shown, and can hide nothing', () => {
  assert.equal(sortWord('new\u202esort'), 'new[U+202E]sort')
  assert.equal(stateWord('constructor'), 'constructor')
  assert.equal(sourceWord('fax'), 'fax')
  assert.equal(roleWord('maintainer:numbers'), 'maintainer of numbers')
  assert.equal(threadWord('p-numbers'), 'numbers')
})

test('an act reads as a sentence after a name', () => {
  const said = (act: Act, from?: PersonShown) => actSentence(act, from)
  const v1 = person('Volunteer 1')
  assert.equal(said({ type: 'acknowledged' }), 'acknowledged the report')
  assert.equal(said({ type: 'sorted', sort: 'not-security' }), 'sorted as not security')
  assert.equal(said({ type: 'state', state: 'closed', project: '' }), 'closed the case')
  assert.equal(
    said({ type: 'state', state: 'not-affected', project: 'grid' }),
    'said for grid: not affected',
  )
  assert.equal(said({ type: 'taken', by: undefined }, v1), 'gave the case back')
  assert.equal(said({ type: 'taken', by: v1 }, v1), 'took the case')
  assert.equal(
    said({ type: 'taken', by: person('Volunteer 2') }, v1),
    'gave the case to Volunteer 2',
  )
  assert.equal(
    said({ type: 'linked', other: '2026-7F3KQ', relation: 'part-of' }),
    'linked it as part of 2026-7F3KQ',
  )
  assert.equal(said({ type: 'other', statement: 'case.handoff' }), 'handed the case off')
  assert.equal(said({ type: 'other', statement: 'case.new' }), 'signed “case.new”')
  for (const relation of RELATIONS) {
    assert.doesNotMatch(
      said({ type: 'linked', other: 'x', relation }),
      new RegExp(`${relation}\\b(?! of)`),
    )
  }
})

test('people are named, many are counted', () => {
  const said = (count: number) =>
    actSentence({ type: 'added', thread: 'all', people: people(count) })
  assert.equal(said(0), 'let nobody read General')
  assert.equal(said(1), 'let Volunteer 1 read General')
  assert.equal(said(3), 'let Volunteer 1, Volunteer 2 and Volunteer 3 read General')
  assert.equal(said(6), 'let Volunteer 1, Volunteer 2, Volunteer 3 and 3 more read General')
})

test('readers beside the desk are named: the desk itself always reads', () => {
  const coordinator: PersonShown = { ...person('Volunteer 1'), roles: ['coordinator'] }
  const said = (readers: readonly PersonShown[]) =>
    actSentence({ type: 'readers', thread: 'all', epoch: 1, readers })
  assert.equal(
    said([person('reporter'), coordinator]),
    'made a new key for General, read by the desk and reporter',
  )
  assert.equal(said([coordinator]), 'made a new key for General, read by the desk alone')
})
