import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { markRestored, openDeskChain, pinServer } from '#identity'
import { bytesOfHex } from '#lexicon'
import { openLedgerWriter } from '#ledger'
import { signerOfSeed } from '#seal'
import { BACKUP_KEY_TABLES, BACKUP_TABLES, importRows, inTransaction } from '#store'
import type { FileArguments } from './arguments.ts'
import { type BackupHead, checkBackup, rowsOf } from './backup-format.ts'
import { keysOf } from './backup.ts'
import { beginRestore, endRestore, makeEmptyFolder } from './data-folder.ts'
import { demandFolder } from './folder-lock.ts'
import { type House, openHouse } from './house.ts'
import { clock } from './rooms.ts'
import { ServerError } from './server-error.ts'
import { type Verified, verifyAll } from './verify-all.ts'

/**
 * Fills an empty folder from a backup and reports success only after everything in it was verified: both
 * files, the ledger, every chain, every blob. The desk then only reads until its coordinators sign
 * `desk.restored` (PROTOCOL 9).
 */
export async function restore(args: FileArguments, say: (step: string) => void): Promise<Verified> {
  const file = resolve(args.file)
  const keys = keysOf(file)
  if (existsSync(file) && !existsSync(keys))
    throw new ServerError(
      'not-found',
      `${keys} is missing: without the keys of that day nobody can open what ${file} holds.`,
    )
  const head = await checkBackup(file, 'desk')
  const seed = bytesOfHex(demandPair(head, await checkBackup(keys, 'keys')))
  say(`Both files are whole: a backup of ${head.time}.`)
  const path = makeEmptyFolder(args.data)
  const lock = await demandFolder(path, 'restore')
  try {
    const data = beginRestore(path, seed)
    const house = await openHouse({ data, databaseUrl: args.databaseUrl, say }, lock)
    try {
      const verified = await fill(house, file, head, say)
      endRestore(data)
      return verified
    } finally {
      await house.close()
    }
  } catch (error) {
    // Half a desk must not look like one.
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true })
    throw error
  } finally {
    await lock.release()
  }
}

async function fill(
  house: House,
  file: string,
  head: BackupHead,
  say: (step: string) => void,
): Promise<Verified> {
  await importRows(house.admin, [
    { tables: BACKUP_TABLES, lines: rowsOf(file) },
    { tables: BACKUP_KEY_TABLES, lines: rowsOf(keysOf(file)) },
  ])
  say('All rows are in the database. Verifying them.')
  // Their key, post.key, is in no backup either: a copy of it would be a list of reporters' addresses.
  say(
    'Mails that waited to be sent when the backup was made are in no backup: they count as expired.',
  )
  const { identity } = house.database.logins
  await pinServer(identity, (await signerOfSeed(house.data.seed)).who)
  const verified = await verifyAll(house, say)
  const { desk, ledger } = verified
  if (desk !== head.desk || ledger.size !== head.ledger.size || ledger.root !== head.ledger.root)
    throw new ServerError('refused', 'The rows of this backup are not the ones its head names.')
  const writer = openLedgerWriter({ signer: house.signer, clock })
  await inTransaction(identity, async (tx) => {
    await writer.lock(tx)
    const dir = (await openDeskChain(identity).current(tx))?.head.id ?? ''
    const about = head.backup
    await writer.event(tx, { desk, dir, kind: 'restore', about, count: 1, note: head.time })
    await markRestored(tx, clock())
  })
  say('Everything is there. The desk only reads until two coordinators sign desk.restored.')
  return verified
}

function demandPair(desk: BackupHead, keys: BackupHead): string {
  if (keys.server !== undefined && desk.backup === keys.backup) return keys.server
  throw new ServerError('refused', 'These two files do not belong to the same backup.')
}
