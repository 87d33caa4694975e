import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { caseNumber, isCaseNumber } from './case-number.ts'
import { isProject, isRole, isStrong } from './words.ts'

test('a role is one of the closed list, or maintainer of a project by its short name', () => {
  const roles = ['coordinator', 'board', 'steward', 'operator', 'guest', 'maintainer:numpy']
  for (const role of roles) assert.ok(isRole(role), role)
  const others = ['', 'admin', 'Coordinator', 'maintainer', 'maintainer:', 'maintainer:NumPy', 1]
  for (const role of others) assert.ok(!isRole(role), String(role))
  assert.ok(!isRole('maintainer:numpy\n') && !isRole(' board'))
})

test('coordinators, board members and stewards are strong; nobody else is', () => {
  for (const role of ['coordinator', 'board', 'steward']) assert.ok(isStrong(['guest', role]))
  assert.ok(!isStrong(['operator', 'guest', 'maintainer:coordinator']))
  assert.ok(!isStrong([]))
})

test('a project is a short name that is safe in circles and roles', () => {
  for (const name of ['numpy', '4dn', 'scikit-learn', 'p'.repeat(63)]) assert.ok(isProject(name))
  for (const name of ['', '-numpy', 'NumPy', 'num/py', 'num:py', 'p'.repeat(64), 'é', 'a\n'])
    assert.ok(!isProject(name), name)
})

test('a case number has the year and five letters that survive being read aloud', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 5, maxLength: 8 }), (random) => {
      const number = caseNumber(2026, random)
      assert.ok(isCaseNumber(number), number)
      assert.doesNotMatch(number, /[ILOU]/)
    }),
  )
  assert.equal(caseNumber(2026, Uint8Array.of(0, 31, 32, 255, 10)), '2026-0Z0ZA')
  for (const text of ['2026-7F3K', '2026-7F3KQQ', '26-7F3KQ', '2026-7f3kq', '2026-7F3KI', 2026])
    assert.ok(!isCaseNumber(text))
})
