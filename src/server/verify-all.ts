import { verifyCases } from '#desk'
import { openDeskChain } from '#identity'
import { hexOfBytes } from '#lexicon'
import { verifyLedger } from '#ledger'
import { type Directory, statementId } from '#seal'
import type { Place } from './arguments.ts'
import { openDataFolder } from './data-folder.ts'
import { enterHouse, type House } from './house.ts'
import { ServerError } from './server-error.ts'
import { verifyBlobs } from './verify-blobs.ts'

export type Verified = {
  readonly desk: string
  readonly ledger: { readonly size: number; readonly root: string }
  readonly deskStatements: number
  readonly cases: number
  readonly caseStatements: number
  readonly blobs: number
  readonly bytes: number
}

/** The operator's command: also beside a running server. */
export async function verify(place: Place, say: (step: string) => void): Promise<Verified> {
  const data = openDataFolder(place.data)
  const house = await enterHouse({ data, databaseUrl: place.databaseUrl, say }, 'verify')
  try {
    return await verifyAll(house, say)
  } finally {
    await house.close()
  }
}

/**
 * Everything that can be checked without opening anything: the ledger and its tree, every chain by the
 * fold that clients use, and every stored byte against the hash in a signed head. Throws at the first
 * thing that fails, and names it.
 */
export async function verifyAll(
  { database: { logins } }: Pick<House, 'database'>,
  say: (step: string) => void,
): Promise<Verified> {
  const directory = await openDeskChain(logins.identity).current()
  if (directory === undefined)
    throw new ServerError('not-found', 'There is nothing to verify: this desk is not set up yet.')
  const deskStatements = await verifyDeskRows(logins.identity, directory)
  say(`Desk chain: ${deskStatements} statements fold.`)
  const { size, root } = await verifyLedger(logins.ledger, { directory })
  say(`Ledger: ${size} entries, every signature and every node of the tree.`)
  const { cases, statements } = await verifyCases(logins.desk, { directory })
  say(`Cases: ${cases} chains with ${statements} statements fold, all of them accepted.`)
  const { blobs, bytes } = await verifyBlobs(logins, directory.desk, say)
  say(`Blobs: ${blobs} with ${bytes} bytes have the hash that a signed head names.`)
  const ledger = { size, root: hexOfBytes(root) }
  return {
    desk: directory.desk,
    ledger,
    deskStatements,
    cases,
    caseStatements: statements,
    blobs,
    bytes,
  }
}

type Db = House['database']['logins']['identity']

/** The columns beside the signed text, and the ledger's acceptance of each place, both ways. */
async function verifyDeskRows(db: Db, { desk, statements }: Directory): Promise<number> {
  const rows = await db
    .selectFrom('identity.statement as s')
    .leftJoin('ledger.entry as e', 'e.of_id', 's.id')
    .select(['s.seq', 's.id', 's.type', 's.head', 'e.of_chain', 'e.of_seq'])
    .orderBy('s.seq')
    .execute()
  for (const { seq, id, type, head, of_chain, of_seq } of rows) {
    const known = statements.get(hexOfBytes(id))
    const same = statementId(head) === hexOfBytes(id) && known?.seq === seq && known.type === type
    if (!same) throw broken(seq, 'is indexed as something else than its signed text says')
    const accepted = of_chain !== null && hexOfBytes(of_chain) === desk && of_seq === seq
    if (!accepted) throw broken(seq, 'was never accepted by the ledger')
  }
  const last = await db
    .selectFrom('ledger.entry')
    .select('of_seq')
    .where('of_chain', '=', rows[0]?.id ?? new Uint8Array(32))
    .where('of_seq', '>=', rows.length)
    .orderBy('of_seq')
    .limit(1)
    .executeTakeFirst()
  if (last !== undefined) throw broken(last.of_seq ?? 0, 'was accepted and is missing')
  return rows.length
}

function broken(seq: number, what: string): ServerError {
  return new ServerError('refused', `Desk chain: statement ${seq} ${what}.`)
}
