import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareWith, type Looked, type Source } from './compare.ts'
import { readDirectoryFile } from './directory-file.ts'
import { readPolicy } from './policy.ts'

const NOW = Date.parse('2026-11-21T00:00:00Z')
const github = 'https://github.com/example/example/security/advisories/new'

function project(...channels: readonly string[]) {
  const lines = channels.map(
    (one) => `      - { ${one}, evidence: [{ where: A page, when: 2026-11-21 }] }\n`,
  )
  const text = `v: 1\nprojects:\n  - id: example\n    name: Example\n    status: other\n    channels:\n${lines.join('')}`
  return readDirectoryFile(text).projects.get('example')
}

function policy(where: string, text: string): Source {
  return { what: 'policy', where, when: '2026-11-21', expires: '', ...readPolicy(text) }
}

function look(sources: readonly Source[], more: Partial<Looked> = {}): Looked {
  return { sources, unread: [], reporting: new Map(), now: NOW, ...more }
}

const mail = project('kind: mail, value: security@example.org')
const says = (looked: Looked, of = mail) => {
  const { verdict, findings } = compareWith(of, looked)
  return [verdict, ...findings.map((one) => one.says)]
}

test('agrees: what was found is what the directory says, a key or not', () => {
  const found = look([policy('SECURITY.md', 'security@example.org')])
  assert.equal(says(found)[0], 'agrees')
  const key = `kind: pgp-mail, value: security@example.org, key: ${'a'.repeat(40)}`
  assert.equal(says(found, project(key))[0], 'agrees')
  const organisation = project('kind: github, value: "https://github.com/example"')
  assert.equal(says(look([policy('SECURITY.md', github)]), organisation)[0], 'agrees')
  const anywhere = look([policy('SECURITY.md', 'Open a GHSA in the affected repository.')])
  assert.equal(says(anywhere, organisation)[0], 'agrees')
  const big = project(`kind: github, value: "${github.replace('example', 'EXAMPLE')}"`)
  assert.equal(says(look([policy('SECURITY.md', github)]), big)[0], 'agrees')
})

test('drifted: one more, one less, or where none was known', () => {
  const both = look([policy('SECURITY.md', `security@example.org\n${github}`)])
  assert.deepEqual(says(both), ['drifted', `It names github ${github}; the directory does not.`])
  const other = says(look([policy('SECURITY.md', 'report@example.org')]))
  assert.deepEqual(other, [
    'drifted',
    'It names mail report@example.org; the directory does not.',
    'The directory names mail security@example.org; no source does any more.',
  ])
  assert.equal(says(both, project('kind: unknown'))[0], 'drifted')
  const person = says(look([policy('SECURITY.md', 'jane.doe@example.org')]))
  assert.equal(person[1], 'It names mail to a person; the directory does not.')
})

test('what a README does not name is not gone: the policy may lie with the organisation', () => {
  const readme = (text: string): Source => ({ ...policy('README.md', text), what: 'readme' })
  const both = project(
    'kind: mail, value: security@example.org',
    `kind: github, value: "${github}"`,
  )
  assert.equal(says(look([readme('security@example.org')]), both)[0], 'agrees')
  assert.equal(says(look([policy('SECURITY.md', 'security@example.org')]), both)[0], 'drifted')
  assert.equal(says(look([readme('report@example.org')]), both)[0], 'drifted')
})

test('contradicts itself: two files share no way, or one names two hosts a letter apart', () => {
  const two = look([
    policy('.github/SECURITY.md', 'https://tidelift.com/security'),
    policy('SECURITY.md', github),
  ])
  const [verdict, first] = says(
    two,
    project('kind: tidelift, value: "https://tidelift.com/security"'),
  )
  assert.equal(verdict, 'contradicts itself')
  assert.match(
    first ?? '',
    /^\.github\/SECURITY\.md names tidelift .* this github .* what GitHub shows/,
  )
  const near = policy('SECURITY.md', 'security@example.org https://exemple.org/')
  assert.equal(says(look([near]))[0], 'contradicts itself')
  const more = look([
    policy('SECURITY.md', 'security@example.org'),
    policy('README.md', `security@example.org or ${github}`),
  ])
  assert.equal(says(more)[0], 'agrees')
})

test('expired: a security.txt that ended', () => {
  const source: Source = {
    what: 'security.txt',
    where: '.well-known/security.txt',
    when: '2026-11-21',
    contradictions: [],
    contacts: readPolicy('security@example.org').contacts,
    expires: '2026-11-20T00:00:00Z',
  }
  assert.deepEqual(says(look([source])), ['expired', 'It ended on 2026-11-20.'])
  assert.equal(says(look([source], { now: Date.parse('2026-11-19') }))[0], 'agrees')
  for (const expires of ['', 'soon'])
    assert.deepEqual(says(look([{ ...source, expires }])), [
      'expired',
      'It does not say until when it counts.',
    ])
})

test('a security.txt that the directory names is there when the repository holds one', () => {
  const at = project(
    'kind: mail, value: security@example.org',
    'kind: security.txt, value: "https://example.org/.well-known/security.txt"',
  )
  const file = policy('.well-known/security.txt', 'security@example.org')
  const source: Source = { ...file, what: 'security.txt', expires: '2027-01-01T00:00:00Z' }
  assert.equal(says(look([source]), at)[0], 'agrees')
  assert.equal(says(look([file]), at)[0], 'drifted')
})

test('dead: GitHub says that reporting is off; that it does not say is no no', () => {
  const at = project(`kind: github, value: "${github}"`)
  const found = [policy('SECURITY.md', github)]
  const answer = (state: 'on' | 'off' | 'unknown') =>
    says(
      look(found, { reporting: new Map([['https://github.com/example/example', state]]) }),
      at,
    )[0]
  assert.deepEqual([answer('off'), answer('on'), answer('unknown')], ['dead', 'agrees', 'agrees'])
  assert.equal(says(look(found), at)[0], 'agrees')
})

test('unknown: nothing found, or nothing read, is never a drift and never a no', () => {
  const nothing = look([policy('SECURITY.md', 'We care.')], { unread: ['README.md is too large.'] })
  assert.deepEqual(says(nothing), [
    'unknown',
    'README.md is too large.',
    'No way to report was found. There may be one.',
  ])
  assert.equal(says(look([]), project('kind: unknown'))[0], 'unknown')
})

test('without a project only the sources are judged', () => {
  assert.equal(compareWith(undefined, look([policy('SECURITY.md', github)])).verdict, 'unknown')
  const two = look([policy('a', 'a@lists.example.org'), policy('b', 'b@lists.example.org')])
  assert.equal(compareWith(undefined, two).verdict, 'contradicts itself')
})
