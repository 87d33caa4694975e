import { memberOf, readCode, readVault, receiptKeys, Refused, signerOfSeed } from '#seal'
import { openVault } from '#unseal'
import { type CaseView, openCase } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Self } from './self.ts'

/**
 * A reporter comes back with twelve words. The keys in the vault must be the reporter's of the case
 * that is served: a server cannot send a reporter into somebody else's case. Throws `Refused`, or
 * `ClientError` not-found for words that this desk does not know.
 */
export async function followReport(
  view: DeskView,
  words: string,
): Promise<{ readonly self: Self; readonly within: CaseView }> {
  const { lookup, auth, wrap } = receiptKeys(readCode(words), view.id)
  const answer = await view.api.call('follow', { body: { lookup, auth } })
  view.api.carry(answer.session)
  const way = { kind: 'receipt', id: lookup, key: wrap } as const
  const opened = await openVault(view.id, readVault(answer.vault), way)
  const signer = await signerOfSeed(opened.sign)
  const within = await openCase(view, answer.case).catch(notYet)
  const { reporter } = within.fold
  const own = reporter.who === signer.who && reporter.enc === opened.key.cert
  if (!own || memberOf(view.directory.now, signer.who) !== undefined)
    throw new Refused('vault', 'The desk answered with another case than the one of these words.')
  return { self: { signer, key: opened.key, root: undefined }, within }
}

/** The words open a vault, and its keys open no case yet: a claim waits for a coordinator (PROTOCOL 7). */
function notYet(error: unknown): never {
  if (error instanceof ClientError && error.code === 'not-found')
    throw new ClientError('no-reader', 'Nobody has accepted your claim yet. Come again later.')
  throw error
}
