import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseShown, EntryShown, PersonShown, ThreadName } from '#worker'
import { fillEntries } from './case-fill.ts'
import { nextStep } from './case-next-step.ts'
import { quoteOf } from './case-quote.ts'
import {
  asksAgain,
  entriesOf,
  excerptOf,
  hasReporter,
  isOutOfReach,
  linksOf,
  messagesIn,
  newEntriesWords,
  openingOf,
  readersDiffer,
  threadsOf,
  unseenIn,
  unseenOf,
  waitsForAnswer,
  withNames,
} from './case-words.ts'

const reporter: PersonShown = { who: 'aa', name: 'reporter', roles: [], trust: 'reporter' }
const volunteer: PersonShown = {
  who: 'bb',
  name: 'Volunteer 1',
  roles: ['coordinator'],
  trust: 'own',
}
const second: PersonShown = { ...volunteer, who: 'cc', name: 'Volunteer 2', trust: 'compared' }

test('the next step goes from the clock to the sort, the answer and the end', () => {
  const due = '2026-11-28T22:14:07Z'
  assert.equal(nextStep(shown({ due, acknowledged: '' }), true).act, 'acknowledge')
  assert.equal(nextStep(shown({}), true).act, 'sort')
  assert.equal(nextStep(shown({ sort: 'invalid' }), true).act, 'answer')
  const answered = {
    answered: true,
    entries: [message(0, 'all', reporter), message(1, 'all', volunteer)],
  }
  assert.equal(nextStep(shown({ sort: 'invalid', ...answered }), true).act, 'close')
  assert.equal(nextStep(shown({ sort: 'vulnerability', ...answered }), true).act, 'none')
  assert.equal(nextStep(shown({ state: 'closed', due }), true).act, 'reopen')
})

test('whoever was only added to a case is told to do nothing that the fold refuses them', () => {
  const due = '2026-11-28T22:14:07Z'
  for (const given of [{ due }, {}, { sort: 'invalid' }, { state: 'closed' }] as const)
    assert.equal(nextStep(shown(given), false).act, 'none')
})

test('what a case is about is the report alone: an answer does not stand in for one that is sealed', () => {
  const sealed: EntryShown = { ...place(0, reporter), kind: 'desk-only', thread: 'all' }
  const entries = [sealed, message(1, 'all', second)]
  assert.equal(openingOf(shown({ entries })), undefined)
  assert.equal(unseenOf(shown({ entries })), 1)
  assert.equal(openingOf(shown({ entries: [message(0, 'all', reporter)] }))?.seq, 0)
})

test('a report is quoted line by line, and never its facts or its files', () => {
  const first = message(0, 'all', reporter)
  assert.equal(first.kind, 'message')
  const report: EntryShown = {
    ...first,
    text: '# Over the end\n\nSee `a.c`.\n',
  }
  assert.equal(
    quoteOf(shown({ number: '2026-7F3KQ', entries: [report] })),
    'The report of 2026-7F3KQ, quoted:\n\n> # Over the end\n>\n> See `a.c`.\n',
  )
  const sealed: EntryShown = { ...place(0, reporter), kind: 'desk-only', thread: 'all' }
  assert.equal(quoteOf(shown({ entries: [sealed] })), '')
})

test('after an answer the last word of the reporter asks for another', () => {
  const entries = [
    message(0, 'all', reporter),
    message(1, 'all', volunteer),
    message(2, 'all', reporter),
  ]
  const open = { sort: 'invalid', answered: true } as const
  assert.equal(nextStep(shown({ ...open, entries }), true).act, 'answer')
  assert.equal(nextStep(shown({ ...open, entries: entries.slice(0, 2) }), true).act, 'close')
  const note = [...entries.slice(0, 2), message(2, 'desk', volunteer)]
  assert.equal(nextStep(shown({ ...open, entries: note }), true).act, 'close')
})

test('an answer is not asked for where none is needed, until the reporter writes again', () => {
  const entries = [
    message(0, 'all', reporter),
    message(1, 'all', volunteer),
    message(2, 'all', reporter),
  ]
  const thanks = shown({ sort: 'vulnerability', answered: true, entries })
  assert.equal(waitsForAnswer(thanks), 2)
  assert.equal(nextStep({ ...thanks, quiet: 2 }, true).act, 'none')
  const more = [...entries, message(3, 'all', reporter)]
  assert.equal(nextStep({ ...thanks, quiet: 2, entries: more }, true).act, 'answer')
  // A report that nobody answered says so, and does not say that it has an answer.
  const never = shown({ sort: 'vulnerability', quiet: 0 })
  assert.match(nextStep(never, true).because, /^Nobody waits for an answer/)
})

test('waiting, said after the reporter’s last word, is a word too', () => {
  const waiting = act(3, { type: 'state', state: 'waiting', project: '' })
  const asked = message(2, 'all', reporter)
  const base = { sort: 'vulnerability', state: 'waiting', answered: true } as const
  assert.equal(nextStep(shown({ ...base, entries: [asked, waiting] }), true).title, 'Wait.')
  const after = [asked, waiting, message(4, 'all', reporter)]
  assert.equal(nextStep(shown({ ...base, entries: after }), true).act, 'answer')
})

test('new is what others wrote: no act, and nothing of one’s own', () => {
  const entries = [
    message(0, 'all', reporter),
    act(1, { type: 'acknowledged' }),
    message(2, 'all', volunteer),
    message(3, 'desk', second),
  ]
  assert.equal(unseenOf(shown({ entries })), 2)
  assert.equal(unseenOf(shown({ entries, unseenFrom: 1 })), 1)
  assert.equal(unseenOf(shown({ entries, unseenFrom: 4 })), 0)
})

test('where nobody reported, nobody is answered', () => {
  const threads = [{ thread: 'desk' as const, readers: [volunteer], writable: true }]
  const own = shown({ threads, source: 'assessment', sort: 'not-security' })
  assert.equal(hasReporter(own), false)
  assert.equal(nextStep(own, true).act, 'close')
  assert.equal(nextStep({ ...own, sort: '' }, true).because, 'It is not sorted yet.')
  assert.equal(nextStep({ ...own, sort: 'vulnerability' }, true).act, 'none')
})

test('a note of the team stands in the team’s room and nowhere else', () => {
  const entries: readonly EntryShown[] = [
    message(0, 'all', reporter),
    message(1, 'desk', volunteer),
    act(2, { type: 'acknowledged' }),
    act(3, { type: 'readers', thread: 'desk', epoch: 1, readers: [] }),
    { ...place(4, second), kind: 'broken', check: 'L4', message: 'changed' },
    { ...place(5, reporter), kind: 'sealed', thread: 'all' },
  ]
  const it = shown({ entries, unseenFrom: 4 })
  assert.deepEqual(
    entriesOf(it, 'all').map(({ seq }) => seq),
    [0, 2, 4, 5],
  )
  assert.deepEqual(
    entriesOf(it, 'desk').map(({ seq }) => seq),
    [1, 3],
  )
  assert.equal(messagesIn(it, 'all'), 2)
  assert.equal(unseenIn(it, 'all'), 2)
  assert.equal(unseenIn(it, 'desk'), 0)
})

test('General comes first, then the team’s room, then projects', () => {
  const names: readonly ThreadName[] = ['p-zeta', 'desk', 'p-alpha', 'all']
  const threads = names.map((thread) => ({ thread, readers: [], writable: true }))
  assert.deepEqual(threadsOf(shown({ threads })), ['all', 'desk', 'p-alpha', 'p-zeta'])
})

test('a reader more or less is noticed, another order is not', () => {
  assert.equal(readersDiffer([volunteer, reporter], [reporter, volunteer]), false)
  assert.equal(readersDiffer([volunteer], [volunteer, reporter]), true)
  assert.equal(readersDiffer([volunteer, second], [volunteer, reporter]), true)
})

test('links are shown by number and listed', () => {
  const entries = [act(1, { type: 'linked', other: 'ff'.repeat(32), relation: 'see' })]
  assert.deepEqual(linksOf(shown({ entries })), [{ other: 'ff'.repeat(32), relation: 'see' }])
  const [named] = withNames(entries, () => '2026-7F3KQ')
  assert.deepEqual(named?.kind === 'act' && named.act, {
    type: 'linked',
    other: '2026-7F3KQ',
    relation: 'see',
  })
})

test('sealed entries are filled in their place', () => {
  const sealed: EntryShown = { ...place(1, reporter), kind: 'sealed', thread: 'all' }
  const it = shown({ entries: [message(0, 'all', reporter), sealed, message(2, 'all', volunteer)] })
  const filled = fillEntries(it, [message(1, 'all', reporter)])
  assert.deepEqual(
    filled.entries.map(({ kind }) => kind),
    ['message', 'message', 'message'],
  )
})

test('whoever wrote a mail holds no key, and nothing says that they see what is done', () => {
  const threads = [{ thread: 'all', readers: [volunteer], writable: true }] as const
  const due = '2026-11-28T22:14:07Z'
  for (const source of ['mail', 'pgp', 'import']) {
    const mailed = shown({ source, threads, due, acknowledged: '' })
    assert.equal(isOutOfReach(mailed), true)
    assert.match(nextStep(mailed, true).because, /sender of the mail does not see it/)
  }
  const claimed = [{ thread: 'all', readers: [volunteer, reporter], writable: true }] as const
  assert.equal(isOutOfReach(shown({ source: 'mail', threads: claimed })), false)
  assert.equal(isOutOfReach(shown({ source: 'web', threads })), false)
})

test('whoever writes to a closed case waits for an answer, by mail too; what was closed unanswered does not ask', () => {
  const end = { type: 'state', state: 'closed', project: '' } as const
  const server = { ...volunteer, who: 'ee', name: 'mail', trust: 'server' } as const
  const closed = { state: 'closed', entries: [message(0, 'all', reporter), act(1, end)] } as const
  assert.equal(asksAgain(shown(closed)), false)
  assert.equal(nextStep(shown(closed), true).act, 'reopen')
  for (const from of [reporter, server]) {
    const again = shown({ ...closed, entries: [...closed.entries, message(2, 'all', from)] })
    assert.equal(asksAgain(again), true)
    assert.equal(nextStep(again, true).act, 'answer')
    const entries = [...again.entries, message(3, 'all', volunteer)]
    assert.equal(asksAgain(shown({ ...closed, entries })), false)
  }
})

test('a mail that came later waits for an answer, the one that began the case for its acknowledgement', () => {
  const server = { ...volunteer, who: 'ee', name: 'mail', trust: 'server' } as const
  const threads = [{ thread: 'all', readers: [volunteer], writable: true }] as const
  const first = [message(0, 'all', server)]
  assert.equal(waitsForAnswer(shown({ source: 'mail', threads, entries: first })), -1)
  const entries = [...first, message(1, 'all', server)]
  assert.equal(waitsForAnswer(shown({ source: 'mail', threads, entries })), 1)
})

test('only more entries are news', () => {
  assert.equal(newEntriesWords(3, 5), '2 new entries')
  assert.equal(newEntriesWords(3, 4), '1 new entry')
  assert.equal(newEntriesWords(3, 3), '')
})

test('an excerpt ends at a word and tears no character apart', () => {
  assert.deepEqual(excerptOf('short', 10), { text: 'short', cut: false })
  assert.deepEqual(excerptOf('one two three', 9), { text: 'one two …', cut: true })
  assert.equal(excerptOf('😀'.repeat(9), 5).text.isWellFormed(), true)
})

function place(seq: number, from: PersonShown) {
  return { id: String(seq), seq, from, at: '2026-11-21T22:14:07Z' }
}

function message(seq: number, thread: ThreadName, from: PersonShown): EntryShown {
  const body = { title: '', text: 'text', facts: undefined, files: [], kept: 'end-to-end' } as const
  return { ...place(seq, from), kind: 'message', thread, ...body }
}

function act(seq: number, what: Extract<EntryShown, { kind: 'act' }>['act']): EntryShown {
  return { ...place(seq, volunteer), kind: 'act', act: what }
}

function shown(part: Partial<CaseShown>): CaseShown {
  return {
    id: 'aa'.repeat(32),
    number: '2026-7F3KQ',
    title: 'Case',
    source: 'web',
    state: 'open',
    sort: '',
    taken: undefined,
    received: '2026-11-21T22:14:07Z',
    acknowledged: '2026-11-21T23:00:00Z',
    due: '',
    answered: false,
    entries: [message(0, 'all', reporter)],
    threads: [{ thread: 'all', readers: [volunteer, reporter], writable: true }],
    unseenFrom: 0,
    quiet: -1,
    stand: '',
    ...part,
  }
}
