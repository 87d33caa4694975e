export { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
export type { AdminLogin, AdminParts, Connection } from './admin-login.ts'
export { askAndCommit, askAtOnce, type Answer } from './ask-at-once.ts'
export {
  bodySizes,
  fileBlob,
  pieceHashes,
  putWholeBlob,
  readBodies,
  readPiece,
  type Filing,
  type SmallBody,
  writeSmallBodies,
} from './blob-store.ts'
export { BACKUP_KEY_TABLES, BACKUP_TABLES, type CopiedTable } from './copied-tables.ts'
export { isDatabaseAway } from './database-away.ts'
export { openDatabase, type Database, type DatabaseOptions, type Logins } from './database.ts'
export {
  startEmbeddedPostgres,
  type EmbeddedOptions,
  type EmbeddedPostgres,
} from './embedded-postgres.ts'
export { exportRows, type CopyTarget, type TableCount } from './export-rows.ts'
export { importRows, type CopySource } from './import-rows.ts'
export { putLabel, putVault, putWraps, readWrap } from './key-store.ts'
export type { Room } from './rooms.ts'
export type * from './schema.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
export { inTransaction, LEDGER_LOCK, PUBLIC_TREE_LOCK } from './transaction.ts'
export {
  listPieces,
  openUpload,
  putPiece,
  sweepUploads,
  type Piece,
  type StoredPiece,
} from './upload-store.ts'
