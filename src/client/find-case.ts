import { isCaseNumber } from '#lexicon'
import { Refused } from '#seal'
import { type CaseView, openCase } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import { listCaseIds } from './list-case-ids.ts'

/**
 * A case by its id, by the beginning of its id (16 digits or more), or by its number. Throws `ClientError`
 * not-found, or `Refused`.
 */
export async function findCase(view: DeskView, wanted: string): Promise<CaseView> {
  if (/^[0-9a-f]{64}$/.test(wanted)) return openCase(view, wanted)
  const prefix = /^[0-9a-f]{16,63}$/.test(wanted)
  const number = wanted.trim().toUpperCase()
  const possible = prefix || isCaseNumber(number)
  const listed = possible ? await listCaseIds(view, ['all', 'held', 'closed']) : []
  const named = listed.filter((row) => (prefix ? row.id.startsWith(wanted) : row.number === number))
  const [only, ...others] = named
  if (only === undefined || others.length > 0)
    throw new ClientError('not-found', 'There is no such case, or it is not for you.')
  const within = await openCase(view, only.id)
  // The list is the server’s word: the number counts only as the signed receipt of this case has it.
  if (!prefix && within.number !== number)
    throw new Refused('of', 'The desk answered with another case than the one of this number.')
  return within
}
