import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bytesOfText, textOfBytes } from '#lexicon'
import { DirectoryError } from './directory-error.ts'
import { indexBytes, indexOf } from './directory.ts'
import { readDirectoryFile } from './directory-file.ts'
import { type Project, projectBytes, projectOf } from './project.ts'

const evidence = [{ where: 'https://example.org/SECURITY.md', when: '2026-11-21', says: '' }]
const whole = {
  id: 'example',
  name: 'Example',
  status: 'sponsored',
  homepage: 'https://example.org/',
  repositories: ['https://github.com/example/example'],
  packages: ['pkg:pypi/example'],
  imports: ['example'],
  languages: ['Python'],
  umbrella: '',
  channels: [{ kind: 'mail', value: 'security@example.org', evidence }],
  says: [{ where: 'A list', when: '2021-11-19', kind: 'tidelift' }],
}

function read(project: Record<string, unknown>, ...more: readonly unknown[]): Project {
  const text = JSON.stringify({ v: 1, projects: [project, ...more] })
  const found = readDirectoryFile(text).projects.get('example')
  assert.ok(found !== undefined)
  return found
}

function refused(act: () => unknown, code: string, says: RegExp): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof DirectoryError)
    assert.equal(error.code, code)
    assert.match(error.message, says)
    return true
  })
}

test('a project has one spelling, and is read from no other', () => {
  const bytes = projectBytes(read(whole))
  const text = textOfBytes(bytes)
  assert.ok(text.startsWith('{"channels":[{"consent":"","evidence":[{"says":"",'))
  assert.ok(text.endsWith('"umbrella":"","v":1}'))
  assert.deepEqual(projectBytes(projectOf(bytes)), bytes)
  const other = (changed: string) => () => projectOf(bytesOfText(changed))
  refused(other(text.replace('{', '{ ')), 'not-canonical', /canonical/)
  refused(other(`${text}\n`), 'not-canonical', /canonical/)
  refused(
    other(text.replace('"id":"example"', '"id":"other","id":"example"')),
    'not-canonical',
    /canonical/,
  )
  refused(other(text.replace('"umbrella":"",', '')), 'not-canonical', /canonical/)
  refused(other(text.replace('"v":1', '"v":2')), 'form', /v: Here stands 1/)
  refused(other(text.replace(',"v":1', '')), 'form', /v: This is missing/)
  refused(other('{'), 'not-canonical', /JSON/)
  refused(other(`"${'a'.repeat(1024 * 1024)}"`), 'too-large', /large/)
  refused(() => projectOf(new Uint8Array([0xff])), 'not-canonical', /JSON/)
})

const wrong: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  [
    'an id that is no name',
    { id: 'Example' },
    /projects\/0\/id \(line 1\): An id has small letters/,
  ],
  ['a status that nobody has', { status: 'dear' }, /sponsored, affiliated, former, other/],
  ['a member that is not known', { owner: 'x' }, /There is no such member/],
  ['no name', { name: '' }, /has a name/],
  ['a name that turns round', { name: 'a\u202eb' }, /character in it that nobody sees/],
  ['a name with space around', { name: ' Example' }, /space before or after/],
  ['a homepage with a password', { homepage: 'https://a:b@example.org/' }, /name or password/],
  ['a homepage that is no page', { homepage: 'javascript:alert(1)' }, /begins with https/],
  [
    'a homepage in another script',
    { homepage: 'https://exаmple.org/' },
    /Write it as https:\/\/xn--/,
  ],
  ['a host of this machine', { homepage: 'http://localhost/' }, /not in the public net/],
  ['a package without its type', { packages: ['numpy'] }, /not a package URL/],
  [
    'a package in another spelling',
    { packages: ['pkg:pypi/Py_Example'] },
    /Write it as pkg:pypi\/py-example/,
  ],
  ['a package with a version', { packages: ['pkg:pypi/numpy@1.0'] }, /no version/],
  ['one thing twice', { imports: ['a', 'a'] }, /stands here twice/],
  ['itself above it', { umbrella: 'example' }, /not a part of itself/],
  ['nothing above it', { umbrella: 'nowhere' }, /no project with this id/],
  ['no channel', { channels: [] }, /Name a channel/],
  ['a number for a text', { name: 7 }, /put it in quotes/],
  ['a text for a list', { languages: 'Python' }, /list of languages/],
  ['too many', { languages: Array.from({ length: 31 }, (_, n) => `L${n}`) }, /At most 30/],
  ['too long', { name: 'a'.repeat(101) }, /at most 100/],
  [
    'an address among words',
    { says: [{ where: 'somebody@example.org', when: '2021-01-01', kind: 'mail' }] },
    /belongs into the value/,
  ],
]
for (const [what, changed, says] of wrong)
  test(`refused: ${what}`, () => refused(() => read({ ...whole, ...changed }), 'form', says))

const wrongChannels: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['a mail without an address', { kind: 'mail', value: 'example.org' }, /one mail address/],
  ['a mail to two', { kind: 'mail', value: 'a@example.org,b@example.org' }, /one mail address/],
  ['a mail with a name', { kind: 'mail', value: 'A <a@example.org>' }, /one mail address/],
  ['PGP without a key', { kind: 'pgp-mail', value: 'a@example.org' }, /fingerprint/],
  [
    'a key of a form',
    { kind: 'form', value: 'https://example.org/f', key: 'a'.repeat(40) },
    /Only a mail address/,
  ],
  [
    'a fingerprint of another length',
    { kind: 'pgp-mail', value: 'a@example.org', key: 'abcd' },
    /40 or 64/,
  ],
  [
    'GitHub elsewhere',
    { kind: 'github', value: 'https://github.com.example.org/a' },
    /at github.com/,
  ],
  ['a form without TLS', { kind: 'form', value: 'http://example.org/f' }, /begin with https/],
  ['unknown with a value', { kind: 'unknown', value: 'https://example.org/' }, /has no value/],
  ['nowhere read', { kind: 'mail', value: 'a@example.org', evidence: [] }, /where this was read/],
  ['a day that is none', { kind: 'unknown', verified: '2026-02-30' }, /a day, such as/],
  ['a kind that nobody knows', { kind: 'fax', value: '1' }, /members, pgp-mail, mail/],
]
for (const [what, channel, says] of wrongChannels)
  test(`refused: ${what}`, () =>
    refused(() => read({ ...whole, channels: [{ evidence, ...channel }] }), 'form', says))

test('a person’s address is kept only with their consent', () => {
  const mail = { kind: 'mail', value: 'somebody@example.org', evidence, personal: true }
  refused(() => read({ ...whole, channels: [mail] }), 'form', /only when they agreed/)
  const agreed = { ...mail, consent: '2026-11-20, by mail to the desk' }
  assert.equal(read({ ...whole, channels: [agreed] }).channels[0]?.personal, true)
  refused(
    () => read({ ...whole, channels: [{ ...agreed, personal: false }] }),
    'form',
    /Only a person/,
  )
  const beside = [{ ...evidence[0], says: 'names somebody@example.org' }]
  refused(
    () => read({ ...whole, channels: [{ kind: 'unknown', evidence: beside }] }),
    'form',
    /belongs into/,
  )
})

test('unknown stands alone, and no channel twice', () => {
  const [mail] = whole.channels
  refused(() => read({ ...whole, channels: [mail, { kind: 'unknown' }] }), 'form', /stands alone/)
  refused(() => read({ ...whole, channels: [mail, mail] }), 'form', /twice/)
})

test('faults between projects are found: an id twice, a part of a part', () => {
  refused(
    () => read(whole, whole),
    'form',
    /projects\/1\/id \(line 1\): Another project has this id/,
  )
  const part = { ...whole, id: 'part', umbrella: 'example' }
  refused(
    () => read(whole, part, { ...whole, id: 'far', umbrella: 'part' }),
    'form',
    /itself a part/,
  )
  assert.equal(read(whole, part).id, 'example')
})

test('every fault is told, not only the first', () => {
  try {
    read({ ...whole, id: 'Example', status: 'dear', homepage: 'x' })
    assert.fail('it was read')
  } catch (error) {
    assert.ok(error instanceof DirectoryError)
    assert.deepEqual(
      error.faults.map(({ at }) => at.at(-1)),
      ['id', 'status', 'homepage'],
    )
    assert.match(error.message, /There are 2 more/)
  }
})

test('the example of the page is a document', () => {
  const page = readFileSync('docs/formats/directory.md', 'utf8')
  const text = /```\n(\{.*)\n```/.exec(page)?.[1] ?? ''
  assert.equal(projectOf(bytesOfText(text)).channels[0]?.value, 'security@example.org')
})

test('the index names one document for each project, in one spelling', () => {
  const hashes = new Map([
    ['b', 'b'.repeat(64)],
    ['a', 'a'.repeat(64)],
  ])
  const bytes = indexBytes(hashes)
  assert.equal(
    textOfBytes(bytes),
    `{"projects":{"a":"${'a'.repeat(64)}","b":"${'b'.repeat(64)}"},"v":1}`,
  )
  assert.deepEqual([...indexOf(bytes)], [...hashes].toReversed())
  const none = textOfBytes(indexBytes(new Map()))
  for (const text of [
    none.replace('1', '2'),
    none.replace('{}', '{"A":""}'),
    `${none} `,
    'null',
    '[]',
    '{}',
  ])
    refused(() => indexOf(bytesOfText(text)), 'not-canonical', /canonical/)
})
