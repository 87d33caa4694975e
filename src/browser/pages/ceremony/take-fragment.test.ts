import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decoded } from './take-fragment.ts'

test('a link that a mail program rewrote still gives the code', () => {
  assert.equal(decoded('skin-rose-dwarf'), 'skin-rose-dwarf')
  assert.equal(decoded('skin%20rose%2Ddwarf'), 'skin rose-dwarf')
  assert.equal(decoded('100%'), '100%')
})
