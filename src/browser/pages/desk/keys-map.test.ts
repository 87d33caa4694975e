import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyGroups, keyOf } from './keys-map.ts'

test('no key means two things in one place', () => {
  for (const { title, rows } of keyGroups(() => true))
    assert.equal(new Set(rows.map(([caps]) => caps)).size, rows.length, title)
})

test('nothing that cannot be undone has a single key', () => {
  for (const { rows } of keyGroups(() => true))
    for (const [caps, says] of rows)
      assert.ok(!/delete|destroy|revoke|remove|export/i.test(says), caps)
})

test('a key of an act that somebody may not sign is not listed to them', () => {
  const says = keyGroups(() => false).flatMap(({ rows }) => rows.map(([, words]) => words))
  assert.ok(says.includes('Write') && says.includes('Preview, and back'))
  for (const refused of ['Acknowledge', 'Sort', 'Take', 'Team note', 'Go to my cases', 'Select'])
    assert.ok(!says.includes(refused), refused)
})

test('a key is named by where one is', () => {
  assert.equal(keyOf('n', 'list')?.says, 'Reply and close as not security (selection)')
  assert.equal(keyOf('n', 'case')?.says, 'Team note')
  assert.equal(keyOf('n', 'none'), undefined)
  assert.equal(keyOf('g q', 'none')?.caps, 'G Q')
})
