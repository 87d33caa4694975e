import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientError } from './client-error.ts'
import { persist } from './upload.ts'

test('whoever takes a file out while the network is away does not wait for the next try', async () => {
  const cancel = new AbortController()
  let tries = 0
  let pauses = 0
  const forever = () => {
    pauses++
    setTimeout(() => cancel.abort(new Error('taken out')), 0)
    return new Promise<void>(() => undefined)
  }
  const attempt = () => {
    tries++
    return Promise.reject(new ClientError('unreachable', 'Nobody answers.'))
  }
  const deps = { wait: forever, signal: cancel.signal }
  await assert.rejects(persist(deps, attempt), /taken out/)
  assert.deepEqual([tries, pauses], [1, 1])
})
