import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfHex, hexOfBytes, sameBytes } from '#lexicon'
import {
  authHash,
  deskWords,
  invitationKeys,
  keyWords,
  newCode,
  readCode,
  receiptKeys,
  recoveryKeys,
  rootSeed,
} from './code.ts'
import { Refused } from './refused.ts'

const entropy = fc.uint8Array({ minLength: 16, maxLength: 16 })
const DESK = 'ab'.repeat(32)
const words = readFileSync(new URL('../../vectors/words.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
const isRefused = (error: unknown) => error instanceof Refused && error.code === 'code'

test('sixteen bytes are twelve words, and the words give them back', () => {
  fc.assert(
    fc.property(entropy, (each) => {
      const code = newCode(new Uint8Array(each))
      const spoken = code.words.split(' ')
      assert.equal(spoken.length, 12)
      assert.ok(spoken.every((word) => words.includes(word)))
      assert.ok(sameBytes(readCode(code.words).entropy, each))
    }),
  )
})

test('capitals, line breaks, marks, numbers and four-letter beginnings are forgiven', () => {
  const spelled = fc.array(fc.constantFrom('plain', 'capitals', 'short', 'numbered'), {
    minLength: 12,
    maxLength: 12,
  })
  const gap = fc.constantFrom(' ', '\n', '\r\n', ' - ', ', ', '\t', '; ')
  fc.assert(
    fc.property(entropy, spelled, gap, (each, how, between) => {
      const code = newCode(new Uint8Array(each))
      const typed = code.words.split(' ').map((word, i) => {
        if (how[i] === 'capitals') return word.toUpperCase()
        if (how[i] === 'short') return word.slice(0, 4)
        return how[i] === 'numbered' ? `${i + 1}. ${word}` : word
      })
      assert.equal(readCode(typed.join(between)).words, code.words)
    }),
  )
})

test('a wrong word is refused in fifteen of sixteen cases, and never gives the same code', () => {
  let accepted = 0
  const runs = 2000
  for (let i = 0; i < runs; i++) {
    const code = newCode()
    const typed = code.words.split(' ')
    const at = i % 12
    const other = words[(words.indexOf(typed[at] ?? '') + 1 + (i % 2000)) % words.length] ?? ''
    try {
      const read = readCode(typed.with(at, other).join(' '))
      assert.ok(!sameBytes(read.entropy, code.entropy))
      accepted++
    } catch (error) {
      assert.ok(isRefused(error))
    }
  }
  assert.ok(accepted < runs / 8, `${accepted} of ${runs} were accepted`)
})

test('other numbers of words, and words of no list, are refused in words that say so', () => {
  const { words: text } = newCode()
  assert.throws(() => readCode(text.split(' ').slice(1).join(' ')), /these are 11/)
  assert.throws(() => readCode(`${text} ${text}`), /these are 24/)
  assert.throws(() => readCode(''), /these are 0/)
  assert.throws(() => readCode(text.replace(/^\w+/, 'xyzzy')), /“xyzzy” is not one of the words/)
  assert.throws(() => readCode(text.replace(/^\w+/, 'zo')), isRefused)
})

test('each use of a code has keys of its own, at each desk others', () => {
  const code = newCode()
  const other = 'cd'.repeat(32)
  const all = [DESK, other].flatMap((desk) => {
    const [receipt, recovery, invite] = [
      receiptKeys(code, desk),
      recoveryKeys(code, desk),
      invitationKeys(code, desk),
    ]
    const bare = [receipt.wrap, recovery.wrap, invite.mac].map(hexOfBytes)
    return [receipt, recovery, invite].flatMap(({ lookup, auth }) => [lookup, auth]).concat(bare)
  })
  assert.equal(new Set([...all, hexOfBytes(rootSeed(code))]).size, all.length + 1)
  assert.equal(receiptKeys(code, DESK).lookup.length, 32)
  assert.equal(hexOfBytes(authHash(bytesOfHex('00'))).length, 64)
})

test('the root seed needs no desk', () => {
  // HKDF-SHA-256 with 32 zero bytes as salt; computed apart, with Python's hmac.
  const code = newCode(new Uint8Array(16).fill(0x7f))
  assert.equal(
    hexOfBytes(rootSeed(code)),
    '31fdc550aa60c6cde48f2ced2df2ffb20975dcd2f41f6c3c2494734e34ab2acc',
  )
})

test('key words change with the desk, the person and the certificate', () => {
  const person = '11'.repeat(32)
  const own = keyWords(DESK, person, 'AAAA')
  assert.equal(own.split(' ').length, 12)
  const others = [
    keyWords('cd'.repeat(32), person, 'AAAA'),
    keyWords(DESK, '22'.repeat(32), 'AAAA'),
    keyWords(DESK, person, 'AAAB'),
  ]
  assert.ok(!others.includes(own))
  assert.equal(deskWords(bytesOfHex(DESK)), newCode(bytesOfHex(DESK).slice(0, 16)).words)
})
