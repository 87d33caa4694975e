import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, hexOfBytes } from '#lexicon'
import { sha256 } from '#seal'
import { secretName } from './secret-name.ts'

const desk = 'd'.repeat(64)
const caseId = 'c'.repeat(64)
const mine = sha256(bytesOfText('one person'))
const theirs = sha256(bytesOfText('another'))

test('who knows a case and not the key cannot tell whether somebody writes in it', () => {
  const name = secretName(mine, desk, 'draft', caseId)
  assert.match(name, /^draft-[0-9a-f]{32}$/)
  assert.equal(name, secretName(mine, desk, 'draft', caseId))
  const tried = [caseId, `draft ${caseId}`].flatMap((text) => [
    text,
    hexOfBytes(sha256(bytesOfText(text))),
  ])
  for (const guess of tried) assert.ok(!name.includes(guess.slice(0, 32)), guess)
})

test('another person, desk, thing or kind has another name', () => {
  const names = [
    secretName(mine, desk, 'draft', caseId),
    secretName(theirs, desk, 'draft', caseId),
    secretName(mine, 'e'.repeat(64), 'draft', caseId),
    secretName(mine, desk, 'draft', 'e'.repeat(64)),
    secretName(mine, desk, 'other', caseId),
  ]
  assert.equal(new Set(names).size, names.length)
})
