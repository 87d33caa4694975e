import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from './licence-law.ts'

const isRefused = (name: string, licence?: string) =>
  faultOf({ name, version: '1.0.0', ...(licence !== undefined && { licence }) }) !== undefined

test('a package without a licence is refused', () => {
  assert.equal(isRefused('left'), true)
})

test('the LGPL is allowed for openpgp and for nothing else', () => {
  assert.equal(isRefused('openpgp', 'LGPL-3.0+'), false)
  assert.equal(isRefused('closedpgp', 'LGPL-3.0+'), true)
  assert.equal(isRefused('openpgp', 'AGPL-3.0'), true)
})

test('of a choice one must be allowed, of a sum all', () => {
  assert.equal(isRefused('left', '(MIT OR GPL-3.0)'), false)
  assert.equal(isRefused('left', '(MIT AND GPL-3.0)'), true)
  assert.equal(isRefused('left', 'SSPL-1.0'), true)
})
