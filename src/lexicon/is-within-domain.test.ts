import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWithinDomain } from './is-within-domain.ts'

test('a domain is within itself and within what it ends with behind a dot', () => {
  assert.ok(isWithinDomain('Example.org', 'example.ORG'))
  assert.ok(isWithinDomain('mail.example.org', 'example.org'))
  for (const [name, domain] of [
    ['notexample.org', 'example.org'],
    ['example.org', 'mail.example.org'],
    ['example.org', ''],
    ['example.org.evil.example', 'example.org'],
  ] as const)
    assert.ok(!isWithinDomain(name, domain), name)
})
