import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalText, type Json, parseCanonical } from './canonical.ts'
import { Refused } from './refused.ts'

const refusedF1 = (error: unknown) => error instanceof Refused && error.code === 'F1'

const name = fc.stringMatching(/^[a-z0-9_]{1,8}$/).filter((each) => each !== '__proto__')
const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => text.isWellFormed()),
  fc.nat(Number.MAX_SAFE_INTEGER),
  fc.boolean(),
)
const { value } = fc.letrec<{ value: Json; list: Json; record: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthIdentifier: 'depth' }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'depth' }),
  record: fc.dictionary(name, tie('value'), { maxKeys: 4, depthIdentifier: 'depth' }),
}))

test('a value survives being written and read, and its text is the only one for it', () => {
  fc.assert(
    fc.property(value, (each) => {
      const text = canonicalText(each)
      const read = parseCanonical(text)
      assert.equal(canonicalText(read), text)
      assert.deepEqual(plain(read), plain(each))
    }),
  )
})

test('the order in which members were set leaves no trace', () => {
  fc.assert(
    fc.property(fc.dictionary(name, leaf, { maxKeys: 6 }), (record) => {
      const turned = Object.fromEntries(Object.entries(record).toReversed())
      assert.equal(canonicalText(turned), canonicalText(record))
    }),
  )
})

test('one changed character of the text is refused, or is the text of another value', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 0, max: 127 }), (each, at, code) => {
      const text = canonicalText(each)
      const where = at % text.length
      const bent = text.slice(0, where) + String.fromCharCode(code) + text.slice(where + 1)
      try {
        assert.equal(canonicalText(parseCanonical(bent)), bent)
      } catch (error) {
        assert.ok(refusedF1(error), String(error))
      }
    }),
  )
})

test('white space anywhere outside a string is refused', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(' ', '\n', '\t', '\r'), (each, space) => {
      const text = canonicalText(each)
      for (const bent of [space + text, text + space])
        assert.throws(() => parseCanonical(bent), refusedF1)
    }),
  )
  for (const bent of ['{"a": 1}', '{"a":1 }', '[1, 2]', '{ "a":1}'])
    assert.throws(() => parseCanonical(bent), refusedF1)
})

test('what narrowed JSON does not have is refused on the way out too', () => {
  const wrong: unknown[] = [
    null,
    undefined,
    1.5,
    -1,
    -0,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    10n,
    '\ud800',
    'a\udc00',
    Symbol('a'),
    () => 1,
    new Date(0),
    new Map(),
    new Uint8Array(1),
    { A: 1 },
    { 'a-b': 1 },
    { '': 1 },
    { é: 1 },
    JSON.parse('{"__proto__":1}'),
    { a: undefined },
    [null],
    Object.create({ a: 1 }),
  ]
  for (const each of wrong)
    assert.throws(() => canonicalText(each as Json), refusedF1, String(each))
})

test('eight levels below the outermost value are allowed, nine are not', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  assert.doesNotThrow(() => parseCanonical(nested(9)))
  assert.throws(() => parseCanonical(nested(10)), refusedF1)
  assert.doesNotThrow(() => parseCanonical(`${'['.repeat(8)}1${']'.repeat(8)}`))
  assert.throws(() => parseCanonical(`${'['.repeat(9)}1${']'.repeat(9)}`), refusedF1)
  assert.throws(() => parseCanonical(nested(200_000)), refusedF1)
})

test('a member called __proto__ changes no prototype', () => {
  assert.throws(() => parseCanonical('{"__proto__":{"a":1}}'), refusedF1)
  assert.equal(Reflect.get({}, 'a'), undefined)
})

/** fast-check makes records without a prototype; what they hold is compared. */
function plain(each: Json): unknown {
  return JSON.parse(JSON.stringify(each))
}
