import { appendMail, type DeskDeps, DeskError } from '#desk'
import { IntakeError, type MailAnswers } from '#intake'
import { findThread, markBounced } from '#post'
import type { Signer } from '#seal'
import type { House } from './house.ts'
import { threadKeyOf } from './thread-key.ts'

/** How a mail that comes finds its case: post knows what we sent, desk knows the case. */
export function mailAnswersOf(
  { data, settings, database }: Pick<House, 'data' | 'settings' | 'database'>,
  desk: DeskDeps,
  signer: Signer,
): MailAnswers | undefined {
  const { mail } = settings
  if (mail === undefined) return undefined
  const key = threadKeyOf(data.seed, mail)
  const own = mail.addresses
  return {
    own,
    find: (came) => findThread(database.logins.intake, key, came, own),
    append: (what) => appendMail({ ...desk, signer }, what).catch(failAsIntake),
    bounced: markBounced,
  }
}

/** A case that moves under every try, or a desk without a key, is no fault of the mail: it comes again. */
function failAsIntake(cause: unknown): never {
  if (cause instanceof DeskError && (cause.code === 'conflict' || cause.code === 'not-open'))
    throw new IntakeError(cause.code, cause.message, { cause })
  throw cause
}
