import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raisePlace, readPlaces } from './read-places.ts'
import type { Shelf } from './sealed-shelf.ts'
import { shelfMemory } from './shelf-memory.ts'

test('a place is raised and never lowered, whoever comes last', async () => {
  const shelf = shelfOfOneProcess()
  await raisePlace(shelf, 'a', { read: 4, quiet: -1 })
  await raisePlace(shelf, 'a', { read: 2, quiet: 3 })
  await raisePlace(shelf, 'b', { read: 0, quiet: -1 })
  assert.deepEqual(await readPlaces(shelf), {
    a: { read: 4, quiet: 3 },
    b: { read: 0, quiet: -1 },
  })
})

test('two tabs that raise at the same time lose nothing', async () => {
  const shelf = shelfOfOneProcess()
  const cases = Array.from({ length: 20 }, (_, n) => `case ${String(n)}`)
  await Promise.all(cases.map((id, n) => raisePlace(shelf, id, { read: n, quiet: -1 })))
  assert.equal(Object.keys(await readPlaces(shelf)).length, 20)
})

test('what a machine saw of a chain is not what a person read, and neither moves the other', async () => {
  const shelf = shelfOfOneProcess()
  const memory = shelfMemory(shelf)
  const mark = { seq: 9, id: 'ff'.repeat(32) }
  await memory.update('desk', (before) => ({ ...before, marks: { a: mark } }))
  assert.deepEqual(await readPlaces(shelf), {})
  await raisePlace(shelf, 'a', { read: 3, quiet: -1 })
  const { marks } = await memory.read('desk')
  assert.deepEqual(marks, { a: mark })
  // The desk's own check builds what it remembers anew, and knows nothing of places.
  const nothing = { statements: [], marks: {}, checkpoint: undefined, compared: {} }
  await memory.update('desk', () => nothing)
  assert.deepEqual(await readPlaces(shelf), { a: { read: 3, quiet: -1 } })
})

function shelfOfOneProcess(): Shelf {
  const texts = new Map<string, string>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: async (name) => texts.get(name),
    write: async (name, text) => void texts.set(name, text),
    remove: async (name) => void texts.delete(name),
    secretName: (kind, of) => `${kind}-${of}`,
    alone: (_, work) => {
      const done = last.then(work)
      last = done.catch(() => undefined)
      return done
    },
  }
}
