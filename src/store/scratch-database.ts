import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { AdminParts } from './admin-login.ts'
import { openDatabase, type Database } from './database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'

export interface ScratchDatabase extends Database {
  readonly admin: AdminParts
}

let server: Promise<EmbeddedPostgres> | undefined
let made = 0

/** For tests: an empty database on a real PostgreSQL that lives as long as this process. */
export async function scratchAdmin(): Promise<AdminParts> {
  server ??= startScratchServer()
  const { config } = await server
  made += 1
  const database = `scratch${made}`
  const client = new pg.Client(config)
  await client.connect()
  await client.query(`create database ${database}`)
  await client.end()
  return { ...config, database }
}

/** For tests: the same, migrated, with the logins of all rooms. Close it at the end. */
export async function scratchDatabase(): Promise<ScratchDatabase> {
  const admin = await scratchAdmin()
  const secret = new Uint8Array(32).fill(7)
  return { ...(await openDatabase({ admin, secret, log: () => undefined })), admin }
}

async function startScratchServer(): Promise<EmbeddedPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'postern-scratch-'))
  const embedded = await startEmbeddedPostgres({ dir, log: () => undefined })
  process.once('exit', () => {
    stopNow(embedded.pid, join(dir, 'postgres', 'postmaster.pid'))
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  })
  return embedded
}

/** In an exit handler nothing can be awaited: ask for the quick end and look for the file to go. */
function stopNow(pid: number, file: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  try {
    process.kill(pid, 'SIGQUIT')
  } catch {
    return
  }
  for (let tries = 0; existsSync(file) && tries < 500; tries++) Atomics.wait(pause, 0, 0, 10)
}
