import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { base64OfBytes, bytesOfHex } from '#lexicon'
import { deriveBeforeDesk, type Signer } from '#seal'
import { type AdminLogin, type Database, exportRows, openDatabase, StoreError } from '#store'
import type { DataFolder } from './data-folder.ts'
import { busy, type FolderLock, lockFolder } from './folder-lock.ts'
import { keepPostgres, type OwnPostgres } from './own-postgres.ts'
import { ServerError } from './server-error.ts'
import { serverSigner } from './server-signer.ts'
import { keepSettings, type Settings } from './settings.ts'

/** An open database with everything that belongs to it, and how to leave it. */
export type House = {
  readonly data: DataFolder
  readonly settings: Settings
  readonly signer: Signer
  readonly admin: AdminLogin
  readonly database: Database
  readonly close: () => Promise<void>
}

type Opening = {
  readonly data: DataFolder
  readonly databaseUrl: string | undefined
  readonly unsafe?: boolean
  /** Told of each step, in a sentence. */
  readonly say: (step: string) => void
  /** Our PostgreSQL ended by itself: it is started again. */
  readonly troubled?: (error: unknown) => void
  /** It does not come back. */
  readonly lost?: (error: unknown) => void
}

/** For the server: the folder is locked already, and the database is started or reached. */
export async function openHouse(opening: Opening, lock: FolderLock): Promise<House> {
  const { data, databaseUrl, say, troubled = ignore, lost = ignore } = opening
  const database = databaseUrl === undefined ? 'own' : 'outside'
  demandSameDatabase(data.path, keepSettings(data.path, {}), database)
  const settings = keepSettings(data.path, { database })
  let postgres: OwnPostgres | undefined
  if (databaseUrl === undefined) {
    postgres = await keepPostgres({ dir: data.path, say, troubled, lost })
    say('PostgreSQL runs, on a socket that only this account may enter.')
  }
  const admin = postgres?.config ?? databaseUrl ?? ''
  let closing = false
  try {
    const muted = (step: string): void => (closing ? undefined : say(step))
    const opened = await open({ ...opening, say: muted }, admin)
    lock.announce(postgres?.config.host)
    const close = async (): Promise<void> => {
      // That its connections end is no news then.
      closing = true
      await opened.database.close()
      await postgres?.stop()
    }
    return { data, settings, admin, ...opened, close }
  } catch (error) {
    await postgres?.stop()
    throw error
  }
}

/** For the operator's other commands: through the running server's database, or by starting it. */
export async function enterHouse(opening: Opening, command: string): Promise<House> {
  const { data, databaseUrl } = opening
  const settings = keepSettings(data.path, {})
  demandSameDatabase(data.path, settings, databaseUrl === undefined ? 'own' : 'outside')
  const lock = await lockFolder(data.path, command)
  if ('release' in lock) {
    try {
      const house = await openHouse(opening, lock)
      const close = async (): Promise<void> => {
        await house.close()
        await lock.release()
      }
      return { ...house, close }
    } catch (error) {
      await lock.release()
      throw error
    }
  }
  const admin = databaseUrl ?? runningDatabase(lock.socket)
  if (admin === undefined) throw new ServerError('busy', busy(data.path, lock))
  const opened = await open(opening, admin)
  return { data, settings, admin, ...opened, close: () => opened.database.close() }
}

async function open(
  { data, unsafe, say }: Opening,
  admin: AdminLogin,
): Promise<Pick<House, 'signer' | 'database'>> {
  const signer = await serverSigner(data.seed)
  await demandOwnDatabase(admin, signer)
  const database = await openDatabase({
    admin,
    secret: deriveBeforeDesk(data.seed, 'database logins'),
    log: say,
    ...(unsafe === true && { unsafe }),
  })
  return { signer, database }
}

/**
 * Is this the database of another server key? Asked before anything is changed: the rooms' passwords
 * follow from our key, and setting them would lock out the server that works there.
 */
async function demandOwnDatabase(admin: AdminLogin, { who }: Signer): Promise<void> {
  let pinned = ''
  const write = async (line: string): Promise<void> => {
    const row: unknown = JSON.parse(line)
    if (Array.isArray(row)) pinned = String(row[1])
  }
  try {
    await exportRows(admin, [{ tables: ['identity.server'], write }])
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unknown-table') return
    throw error
  }
  if (pinned === '' || pinned === base64OfBytes(bytesOfHex(who))) return
  throw new ServerError(
    'refused',
    'This database belongs to another server key: use the data folder whose server.key made it, or another database.',
  )
}

/** Moving between an own and an outside database goes through a backup: else a desk would begin anew, empty. */
function demandSameDatabase(path: string, { database }: Settings, wanted: 'own' | 'outside'): void {
  const own = database === 'own' || existsSync(join(path, 'postgres'))
  if (wanted === 'outside' && own)
    throw new ServerError(
      'usage',
      `${path} has a database of its own: to move it, back it up and restore it into an empty folder with --database-url.`,
    )
  if (wanted === 'own' && database === 'outside')
    throw new ServerError(
      'usage',
      `The database of ${path} is elsewhere: give DATABASE_URL or --database-url.`,
    )
}

function ignore(): void {
  // A short command: its next query fails and says so.
}

function runningDatabase(socket: string | undefined): AdminLogin | undefined {
  return socket === undefined ? undefined : { host: socket, user: 'postgres', database: 'postern' }
}
