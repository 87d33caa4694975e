import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseHead } from '#seal'
import { demandNoNewMail, pinOf } from './pinned-key.ts'

const KEY = `${'a'.repeat(40)} ${'b'.repeat(64)}`
const OTHER = `${'c'.repeat(40)} ${'d'.repeat(64)}`
const COMMON = { v: 1, at: '', by: '', chain: '', desk: '', dir: '', log: '', prev: '' } as const

type Given = readonly [seq: number, who: string, pgp: string] | number

/** A chain of statements about the reporter; a number is a mail at that place. */
function chain(...given: readonly Given[]) {
  const heads = given.map((each): CaseHead => {
    if (typeof each === 'number')
      return { ...COMMON, type: 'case.mail', seq: each, body: '', to: '', files: [] }
    const [seq, who, pgp] = each
    return { ...COMMON, type: 'case.reporter', seq, who, pgp, enc: '', join: '' }
  })
  const last = heads.findLast((head) => head.type === 'case.reporter')
  const pgp = last?.type === 'case.reporter' ? last.pgp : ''
  return {
    fold: {
      reporter: { who: '', enc: '', pgp },
      statements: new Map(heads.map((head) => [String(head.seq), head])),
      head: { id: '', seq: heads.at(-1)?.seq ?? 0 },
    },
  }
}

test('a pin stands where it was set or said again, and a claim does not move it', () => {
  const at = (...given: readonly Given[]) => pinOf(chain(...given))?.seq
  assert.equal(at(), undefined)
  assert.equal(at([3, '', KEY]), 3)
  assert.equal(at([3, '', KEY], [8, '', KEY]), 8, 'kept')
  // A mail with another key came at 5: whoever accepts a claim did not look at it.
  assert.equal(at([3, '', KEY], 5, [8, 'them', KEY]), 3)
  assert.equal(at([3, '', KEY], 5, [8, 'them', KEY], [9, 'them', KEY]), 9, 'kept after the claim')
  assert.equal(at([2, 'them', ''], [3, 'them', KEY]), 3)
  assert.equal(at([3, '', KEY], [8, 'them', OTHER]), 8, 'another key')
})

test('what was decided before a mail came is not signed with it in the case', () => {
  const before = chain([3, '', KEY], 5)
  demandNoNewMail(before, before)
  demandNoNewMail(before, chain([3, '', KEY], 5, [6, '', KEY]))
  assert.throws(() => demandNoNewMail(before, chain([3, '', KEY], 5, 6)), { code: 'problem' })
})
