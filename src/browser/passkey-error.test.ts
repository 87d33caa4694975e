import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PasskeyError, passkeyErrorOf } from './passkey-error.ts'

function named(name: string): Error {
  return Object.assign(new Error('RP ID "desk.example.org" is invalid'), { name })
}

test('each name of a browser has a sentence, and the browser’s own text is never shown', () => {
  const names = {
    NotAllowedError: 'cancelled',
    AbortError: 'cancelled',
    InvalidStateError: 'already-here',
    NotSupportedError: 'no-authenticator',
    ConstraintError: 'no-authenticator',
    SecurityError: 'wrong-origin',
    UnknownError: 'failed',
    toString: 'failed',
  }
  for (const [name, code] of Object.entries(names)) {
    const error = passkeyErrorOf(named(name))
    assert.equal(error.code, code, name)
    assert.doesNotMatch(error.message, /RP ID/)
    assert.match(error.message, /^[A-Z].*\.$/s)
  }
  assert.equal(passkeyErrorOf('anything').code, 'failed')
})

test('what is a passkey error already stays what it is', () => {
  const error = new PasskeyError('second-touch')
  assert.equal(passkeyErrorOf(error), error)
})
