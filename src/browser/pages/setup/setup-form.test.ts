import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskFormErrors, isLine, mayServeAgain, setupSecret } from './setup-form.ts'

const SECRET = '0123456789abcdef'.repeat(4)
const FORM = {
  secret: SECRET,
  name: 'Example Foundation',
  domain: 'example.org',
  handle: 'Coordinator 1',
}

test('the secret is found in a whole link, and nothing else is taken for one', () => {
  assert.equal(setupSecret(SECRET), SECRET)
  assert.equal(setupSecret(` https://desk.example.org/setup#${SECRET}\n`), SECRET)
  for (const text of ['', '#', SECRET.slice(1), `${SECRET}0`, SECRET.toUpperCase(), `${SECRET}#x`])
    assert.equal(setupSecret(text), '', text)
})

test('a form that the desk would refuse is refused field by field', () => {
  assert.deepEqual(deskFormErrors(FORM), [])
  const wrong = (change: Partial<typeof FORM>) =>
    deskFormErrors({ ...FORM, ...change }).map(({ id }) => id)
  assert.deepEqual(wrong({ secret: '' }), ['secret'])
  assert.deepEqual(wrong({ name: '  ' }), ['name'])
  assert.deepEqual(wrong({ name: 'x'.repeat(201) }), ['name'])
  assert.deepEqual(wrong({ name: 'two\nlines' }), ['name'])
  assert.deepEqual(wrong({ domain: 'Example.org' }), ['domain'])
  assert.deepEqual(wrong({ domain: 'https://example.org' }), ['domain'])
  assert.deepEqual(wrong({ handle: 'a\u0000b' }), ['handle'])
  assert.deepEqual(wrong({ name: '', handle: '' }), ['name', 'handle'])
})

test('half a character is no line', () => {
  assert.ok(!isLine('\ud800', 10))
  assert.ok(isLine(' Volunteer 2 ', 11))
})

test('a passkey serves again only where the desk may not have seen it, and not for long', () => {
  const made = { at: 1_000_000 }
  assert.ok(mayServeAgain(made, 1_060_000, 'unreachable'))
  assert.ok(mayServeAgain(made, 1_060_000, 'unavailable'))
  assert.ok(!mayServeAgain(made, 1_300_000, 'unreachable'))
  for (const code of ['problem', 'refused', 'not-found', 'bug'])
    assert.ok(!mayServeAgain(made, 1_000_001, code), code)
})
