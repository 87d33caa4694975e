import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDatabaseAway } from './database-away.ts'

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}

test('lost, stopped, full and read-only are away', () => {
  const away = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', '57P01', '57P03', '53100', '53300']
  for (const code of [...away, '08006', '25006', '58030']) {
    assert.equal(isDatabaseAway(failure('', code)), true, code)
  }
  assert.equal(isDatabaseAway(failure('Connection terminated unexpectedly')), true)
  assert.equal(isDatabaseAway(failure('timeout exceeded when trying to connect')), true)
})

test('a wrong request is not', () => {
  for (const code of ['23505', '42501', '22P02', '42P01', 'upload-unknown']) {
    assert.equal(isDatabaseAway(failure('', code)), false, code)
  }
  assert.equal(isDatabaseAway(failure('something else')), false)
  assert.equal(isDatabaseAway('ECONNREFUSED'), false)
})
