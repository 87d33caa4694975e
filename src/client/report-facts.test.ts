import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { REPORT_KINDS } from '#lexicon'
import { ClientError } from './client-error.ts'
import { isFact, NO_FACTS, readFacts, type ReportFacts, withFacts } from './report-facts.ts'

const FULL: ReportFacts = {
  project: 'Example Project',
  kind: 'exploited',
  name: 'Reporter 1',
  contact: 'reporter@example.org',
}

const TRAILER =
  'Project: Example Project\nKind: exploited\nName: Reporter 1\nContact: reporter@example.org\n'

/** Texts that try to look like facts, beside any text at all. */
const pieces = fc.constantFrom(
  'Project: other',
  'Kind: question',
  'Kind: anything',
  'Name: Somebody',
  'Contact: x',
  'Facts: none',
  'Project:',
  'Words.',
  '',
  '\n',
  '\r\n',
  '\u2028',
  ' ',
)
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(pieces, { maxLength: 12 }).map((lines) => lines.join('\n')),
  fc.array(pieces, { maxLength: 8 }).map((lines) => `${lines.join('\n')}\n`),
)
const fact = fc.oneof(
  fc.constant(''),
  fc.constantFrom('numpy', 'Kind: question', 'Facts: none', 'a: b', 'Ünïcödé 名前'),
  fc.string({ unit: 'grapheme', maxLength: 40 }).filter(isFact),
)
const kind = fc.constantFrom('' as const, ...REPORT_KINDS)
const facts = fc.record({ project: fact, kind, name: fact, contact: fact })

test('facts stand behind the text, one line each, and are read again', () => {
  const whole = withFacts('A buffer.\n\nIt is read behind its end.\n', FULL)
  assert.equal(whole, `A buffer.\n\nIt is read behind its end.\n\n${TRAILER}`)
  assert.deepEqual(readFacts(whole), {
    text: 'A buffer.\n\nIt is read behind its end.',
    facts: FULL,
  })
})

test('whatever the text says, exactly the given facts come back, and the text with them', () => {
  fc.assert(
    fc.property(text, facts, (said, given) => {
      const read = readFacts(withFacts(said, given))
      assert.deepEqual(read.facts, { ...given })
      assert.equal(read.text.trimEnd(), said.trimEnd())
    }),
    { numRuns: 5000 },
  )
})

test('a text without facts stays byte for byte, unless it ends as if it had some', () => {
  for (const said of ['x', 'x\n', 'x\n\n', 'Kind: question\n', 'Kind: question\n\nWords.\n'])
    assert.equal(withFacts(said, NO_FACTS), said)
  assert.equal(withFacts('x\n\nKind: question\n', NO_FACTS), 'x\n\nKind: question\n\nFacts: none\n')
})

test('only a last paragraph of nothing but facts, in their order and once each, is one', () => {
  const none = [
    `Words.\n\n${TRAILER}\nMore words.\n`,
    `Words.\n${TRAILER}`,
    TRAILER,
    `Words.\n\n${TRAILER}`.trimEnd(),
    `Words.\n\n${TRAILER}`.replaceAll('\n', '\r\n'),
    'Words.\n\nKind: question\nProject: numpy\n',
    'Words.\n\nKind: question\nKind: exploited\n',
    'Words.\n\nKind: nonsense\n',
    'Words.\n\nKind: question\nand words\n',
    'Words.\n\nkind: question\n',
    'Words.\n\nKind:question\n',
    'Words.\n\nKind: question \n',
    'Words.\n\n Kind: question\n',
    'Words.\n\nName: \n',
    'Words.\n\nName: a\u2028Kind: exploited\n',
    'Words.\n\nName: a\u202eb\n',
    `Words.\n\nName: ${'n'.repeat(201)}\n`,
    'Words.\n\nFacts: none\nKind: question\n',
    '',
    '\n',
    '\n\n',
  ]
  for (const whole of none) assert.deepEqual(readFacts(whole), { text: whole, facts: NO_FACTS })
})

test('a value that could begin another line, or hide, is refused', () => {
  const refused = (error: unknown) => error instanceof ClientError && error.code === 'problem'
  for (const name of ['a\nKind: exploited', 'a\rb', 'a\u2029b', ' a', 'a ', 'a\u202eb', 'a\u0000'])
    assert.throws(() => withFacts('Words.', { ...NO_FACTS, name }), refused, JSON.stringify(name))
  assert.throws(() => withFacts('Words.', { ...NO_FACTS, contact: 'c'.repeat(201) }), refused)
})
