import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bytesOfText, headerValues, readMailHeaders } from '#lexicon'
import type { MailFacts } from '#seal'
import { senderOf } from './mail-sender.ts'

const CASES = '../shared/corpora/espoofer/from-header-cases.json'

test('a plain sender is read, and is a claim until its domain says so', () => {
  const one = senderOf(['"Doe, Jane" <jane@example.net>'], facts())
  assert.deepEqual(one, {
    shown: '"Doe, Jane" <jane@example.net>',
    address: 'jane@example.net',
    doubts: [],
    confirmed: false,
  })
  for (const value of [
    'jane@example.net',
    ' Jane <jane@example.net>',
    'jane@example.net (Jane)',
    '=?utf-8?Q?J=C3=A4ne?= <jane@example.net>',
    'jane@example.net <jane@example.net>',
    '<jane@example.net>',
  ])
    assert.deepEqual(senderOf([value], facts()).doubts, [], value)
})

test('the domain of the address confirms, another one is a doubt', () => {
  const from = ['Jane <jane@example.net>']
  assert.equal(senderOf(from, facts({ dmarc: passed('Example.net') })).confirmed, true)
  assert.equal(senderOf(from, facts({ dkim: [passed('example.net')] })).confirmed, true)
  assert.equal(senderOf(from, facts({ dkim: [passed('evil.example')] })).confirmed, false)
  assert.equal(senderOf(from, facts({ spf: passed('example.net') })).confirmed, true)
  assert.equal(senderOf(from, facts({ spf: passed('evil.example') })).confirmed, false)
  const other = senderOf(from, facts({ dmarc: passed('evil.example') }))
  assert.deepEqual([other.confirmed, other.doubts], [false, ['other-domain']])
})

test('whatever may be read in two ways has no address and a doubt (R47)', () => {
  for (const [value, doubt] of [
    ['a@example.net, b@example.net', 'unclear'],
    ['<a@example.net>b@example.net', 'unclear'],
    ['<@evil.example,@any.example:a@example.net>', 'unclear'],
    ['a@example.net,<b@example.net>', 'unclear'],
    ['<a@example.net>\\,<b@example.net>', 'unclear'],
    ['=?utf-8?B?PGFAZXhhbXBsZS5uZXQ+?=,<b@example.net>', 'unclear'],
    ['Team: a@example.net;', 'unclear'],
    ['nobody', 'unclear'],
    ['"a@example.net" <b@example.net>', 'name-is-address'],
    ['=?utf-8?Q?a=40example.net?= <b@example.net>', 'name-is-address'],
  ] as const)
    assert.deepEqual(senderOf([value], facts()).doubts, [doubt], value)
  assert.deepEqual(senderOf([], facts()).doubts, ['none'])
  assert.deepEqual(senderOf(['a@example.net', 'b@example.net'], facts()).doubts, ['several'])
})

test('nineteen ways to forge a sender', { skip: !existsSync(CASES) && `no ${CASES}` }, () => {
  const { cases } = JSON.parse(readFileSync(CASES, 'utf8')) as {
    cases: Record<string, { from?: string }>
  }
  for (const [name, { from }] of Object.entries(cases)) {
    if (from === undefined) continue
    const values = headerValues(readMailHeaders(bytesOfText(`${from}\r\n\r\n`)), 'from')
    const sender = senderOf(values, facts())
    assert.equal(sender.confirmed, false, name)
    // What has one plain From in it is forged elsewhere: nothing but its domain could confirm that.
    const plain = /^From: <[^<>@]+@[^<>@]+>$/m.test(from) && values.length === 1
    if (!plain) assert.notDeepEqual(sender.doubts, [], name)
  }
})

test('a From that the letterbox did not see is confirmed by nothing', () => {
  const none = { domain: '', verdict: 'permerror' as const }
  const seen = senderOf(
    ['CEO <ceo@corp.example>'],
    facts({ dkim: [passed('corp.example')], dmarc: none }),
  )
  assert.deepEqual([seen.confirmed, seen.doubts], [false, ['unclear']])
})

test('an address in a comment or in wide letters is another one than that behind it', () => {
  for (const value of [
    'x@corp.example (ceo@bank.example)',
    'ceo\uff20bank.example <x@corp.example>',
    '"ceo@bank.example" <x@corp.example>',
  ])
    assert.deepEqual(senderOf([value], facts()).doubts, ['name-is-address'], value)
})

test('a domain of the organisation that was confirmed is no other one', () => {
  const dmarc = passed('corp.example')
  const honest = senderOf(['a@mail.corp.example'], facts({ dmarc }))
  assert.deepEqual([honest.confirmed, honest.doubts], [true, []])
  assert.deepEqual(senderOf(['a@notcorp.example'], facts({ dmarc })).doubts, ['other-domain'])
})

test('a sender of 60,000 letters costs no time', () => {
  for (const value of ['"\\"'.repeat(20_000), '"a"'.repeat(20_000), '('.repeat(60_000)]) {
    const began = performance.now()
    senderOf([value], facts())
    assert.ok(performance.now() - began < 200)
  }
})

function passed(domain: string) {
  return { domain, verdict: 'pass' as const }
}

function facts(
  results: Partial<Pick<MailFacts['results'], 'dkim' | 'spf'>> & {
    dmarc?: { domain: string; verdict: 'pass' | 'permerror' }
  } = {},
): MailFacts {
  const none = { domain: '', verdict: 'none' as const }
  return {
    client: { helo: '', ip: '', tls: false },
    from: '',
    results: {
      arc: 'none',
      dkim: results.dkim ?? [],
      dmarc: { policy: '', ...(results.dmarc ?? none) },
      spf: results.spf ?? none,
    },
    to: [],
    thread: 'new',
    way: 'smtp',
  }
}
