import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import * as z from 'zod/mini'
import { type Endpoint, ENDPOINTS } from '#contract'
import { clientsContract } from './build-browser-contract.ts'

// From here on the contract is loaded once more, as browsers get it.
registerHooks({
  resolve(name, context, next) {
    const found = next(name, context)
    return found.url.includes('/src/contract/') ? { ...found, url: `${found.url}?client` } : found
  },
  load(url, context, next) {
    if (!url.endsWith('?client')) return next(url, context)
    const path = new URL(url).pathname
    const source = readFileSync(path, 'utf8')
    const cut = clientsContract(path, source) ?? source
    return { format: 'module-typescript', source: cut, shortCircuit: true }
  },
})
const cut = await import('#contract')

test('a browser asks every endpoint at the same place, and reads the same answer', () => {
  assert.deepEqual(Object.keys(cut.ENDPOINTS), Object.keys(ENDPOINTS))
  assert.notEqual(cut.ENDPOINTS, ENDPOINTS)
  const table = new Map(Object.entries<Endpoint>(cut.ENDPOINTS))
  for (const [name, whole] of Object.entries<Endpoint>(ENDPOINTS)) {
    const left = table.get(name)
    assert.ok(left !== undefined, name)
    const { method, path, body } = left
    const asked = [whole.method, whole.path, whole.body !== undefined]
    assert.deepEqual([method, path, body !== undefined], asked, name)
    assert.deepEqual(shapeOf(left.answer), shapeOf(whole.answer), name)
    assert.deepEqual(
      Object.keys(left).filter((key) => !['method', 'path', 'body', 'answer'].includes(key)),
      [],
      name,
    )
  }
})

test('what the formatter would not leave stops the build', () => {
  const odd =
    "export const ENDPOINTS = {\n  a: {\n    method: 'get',\n    status:\n      200, },\n}\n"
  assert.throws(() => clientsContract('/src/contract/endpoints.ts', odd), /“status” is not told/)
})

/** What a shape takes. */
function shapeOf(shape: Endpoint['answer']): unknown {
  if (shape === undefined || shape === 'bytes') return shape
  return z.toJSONSchema(shape, { unrepresentable: 'any' })
}
