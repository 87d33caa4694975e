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

const FIELD = 'Autocrypt: addr=reporter@mail.example.net; keydata=AAAA\r\n'

function isVouched(head: string, said = results('pass', { dkim: ['example.net'] })): boolean {
  return isFieldVouchedFor('autocrypt', ADDRESS, said, bytesOfText(`${head}\r\n`))
}

/** One field, below signatures with these tags. */
function signedBy(...signatures: readonly string[]): boolean {
  return isVouched(`${signatures.map((tags) => `DKIM-Signature: ${tags}\r\n`).join('')}${FIELD}`)
}

test('a field that somebody added to a signed mail is not vouched for', () => {
  assert.equal(signedBy('v=1; d=example.net; h=From:To: Auto\r\n crypt; b=x'), true)
  assert.equal(signedBy('v=1; d=example.net; h=from:to; b=x'), false)
  // A second one that holds for nothing but names it.
  assert.equal(
    signedBy('d=example.net; h=from; b=x', 'd=example.net; h=from:autocrypt; b=y'),
    false,
  )
  assert.equal(signedBy('d=example.net; h=from:autocrypt; h=from; b=x'), false)
  assert.equal(signedBy(), false)
  assert.equal(isVouched('', results('none', { spf: OWN })), true)
})

test('a signature that holds for nothing speaks for no other one, whatever domain it names', () => {
  // DMARC passed by the second one, of a domain below.
  const junk = 'd=mail.example.net; h=from:autocrypt; b=AAAA'
  assert.equal(signedBy(junk, 'd=news.mail.example.net; h=from:to; b=x'), false)
  assert.equal(signedBy('d=news.mail.example.net; h=from:to; b=x', junk), false)
  assert.equal(signedBy(junk, 'd=news.mail.example.net; h=from:autocrypt; b=x'), true)
})

test('a field above the one that is signed is not vouched for, nor is that one', () => {
  const once = 'DKIM-Signature: d=example.net; h=from:autocrypt; b=x\r\n'
  const twice = 'DKIM-Signature: d=example.net; h=from:autocrypt:autocrypt; b=x\r\n'
  assert.equal(isVouched(`${FIELD}${once}${FIELD}`), false)
  assert.equal(isVouched(`${once}Autocrypt: addr=other@example.net\r\n${FIELD}`), false)
  assert.equal(isVouched(`${twice}${FIELD}${FIELD}`), true)
  assert.equal(isVouched(`${twice}${FIELD}`), true)
})

test('of a head that was read in part, or holds a line that is no field, no field is vouched for', () => {
  const head = `DKIM-Signature: d=example.net; h=from:autocrypt; b=x\r\n${FIELD}`
  assert.equal(isVouched(head), true)
  assert.equal(isVouched(`${head}X: ${'x'.repeat(70_000)}\r\n`), false)
  assert.equal(isVouched(`${head}no field\r\n`), false)
})
