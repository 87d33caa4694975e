import { DirectoryError, indexOf, projectOf } from '#directory'
import { type Bytes, bytesOfHex, documentKind, textOfBytes } from '#lexicon'
import { deskWords, idsIn, LEAK_WORDS, type LeakCode, leaksIn, readPublicKey, Refused } from '#seal'
import { markdownAsRead, markdownFault } from '#publication'
import type { Kysely, Schema } from '#store'
import { ValveError } from './valve-error.ts'

/** What the check knows of this desk. */
export type Surroundings = {
  readonly db: Kysely<Schema>
  readonly desk: string
  /** Addresses that stand in public; absent where the check is not about them. */
  readonly addresses?: ReadonlySet<string>
}

/** Of bytes alone, before they are kept: they are text, and nothing in them opens anything. Throws `ValveError`. */
export async function demandHarmless(around: Surroundings, bytes: Bytes): Promise<void> {
  await demandNoLeak(around, 'This document', textOf('This document', bytes))
}

/**
 * Everything that is looked at before a document is written to its place in the public tree: its kind has its
 * form, and nothing stands in it that must not leave. Throws `ValveError` not-publishable, with why.
 */
export async function demandPublishable(
  around: Surroundings,
  { path, bytes }: { readonly path: string; readonly bytes: Bytes },
): Promise<void> {
  const kind = documentKind(path)
  if (kind === undefined)
    throw refusal(`Nothing is published at ${path}: documents stand in pages/, guides/ and keys/.`)
  const text = textOf(path, bytes)
  // A list of ten thousand hashes, each of a document that is looked at itself.
  if (kind === 'index') return demandForm(path, () => indexOf(bytes))
  if (kind === 'project')
    demandForm(path, () => {
      if (path !== `projects/${projectOf(bytes).id}.json`)
        throw refusal(`${path} is about another project.`)
    })
  if (kind === 'key') await demandPublicKey(path, text)
  const fault = kind === 'markdown' ? markdownFault(text) : undefined
  if (fault !== undefined) throw refusal(`${path} is not rendered. ${fault}`)
  const { db, desk } = around
  if (kind !== 'markdown') return demandNoLeak({ db, desk }, path, text)
  await demandNoLeak(around, path, text)
  // What is written in references and escapes is plain to whoever reads the page.
  await demandNoLeak(around, `${path}, as it is read,`, markdownAsRead(text))
}

async function demandNoLeak(around: Surroundings, what: string, text: string): Promise<void> {
  const { db, desk, addresses } = around
  const words = deskWords(bytesOfHex(desk))
  const [leak] = leaksIn(text, addresses === undefined ? { words } : { words, addresses })
  if (leak !== undefined) throw leakRefusal(what, leak.code, ` (line ${leak.line})`)
  if (await namesCase(db, desk, idsIn(text))) throw leakRefusal(what, 'case-id', '')
}

function leakRefusal(what: string, code: LeakCode, where: string): ValveError {
  return refusal(`${what} is not published${where}: ${LEAK_WORDS[code]} (${code})`)
}

/** The ledger is public and names every case by its id: so this room knows them without seeing a case. */
async function namesCase(
  db: Kysely<Schema>,
  desk: string,
  ids: readonly string[],
): Promise<boolean> {
  if (ids.length === 0) return false
  const named = ids.map(bytesOfHex)
  const row = await db
    .selectFrom('ledger.entry')
    .select('seq')
    .where('of_chain', '<>', bytesOfHex(desk))
    .where((or) => or.or([or('of_chain', 'in', named), or('of_id', 'in', named)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** One armored public key and nothing beside it. What is in a secret one must not be read further. */
async function demandPublicKey(path: string, text: string): Promise<void> {
  try {
    await readPublicKey(text)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw refusal(`${path} is not one armored public key and nothing else.`)
  }
}

function demandForm(path: string, read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error
    throw refusal(`${path}: ${error.message}`)
  }
}

function textOf(what: string, bytes: Bytes): string {
  try {
    return textOfBytes(bytes)
  } catch {
    throw refusal(`${what} is not text in UTF-8.`)
  }
}

function refusal(message: string): ValveError {
  return new ValveError('not-publishable', message)
}
