import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findInOpened } from './search-opened.ts'
import type { EntryShown } from './shown.ts'

type Opened = Parameters<typeof findInOpened>[0]

test('every word must occur, in titles and in what was opened', () => {
  const found = findInOpened(world(), 'HEADER memory')
  assert.deepEqual(
    found.hits.map(({ number, seq }) => [number, seq]),
    [
      ['2026-AAAAA', -1],
      ['2026-AAAAA', 0],
    ],
  )
  assert.match(found.hits[1]?.excerpt ?? '', /crafted header makes the reader take all memory/)
})

test('it says what was not looked through', () => {
  const { searched, onlyTitles } = findInOpened(world(), 'anything')
  assert.deepEqual({ searched, onlyTitles }, { searched: 1, onlyTitles: 1 })
})

test('nothing is found for no words', () => {
  assert.deepEqual(findInOpened(world(), '  \n').hits, [])
})

test('a number of a case finds it', () => {
  assert.deepEqual(
    findInOpened(world(), '2026-bbbbb').hits.map(({ id }) => id),
    ['b'],
  )
})

test('a mail is found by what the page read in it, by who it says it is from, and by its subject', () => {
  const { titles, cases } = world()
  const [entry] = cases.get('a')?.shown.entries ?? []
  assert.ok(entry?.kind === 'message')
  const none = { domain: '', verdict: 'none' } as const
  const mail = {
    thread: 'new',
    kind: 'person',
    returned: undefined,
    elsewhere: false,
    way: 'smtp',
    client: { helo: '', ip: '', tls: false },
    envelope: '',
    to: [],
    results: { spf: none, dkim: [], dmarc: none, arc: 'none' },
    from: { shown: 'A <a@example.net>', address: 'a@example.net', doubts: [], confirmed: false },
    subject: 'Overflow',
    date: '',
    size: 1,
    sealed: false,
  } as const
  const entries = [{ ...entry, text: '', mail }]
  const opened = new Map([['a', { shown: { number: '2026-AAAAA', title: '', entries } }]])
  const mailTexts = new Map([['e', 'The parser reads on.']])
  const search = (text: string) => findInOpened({ titles, cases: opened, mailTexts }, text).hits
  for (const text of ['parser', 'overflow', 'a@example.net'])
    assert.deepEqual(
      search(text).map(({ seq }) => seq),
      [0],
      text,
    )
  assert.deepEqual(search('memory reader'), [])
})

function world(): Opened {
  const titles = new Map([
    ['a', { number: '2026-AAAAA', title: 'Crafted header exhausts memory' }],
    ['b', { number: '2026-BBBBB', title: 'Token in a log' }],
  ])
  const entry: EntryShown = {
    kind: 'message',
    id: 'e',
    seq: 0,
    from: { who: '', name: 'reporter', roles: [], trust: 'reporter' },
    at: '2026-11-22T00:00:00Z',
    thread: 'all',
    title: '',
    text: 'Opening a file with a crafted header makes the reader take all memory.',
    facts: undefined,
    files: [],
    kept: 'end-to-end',
  }
  const shown = { number: '2026-AAAAA', title: 'Crafted header exhausts memory', entries: [entry] }
  return { titles, cases: new Map([['a', { shown }]]), mailTexts: new Map() }
}
