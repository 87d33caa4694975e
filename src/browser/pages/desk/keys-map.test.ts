import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEY_GROUPS, keyOf } from './keys-map.ts'

test('no key means two things in one place', () => {
  for (const { title, rows } of KEY_GROUPS)
    assert.equal(new Set(rows.map(([caps]) => caps)).size, rows.length, title)
})

test('nothing that cannot be undone has a single key', () => {
  for (const { rows } of KEY_GROUPS)
    for (const [caps, says] of rows)
      assert.ok(!/delete|destroy|revoke|remove|export/i.test(says), caps)
})

test('a key is named by where one is', () => {
  assert.equal(keyOf('n', 'list')?.says, 'Reply and close as not security (selection)')
  assert.equal(keyOf('n', 'case')?.says, 'Team note')
  assert.equal(keyOf('n', 'none'), undefined)
  assert.equal(keyOf('g q', 'none')?.caps, 'G Q')
})
