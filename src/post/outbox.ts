import type { Kysely, PostOutbox, Schema } from '#store'

/**
 * What rooms write in their own transaction when somebody has to be told: what kind of thing happened,
 * and to which chain. Never content, never an address.
 */
export type OutboxKind =
  'report-received' | 'case-changed' | 'case-claimed' | 'desk-changed' | 'recovery'
export type OutboxRow = Pick<PostOutbox, 'about' | 'author'> & {
  readonly kind: OutboxKind
  readonly written: Date
}

/** Nobody is told of something older than `before`: a notice after a long stop would only confuse. */
export async function sweepOutbox(db: Kysely<Schema>, before: number): Promise<void> {
  await db.deleteFrom('post.outbox').where('written', '<', new Date(before)).execute()
}
