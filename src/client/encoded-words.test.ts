import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeWords } from './encoded-words.ts'

test('words of other alphabets are read, in both forms and any charset that a browser knows', () => {
  for (const [typed, shown] of [
    ['plain', 'plain'],
    ['=?utf-8?B?w7xiZXI=?=', 'über'],
    ['=?UTF-8?q?=C3=BCber_alles?=', 'über alles'],
    ['=?iso-8859-1?Q?=FCber?= x', 'über x'],
    ['=?utf-8*de?Q?=C3=BCber?=', 'über'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
    ['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
  ] as const)
    assert.equal(decodeWords(typed), shown)
})

test('a letter that is cut between two words is one letter, and the space between them is none', () => {
  assert.equal(decodeWords('=?utf-8?B?w7w=?= \t =?utf-8?Q?ber?='), 'über')
  assert.equal(decodeWords('=?utf-8?Q?=C3?= =?utf-8?Q?=BCber?='), 'über')
  assert.equal(decodeWords('=?utf-8?Q?a?= b =?utf-8?Q?c?='), 'a b c')
})

test('what does not decode stays as it was typed, and nothing takes long', () => {
  assert.equal(decodeWords('=?no-such?Q?abc?='), '=?no-such?Q?abc?=')
  assert.equal(decodeWords('=?utf-8?X?abc?='), '=?utf-8?X?abc?=')
  const begin = performance.now()
  for (const part of ['=?utf-8?Q?', '=?a?b?=?', '=?utf-8?B?YQ==?= ', ' =?']) {
    decodeWords(part.repeat(65_536 / part.length))
  }
  assert.ok(performance.now() - begin < 1000)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(typeof decodeWords(`=?utf-8?Q?${text}`), 'string')
    }),
  )
})
