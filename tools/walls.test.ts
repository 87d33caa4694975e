import assert from 'node:assert/strict'
import { test } from 'node:test'
import { violations } from './plant.ts'
import { readRooms, wrongDoors } from './rooms.ts'
import { offencesOf } from './source-law.ts'

const lawsOf = (file: string, text: string) => offencesOf(file, text).map(({ law }) => law)

test('a value is called Opened or Sealed only in seal', () => {
  const cast = 'export const it = (x: object) => x as unknown as Opened<string>\n'
  assert.deepEqual(lawsOf('src/desk/a-case.ts', cast), ['only-seal-says-opened-or-sealed'])
  assert.deepEqual(lawsOf('src/seal/unseal.ts', cast), [])
})

test('a type that only names Opened is no cast', () => {
  const naming = 'export function read(x: Opened<string>): Opened<string> { return x }\n'
  assert.deepEqual(lawsOf('src/client/read.ts', naming), [])
})

test('an import that the wall check cannot follow is refused', () => {
  assert.deepEqual(lawsOf('src/desk/a.ts', 'await import(name)\n'), ['imports-are-written-out'])
  assert.deepEqual(lawsOf('src/desk/a.ts', "await import('#ledger')\n"), [])
})

test('an offence names its line', () => {
  const text = '\n\nexport const it = <Sealed>x\n'
  assert.deepEqual(offencesOf('src/desk/a.ts', text), [
    { file: 'src/desk/a.ts', line: 3, law: 'only-seal-says-opened-or-sealed' },
  ])
})

test('a door leads to the index of its room and nowhere else', () => {
  const rooms = readRooms()
  assert.deepEqual(wrongDoors(rooms, { '#desk': './src/desk/index.ts' }), [])
  assert.deepEqual(wrongDoors(rooms, { '#desk': './src/seal/unseal.ts' }), [
    'package.json: the door #desk leads to ./src/seal/unseal.ts',
  ])
  assert.equal(wrongDoors(rooms, { '#cellar': './src/cellar/index.ts' }).length, 1)
})

test('every pair of rooms without an entrance is planted', () => {
  const rooms = readRooms()
  const planted = new Set(violations(rooms).map(({ file }) => file))
  for (const [from, { enters }] of Object.entries(rooms)) {
    for (const to of Object.keys(rooms)) {
      if (to === from) continue
      assert.equal(planted.has(`src/${from}/planted-enters-${to}.ts`), !enters.includes(to))
    }
  }
})
