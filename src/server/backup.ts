import { existsSync, renameSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { openDeskChain } from '#identity'
import { hexOfBytes, timeOf } from '#lexicon'
import { newestCheckpoint, openLedgerWriter } from '#ledger'
import { checkpointOrigin, readCheckpoint } from '#seal'
import { BACKUP_KEY_TABLES, BACKUP_TABLES, exportRows, inTransaction } from '#store'
import type { FileArguments } from './arguments.ts'
import { type BackupHead, type BackupWriter, partOf, writeBackup } from './backup-format.ts'
import { openDataFolder, syncFolder } from './data-folder.ts'
import { enterHouse, type House } from './house.ts'
import { clock, random } from './rooms.ts'
import { ServerError } from './server-error.ts'

export type Backup = {
  readonly file: string
  readonly keys: string
  readonly desk: string
  readonly ledger: BackupHead['ledger']
  readonly rows: number
  readonly bytes: number
}

/**
 * A copy of everything at one moment, in two files: FILE with chains and ciphertext, FILE.keys with the
 * key store and the server's key, so that keys can be kept for a shorter time (PROTOCOL 2.1). The server
 * may run meanwhile.
 */
export async function backUp(args: FileArguments, say: (step: string) => void): Promise<Backup> {
  const file = resolve(args.file)
  const keys = keysOf(file)
  for (const name of [file, keys])
    if (existsSync(name))
      throw new ServerError('usage', `${name} exists already: choose another name.`)
  const data = openDataFolder(args.data)
  const house = await enterHouse({ data, databaseUrl: args.databaseUrl, say }, 'backup')
  try {
    const writers: BackupWriter[] = []
    const backup = await writeParts(house, file, writers).catch((error: unknown) => {
      for (const writer of writers) writer.drop()
      throw error
    })
    // The keys first: a FILE that stands under its name has them beside it.
    for (const name of [keys, file]) renameSync(partOf(name), name)
    syncFolder(dirname(file))
    await noteInLedger(house, backup)
    say(`Written: ${file} and ${keys}, ${backup.rows} rows, ${backup.bytes} bytes.`)
    say('Keep the .keys file apart, and delete it after at most 35 days.')
    return backup
  } finally {
    await house.close()
  }
}

export function keysOf(file: string): string {
  return `${file}.keys`
}

type Written = Backup & { readonly id: string }

async function writeParts(house: House, file: string, writers: BackupWriter[]): Promise<Written> {
  const { admin, database, data } = house
  const id = hexOfBytes(random(16))
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  // Under the ledger's lock until the snapshot stands: so the head says exactly how far it goes.
  const { head, exported } = await inTransaction(database.logins.ledger, async (tx) => {
    await openLedgerWriter({ signer: house.signer, clock }).lock(tx)
    const head = await headNow(house, id)
    const desk = writeBackup(file, { ...head, part: 'desk' })
    writers.push(desk)
    const server = hexOfBytes(data.seed)
    const keys = writeBackup(keysOf(file), { ...head, part: 'keys', server })
    writers.push(keys)
    const deskRows = async (line: string): Promise<void> => {
      begin()
      await desk.write(line)
    }
    const exported = exportRows(admin, [
      { tables: BACKUP_TABLES, write: deskRows },
      { tables: BACKUP_KEY_TABLES, write: keys.write },
    ])
    await Promise.race([begun, exported])
    return { head, exported: { done: exported } }
  })
  const counts = await exported.done
  const rows = counts.flat().reduce((sum, table) => sum + table.rows, 0)
  const bytes = writers.reduce((sum, writer) => sum + writer.finish(), 0)
  const { desk, ledger } = head
  return { id, file, keys: keysOf(file), desk, ledger, rows, bytes }
}

async function headNow({ database, signer }: House, backup: string) {
  const { identity, ledger } = database.logins
  const directory = await openDeskChain(identity).current()
  if (directory === undefined)
    throw new ServerError('not-found', 'There is nothing to back up: this desk is not set up yet.')
  const { desk, now } = directory
  const note = await newestCheckpoint(ledger, { signer, domain: now.domain, desk })
  const { size, root } = await readCheckpoint(note, checkpointOrigin(now.domain, desk), signer.who)
  return {
    postern: 'backup',
    version: 1,
    backup,
    desk,
    ledger: { size, root: hexOfBytes(root) },
    time: timeOf(clock()),
  } as const
}

/** A backup is an event that the board can count; the copy itself ends just before it. */
async function noteInLedger(
  { database, signer }: House,
  { id, desk, rows }: Written,
): Promise<void> {
  const ledger = openLedgerWriter({ signer, clock })
  const chain = openDeskChain(database.logins.identity)
  await chain.current()
  await inTransaction(database.logins.identity, async (tx) => {
    await ledger.lock(tx)
    const dir = (await chain.current(tx))?.head.id ?? ''
    await ledger.event(tx, { desk, dir, kind: 'backup', about: id, count: rows, note: '' })
  })
}
