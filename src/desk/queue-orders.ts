import type { MailOrder } from '#contract'
import { bytesOfBase64, bytesOfHex, PLAIN_REPLY_SORTS } from '#lexicon'
import { type CaseFold, type CaseHead, type Directory, isCoordinator } from '#seal'
import type { Schema, Transaction } from '#store'
import type { DeskDeps, Party } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'
import { openClaim } from './open-claim.ts'

type Given = {
  readonly by: Party
  readonly orders: readonly MailOrder[]
  readonly items: readonly { readonly id: string; readonly head: CaseHead }[]
  readonly after: CaseFold
  readonly directory: Directory
}

/**
 * Queues what leaves by mail with a batch: with it, or not at all. Whether a case may be answered in plain
 * words is judged by how it is sorted then, whatever the client said. Throws `DeskError` not-found or
 * not-mailable.
 */
export async function queueOrders(
  tx: Transaction<Schema>,
  deps: Pick<DeskDeps, 'ledger' | 'queueMails' | 'clock'>,
  { by, orders, items, after, directory }: Given,
): Promise<void> {
  if (orders.length === 0) return
  if (by.kind !== 'member' || !isCoordinator(directory.now, by.who))
    throw new DeskError('not-found', 'Only coordinators answer by mail.')
  const said = items.findLast(({ head }) => head.type === 'case.message')
  if (said === undefined)
    throw new DeskError('not-mailable', 'A mail leaves with a message, and there is none here.')
  const plain = orders.some(({ kind }) => kind === 'plain')
  if (plain && !PLAIN_REPLY_SORTS.includes(after.sort))
    throw new DeskError(
      'not-mailable',
      'Plain mail leaves only from a case that is sorted as no vulnerability.',
    )
  if (deps.queueMails === undefined)
    throw new DeskError('not-mailable', 'This desk has no mail address to write from.')
  const { number } = await tx
    .selectFrom('desk.case')
    .select('number')
    .where('id', '=', bytesOfHex(after.id))
    .executeTakeFirstOrThrow()
  const about = after.id
  const follows = after.reporter.who !== ''
  const now = deps.clock()
  for (const order of orders) {
    if (order.kind !== 'notice' || order.claim === undefined) continue
    // Whoever has words reads with them: a link would only be one more way in.
    if (follows)
      throw new DeskError('not-mailable', 'The reporter of this case can read it already.')
    const { offer } = order.claim
    await openClaim(tx, {
      caseId: about,
      offer: { ...offer, sealed: bytesOfBase64(offer.sealed) },
      now,
    })
  }
  await deps.queueMails(tx, { about, statement: said.id, number, follows, orders, now })
  const event = { kind: 'mail-out', about, count: orders.length, note: '' } as const
  const place = { desk: directory.desk, dir: directory.head.id }
  await deps.ledger.event(tx, { ...place, ...event })
}
