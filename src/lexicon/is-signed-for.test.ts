import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSignedFor } from './is-signed-for.ts'

test('only a signature that held, of the domain or one above it, speaks for an address', () => {
  const by = (domain: string, verdict = 'pass') =>
    isSignedFor('a@Mail.example.net', [{ domain, verdict }])
  assert.ok(by('mail.example.net') && by('example.net'))
  assert.ok(!by('evil.example') && !by('x.mail.example.net') && !by('ple.net') && !by(''))
  assert.ok(!by('example.net', 'fail') && !by('example.net', 'skipped'))
  assert.ok(!isSignedFor('a@example.net', []))
})
