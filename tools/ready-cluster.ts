import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { initdbFlags } from '../src/store/cluster.ts'
import {
  findPostgres,
  majorOf,
  oneLine,
  postgresCommand,
  runPostgres,
} from '../src/store/postgres-programs.ts'

/**
 * Most of a short test would be `initdb`. This is a folder of PostgreSQL's programs, for PG_BIN, whose
 * `initdb` copies a data folder that the true one has made here, once; asked for anything else it is the
 * true one. Never for tests of the making itself.
 */
export async function readyCluster(scratch: string, given: string | undefined): Promise<string> {
  const programs = findPostgres(given)
  const made = mkdtempSync(join(scratch, 'cluster-'))
  const flags = initdbFlags(made, await majorOf(programs))
  const { ok, output } = await runPostgres(postgresCommand(programs, 'initdb', flags))
  if (!ok) throw new Error(`No data folder for the tests can be made: ${oneLine(output)}`)
  const folder = join(scratch, 'programs')
  mkdirSync(folder)
  symlinkSync(join(programs, 'postgres'), join(folder, 'postgres'))
  const [, , ...rest] = flags
  const same = `[ "$*" = "-D $2 ${rest.join(' ')}" ]`
  const script = [
    '#!/bin/sh',
    `if ${same}; then exec cp -R ${quoted(made)}/. "$2"; fi`,
    `exec ${quoted(join(programs, 'initdb'))} "$@"`,
  ]
  writeFileSync(join(folder, 'initdb'), `${script.join('\n')}\n`, { mode: 0o755 })
  return folder
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`
}
