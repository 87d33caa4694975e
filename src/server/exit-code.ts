import { DeskError } from '#desk'
import { IdentityError } from '#identity'
import { LedgerError } from '#ledger'
import { Refused } from '#seal'
import { isDatabaseAway, StoreError } from '#store'
import { ServerError, type ServerErrorCode } from './server-error.ts'

export const EXIT = { done: 0, unforeseen: 1, usage: 2, unreachable: 3, notFound: 4, refused: 5 }

const OF_SERVER: Readonly<Record<ServerErrorCode, number>> = {
  usage: EXIT.usage,
  busy: EXIT.usage,
  unreachable: EXIT.unreachable,
  'not-found': EXIT.notFound,
  refused: EXIT.refused,
}
const OF_STORE: Partial<Record<StoreError['code'], number>> = {
  'bad-url': EXIT.usage,
  'folder-busy': EXIT.usage,
  'socket-path': EXIT.usage,
  'no-connection': EXIT.unreachable,
  'no-postgres': EXIT.unreachable,
  'start-failed': EXIT.unreachable,
  'postgres-died': EXIT.unreachable,
}

/** How a command ends by an error: its exit code, and a sentence when it was foreseen. */
export function endOf(error: unknown): { readonly code: number; readonly message?: string } {
  if (error instanceof ServerError) return { code: OF_SERVER[error.code], message: error.message }
  if (error instanceof StoreError)
    return { code: OF_STORE[error.code] ?? EXIT.refused, message: error.message }
  const checked =
    error instanceof IdentityError ||
    error instanceof LedgerError ||
    error instanceof DeskError ||
    error instanceof Refused
  if (checked) return { code: EXIT.refused, message: error.message }
  if (isDatabaseAway(error))
    return {
      code: EXIT.unreachable,
      message:
        'The database is away, or has no connection free: start it, or raise its max_connections.',
    }
  return { code: EXIT.unforeseen }
}
