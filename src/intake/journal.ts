import { join } from 'node:path'
import type { NewStatement, VaultDeposit } from '#contract'
import { type Bytes, bytesOfText, concatBytes, hexOfBytes, textOfBytes } from '#lexicon'
import { sha256, statementId } from '#seal'
import { type Disk, isMissing } from './disk.ts'
import { IntakeError } from './intake-error.ts'

/** A report that waits for the database: ciphertext and signed heads, as it came. */
export type JournalEntry = {
  /** The id of its statement, hex. */
  readonly id: string
  /** When it came, in milliseconds. */
  readonly arrived: number
  readonly report: NewStatement
  readonly vault?: VaultDeposit | undefined
}

export type Journal = {
  /** Kept when the promise is: file, fsync, rename, fsync of the folder. Twice the same is once. */
  readonly write: (entry: JournalEntry) => Promise<void>
  /** The entries that wait, oldest first. */
  readonly list: () => readonly string[]
  /** `undefined` for an entry that was removed meanwhile. A damaged one counts as torn from then on. */
  readonly read: (id: string) => Promise<JournalEntry | undefined>
  /** Only after the commit. */
  readonly remove: (id: string) => Promise<void>
  /** An entry that the desk refuses: it is not tried again, and never deleted. */
  readonly setAside: (id: string) => Promise<void>
  /** Names of files that are no whole entry, for the operator. */
  readonly torn: () => readonly string[]
}

const ENTRY = /^([0-9a-f]{64})\.report$/
const MARK = 'postern-journal 1 '
/** The journal lies beside the database: it must not fill the disk that the database waits for. */
const MOST_BYTES = 512 * 1024 * 1024

/**
 * Opens the journal of a data folder. A file that was half written when the machine died was never
 * acknowledged and does not count; it stays where it is and is reported.
 */
export async function openJournal({
  folder,
  disk,
  mostBytes = MOST_BYTES,
}: {
  readonly folder: string
  readonly disk: Disk
  readonly mostBytes?: number
}): Promise<Journal> {
  const names = await disk.list(folder)
  // A process that died between rename and fsync may have left a name that is not durable yet.
  await disk.syncFolder(folder)
  const waiting = new Map<string, { readonly arrived: number; readonly size: number }>()
  const torn = new Set<string>()
  let next = 0
  const pathOf = (id: string) => join(folder, `${id}.report`)
  const leave = async (id: string, go: () => Promise<void>) => {
    const entry = waiting.get(id)
    if (entry === undefined) return
    // First, so that two who finish the same entry do not both go.
    waiting.delete(id)
    try {
      await go()
    } catch (cause) {
      // Gone already, by a process that had the same folder.
      if (isMissing(cause)) return
      waiting.set(id, entry)
      throw cause
    }
    await disk.syncFolder(folder)
  }
  for (const name of names) {
    const id = ENTRY.exec(name)?.[1]
    if (id === undefined) {
      if (!name.endsWith('.refused')) torn.add(name)
      continue
    }
    const bytes = await disk.read(pathOf(id))
    const entry = readEntry(bytes, id)
    if (entry === undefined) torn.add(name)
    else waiting.set(id, { arrived: entry.arrived, size: bytes.length })
  }

  return {
    write: async (entry) => {
      if (waiting.has(entry.id)) return
      const bytes = writeEntry(entry)
      const held = [...waiting.values()].reduce((sum, { size }) => sum + size, 0)
      if (held + bytes.length > mostBytes)
        throw new IntakeError('disk-full', 'Too many reports wait for the database.')
      const temporary = join(folder, `${entry.id}.${process.pid}-${next++}.new`)
      await writeDurably(disk, temporary, pathOf(entry.id), bytes)
      await disk.syncFolder(folder)
      torn.delete(`${entry.id}.report`)
      waiting.set(entry.id, { arrived: entry.arrived, size: bytes.length })
    },
    list: () => [...waiting].sort(([, a], [, b]) => a.arrived - b.arrived).map(([id]) => id),
    read: async (id) => {
      if (!waiting.has(id)) return undefined
      try {
        const entry = readEntry(await disk.read(pathOf(id)), id)
        if (entry !== undefined) return entry
        torn.add(`${id}.report`)
      } catch (cause) {
        if (!isMissing(cause)) throw cause
      }
      waiting.delete(id)
      return undefined
    },
    remove: (id) => leave(id, () => disk.remove(pathOf(id))),
    setAside: (id) => leave(id, () => disk.rename(pathOf(id), join(folder, `${id}.refused`))),
    torn: () => [...torn],
  }
}

/** Whole on the disk before it gets its name. What could not be written whole is taken away again. */
async function writeDurably(
  disk: Disk,
  temporary: string,
  path: string,
  bytes: Bytes,
): Promise<void> {
  const file = await disk.create(temporary)
  try {
    try {
      await file.write(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await disk.rename(temporary, path)
  } catch (cause) {
    await disk.remove(temporary).catch(() => undefined)
    throw cause
  }
}

/** One line with the hash of the rest, then the entry: a torn or rotten file does not read as a report. */
function writeEntry(entry: JournalEntry): Bytes {
  const content = bytesOfText(JSON.stringify(entry))
  return concatBytes(bytesOfText(`${MARK}${hexOfBytes(sha256(content))}\n`), content)
}

function readEntry(bytes: Bytes, id: string): JournalEntry | undefined {
  const end = bytes.indexOf(0x0a)
  const content = bytes.subarray(end + 1)
  try {
    if (textOfBytes(bytes.subarray(0, end)) !== `${MARK}${hexOfBytes(sha256(content))}`)
      return undefined
    const entry = JSON.parse(textOfBytes(content)) as JournalEntry
    return statementId(entry.report.statement.head) === id ? entry : undefined
  } catch {
    return undefined
  }
}
