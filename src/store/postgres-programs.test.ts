import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { findPostgres, makeLinks } from './postgres-programs.ts'

function unpacked(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true })
  const links = Array.from({ length: 200 }, (_, n) => ({
    source: `native/lib/library${n}.so.1.2`,
    target: `native/lib/library${n}.so`,
  }))
  for (const [n, { source }] of links.entries()) writeFileSync(join(folder, source), String(n))
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  return folder
}

test('the links of the libraries are made by whoever comes first', async (t) => {
  const folder = unpacked(t)
  const module = new URL('postgres-programs.ts', import.meta.url).href
  const work = `import(${JSON.stringify(module)}).then((made) => made.makeLinks(${JSON.stringify(folder)}))`
  const workers = Array.from({ length: 4 }, () => new Worker(work, { eval: true }))
  const codes = await Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.on('error', reject)
          worker.on('exit', resolve)
        }),
    ),
  )
  assert.deepEqual(codes, [0, 0, 0, 0])
  makeLinks(folder)
  for (const n of [0, 99, 199]) {
    assert.equal(readFileSync(join(folder, `native/lib/library${n}.so`), 'utf8'), String(n))
  }
})

test('a list that is no list of links is refused', (t) => {
  const folder = unpacked(t)
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), '[{"source":1}]')
  assert.throws(() => makeLinks(folder), { code: 'no-postgres' })
})

test('the folder of the operator comes before the package', () => {
  assert.equal(findPostgres('/usr/lib/postgresql/18/bin'), '/usr/lib/postgresql/18/bin')
  assert.match(findPostgres(undefined), /native\/bin$/)
})
