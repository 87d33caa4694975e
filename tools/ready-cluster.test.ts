import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEmbeddedPostgres } from '#store'
import { postgresCommand, runPostgres } from '../src/store/postgres-programs.ts'
import { readyCluster } from './ready-cluster.ts'

test('a database is made of the copy, private as the true one, and works', async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), "postern-ready's "))
  t.after(() => rmSync(scratch, { recursive: true, force: true }))
  const bin = await readyCluster(scratch, undefined)
  const made: string[] = []
  for (const name of ['one', 'two']) {
    const dir = join(scratch, name)
    const server = await startEmbeddedPostgres({ dir, bin, log: () => undefined })
    await server.stop()
    assert.equal(statSync(join(dir, 'postgres')).mode & 0o777, 0o700)
    assert.equal(statSync(join(dir, 'postgres', 'PG_VERSION')).mode & 0o777, 0o600)
    made.push(readFileSync(join(dir, 'postgres', 'postgresql.conf'), 'utf8'))
  }
  assert.equal(made[0], made[1])
})

test('asked for another kind of cluster it is the true initdb', async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), 'postern-ready-'))
  t.after(() => rmSync(scratch, { recursive: true, force: true }))
  const bin = await readyCluster(scratch, undefined)
  const folder = join(scratch, 'other')
  mkdirSync(folder)
  const wrong = postgresCommand(bin, 'initdb', ['-D', folder, '--encoding=KLINGON'])
  const { ok, output } = await runPostgres(wrong)
  assert.equal(ok, false)
  assert.match(output, /KLINGON/)
})
