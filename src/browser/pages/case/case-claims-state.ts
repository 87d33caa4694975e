import { signal } from '@preact/signals'
import { isSameAddress } from '#lexicon'
import type { CaseShown, ClaimShown, ClaimsShown, MailShown } from '#worker'
import { ask } from '../../ask-worker.ts'
import { attempt, onForget, phase } from '../../desk-state.ts'
import { isFromMail } from './case-words.ts'

/** The claims of the case that is shown; `undefined` until they were read. Gone when the desk shuts. */
export const claims = signal<{ readonly id: string; readonly shown: ClaimsShown } | undefined>(
  undefined,
)

onForget(() => {
  claims.value = undefined
})

/** Reads who claims this case. Only what came by mail can be claimed. */
export async function readClaims({ id, source }: Pick<CaseShown, 'id' | 'source'>): Promise<void> {
  if (claims.value?.id !== id) claims.value = undefined
  if (!isFromMail(source)) return
  const done = await attempt(ask('listClaims', { id }))
  // What cannot be asked now is asked again with the next look; nothing is granted before that.
  if (done.ok && phase.value === 'open') claims.value = { id, shown: done.answer }
}

/** Why somebody should look twice before this claim is accepted; none is a proof of anything. */
export type ClaimDoubt = { readonly grave: boolean; readonly says: string }

export function claimDoubts(
  claim: ClaimShown,
  all: ClaimsShown,
  /** The one that began this case. */
  mail: Pick<MailShown, 'envelope' | 'from'> | undefined,
): readonly ClaimDoubt[] {
  const others = all.claims.filter(({ lookup, state }) => lookup !== claim.lookup && counts(state))
  const doubts: ClaimDoubt[] = []
  if (others.length > 0) doubts.push({ grave: true, says: rivalWords(others) })
  const { attempts, offeredBy } = claim
  // A coordinator sends a link to whom they choose; the receipt goes to the sender of the envelope.
  const elsewhere = mail !== undefined && !isSameAddress(mail.envelope, mail.from.address)
  if (offeredBy.trust === 'server' && elsewhere)
    doubts.push({
      grave: true,
      says: 'The link went to another address than the mail names as its author. Somebody may have sent a mail of theirs again, to get this link.',
    })
  if (attempts > 0)
    doubts.push({
      grave: false,
      says: `The link was opened ${attempts === 1 ? 'once' : `${String(attempts)} times`} more after this claim: by them again, or by the sender of the mail, who found it used.`,
    })
  return doubts
}

function rivalWords(others: readonly ClaimShown[]): string {
  return others.some(({ state }) => state === 'reporter')
    ? 'Another claim was accepted already. Accepting this one ends it.'
    : 'Somebody else claims this case too. One of them may read a mailbox that is not theirs.'
}

function counts(state: ClaimShown['state']): boolean {
  return state === 'waiting' || state === 'reporter'
}
