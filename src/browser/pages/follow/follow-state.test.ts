import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActShown, CaseShown, EntryShown, MessageShown, PersonShown } from '#worker'
import {
  canWrite,
  fileNameOf,
  newsOf,
  othersWhoRead,
  reporterOf,
  standingOf,
  titleShown,
  withOpened,
} from './follow-state.ts'

const ME: PersonShown = { who: 'aa', name: 'reporter', roles: [], trust: 'own' }
const DESK: PersonShown = {
  who: 'bb',
  name: 'Volunteer 1',
  roles: ['coordinator'],
  trust: 'unknown',
}
const NOW = Date.parse('2026-11-22T08:00:00Z')

function message(from: PersonShown, seq: number, more: Partial<MessageShown> = {}): MessageShown {
  return {
    kind: 'message',
    id: `m${String(seq)}`,
    seq,
    from,
    at: '2026-11-21T22:14:07Z',
    thread: 'all',
    title: 'A crafted header',
    text: 'Text',
    facts: undefined,
    files: [],
    kept: 'end-to-end',
    ...more,
  }
}

function closing(seq: number): ActShown {
  const act = { type: 'state', state: 'closed', project: '' } as const
  return { kind: 'act', id: `c${String(seq)}`, seq, from: DESK, at: '2026-11-24T10:00:00Z', act }
}

function shown(more: Partial<CaseShown> = {}): CaseShown {
  return {
    id: 'case',
    number: '2026-7F3KQ',
    title: '',
    source: 'web',
    state: 'open',
    sort: '',
    taken: undefined,
    received: '2026-11-21T22:14:07Z',
    acknowledged: '',
    due: '2026-11-28T22:14:07Z',
    answered: false,
    entries: [message(ME, 0)],
    threads: [{ thread: 'all', readers: [DESK, ME], writable: true }],
    unseenFrom: 0,
    quiet: -1,
    stand: '',
    ...more,
  }
}

test('a fresh report says by when a person answers', () => {
  const { word, tone, says } = standingOf(shown(), NOW)
  assert.equal(word, 'Received')
  assert.equal(tone, 'plain')
  assert.match(says, /by Sat 28 Nov, 22:14 UTC/)
})

test('a broken promise is said, not hidden', () => {
  const { word, tone, says } = standingOf(shown(), Date.parse('2026-11-29T00:00:00Z'))
  assert.equal(word, 'Late')
  assert.equal(tone, 'late')
  assert.match(says, /Nobody gave one/)
})

test('once acknowledged it says since when a person has it, and who', () => {
  const acknowledged = '2026-11-22T07:00:00Z'
  assert.match(
    standingOf(shown({ acknowledged, due: '' }), NOW).says,
    /since Sun 22 Nov, 07:00 UTC\./,
  )
  assert.match(
    standingOf(shown({ acknowledged, due: '', taken: DESK }), NOW).says,
    /Volunteer 1 takes care/,
  )
})

test('waiting says whose turn it is, by who wrote last', () => {
  const asked = shown({ state: 'waiting', entries: [message(ME, 0), message(DESK, 1)] })
  assert.match(standingOf(asked, NOW).says, /wait for your answer/)
  const answered = shown({ ...asked, entries: [...asked.entries, message(ME, 2)] })
  assert.match(standingOf(answered, NOW).says, /waits for somebody/)
})

test('closed says when, and where the answer or the reason stands', () => {
  const entries: EntryShown[] = [message(ME, 0), message(DESK, 1), closing(2)]
  const closed = shown({ state: 'closed', due: '', answered: true, entries })
  assert.match(standingOf(closed, NOW).says, /Closed on Tue 24 Nov, 10:00 UTC\. The answer stands/)
  assert.match(standingOf({ ...closed, answered: false }, NOW).says, /reason/)
  assert.equal(standingOf(shown({ state: 'archived' }), NOW).word, 'Archived')
})

test('the reader is found by the own key, and does not count among the others', () => {
  assert.equal(reporterOf(shown()), 'aa')
  assert.deepEqual(othersWhoRead(shown()), [DESK])
  assert.equal(canWrite(shown()), true)
  assert.equal(canWrite(shown({ threads: [] })), false)
})

test('the title is the one that was sealed with the report', () => {
  assert.equal(titleShown(shown()), 'A crafted header')
  assert.equal(titleShown(shown({ title: 'Renamed' })), 'Renamed')
  assert.equal(titleShown(shown({ entries: [] })), 'Report 2026-7F3KQ')
})

test('news counts what others added, once', () => {
  const before = shown()
  const after = shown({ entries: [...before.entries, message(DESK, 1), closing(2)] })
  assert.equal(newsOf(before, after), '2 new entries.')
  assert.equal(newsOf(after, after), '')
  assert.equal(newsOf(before, shown({ entries: [...before.entries, message(ME, 1)] })), '')
  assert.match(newsOf(before, shown({ state: 'waiting' })), /state of your report changed/)
})

test('an opened entry takes the place of the sealed one and no other', () => {
  const sealed: EntryShown = {
    kind: 'sealed',
    id: 'm1',
    seq: 1,
    from: DESK,
    at: '2026-11-22T07:00:00Z',
    thread: 'all',
  }
  const before = shown({ entries: [message(ME, 0), sealed] })
  const after = withOpened(before, [message(DESK, 1), message(DESK, 9)])
  assert.deepEqual(
    after.entries.map(({ id, kind }) => `${id} ${kind}`),
    ['m0 message', 'm1 message'],
  )
})

test('a file is saved under its sealed name, and never without one', () => {
  const files = [{ name: 'store.zip', size: 1, type: '' }]
  const within = shown({ entries: [message(DESK, 1, { files })] })
  assert.equal(fileNameOf(within, 'm1', 0), 'store.zip')
  assert.equal(fileNameOf(within, 'm1', 1), 'attachment')
  assert.equal(fileNameOf(within, 'other', 0), 'attachment')
})
