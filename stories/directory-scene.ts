import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Actor, type OpenDesk, play, postern } from './stage.ts'

type Changes = { changes: { project: string; says: string }[]; draft: string; release: string }
type Finds = { found: { project: { id: string } }[] }

const FILE = `v: 1
projects:
  - id: alpha
    name: Alpha
    status: sponsored
    packages: ["pkg:pypi/alpha"]
    channels: [{ kind: mail, value: security@example.org, evidence: [{ where: A page, when: 2026-11-21 }] }]
  - { id: beta, name: Beta, status: affiliated, channels: [{ kind: unknown }] }
`

/** A file becomes a draft, is looked at, signed, found and written out again. A maintainer does none of it. */
export async function playDirectory(desk: OpenDesk, maintainer: Actor): Promise<void> {
  const path = join(desk.folder, 'directory.yaml')
  const out = join(desk.folder, 'released.yaml')
  const to = [
    '--to',
    desk.server.url,
    '--desk',
    desk.desk,
    '--state',
    join(desk.folder, 'state-anyone'),
  ]
  const act = (...args: string[]) => play<Changes>(['directory', ...args, ...desk.first.flags])
  const find = (words: string) => postern(['directory', 'find', words, ...to, '--json'])

  await writeFile(path, FILE)
  const kept = await act('import', path)
  assert.deepEqual(kept.changes, [
    { project: 'alpha', says: 'Alpha is new (sponsored): mail security@example.org.' },
    { project: 'beta', says: 'Beta is new (affiliated): unknown.' },
  ])
  assert.equal((await find('alpha')).code, 4, 'a draft is found by nobody')
  const shown = await act('release')
  assert.deepEqual([shown.changes, shown.draft, shown.release], [kept.changes, kept.draft, ''])
  const other = await postern([
    'directory',
    'release',
    ...desk.first.flags,
    '--yes',
    'a'.repeat(16),
  ])
  assert.equal(other.code, 2, other.err)
  assert.match((await act('release', '--yes', kept.draft)).release, /^[0-9a-f]{64}$/)

  const found = await find('pkg:pypi/alpha@2.0')
  assert.equal((JSON.parse(found.out) as Finds).found[0]?.project.id, 'alpha', found.err)
  await play(['directory', 'export', ...to, '--out', out, '--json'])
  assert.deepEqual((await play<Changes>(['directory', 'diff', path, out, '--json'])).changes, [])
  assert.match(
    await readFile(out, 'utf8'),
    /source: Released by Example Foundation, desk [0-9a-f]{64}/,
  )
  assert.equal((await act('import', out)).draft, '', 'what is released is not kept again')
  await writeFile(path, FILE.replace('Beta', 'Gamma'))
  const outsider = await postern(['directory', 'import', path, ...maintainer.flags])
  assert.equal(outsider.code, 4, outsider.err)
}
