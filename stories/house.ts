import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { NewStatement } from '#contract'
import { type DeskDeps, openCaseFolds } from '#desk'
import {
  fileReport,
  type IntakeDeps,
  type Journal,
  nodeDisk,
  openJournal,
  openUpload,
  putPiece,
} from '#intake'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import {
  type CurrentDirectory,
  fileBlobs,
  type LedgerWriter,
  openLedgerWriter,
  takeBlobs,
} from '#ledger'
import { foldDesk, readHead, statementId } from '#seal'
import { openDatabase, type Schema, startEmbeddedPostgres, type Transaction } from '#store'
import { scratchDatabase, type ScratchDatabase } from '../src/store/scratch-database.ts'
import { type CaseDraft, newAssessment, newReport, type UploadedFile } from './drafts.ts'
import { newWorld, type World } from './world.ts'

/** The server's side of a world, without its doors: a real database in which the desk is set up. */
export type House = {
  readonly world: World
  readonly database: ScratchDatabase
  readonly ledger: LedgerWriter
  readonly directory: CurrentDirectory
  readonly clock: () => number
  readonly random: (length: number) => Bytes
}

/** On a database of its own in the scratch server, unless another one is given. */
export async function newHouse(given?: ScratchDatabase): Promise<House> {
  const world = await newWorld()
  const database = given ?? (await scratchDatabase())
  const clock = () => world.now
  const house: House = {
    world,
    database,
    clock,
    ledger: openLedgerWriter({ signer: world.server, clock }),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    directory: async (tx) => {
      const rows = await (tx ?? database.logins.identity)
        .selectFrom('identity.statement')
        .select(['head', 'sig'])
        .orderBy('seq')
        .execute()
      const statements = rows.map(({ head, sig }) => ({ head, sig: hexOfBytes(sig) }))
      return rows.length === 0 ? undefined : foldDesk(statements, world.desk)
    },
  }
  await keepDeskChain(house)
  return house
}

/** What the desk's room is given by the server. */
export function deskDepsOf({ database, ledger, directory, clock, random }: House): DeskDeps {
  const folds = openCaseFolds({ directory })
  return { db: database.logins.desk, ledger, directory, folds, clock, random }
}

/** The same for the intake. */
export function intakeDepsOf(
  { database, ledger, directory, clock, random }: House,
  journal: Journal,
): IntakeDeps {
  return { db: database.logins.intake, ledger, directory, journal, clock, random }
}

/** Uploads the pieces of a sealed file, and remembers where. */
export async function upload(deps: IntakeDeps, file: UploadedFile): Promise<UploadedFile> {
  const opened = await openUpload(deps)
  file.upload = opened.upload
  for (const { n, bytes } of file.pieces) await putPiece(deps, file.upload, n, bytes)
  return file
}

/** Accepts what the world appended to its desk chain since the last time. `hold` runs before the commit. */
export async function keepDeskChain(
  { world, database, ledger, ...house }: House,
  hold?: () => Promise<void>,
): Promise<void> {
  await database.logins.identity.transaction().execute(async (tx) => {
    const known = (await house.directory(tx))?.head.seq ?? -1
    const { desk } = world
    if (known < 0) await ledger.open(tx, { desk, dir: desk })
    for (const [i, item] of world.batch.slice(known + 1).entries()) {
      const seq = known + 1 + i
      const id = await storeDeskStatement(tx, desk, seq, item, house)
      await ledger.accept(tx, { desk, dir: id, of: [{ chain: desk, id, seq, number: '' }] })
    }
    await hold?.()
  })
}

/** What somebody with the owner's rights does to the database behind our back. */
export async function asOwner(
  { database }: House,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.admin)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text, [...values])
    return rows
  } finally {
    await client.end()
  }
}

async function storeDeskStatement(
  tx: Transaction<Schema>,
  desk: string,
  seq: number,
  item: NewStatement,
  { clock, random }: Pick<House, 'clock' | 'random'>,
): Promise<string> {
  const { head, sig } = item.statement
  const checked = readHead(item.statement, 'desk')
  const id = statementId(head)
  const row = { seq, id: bytesOfHex(id), type: checked.type, head, sig: bytesOfHex(sig) }
  await tx.insertInto('identity.statement').values(row).execute()
  await fileBlobs(tx, { chain: desk, seq }, takeBlobs(checked, item), { now: clock(), random })
  return id
}

/** A PostgreSQL that can be stopped and started again. */
export async function ownServer() {
  const dir = mkdtempSync(join(tmpdir(), 'postern-own-'))
  const start = () => startEmbeddedPostgres({ dir, log: () => undefined })
  let running = await start()
  const secret = new Uint8Array(32).fill(9)
  const admin = running.config
  const opened = await openDatabase({ admin, secret, log: () => undefined })
  return {
    database: { ...opened, admin },
    stop: () => running.stop(),
    start: async () => {
      running = await start()
    },
    remove: async () => {
      await opened.close()
      await running.stop()
      rmSync(dir, { recursive: true })
    },
  }
}

/** Files reports of this world through the intake's own door. */
export async function reportFiler(house: House) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-filer-'))
  const deps = intakeDepsOf(house, await openJournal({ folder, disk: nodeDisk }))
  return {
    deps,
    file: async (name: string, files: readonly UploadedFile[] = []): Promise<CaseDraft> => {
      for (const file of files) await upload(deps, file)
      const { draft, request } = await newReport(house.world, { name, files })
      await fileReport(deps, request)
      return draft
    },
    /** A case whose sender holds no key of it, as those that come by mail. */
    withoutWayBack: async (name: string): Promise<CaseDraft> => {
      const { draft, request } = await newReport(house.world, { name, source: 'api' })
      await fileReport(deps, request)
      return draft
    },
    assess: async (): Promise<{ readonly id: string }> => {
      const { draft, request } = await newAssessment(house.world, house.world.coordinator.signer)
      await fileReport(deps, request)
      return draft
    },
    close: async () => rmSync(folder, { recursive: true }),
  }
}
