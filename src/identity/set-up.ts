import { timingSafeEqual } from 'node:crypto'
import type { Enrolment, NewStatement } from '#contract'
import { bytesOfHex, DAY, hexOfBytes } from '#lexicon'
import { coordinatorsOf, demand, sha256, type Statement } from '#seal'
import { inTransaction } from '#store'
import { foldDeskBatch, prepareDeskBatch, storeDeskBatch } from './desk-batch.ts'
import { storeEnrolment, verifyEnrolment } from './enrolment.ts'
import { demandLetterbox } from './fresh-letterbox.ts'
import type { IdentityDeps, Tx } from './identity-deps.ts'
import { IdentityError } from './identity-error.ts'

const SECRET_LIVES = 7 * DAY

/** The secret of the set-up link: one, used once. Each start makes a new one and forgets the old (R21). */
export async function newSetupSecret({ db, clock, random }: IdentityDeps): Promise<string> {
  const secret = random(32)
  const expires = new Date(clock() + SECRET_LIVES)
  await inTransaction(db, async (tx) => {
    await tx.deleteFrom('identity.setup').execute()
    await tx
      .insertInto('identity.setup')
      .values({ secret_hash: sha256(secret), expires })
      .execute()
  })
  return hexOfBytes(secret)
}

/**
 * Opens the desk: the ceremony of PROTOCOL 6 in one batch, from `desk.open` to a desk that can take a
 * report. All of it in one transaction with the first entries of the ledger.
 */
export async function setUp(
  deps: IdentityDeps,
  given: {
    readonly secret: string
    readonly batch: readonly NewStatement[]
    /** From a browser: how the first coordinator comes in. */
    readonly enrolment?: Enrolment | undefined
  },
): Promise<Statement[]> {
  const { secret, batch } = given
  await demandSecret(deps, deps.db, secret)
  const prepared = await prepareDeskBatch(batch, deps.clock())
  const first = prepared[0]
  const opens = first?.head.type === 'desk.open' ? first.head : undefined
  demand(opens !== undefined, 'F2', 'A desk chain begins with desk.open.')
  demand(opens.server === deps.server, 'F8', 'This ceremony was made for another server key.')
  const deskId = first?.id ?? ''
  const admitted = prepared.find(({ head }) => head.type === 'member.admit')?.head
  const enrolment = await verifyEnrolment(deps, given.enrolment)
  return inTransaction(deps.db, async (tx) => {
    await deps.ledger.lock(tx)
    await demandSecret(deps, tx, secret)
    if ((await deps.deskChain.current(tx)) !== undefined)
      throw new IdentityError('already-open', 'This desk is set up already.')
    const directory = await foldDeskBatch(undefined, deskId, prepared)
    demand(coordinatorsOf(directory.now).length > 0, 'F8', 'The ceremony admits no coordinator.')
    demandLetterbox(directory)
    await deps.ledger.open(tx, { desk: deskId, dir: directory.head.id })
    const receipts = await storeDeskBatch(deps, tx, prepared, directory)
    if (enrolment !== undefined && admitted?.type === 'member.admit')
      await storeEnrolment(deps, tx, admitted.who, enrolment)
    await tx.deleteFrom('identity.setup').execute()
    return receipts
  })
}

/** Wrong, expired and used secrets get one answer. A desk that is open needs none. */
async function demandSecret(
  { clock, deskChain }: IdentityDeps,
  db: IdentityDeps['db'] | Tx,
  secret: string,
): Promise<void> {
  const given = sha256(bytesOfHex(secret))
  const row = await db.selectFrom('identity.setup').selectAll().executeTakeFirst()
  const right = timingSafeEqual(given, row?.secret_hash ?? new Uint8Array(32))
  if (row !== undefined && right && row.expires.getTime() > clock()) return
  if ((await deskChain.current(db)) !== undefined)
    throw new IdentityError('already-open', 'This desk is set up already.')
  throw new IdentityError('not-found', 'This set-up link is not the newest one, or it has expired.')
}
