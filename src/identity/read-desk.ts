import type { ChainPage, DeskFacts } from '#contract'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import { entriesOf } from '#ledger'
import { isCoordinator } from '#seal'
import { readWrap } from '#store'
import type { IdentityDeps } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'
import { restoredAt } from './server-row.ts'
import type { Session } from './session.ts'

const PAGE = 500
const PAGE_SIZE = 2 * 1024 * 1024

/** Whose desk this is; of its mail the server knows more. `planned` is what the operator named before there is a desk. */
export async function readDesk(
  { db, deskChain, server }: IdentityDeps,
  planned: { readonly name: string; readonly domain: string },
): Promise<Omit<DeskFacts, 'mail'>> {
  const directory = await deskChain.current()
  if (directory === undefined) return { state: 'not-set-up', ...planned, server }
  const { name, domain } = directory.now
  const state = (await restoredAt(db)) === undefined ? 'open' : 'restored'
  return { state, name, domain, server }
}

/** Statements after `after`, each with its receipt. Everything here is public. */
export async function readDeskChain({ db }: IdentityDeps, after: number): Promise<ChainPage> {
  const rows = await db
    .selectFrom('identity.statement')
    .select(['id', 'head', 'sig'])
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(PAGE + 1)
    .execute()
  if (rows.length === 0 && after < 0)
    throw new IdentityError('not-open', 'This desk is not set up yet.')
  const page: typeof rows = []
  let size = 0
  for (const row of rows.slice(0, PAGE)) {
    size += row.head.length
    if (size > PAGE_SIZE && page.length > 0) break
    page.push(row)
  }
  const entries = await entriesOf(
    db,
    page.map(({ id }) => hexOfBytes(id)),
  )
  const statements = page.map(({ id, head, sig }) => {
    const accepted = entries.get(hexOfBytes(id))
    if (accepted === undefined)
      throw new IdentityError(
        'damaged',
        'The ledger does not know a statement of the desk chain: run verify.',
      )
    return { statement: { head, sig: hexOfBytes(sig) }, accepted }
  })
  return { statements, more: page.length < rows.length }
}

/** A wrap of a desk or mail key, for whom it is sealed to. Null for unknown and foreign alike. */
export async function readDeskWrap(
  { db, deskChain }: IdentityDeps,
  session: Session,
  blob: string,
): Promise<Bytes | null> {
  const directory = await deskChain.current()
  if (directory === undefined || session.kind !== 'member') return null
  const chain = bytesOfHex(directory.desk)
  const hash = bytesOfHex(blob)
  const row = await db
    .selectFrom('keys.wrap')
    .select('reader')
    .where('chain', '=', chain)
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (row === undefined) return null
  const own = row.reader === session.who
  const ofDesk = row.reader.startsWith('desk/') && isCoordinator(directory.now, session.who)
  return own || ofDesk ? readWrap(db, chain, hash) : null
}
