import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SealedReport } from '#client'
import { statementId } from '#seal'
import { writeSecret } from './files.ts'

/*
 * Reports that the desk keeps in its journal while its database is away. Only then do the twelve words
 * lie on the reporter's own disk, mode 0600, and they go as soon as the signed receipt is here.
 */

export async function keepPending(
  folder: string,
  desk: string,
  pending: SealedReport,
): Promise<void> {
  const home = homeOf(folder, desk)
  await mkdir(home, { recursive: true, mode: 0o700 })
  const name = `${statementId(pending.report.statement.head)}.json`
  await writeSecret(join(home, name), JSON.stringify(pending))
}

export async function listPending(
  folder: string,
  desk: string,
): Promise<readonly { readonly name: string; readonly report: SealedReport }[]> {
  const home = homeOf(folder, desk)
  const names = await readdir(home).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const reports = names.map(async (name) => ({
    name,
    report: JSON.parse(await readFile(join(home, name), 'utf8')) as SealedReport,
  }))
  return Promise.all(reports)
}

export async function dropPending(folder: string, desk: string, name: string): Promise<void> {
  await rm(join(homeOf(folder, desk), name), { force: true })
}

function homeOf(folder: string, desk: string): string {
  return join(folder, desk.slice(0, 32), 'pending')
}
