import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { hexOfBytes } from '#lexicon'
import {
  checkpointOrigin,
  logMark,
  readCheckpoint,
  readLogMark,
  signCheckpoint,
} from './checkpoint.ts'
import { type Signer, signerOfSeed } from './person.ts'
import { Refused } from './refused.ts'

const ORIGIN = checkpointOrigin('security.example.org', 'ab'.repeat(32))
const root = fc.uint8Array({ minLength: 32, maxLength: 32 })
const size = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 10 ** 15 - 1 }))
const isRefused = (error: unknown) => error instanceof Refused && error.code === 'checkpoint'

let server: Signer
before(async () => {
  server = await signerOfSeed(new Uint8Array(32).fill(1))
})

test('a checkpoint comes back from its note, and its mark from a head', async () => {
  await fc.assert(
    fc.asyncProperty(size, root, async (entries, bytes) => {
      const checkpoint = { size: entries, root: new Uint8Array(bytes) }
      const note = await signCheckpoint(server, ORIGIN, checkpoint)
      const read = await readCheckpoint(note, ORIGIN, server.who)
      assert.deepEqual([read.size, read.root, read.note], [entries, checkpoint.root, note])
      const mark = readLogMark(logMark(checkpoint))
      assert.deepEqual(mark, entries === 0 ? undefined : checkpoint)
    }),
    { numRuns: 50 },
  )
})

test('one character of a note changed: refused, but where a cosigner would stand', async () => {
  const checkpoint = { size: 12, root: new Uint8Array(32).fill(2) }
  const note = await signCheckpoint(server, ORIGIN, checkpoint)
  for (let at = 0; at < note.length; at++)
    for (const letter of ['A', '\n', '0']) {
      if (note[at] === letter) continue
      const bent = note.slice(0, at) + letter + note.slice(at + 1)
      const last = at === note.length - 1
      const reading = readCheckpoint(bent, ORIGIN, server.who)
      if (last) await reading.catch((error: unknown) => assert.ok(isRefused(error)))
      else await assert.rejects(reading, isRefused, `${at} ${letter}`)
    }
})

test('what anybody may write behind a note does no harm', async () => {
  const checkpoint = { size: 12, root: new Uint8Array(32).fill(2) }
  const note = await signCheckpoint(server, ORIGIN, checkpoint)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (more) => {
      const read = await readCheckpoint(`${note}${more}`, ORIGIN, server.who)
      assert.equal(hexOfBytes(read.root), hexOfBytes(checkpoint.root))
    }),
    { numRuns: 100 },
  )
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
      await assert.rejects(readCheckpoint(text, ORIGIN, server.who), isRefused)
    }),
    { numRuns: 100 },
  )
})
