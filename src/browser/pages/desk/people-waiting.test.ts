import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitingIn } from './people-waiting.ts'

test('what waits for others is not counted', () => {
  const named = { invite: 'a', who: 'b', handle: 'Volunteer 2', note: '' }
  const applicant = { ...named, roles: [], keyWords: '' }
  const none = { pending: [], applicants: [], recoveries: [] }
  assert.equal(waitingIn(none), 0)
  assert.equal(waitingIn({ ...none, pending: [{ mine: true }, { mine: false }] }), 1)
  assert.equal(waitingIn({ ...none, applicants: [applicant] }), 1)
  assert.equal(waitingIn({ ...none, recoveries: [{ released: true }, { released: false }] }), 1)
})
