import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseShown, MemberShown, PersonShown } from '#worker'
import { namedOf, readersAfter } from './case-route-readers.ts'

const person = (name: string, ...roles: readonly string[]): PersonShown => {
  return { who: name, name, roles, trust: 'compared' }
}
const member = (name: string, ...roles: readonly string[]): MemberShown => {
  const rest = { active: true, since: '', met: 'words', admittedBy: '', keyWords: '' } as const
  return { ...person(name, ...roles), ...rest }
}

const MEMBERS = [
  member('C', 'coordinator'),
  member('A1', 'maintainer:arrays'),
  member('P1', 'maintainer:plots'),
  { ...member('A0', 'maintainer:arrays'), active: false },
]
const SHOWN: Pick<CaseShown, 'threads'> = {
  threads: [
    { thread: 'all', readers: [person('C', 'coordinator'), person('reporter')], writable: true },
    { thread: 'p-plots', readers: [person('Guest', 'guest')], writable: true },
  ],
}

test('each thread shows its maintainers and whoever was let in before, General all of them', () => {
  const after = readersAfter(SHOWN, MEMBERS, ['arrays', 'plots'])
  assert.deepEqual(
    after.map(({ thread, people }) => [thread, ...people.map(({ who }) => who)]),
    [
      ['all', 'C', 'reporter', 'A1', 'P1'],
      ['p-arrays', 'C', 'A1'],
      ['p-plots', 'Guest', 'C', 'P1'],
    ],
  )
  assert.deepEqual(
    after.map((each) => namedOf(each).map(({ who }) => who)),
    [['reporter', 'A1', 'P1'], ['A1'], ['Guest', 'P1']],
  )
})
