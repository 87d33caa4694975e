import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText, type Verdict } from '#lexicon'
import type { MailFacts } from '#seal'
import { isFieldVouchedFor, isVouchedFor } from './is-vouched-for.ts'

const ADDRESS = 'Reporter@mail.example.net'
type Results = MailFacts['results']

function results(
  dmarc: Verdict,
  { spf = ['none', ''], dkim = [], of = 'example.net' }: Said = {},
): Results {
  return {
    arc: 'none',
    dkim: dkim.map((domain) => ({ domain, verdict: 'pass' })),
    dmarc: { domain: of, policy: '', verdict: dmarc },
    spf: { verdict: spf[0], domain: spf[1] },
  }
}
type Said = {
  readonly spf?: readonly [Verdict, string]
  readonly dkim?: readonly string[]
  readonly of?: string
}
const OWN = ['pass', 'mail.example.net'] as const

test('a domain vouches by DMARC, else by its signature, else by SPF where it has no policy', () => {
  for (const [dmarc, said, expected] of [
    ['pass', {}, true],
    ['none', { dkim: ['mail.example.net'] }, true],
    ['none', { dkim: ['Example.net'] }, true],
    ['none', { spf: OWN }, true],
    ['temperror', { dkim: ['example.net'] }, true],
    // Its sender makes the name servers late.
    ['temperror', { spf: OWN }, false],
    ['temperror', {}, false],
    ['none', {}, false],
    ['none', { spf: ['temperror', 'mail.example.net'] }, false],
    ['none', { spf: ['softfail', 'mail.example.net'] }, false],
    // Passed for somebody else.
    ['pass', { of: 'evil.example' }, false],
    ['none', { spf: ['pass', 'evil.example'] }, false],
    ['none', { spf: ['pass', 'net'] }, false],
    ['none', { spf: ['pass', ''] }, false],
    ['none', { dkim: ['evil.example', 'notexample.net'] }, false],
    // What passed besides does not outvote the policy.
    ['fail', { spf: OWN, dkim: ['mail.example.net'] }, false],
    ['permerror', { spf: OWN, dkim: ['mail.example.net'] }, false],
    ['skipped', { spf: OWN, dkim: ['mail.example.net'] }, false],
  ] as const)
    assert.equal(
      isVouchedFor(ADDRESS, results(dmarc, said)),
      expected,
      `${dmarc} ${JSON.stringify(said)}`,
    )
})

test('a field that somebody added to a signed mail is not vouched for', () => {
  const signed = results('pass', { dkim: ['example.net'] })
  const field = (...signatures: readonly string[]) => {
    const lines = signatures.map((tags) => `DKIM-Signature: ${tags}\r\n`)
    return isFieldVouchedFor('autocrypt', ADDRESS, signed, bytesOfText(`${lines.join('')}\r\n`))
  }
  assert.equal(field('v=1; d=example.net; h=From:To: Auto\r\n crypt; b=x'), true)
  assert.equal(field('v=1; d=example.net; h=from:to; b=x'), false)
  // A second one that holds for nothing but names it.
  assert.equal(field('d=example.net; h=from; b=x', 'd=example.net; h=from:autocrypt; b=y'), false)
  assert.equal(field('d=evil.example; h=from:autocrypt; b=x'), false)
  assert.equal(field(), false)
  assert.equal(
    isFieldVouchedFor('autocrypt', ADDRESS, results('none', { spf: OWN }), new Uint8Array(0)),
    true,
  )
})
