import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesOfText } from '#lexicon'
import { parseStrictJson } from './strict-json.ts'

const parse = (text: string) => parseStrictJson(bytesOfText(text))
const refused = { name: 'HttpError', code: 'malformed' }

test('what JSON.stringify writes is read as it was', () => {
  const key = fc
    .string()
    .filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(value, fc.constantFrom(0, 1, '\t'), (given, space) => {
      const text = JSON.stringify(given, null, space)
      assert.deepEqual(parse(text), JSON.parse(text))
    }),
  )
})

test('a name that comes twice in one object is refused, however it is spelled', () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '{"b":{"a":1,"a":1}}',
    '[{"a":[],"b":{},"a" : ""}]',
    '{"a\\"":1,"a\\"":2}',
    '{"\\\\":1,"\\\\":2}',
  ])
    assert.throws(() => parse(text), refused, text)
})

test('the same name in two objects, or as a value, is fine', () => {
  for (const text of ['[{"a":1},{"a":1}]', '{"a":{"a":"a"},"b":"a"}', '{"a":["a","a","b:"]}'])
    assert.deepEqual(parse(text), JSON.parse(text))
})

test('names that reach a prototype are refused at every depth', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])
    for (const text of [`{"${name}":1}`, `[{"a":{"${name}":{}}}]`])
      assert.throws(() => parse(text), refused, text)
})

test('deep nesting, foreign encodings and half texts are refused', () => {
  assert.throws(() => parse('['.repeat(20) + ']'.repeat(20)), refused)
  assert.deepEqual(parse('[[[[[[[[1]]]]]]]]'), [[[[[[[[1]]]]]]]])
  for (const bytes of [[0xff], [0xc3, 0x28], [0xef, 0xbb, 0xbf, 0x31], [0xfe, 0xff, 0x00, 0x31]])
    assert.throws(() => parseStrictJson(Uint8Array.from(bytes)), refused)
  for (const text of ['', ' ', '{', '1 1', 'NaN', "{'a':1}", '{"a":1,}'])
    assert.throws(() => parse(text), refused, text)
})

test('four megabytes take no time worth naming', () => {
  const text = JSON.stringify({ batch: Array.from({ length: 4 }, () => 'A"\\'.repeat(300_000)) })
  const began = performance.now()
  parse(text)
  assert.ok(performance.now() - began < 1000)
})
