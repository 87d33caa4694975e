export type StoreErrorCode =
  // The embedded server.
  | 'no-postgres'
  | 'wrong-major'
  | 'folder-busy'
  | 'socket-path'
  | 'start-failed'
  | 'postgres-died'
  // Opening a database.
  | 'bad-url'
  | 'no-connection'
  | 'server-too-old'
  | 'not-durable'
  | 'name-too-long'
  | 'may-not-migrate'
  | 'may-not-create-logins'
  | 'bad-migrations'
  | 'migration-failed'
  | 'migration-changed'
  | 'database-newer'
  // Blobs and keys.
  | 'upload-unknown'
  | 'upload-filed'
  | 'upload-incomplete'
  | 'piece-differs'
  | 'blob-differs'
  | 'blob-exists'
  | 'blob-unknown'
  | 'blob-damaged'
  | 'key-exists'
  | 'key-unknown'
  // Copies.
  | 'unknown-table'
  | 'not-empty'
  | 'copy-damaged'
  // A number that JavaScript cannot hold.
  | 'unsafe-integer'

/** What the store refuses, and why, in one sentence. Anything else that it throws is unforeseen. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
