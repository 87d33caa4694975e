import { codeOf } from './error-code.ts'

const NETWORK = /^(?:E(?:CONN|HOST|NET)\w*|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/
/** Connection lost, shut down, out of room, read only, disk error, waited too long (PostgreSQL, appendix A). */
const POSTGRES = /^(?:08...|57P0[1-5]|53...|25006|58...|55P03|57014)$/
/** What node-postgres says without a code. */
const UNCODED =
  /^(?:Connection terminated|Client (?:has|was)|timeout e(?:xceeded|xpired)|Query read timeout)/i

/**
 * Is the database away or full, rather than the request wrong? Then the same thing may succeed later.
 * When the connection broke during COMMIT nobody knows whether it counted: whoever tries again must
 * be able to find its own rows.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined) return NETWORK.test(code) || POSTGRES.test(code)
  return error instanceof Error && UNCODED.test(error.message)
}
