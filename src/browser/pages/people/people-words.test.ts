import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRole } from '#lexicon'
import type { MemberShown, MeShown, PendingShown } from '#worker'
import {
  approvalConsequence,
  countedWords,
  groupMembers,
  needsRoot,
  peopleWarnings,
  pendingSentence,
  revokeConsequences,
  ROLE_KINDS,
  roleOf,
  rolesWith,
} from './people-words.ts'

const at = '2026-11-21T10:00:00Z'
function member(name: string, roles: string[], change: Partial<MemberShown> = {}): MemberShown {
  return {
    who: name,
    name,
    roles,
    trust: 'compared',
    active: true,
    since: at,
    met: 'words',
    admittedBy: 'Coordinator 1',
    keyWords: '',
    ...change,
  }
}
const coordinators = (count: number) =>
  Array.from({ length: count }, (_, n) => member(`Coordinator ${n + 1}`, ['coordinator']))
const ME: MeShown = {
  who: 'Coordinator 1',
  handle: 'Coordinator 1',
  roles: ['coordinator'],
  coordinator: true,
  root: false,
  keyWords: '',
  desk: { id: '', name: 'Example Foundation', domain: 'example.org', coordinators: 1, words: '' },
  coordinators: 1,
}

test('members stand in three groups, and a number in a handle counts as a number', () => {
  const members = [
    ...coordinators(11),
    member('lib-1', ['maintainer:lib']),
    member('Board 1', ['board']),
    member('Guest 1', ['guest']),
    member('Former', ['coordinator'], { active: false }),
  ]
  const { desk, others, former } = groupMembers(members)
  assert.deepEqual(desk.map(({ name }) => name).slice(0, 3), [
    'Coordinator 1',
    'Coordinator 2',
    'Coordinator 3',
  ])
  assert.deepEqual(
    others.map(({ name }) => name),
    ['lib-1', 'Board 1', 'Guest 1'],
  )
  assert.equal(former.length, 1)
  assert.equal(countedWords(members), '11 coordinators, 1 maintainer, 1 board, 1 other')
  assert.equal(countedWords(coordinators(1)), '1 coordinator')
})

test('the charter’s five, the lonely one and a forged answer are warned of, the worst first', () => {
  const warned = (count: number, forged = 0) =>
    peopleWarnings({ members: coordinators(count), forged }).map(({ tone }) => tone)
  assert.deepEqual(warned(5), [])
  assert.deepEqual(warned(4), ['due'])
  assert.deepEqual(warned(1), ['late', 'plain'])
  assert.deepEqual(warned(1, 2), ['late', 'late', 'plain'])
  assert.deepEqual(warned(2), ['due', 'plain'])
  assert.deepEqual(warned(3), ['due'])
})

test('every role that can be chosen is a role, and a project must be a short name', () => {
  for (const { value } of ROLE_KINDS) assert.ok(isRole(roleOf(value, ' Example-Lib ')), value)
  assert.equal(roleOf('maintainer', 'two words'), undefined)
  assert.equal(roleOf('maintainer', ''), undefined)
})

test('roles and projects as they are typed become roles, each once', () => {
  assert.deepEqual(rolesWith(['board'], 'lib, other  LIB'), [
    'board',
    'maintainer:lib',
    'maintainer:other',
  ])
  assert.deepEqual(rolesWith(['guest', 'coordinator'], ''), ['coordinator', 'guest'])
  assert.equal(rolesWith([], 'lib; Ünder'), undefined)
})

test('a handle cannot turn a sentence round', () => {
  const pending: PendingShown = {
    id: '',
    type: 'member.admit',
    by: member('Coordinator 1', ['coordinator']),
    at,
    about: 'evil\u202etxt',
    roles: ['coordinator'],
    keyWords: '',
    met: 'words',
    mine: true,
  }
  assert.doesNotMatch(pendingSentence(pending), /\u202e/)
  assert.doesNotMatch(approvalConsequence(pending), /\u202e/)
})

test('ending a strong key says that a second person is needed, unless the root signs', () => {
  const strong = member('Board 1', ['board'])
  const says = (me: MeShown) => revokeConsequences(strong, me).join(' ')
  assert.match(says(ME), /second person/)
  assert.doesNotMatch(says({ ...ME, root: true }), /second person/)
  assert.match(says({ ...ME, root: true }), /signed with the desk’s root/)
  assert.doesNotMatch(revokeConsequences(member('G', ['guest']), ME).join(' '), /second person/)
})

test('the root’s words are asked for only where nobody else can be the second person', () => {
  const alone = [member(ME.who, ['coordinator']), member('Maintainer 1', ['maintainer:lib'])]
  assert.ok(needsRoot(alone, ME, ['coordinator']))
  assert.ok(!needsRoot(alone, ME, ['guest']))
  assert.ok(!needsRoot(alone, { ...ME, root: true }, ['coordinator']))
  assert.ok(!needsRoot([...alone, member('Board 1', ['board'])], ME, ['coordinator']))
  assert.ok(!needsRoot([...alone, ...coordinators(2).slice(1)], ME, ['steward']))
  const left = member('Coordinator 2', ['coordinator'], { active: false })
  assert.ok(needsRoot([...alone, left], ME, ['board']))
})
