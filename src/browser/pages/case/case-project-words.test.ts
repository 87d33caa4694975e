import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseShown, EntryShown, MemberShown, PersonShown, ProjectShown } from '#worker'
import {
  maintainersOf,
  projectHere,
  projectsInWords,
  projectsToAdd,
  projectsTyped,
  SIDE_BY_SIDE,
  tabsOf,
  threadsInWords,
  withProjects,
} from './case-project-words.ts'

const volunteer: PersonShown = { who: 'bb', name: 'Volunteer 1', roles: [], trust: 'own' }

test('a few projects are tabs, thirty a list, and the one that is looked at stays a tab', () => {
  const few = caseOf(names(SIDE_BY_SIDE))
  assert.deepEqual(tabsOf(few, 'all').listed, [])
  assert.equal(tabsOf(few, 'all').tabs.length, 2 + SIDE_BY_SIDE)
  const many = caseOf(names(30))
  assert.deepEqual(tabsOf(many, 'all').tabs, ['all', 'desk'])
  assert.equal(tabsOf(many, 'all').listed.length, 30)
  assert.deepEqual(tabsOf(many, 'p-part-7').tabs, ['all', 'desk', 'p-part-7'])
})

test('thirty projects are one sentence, the gravest first', () => {
  const projects = names(30).map((name, n) =>
    project(name, n < 2 ? 'affected' : n < 3 ? 'fixed' : 'not-looked'),
  )
  const words = '30 projects: 2 affected, 27 not looked at, 1 fixed'
  assert.equal(projectsInWords(projects), words)
})

test('names are typed with commas or spaces; what is no short name is none of them', () => {
  assert.deepEqual(projectsTyped(' example-arrays,example-plots  example-arrays '), [
    'example-arrays',
    'example-plots',
  ])
  assert.deepEqual(projectsTyped(' '), [])
  for (const wrong of ['Example', 'a/b', '<b>', '-a'])
    assert.equal(projectsTyped(`ok, ${wrong}`), undefined, wrong)
})

test('suggested are projects with maintainers here that are not in it yet, those of the report first', () => {
  const members = [
    member('aa', ['maintainer:zeta', 'maintainer:beta', 'guest']),
    member('bb', ['maintainer:alpha']),
    { ...member('cc', ['maintainer:gone']), active: false },
    member('dd', ['maintainer:there']),
  ]
  const report: EntryShown = {
    ...place(0),
    kind: 'message',
    thread: 'all',
    ...BODY,
    text: 'In zeta.',
  }
  const shown = { ...caseOf([]), entries: [report], projects: [project('there', 'looking')] }
  assert.deepEqual(projectsToAdd(shown, members), ['zeta', 'alpha', 'beta'])
  assert.deepEqual(maintainersOf(members, 'gone'), [])
  assert.deepEqual(
    maintainersOf(members, 'beta').map(({ who }) => who),
    ['aa'],
  )
  const handed = { ...shown, projects: [{ ...project('there', 'looking'), members: false }] }
  assert.ok(projectsToAdd(handed, members).includes('there'), 'a hand-off before is no hindrance')
})

test('the act that brought the case to a project says to which', () => {
  const act = (seq: number): EntryShown => ({
    ...place(seq),
    kind: 'act',
    act: { type: 'other', statement: 'case.route' },
  })
  const [one, two] = withProjects(
    [act(3), act(4)],
    [{ ...project('beta', 'looking'), routed: [4] }],
  )
  assert.deepEqual(one, act(3))
  assert.ok(two?.kind === 'act' && two.act.type === 'other')
  assert.equal(two.act.words, 'brought it to beta')
  const routed = { ...project('beta', 'looking'), routed: [4] }
  const many = names(30).map((name, n) => ({ ...project(name, 'looking'), routed: [n + 1] }))
  const acts = many.map((_, n) => act(n + 1))
  const other = { ...act(31), from: { ...volunteer, who: 'cc' } }
  const merged = withProjects(
    [...acts, other, act(32)],
    [...many, { ...routed, routed: [31] }, { ...routed, routed: [32] }],
  )
  assert.deepEqual(
    merged.map((entry) => entry.kind === 'act' && entry.act.type === 'other' && entry.act.words),
    [
      'brought it to part-1, part-2, part-3 and 27 more projects',
      'brought it to beta',
      'brought it to beta',
    ],
  )
  assert.equal(merged[0]?.seq, 1)
})

test('who reads many threads is said in one line', () => {
  const few = ['all', 'p-a', 'p-b', 'desk'] as const
  assert.equal(threadsInWords(few), 'General, a, b, Team only')
  const many = names(30).map((name) => `p-${name}` as const)
  assert.equal(threadsInWords(['all', ...many, 'desk']), 'General, Team only, 30 projects')
})

test('the key is about the thread that is looked at, or the only project this person speaks for', () => {
  const [beta, zeta] = [project('beta', 'looking'), project('zeta', 'looking')]
  const shown = { ...caseOf(['beta', 'zeta']), projects: [beta, zeta] }
  assert.equal(projectHere(shown, 'p-zeta'), 'zeta')
  assert.equal(projectHere(shown, 'all'), '')
  const one = { ...shown, projects: [beta, { ...zeta, mine: false }] }
  assert.equal(projectHere(one, 'all'), 'beta')
  assert.equal(projectHere(one, 'p-zeta'), 'beta')
})

const BODY = { title: '', facts: undefined, files: [], kept: 'end-to-end' } as const

function place(seq: number) {
  return { id: String(seq), seq, from: volunteer, at: '2026-11-21T22:14:07Z' }
}

function names(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `part-${n + 1}`)
}

function project(name: string, state: ProjectShown['state']): ProjectShown {
  return { project: name, state, routed: [1], members: true, by: undefined, mine: true }
}

function member(who: string, roles: readonly string[]): MemberShown {
  const rest = { active: true, since: '', met: 'words', admittedBy: '', keyWords: '' } as const
  return { ...volunteer, who, roles, ...rest }
}

function caseOf(projects: readonly string[]): CaseShown {
  const threads = ['all', 'desk', ...projects.map((each) => `p-${each}`)] as const
  return {
    id: 'aa'.repeat(32),
    number: '2026-7F3KQ',
    title: 'Case',
    source: 'web',
    state: 'open',
    sort: '',
    taken: undefined,
    received: '2026-11-21T22:14:07Z',
    acknowledged: '',
    due: '',
    answered: false,
    entries: [],
    threads: threads.map((thread) => ({
      thread: thread as CaseShown['threads'][number]['thread'],
      readers: [volunteer],
      writable: true,
    })),
    projects: projects.map((each) => project(each, 'not-looked')),
    unseenFrom: 0,
    quiet: -1,
    stand: '',
  }
}
