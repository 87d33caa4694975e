import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReceiptShown } from '#worker'
import { nextSteps, proofFileName, receiptFileName, receiptText } from './receipt-text.ts'

const WORDS = 'dilemma butter airport about night pink soda clarify grace check hobby hammer'
const RECEIPT: ReceiptShown = {
  number: '2026-7F3KQ',
  received: '2026-11-21T22:14:07Z',
  acknowledgeBy: '2026-11-28T22:14:07Z',
  words: WORDS,
  statement: 'cd'.repeat(32),
  deskName: 'Example Foundation',
  proof: '{"proof":true}',
}

test('the file holds all that is needed to come back, and the dates with their year', () => {
  const text = receiptText(RECEIPT, 'Example Foundation Security', 'https://security.example.org')
  for (const part of [
    'RECEIPT 2026-7F3KQ',
    'Saturday 21 November 2026, 22:14:07 UTC',
    'Saturday 28 November 2026, 22:14:07 UTC',
    WORDS,
    ' 1 dilemma',
    '12 hammer',
    'https://security.example.org/follow',
    'postern follow --to https://security.example.org',
    RECEIPT.statement,
  ])
    assert.ok(text.includes(part), part)
})

test('words and proof are two files: one is secret, the other is to be shown', () => {
  const text = receiptText(RECEIPT, 'Example Foundation Security', 'https://security.example.org')
  assert.ok(!text.includes(RECEIPT.proof))
  assert.match(receiptFileName(RECEIPT), /2026-7F3KQ.*secret/)
  assert.doesNotMatch(proofFileName(RECEIPT), /secret/)
})

test('lines stay short enough for paper', () => {
  const text = receiptText(RECEIPT, 'Example Foundation Security', 'https://security.example.org')
  for (const line of text.split('\n')) assert.ok(line.length <= 110, line)
})

test('only one date is promised, the one that the receipt signs', () => {
  assert.deepEqual(
    nextSteps(RECEIPT).map(({ by }) => by),
    [RECEIPT.acknowledgeBy, '', '', ''],
  )
})
