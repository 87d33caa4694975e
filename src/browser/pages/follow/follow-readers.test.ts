import '../../../../tools/tsx-hook.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Act, CaseShown, EntryShown, PersonShown } from '#worker'
import { countedByRole, letInBeside } from './follow-readers.ts'

const person = (name: string, ...roles: readonly string[]): PersonShown => ({
  who: name,
  name,
  roles,
  trust: 'unknown',
})
const coordinator = person('a', 'maintainer:example-arrays', 'coordinator')
const maintainer = person('b', 'maintainer:example-arrays')

test('readers are counted by role, coordinators first', () => {
  const people = [maintainer, coordinator, person('c', 'coordinator'), person('d', 'board')]
  assert.equal(
    countedByRole(people),
    '2 coordinators, 1 maintainer of example-arrays, 1 board member',
  )
  assert.equal(countedByRole([person('e'), person('f')]), '2 people without a role')
  assert.equal(
    countedByRole([maintainer, person('g', 'maintainer:example-arrays')]),
    '2 maintainers of example-arrays',
  )
  assert.equal(countedByRole([]), '')
})

test('whoever was let into the thread of a project is named, until a new key leaves them out', () => {
  const readers = (thread: 'all' | 'p-example-arrays', ...people: readonly PersonShown[]): Act => ({
    type: 'readers',
    thread,
    epoch: 1,
    readers: people,
  })
  const added: Act = { type: 'added', thread: 'p-example-arrays', people: [maintainer] }
  const named = (...acts: readonly Act[]) =>
    letInBeside(caseOf(acts)).map(({ thread, people }) => [
      thread,
      ...people.map(({ name }) => name),
    ])
  assert.deepEqual(named(readers('all', coordinator, maintainer)), [])
  assert.deepEqual(named(readers('p-example-arrays', coordinator)), [])
  assert.deepEqual(named(readers('p-example-arrays', coordinator), added), [
    ['p-example-arrays', 'b'],
  ])
  assert.deepEqual(named(added, readers('p-example-arrays', coordinator)), [])
})

function caseOf(acts: readonly Act[]): Pick<CaseShown, 'entries'> {
  const at = '2026-01-01T00:00:00Z'
  const entries = acts.map((act, seq): EntryShown => ({
    kind: 'act',
    id: String(seq),
    seq,
    from: coordinator,
    at,
    act,
  }))
  return { entries }
}
