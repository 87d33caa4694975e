import type { Schema } from './schema.ts'

type Table = keyof Schema

/** What a backup holds, and its order. Sessions, challenges and the set-up link die with the server. */
export const BACKUP_TABLES = [
  'identity.server',
  'identity.statement',
  'identity.invitation',
  'identity.address',
  'identity.passkey',
  'identity.recovery',
  'identity.recovery_request',
  'ledger.entry',
  'ledger.node',
  'desk.case',
  'desk.statement',
  'desk.reader',
  'desk.claim',
  'blobs.upload',
  'blobs.piece',
  'blobs.blob',
  'intake.stored_mail',
  'post.outbox',
  'post.delivery',
  'intake.thread',
  'post.told',
  'post.warned',
  'valve.document',
  'valve.draft',
] as const satisfies readonly Table[]

/** The key store, in a file of its own that is kept for a shorter time (PROTOCOL 2.1). */
export const BACKUP_KEY_TABLES = [
  'keys.packet',
  'keys.wrap',
  'keys.label',
  'keys.vault',
  'keys.invitation',
  'keys.member_vault',
] as const satisfies readonly Table[]

export type CopiedTable = (typeof BACKUP_TABLES)[number] | (typeof BACKUP_KEY_TABLES)[number]
