import type { ClaimRow } from '#contract'
import { base64OfBytes, type Bytes, bytesOfHex, hexOfBytes, timeOf } from '#lexicon'
import type { CaseFold } from '#seal'
import { inTransaction, type Kysely, type Schema, type Transaction } from '#store'
import type { DeskDeps } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'

type Tx = Transaction<Schema>

/** A desk that sends more links than this for one case has another trouble. */
const SHOWN = 100

/** The links of a case and what was posted with them, the newest first. The caller is a coordinator. */
export async function listClaims({ db }: DeskDeps, caseId: string): Promise<ClaimRow[]> {
  const rows = await db
    .selectFrom('desk.claim')
    .select(['lookup', 'sealed', 'made', 'expires', 'attempts', 'settled'])
    .select(['who', 'enc', 'joined', 'mac', 'claimed'])
    .where('case_id', '=', bytesOfHex(caseId))
    .orderBy('made', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map((row) => {
    const { who, enc, joined, mac, claimed, settled } = row
    const whole = who !== null && enc !== null && joined !== null && mac !== null
    return {
      lookup: hexOfBytes(row.lookup),
      sealed: base64OfBytes(row.sealed),
      made: timeOf(row.made.getTime()),
      expires: timeOf(row.expires.getTime()),
      attempts: row.attempts,
      settled: settled ?? '',
      ...(whole &&
        claimed !== null && {
          claim: {
            who: hexOfBytes(who),
            enc,
            join: hexOfBytes(joined),
            mac: hexOfBytes(mac),
            at: timeOf(claimed.getTime()),
          },
        }),
    }
  })
}

/**
 * A coordinator refuses a claim: its author's vault goes, and their words open nothing. False when there is
 * no claim that waits under this lookup.
 */
export async function refuseClaim(
  { db, ledger, clock }: DeskDeps,
  caseId: string,
  lookup: string,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    // As batches do: a claim that somebody accepts at this moment is not refused behind them.
    await ledger.lock(tx)
    const row = await tx
      .updateTable('desk.claim')
      .set({ settled: 'refused' })
      .where('lookup', '=', bytesOfHex(lookup))
      .where('case_id', '=', bytesOfHex(caseId))
      .where('who', 'is not', null)
      .where('settled', 'is', null)
      .returning('who')
      .executeTakeFirst()
    if (row === undefined || row.who === null) return false
    await endWayIn(tx, caseId, row.who, new Date(clock()))
    return true
  })
}

/**
 * After a batch that names another reporter, under the lock of the ledger: the claim of the new one is
 * settled, and what let the one before in ends with their key. Throws `DeskError` conflict for a claim that
 * was refused meanwhile: its vault ended, so who is named would be locked out.
 */
export async function settleReporter(
  tx: Tx,
  before: CaseFold,
  after: CaseFold,
  accepted: Date,
): Promise<void> {
  const [earlier, now] = [before.reporter.who, after.reporter.who]
  if (earlier === now) return
  if (now !== '') await demandNotRefused(tx, after.id, bytesOfHex(now))
  if (earlier !== '') await endWayIn(tx, after.id, bytesOfHex(earlier), accepted)
  if (now === '') return
  await tx
    .updateTable('desk.claim')
    .set({ settled: 'accepted' })
    .where('case_id', '=', bytesOfHex(after.id))
    .where('who', '=', bytesOfHex(now))
    .execute()
}

/** Links that nobody used, whose bearers learn no more that they expired; and vaults that ended. The login of retention. */
export async function sweepClaims(db: Kysely<Schema>, expiredBefore: number): Promise<void> {
  await db
    .deleteFrom('desk.claim')
    .where('who', 'is', null)
    .where('expires', '<', new Date(expiredBefore))
    .execute()
  await db.deleteFrom('keys.vault').where('ended', 'is not', null).execute()
}

async function demandNotRefused(tx: Tx, caseId: string, who: Bytes): Promise<void> {
  const refused = await tx
    .selectFrom('desk.claim')
    .select('lookup')
    .where('case_id', '=', bytesOfHex(caseId))
    .where('who', '=', who)
    .where('settled', '=', 'refused')
    .executeTakeFirst()
  if (refused !== undefined)
    throw new DeskError('conflict', 'This claim was refused meanwhile: read the claims anew.')
}

/** No key is deleted here: retention takes the vault away, within the hour. */
async function endWayIn(tx: Tx, caseId: string, who: Bytes, ended: Date): Promise<void> {
  const case_id = bytesOfHex(caseId)
  await tx
    .updateTable('keys.vault')
    .set({ ended })
    .where('case_id', '=', case_id)
    .where('who', '=', who)
    .execute()
  await tx
    .deleteFrom('identity.session')
    .where('case_id', '=', case_id)
    .where('who', '=', who)
    .execute()
}
