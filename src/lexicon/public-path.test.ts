import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  documentKind,
  isContactFact,
  isLicence,
  isPublicPath,
  isReleasePath,
  LICENCES,
} from './public-path.ts'

test('a public path is lower case, without ways out of the tree', () => {
  const good = [
    'a',
    'guides/reporters.md',
    '.well-known/security.txt',
    'projects/a_b-c.json',
    'a/b/c/d',
  ]
  for (const path of good) assert.ok(isPublicPath(path), path)
  const bad = [
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    'a/./b',
    'a..b',
    'A',
    'a/B',
    'a b',
    'a\\b',
  ]
  const hidden = [
    '.git/config',
    'a/.git',
    '.well-known',
    'a/.well-known/b',
    '.well-knownx/a',
    '-rf',
    'a/-b',
  ]
  const odd = [
    'a.',
    'a/b.',
    'a\n',
    'ä',
    'a%2fb',
    'a?b',
    'a#b',
    'a:b',
    'a\0',
    'con /a',
    'x'.repeat(513),
  ]
  for (const path of [...bad, ...hidden, ...odd]) assert.ok(!isPublicPath(path), path)
  assert.ok(isPublicPath('x'.repeat(512)))
})

test('contact facts are a closed list', () => {
  const facts = [
    '.well-known/security.txt',
    'directory/index.json',
    'keys/security.asc',
    'keys/a-1.asc',
  ]
  for (const path of facts) assert.ok(isContactFact(path) && isPublicPath(path), path)
  const others = [
    'security.txt',
    '.well-known/security.txt/a',
    '.well-known/csaf/provider-metadata.json',
    'directory/index.json.md',
    'directory/index.html',
    'projects/numpy.json',
    'keys/a.md',
    'keys/a/b.asc',
    'keys/.asc',
    'keys/../pages/about.asc',
    'keys/A.asc',
    'keys/a.asc\n',
    'pages/keys/a.asc',
    'pages/security.md',
    `keys/${'a'.repeat(64)}.asc`,
    '',
  ]
  for (const path of others) assert.ok(!isContactFact(path), path)
})

test('licences are a closed list', () => {
  assert.ok(LICENCES.every(isLicence))
  assert.ok(!isLicence('') && !isLicence('MIT') && !isLicence('cc-by-4.0'))
})

test('each kind of document has its place, and there is no other place', () => {
  const kinds = {
    '.well-known/security.txt': 'security.txt',
    'directory/index.json': 'index',
    'projects/scikit-learn.json': 'project',
    'keys/security.asc': 'key',
    'pages/about.md': 'markdown',
    'guides/reporters.md': 'markdown',
  }
  for (const [path, kind] of Object.entries(kinds)) {
    assert.equal(documentKind(path), kind)
    assert.equal(isReleasePath(path), kind !== 'project', path)
  }
  for (const path of [
    'api/v1/desk',
    'desk',
    'index.html',
    'pages/a/b.md',
    'pages/a.html',
    'chain/desk.json',
  ]) {
    assert.equal(documentKind(path), undefined, path)
    assert.ok(!isReleasePath(path), path)
  }
})
