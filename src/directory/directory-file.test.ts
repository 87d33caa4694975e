import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CHANNEL_KINDS, type Channel, type ChannelKind } from './channel.ts'
import { directoryOf } from './directory.ts'
import { DirectoryError } from './directory-error.ts'
import { type DirectoryFile, readDirectoryFile, writeDirectoryFile } from './directory-file.ts'
import { type Project, PROJECT_STATUSES, type Said } from './project.ts'

test('what is written is read again, exactly, as YAML and as JSON', () => {
  fc.assert(
    fc.property(files, (made) => {
      // The library makes objects without a prototype.
      const file = structuredClone(made)
      for (const as of ['yaml', 'json'] as const) {
        const text = writeDirectoryFile(file, as)
        const read = readDirectoryFile(text)
        assert.deepEqual(read, file)
        assert.equal(writeDirectoryFile(read, as), text)
      }
    }),
    { numRuns: 100 },
  )
})

test('projects stand in the order of their ids, whatever order they were written in', () => {
  const text = (ids: readonly string[]) =>
    `v: 1\nprojects:\n${ids.map((id) => `  - id: ${id}\n    name: ${id}\n    status: other\n    channels: [{ kind: unknown }]\n`).join('')}`
  const [one, other] = [text(['a', 'b']), text(['b', 'a'])].map((each) =>
    writeDirectoryFile(readDirectoryFile(each), 'yaml'),
  )
  assert.equal(one, other)
})

test('a fault names the line on which it stands', () => {
  const text =
    'v: 1\nprojects:\n  - id: a\n    name: A\n    status: dear\n    channels:\n      - kind: unknown\n        value: x\n'
  assert.throws(
    () => readDirectoryFile(text),
    (error: unknown) => {
      assert.ok(error instanceof DirectoryError)
      assert.deepEqual(
        error.faults.map(({ at, line }) => [at.join('/'), line]),
        [
          ['projects/0/status', 5],
          ['projects/0/channels/0/value', 8],
        ],
      )
      return true
    },
  )
})

const bomb = Array.from(
  { length: 40 },
  (_, n) =>
    `a${n}: &a${n} [${n === 0 ? 'lol' : Array.from({ length: 9 }, () => `*a${n - 1}`).join(', ')}]`,
).join('\n')
const hostile: readonly (readonly [string, string, string, RegExp])[] = [
  ['a bomb of aliases', bomb, 'yaml', /anchor/],
  ['an anchor that nobody uses', 'v: &x 1\nprojects: []', 'yaml', /anchor/],
  ['an anchor on a name', '&x v: 1\nprojects: []', 'yaml', /anchor/],
  ['an alias to nothing', 'v: *x\nprojects: []', 'yaml', /./],
  ['a tag', 'v: !!int "1"\nprojects: []', 'yaml', /tag/],
  ['a tag that makes things', 'v: !!js/function "() => 1"\nprojects: []', 'yaml', /./],
  ['a name that is a map', '? {a: 1}\n: 1', 'yaml', /name of a member/],
  ['a name that is a number', '1: 1', 'yaml', /name of a member/],
  ['a name twice', 'v: 1\nv: 1\nprojects: []', 'yaml', /twice/],
  ['a name twice in JSON', '{"v":1,"v":1,"projects":[]}', 'yaml', /twice/],
  ['a merge', 'x: {v: 1}\n<<: {v: 1}\nprojects: []', 'form', /no such member/],
  ['two documents', 'v: 1\nprojects: []\n---\nv: 1\n', 'yaml', /more than one/],
  ['another version of YAML', '%YAML 1.1\n---\nv: 1\nprojects: []', 'yaml', /%/],
  ['tags of one’s own', '%TAG !e! tag:example.org,2026:\n---\nv: 1\nprojects: []', 'yaml', /%/],
  ['nothing', '', 'yaml', /nothing/],
  ['a control character', 'v: 1\nprojects: []\nsource: "\\u0007"', 'form', /nobody sees/],
  ['a prototype', '{"v":1,"projects":[],"__proto__":{"v":1}}', 'form', /no such member/],
  ['depth in brackets', '['.repeat(100_000), 'yaml', /deeper/],
  ['depth in maps', '{a: '.repeat(100_000), 'yaml', /deeper/],
  ['depth by hyphens', '- '.repeat(100_000), 'yaml', /deeper/],
  [
    'depth by lines',
    Array.from({ length: 3000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
    'yaml',
    /deeper/,
  ],
  ['ten megabytes', `# ${'x'.repeat(10 * 1024 * 1024)}`, 'too-large', /8 MiB/],
  ['half a character', 'source: "\\ud800"\nv: 1\nprojects: []', 'form', /nobody sees/],
]
for (const [what, text, code, says] of hostile)
  test(`refused: ${what}`, () => {
    const began = performance.now()
    assert.throws(
      () => readDirectoryFile(text),
      (error: unknown) => {
        assert.ok(error instanceof DirectoryError, String(error))
        assert.equal(error.code, code, error.message)
        assert.match(error.message, says)
        return true
      },
    )
    assert.ok(performance.now() - began < 5000, 'it is refused before it is worked through')
  })

const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
/** What YAML reads as something else, unless it is quoted. */
const traps = fc.constantFrom(
  'yes',
  'no',
  'null',
  '~',
  'true',
  '1',
  '1.0',
  '0x10',
  '.inf',
  '2026-11-21',
  '- a',
  'a: b',
  '# a',
  '[',
  '{}',
  '&a',
  '*a',
  '!a',
  '%a',
  '|',
  '>',
  "'",
  '"',
  '@a',
  '`a',
  '?',
  ':',
  '---',
  '...',
  '=',
  '<<',
  '\\n',
  'a #b',
  'é',
  '日本',
  '𝔘',
)
const text = fc.oneof(
  traps,
  fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' })
    .filter((one) => one === one.trim() && one !== '' && !one.includes('@')),
)
const textOrNone = fc.oneof(fc.constant(''), text)
const page = fc.stringMatching(/^https:\/\/[a-z]{1,8}\.example\.org\/[a-z0-9/]{0,12}$/)
const evidence = fc.record({ where: fc.oneof(page, text), when: day, says: textOrNone })
const VALUES: { readonly [K in ChannelKind]: fc.Arbitrary<string> } = {
  members: fc.constant(''),
  unknown: fc.constant(''),
  'pgp-mail': fc.stringMatching(/^[a-z0-9]{1,8}@example\.org$/),
  mail: fc.stringMatching(/^[a-z0-9]{1,8}@example\.org$/),
  github: fc.stringMatching(/^https:\/\/github\.com\/[a-z]{1,8}$/),
  chat: fc.oneof(fc.constant(''), page),
  tidelift: page,
  form: page,
  'security.txt': page,
  tracker: page,
}
const channels: fc.Arbitrary<readonly Channel[]> = fc.oneof(
  fc.constant([{ ...bare('unknown'), evidence: [] }]),
  fc.uniqueArray(
    fc.constantFrom(...CHANNEL_KINDS.filter((kind) => kind !== 'unknown')).chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        value: VALUES[kind],
        key: kind === 'pgp-mail' ? fc.stringMatching(/^[0-9a-f]{40}$/) : fc.constant(''),
        key_at: fc.constant(''),
        personal: fc.constant(false),
        consent: fc.constant(''),
        evidence: fc.array(evidence, { minLength: 1, maxLength: 3 }),
        verified: fc.oneof(fc.constant(''), day),
        next: fc.oneof(fc.constant(''), day),
      }),
    ),
    { minLength: 1, maxLength: 4, selector: ({ kind, value }) => `${kind} ${value}` },
  ),
)
const said: fc.Arbitrary<Said> = fc.constantFrom(...CHANNEL_KINDS).chain((kind) =>
  fc.record({
    where: text,
    when: day,
    kind: fc.constant(kind),
    value: VALUES[kind],
    differs: textOrNone,
  }),
)
const projects: fc.Arbitrary<Project> = fc.record({
  id,
  name: text,
  status: fc.constantFrom(...PROJECT_STATUSES),
  homepage: fc.oneof(fc.constant(''), page),
  repositories: fc.uniqueArray(page, { maxLength: 3 }),
  packages: fc.uniqueArray(fc.stringMatching(/^pkg:pypi\/[a-z][a-z0-9]{0,10}$/), { maxLength: 3 }),
  imports: fc.uniqueArray(fc.stringMatching(/^[a-z_][a-z0-9_.]{0,10}$/), { maxLength: 3 }),
  languages: fc.uniqueArray(text, { maxLength: 3 }),
  umbrella: fc.constant(''),
  channels,
  says: fc.array(said, { maxLength: 3 }),
})
const files: fc.Arbitrary<DirectoryFile> = fc.record({
  source: textOrNone,
  read: fc.oneof(fc.constant(''), day),
  projects: fc.uniqueArray(projects, { maxLength: 4, selector: (one) => one.id }).map(directoryOf),
})

function bare(kind: ChannelKind): Channel {
  return {
    kind,
    value: '',
    key: '',
    key_at: '',
    personal: false,
    consent: '',
    evidence: [],
    verified: '',
    next: '',
  }
}
