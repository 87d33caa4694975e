import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceOf } from './difference.ts'
import { readDirectoryFile } from './directory-file.ts'

const text = `v: 1
projects:
  - id: alpha
    name: Alpha
    status: sponsored
    repositories: [https://github.com/example/alpha, https://github.com/example/beta]
    channels:
      - kind: tidelift
        value: https://tidelift.com/security
        evidence: [{ where: A page, when: 2026-11-21 }]
      - kind: mail
        value: security@example.org
        evidence: [{ where: A page, when: 2026-11-21 }]
  - { id: beta, name: Beta, status: affiliated, channels: [{ kind: unknown }] }
`
const says = (before: string, after: string) =>
  differenceOf(readDirectoryFile(before).projects, readDirectoryFile(after).projects).map(
    (change) => `${change.project}: ${change.says}`,
  )
const changed = (...edits: readonly (readonly [string, string])[]) =>
  says(
    text,
    edits.reduce((now, [from, to]) => {
      assert.ok(now.includes(from), from)
      return now.replace(from, to)
    }, text),
  )

test('nothing changed, and nothing is said', () => assert.deepEqual(changed(), []))

test('every change is one sentence', () => {
  assert.deepEqual(changed(['sponsored', 'former']), ['alpha: status was sponsored and is former.'])
  assert.deepEqual(changed(['example/beta', 'example/gamma']), [
    'alpha: repositories: https://github.com/example/beta is gone.',
    'alpha: repositories: https://github.com/example/gamma is new.',
  ])
  assert.deepEqual(changed(['security@', 'sec@']), [
    'alpha: mail security@example.org is gone.',
    'alpha: mail sec@example.org is new.',
  ])
  assert.deepEqual(changed(['[{ where: A page', '[{ where: Another page']), [
    'alpha: tidelift https://tidelift.com/security: its evidence changed.',
  ])
  assert.deepEqual(
    changed(['id: beta, name: Beta', 'id: beta, homepage: "https://example.org/", name: Beta']),
    ['beta: homepage was empty and is https://example.org/.'],
  )
})

test('projects come and go', () => {
  const without = text.slice(0, text.indexOf('  - { id: beta'))
  assert.deepEqual(says(text, without), ['beta: Beta is gone.'])
  assert.deepEqual(says(without, text), ['beta: Beta is new (affiliated): unknown.'])
})

test('which channel comes first is a change', () => {
  const start = text.indexOf('      - kind: tidelift')
  const middle = text.indexOf('      - kind: mail')
  const end = text.indexOf('  - { id: beta')
  const turned =
    text.slice(0, start) + text.slice(middle, end) + text.slice(start, middle) + text.slice(end)
  assert.deepEqual(says(text, turned), [
    'alpha: First comes mail security@example.org: the order changed.',
  ])
})
