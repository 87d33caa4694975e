import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseShown, DeskShown, FailureCode, MessageShown } from '#worker'
import { Failed } from '../../ask-worker.ts'
import { type Answers, trialWorker } from '../../trial-worker.ts'
import { createFollowSession, NO_CASE } from './follow-session.ts'

const DESK: DeskShown = {
  id: 'ab'.repeat(32),
  name: 'Example Foundation',
  domain: 'example.org',
  coordinators: 3,
  words: Array(12).fill('word').join(' '),
}
const WORDS = 'dilemma butter airport about night pink soda clarify grace check hobby hammer'

function message(seq: number): MessageShown {
  return {
    kind: 'message',
    id: `m${String(seq)}`,
    seq,
    from: {
      who: seq === 0 ? 'aa' : 'bb',
      name: '',
      roles: [],
      trust: seq === 0 ? 'own' : 'vouched',
    },
    at: '2026-11-21T22:14:07Z',
    thread: 'all',
    title: 'A title',
    text: 'Text',
    facts: undefined,
    files: [{ name: 'a.zip', size: 3, type: '' }],
    kept: 'end-to-end',
  }
}

function shown(entries: number): CaseShown {
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
    entries: Array.from({ length: entries }, (_, seq) => message(seq)),
    threads: [{ thread: 'all', readers: [], writable: true }],
    unseenFrom: 1,
    quiet: -1,
    stand: '',
  }
}

function failing(code: FailureCode): Failed {
  return new Failed({ code, message: code, check: '', evidence: [] })
}

function stage(answers: Answers = {}) {
  const saved: (readonly [string, Blob | string])[] = []
  const table: Answers = {
    openDesk: () => DESK,
    follow: () => shown(1),
    refresh: () => shown(1),
    leave: () => ({}),
    ...answers,
  }
  const { ask, asked, onEvent, say } = trialWorker(table)
  const session = createFollowSession({
    ask,
    onEvent,
    save: (name, content) => saved.push([name, content]),
    pin: { desk: DESK.id, origin: 'http://localhost' },
    online: true,
  })
  const open = () => {
    session.words.value = WORDS
    return session.open()
  }
  return { session, asked, saved, open, table, say }
}

test('twelve words open the case, however they were typed, and are forgotten by the page', async () => {
  const { session, asked } = stage()
  session.words.value = ` 1. ${WORDS.toUpperCase().replaceAll(' ', ',\n')} `
  await session.open()
  assert.deepEqual(asked.at(-1), ['follow', { words: WORDS }])
  assert.equal(session.words.value, '')
  assert.equal(session.shown.value?.number, '2026-7F3KQ')
})

test('unknown words and mistyped words get one and the same sentence', async () => {
  for (const code of ['not-found', 'code'] as const) {
    const { session, open } = stage({
      follow: () => {
        throw failing(code)
      },
    })
    await open()
    assert.equal(session.wordsError.value, NO_CASE)
    assert.equal(session.trouble.value, undefined)
    assert.equal(session.words.value, WORDS)
  }
})

test('other failures are not called wrong words', async () => {
  for (const code of ['unreachable', 'unavailable', 'refused', 'alarm'] as const) {
    const { session, open } = stage({
      follow: () => {
        throw failing(code)
      },
    })
    await open()
    assert.equal(session.wordsError.value, '')
    assert.equal(session.trouble.value?.failure.code, code)
  }
})

test('another number of words is said without asking anybody', async () => {
  const { session, asked } = stage()
  session.words.value = 'one two three'
  await session.open()
  assert.match(session.wordsError.value, /these are 3/)
  assert.deepEqual(asked, [])
})

test('what is new is told once and marked', async () => {
  const { session, open, table, say } = stage()
  await open()
  table.refresh = () => shown(2)
  say({ event: 'changed' })
  await new Promise(setImmediate)
  assert.equal(session.news.value, 'One new entry.')
  assert.equal(session.unseenFrom.value, 1)
  assert.equal(session.shown.value?.entries.length, 2)
  await session.lookForNews()
  assert.equal(session.news.value, 'Nothing new.')
})

test('an answer that fails stays; one that went out is gone', async () => {
  const { session, open, table } = stage({
    reply: () => {
      throw failing('unreachable')
    },
  })
  await open()
  session.reply.value = 'Thank you.'
  assert.equal(session.wouldLose.value, true)
  await session.sendReply()
  assert.equal(session.reply.value, 'Thank you.')
  assert.equal(session.trouble.value?.of, 'sending')
  table['reply'] = () => shown(2)
  await session.sendReply()
  assert.equal(session.reply.value, '')
  assert.equal(session.wouldLose.value, false)
})

test('a visit that the desk ended asks for the words and keeps the answer', async () => {
  const { session, open } = stage({
    reply: () => {
      throw failing('locked')
    },
  })
  await open()
  session.reply.value = 'Thank you.'
  await session.sendReply()
  assert.equal(session.shown.value, undefined)
  assert.equal(session.ended.value, true)
  await open()
  assert.equal(session.reply.value, 'Thank you.')
  assert.equal(session.ended.value, false)
})

test('leaving forgets everything, also when the worker does not answer, and nothing comes back', async () => {
  let answer: (value: CaseShown) => void = () => undefined
  const { session, open, asked } = stage({
    refresh: () => new Promise<CaseShown>((resolve) => (answer = resolve)),
    leave: () => {
      throw failing('bug')
    },
  })
  await open()
  session.reply.value = 'A draft'
  const looking = session.refresh()
  await session.leave()
  answer(shown(3))
  await looking
  assert.equal(session.shown.value, undefined)
  assert.equal(session.reply.value, '')
  assert.equal(session.left.value, true)
  assert.equal(asked.at(-1)?.[0], 'leave')
})

test('a file is handed over under its own name; a failed one is not', async () => {
  const blob = new Blob(['abc'])
  const { session, open, saved, table } = stage({ readFollowedFile: () => blob })
  await open()
  await session.saveFile('m0', 0)
  assert.deepEqual(saved, [['a.zip', blob]])
  table['readFollowedFile'] = () => {
    throw failing('refused')
  }
  await session.saveFile('m0', 0)
  assert.equal(saved.length, 1)
  assert.equal(session.trouble.value?.of, 'file')
  assert.equal(session.saving.value, '')
})

test('a file that is asked for while another comes is saved after it, once', async () => {
  const ends: (() => void)[] = []
  const { session, open, saved, say } = stage({
    readFollowedFile: ({ n }) =>
      new Promise<Blob>((resolve) => ends.push(() => resolve(new Blob([String(n)])))),
  })
  await open()
  const first = session.saveFile('m0', 0)
  void session.saveFile('m0', 1)
  void session.saveFile('m0', 1)
  void session.saveFile('m0', 0)
  assert.equal(session.saving.value, 'm0/0')
  assert.equal(session.nextFiles.value.length, 1)
  say({ event: 'progress', id: 'm0/0', done: 1, total: 3 })
  assert.deepEqual(session.saved.value, { done: 1, total: 3 })
  assert.equal(session.progress.value, undefined)
  ends[0]?.()
  await new Promise(setImmediate)
  assert.equal(session.saving.value, 'm0/1')
  assert.equal(session.saved.value, undefined)
  ends[1]?.()
  await first
  assert.equal(ends.length, 2)
  assert.equal(saved.length, 2)
  assert.equal(session.saving.value, '')
})

test('what was asked for is not saved any more after leaving', async () => {
  let end: (value: Blob) => void = () => undefined
  const { session, open, saved } = stage({
    readFollowedFile: () => new Promise<Blob>((resolve) => (end = resolve)),
  })
  await open()
  const saving = session.saveFile('m0', 0)
  void session.saveFile('m0', 1)
  await session.leave()
  end(new Blob(['abc']))
  await saving
  assert.deepEqual(saved, [])
  assert.deepEqual(session.nextFiles.value, [])
})
