import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doubtsOf } from './doubts.ts'
import { readDirectoryFile } from './directory-file.ts'

const of = (channel: string) => {
  const text = `v: 1\nprojects:\n  - id: example\n    name: Example\n    status: other\n    channels:\n      - { ${channel}, evidence: [{ where: A page, when: 2026-11-21 }] }\n`
  return doubtsOf([...readDirectoryFile(text).projects.values()]).map(({ says }) => says)
}

test('an address that may be a person’s is asked about, and one of a role is not', () => {
  for (const role of [
    'security@example.org',
    'example@gmail.com',
    'x+security@gmail.com',
    'a.b@lists.example.org',
    'steering-council@example.org',
  ])
    assert.deepEqual(of(`kind: mail, value: ${role}`), [], role)
  for (const person of ['jane.doe@example.org', 'jdoe@gmail.com', 'listserve@example.org'])
    assert.match(
      of(`kind: mail, value: ${person}`)[0] ?? '',
      /may be the address of a person/,
      person,
    )
  assert.deepEqual(
    of('kind: mail, value: jane.doe@example.org, personal: true, consent: "2026-11-20, asked"'),
    [],
  )
})

test('a public tracker as first channel is pointed at', () => {
  assert.match(of('kind: tracker, value: "https://example.org/issues"')[0] ?? '', /public/)
})
