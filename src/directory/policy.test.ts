import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DirectoryError } from './directory-error.ts'
import { type About, readPolicy } from './policy.ts'
import { readSecurityInsights, statedContact } from './stated-contacts.ts'

const says = (text: string, about: About = {}) =>
  readPolicy(text, about).contacts.map(({ kind, value, line }) => `${line} ${kind} ${value}`.trim())
const repository = 'github.com/example/example'

const texts: readonly (readonly [string, string, readonly string[], About?])[] = [
  ['an address', 'Write to `security@example.org`.', ['1 mail security@example.org']],
  ['a link to mail', '[us](mailto:security@example.org)', ['1 mail security@example.org']],
  [
    'an address in hiding',
    'Report to security[at]example[dot]org',
    ['1 mail security@example.org'],
  ],
  ['a word in bold', '**security@example.org**', ['1 mail security@example.org']],
  ['the same twice', 'security@example.org\nsecurity@EXAMPLE.org', ['1 mail security@example.org']],
  [
    'Tidelift',
    'Use the [Tidelift contact](https://tidelift.com/security).\n',
    ['1 tidelift https://tidelift.com/security'],
  ],
  ['a badge of Tidelift', 'https://tidelift.com/subscription/pkg/pypi-example', []],
  [
    'GitHub',
    'Report it at https://github.com/example/example/security/advisories.',
    ['1 github https://github.com/example/example/security/advisories/new'],
  ],
  [
    'GitHub by its advisories',
    'Open a GitHub Security Advisory (GHSA) in the repository.',
    ['1 github https://github.com/example/example/security/advisories/new'],
    { repository },
  ],
  [
    'where advisories are published',
    'Reports are published at https://github.com/example/example/security/advisories\nKnown: GHSA-aaaa',
    [],
    { repository },
  ],
  ['a button of GitHub', 'Click “Report a vulnerability”.', ['1 github']],
  ['plain words', 'Report a vulnerability to us.', []],
  ['a chat for everybody', 'Talk to us at https://example.zulipchat.com/', []],
  [
    'a chat for reports',
    'Report privately on https://example.zulipchat.com/',
    ['1 chat https://example.zulipchat.com/'],
  ],
  [
    'GitHub by name',
    'Use private vulnerability reporting.',
    ['1 github https://github.com/example/example/security/advisories/new'],
    { repository },
  ],
  ['GitHub by name, anywhere', 'Use private vulnerability reporting.', ['1 github']],
  [
    'a public tracker',
    'Open an issue: https://github.com/example/example/issues/new',
    ['1 tracker https://github.com/example/example/issues/new'],
  ],
  [
    'what not to do',
    'Do not open https://github.com/example/example/issues and never write to bugs@example.org',
    [],
  ],
  ['a form', 'https://huntr.dev/repos/example', ['1 form https://huntr.dev/repos/example']],
  ['a chat by mail', 'a.b@streams.zulipchat.com', ['1 chat a.b@streams.zulipchat.com']],
  [
    'a key',
    'security@example.org\nFingerprint: 5995 C83C D754 BE44 8164 1929 0961 7FD3 7CC0 6B54',
    ['1 pgp-mail security@example.org'],
  ],
  [
    'a security.txt',
    'See https://example.org/.well-known/security.txt',
    ['1 security.txt https://example.org/.well-known/security.txt'],
  ],
]
for (const [what, text, expected, about] of texts)
  test(`read: ${what}`, () => assert.deepEqual(says(text, about), expected))

test('the address of a person is counted and not copied', () => {
  const { contacts } = readPolicy('Write to jane.doe@example.org or security@example.org')
  assert.deepEqual(
    contacts.map(({ value, personal }) => [value, personal]),
    [
      ['', true],
      ['security@example.org', false],
    ],
  )
  assert.ok(!JSON.stringify(contacts).includes('jane'))
  const stated = statedContact('mailto:jane.doe@example.org')
  assert.deepEqual([stated?.value, stated?.personal], ['', true])
})

test('of a README only what is about security counts', () => {
  const readme =
    '# Example\nhelp@example.org\n\n## Security policy\nsecurity@example.org\n### More\nteam@example.org\n## Community\nlist@example.org\n\nReport a vulnerability to report@example.org\n'
  assert.deepEqual(says(readme, { only: 'security' }), [
    '5 mail security@example.org',
    '7 mail team@example.org',
    '11 mail report@example.org',
  ])
  const rst =
    'Example\n=======\nhelp@example.org\n\nSecurity\n--------\nsecurity@example.org\n\nOther\n-----\nlist@example.org\n'
  assert.deepEqual(says(rst, { only: 'security' }), ['7 mail security@example.org'])
})

test('two hosts a letter apart are a contradiction', () => {
  const { contradictions } = readPolicy(
    'Mail list@lists.example.org, archive https://lists.exanple.org/a',
  )
  assert.equal(contradictions.length, 1)
  assert.match(contradictions[0] ?? '', /a letter apart/)
  assert.deepEqual(readPolicy('a@lists.example.org, https://www.example.org/').contradictions, [])
})

test('no text takes long or breaks it', () => {
  const began = performance.now()
  for (const text of [
    'a@'.repeat(100_000),
    'http://'.repeat(100_000),
    'A1B2 '.repeat(100_000),
    '\n'.repeat(1_000_000),
    `${'a'.repeat(100_000)}@${'b.'.repeat(100_000)}`,
    '[at]'.repeat(50_000),
  ])
    readPolicy(text, { only: 'security', repository })
  assert.ok(performance.now() - began < 5000)
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => readPolicy(text, { repository }) !== undefined,
    ),
  )
})

test('a stated contact: an address, a page, private reporting; no telephone', () => {
  const of = (value: string) => {
    const found = statedContact(value)
    return found === undefined ? undefined : `${found.kind} ${found.value}`
  }
  assert.equal(of('mailto:security@example.org?subject=x'), 'mail security@example.org')
  const github = 'https://github.com/example/example/security/advisories'
  assert.equal(of(github), `github ${github}/new`)
  assert.equal(of('https://example.org/report'), 'form https://example.org/report')
  for (const value of ['tel:+1', 'http://example.org/', 'mailto:a b@example.org', 'x'])
    assert.equal(of(value), undefined, value)
})

test('a security-insights.yml of both versions; a bomb is refused', () => {
  const one = readSecurityInsights(
    "header:\n  expiration-date: '2027-01-01T00:00:00Z'\nvulnerability-reporting:\n  email-contact: security@example.org\n",
  )
  assert.deepEqual(
    [one.contacts[0]?.value, one.contacts[0]?.line, one.expires],
    ['security@example.org', 4, '2027-01-01T00:00:00Z'],
  )
  const two = readSecurityInsights(
    'project:\n  vulnerability-reporting:\n    contact:\n      name: Team\n      email: security@example.org\n',
  )
  assert.equal(two.contacts[0]?.value, 'security@example.org')
  assert.deepEqual(readSecurityInsights('- 1').contacts, [])
  assert.throws(() => readSecurityInsights('a: &a [x]\nb: *a'), DirectoryError)
})
