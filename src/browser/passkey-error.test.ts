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
    const error = passkeyErrorOf(named(name), 'use')
    assert.equal(error.code, code, name)
    assert.equal(error.title, 'Your passkey was not used.')
    assert.doesNotMatch(error.message, /RP ID/)
    assert.match(error.message, /^[A-Z].*\.$/s)
  }
  assert.equal(passkeyErrorOf('anything', 'use').code, 'failed')
})

test('who makes a first passkey is not told about passkeys that they do not have', () => {
  for (const name of ['NotAllowedError', 'AbortError']) {
    const error = passkeyErrorOf(named(name), 'make')
    assert.equal(error.code, 'not-made')
    assert.equal(error.title, 'No passkey was made.')
    assert.doesNotMatch(error.message, /passkey of this desk|was not used/)
    assert.match(error.message, /PIN, finger or face/)
  }
  assert.equal(passkeyErrorOf(named('ConstraintError'), 'make').code, 'no-authenticator')
})

test('what is a passkey error already stays what it is', () => {
  const error = new PasskeyError('second-touch', 'use')
  assert.equal(passkeyErrorOf(error, 'use'), error)
})
