import type { AnswerOf } from '#contract'
import { hexOfBytes } from '#lexicon'
import {
  claimJoining,
  type Code,
  invitationKeys,
  joinMac,
  joinMessage,
  keyWords,
  readClaimCode,
} from '#seal'
import type { DeskView } from './desk-view.ts'
import { depositOf, newReporter, type Reporter } from './new-reporter.ts'

/** A claim link as it stands, and the code in it. What the desk says of it is the desk's word. */
export type ClaimLink = AnswerOf<'checkClaim'> & { readonly code: Code }

/** Somebody who is about to claim: the words are theirs, and nobody else has them yet. */
export type Claimant = {
  readonly reporter: Reporter
  readonly words: string
  readonly keyWords: string
}

/** Asks the desk where a link stands, before anybody makes keys. Throws `Refused` code, `ClientError` not-found. */
export async function checkClaimLink(view: DeskView, fragment: string): Promise<ClaimLink> {
  const code = readClaimCode(fragment)
  const { lookup, auth } = invitationKeys(code, view.id)
  return { ...(await view.api.call('checkClaim', { body: { lookup, auth } })), code }
}

/** Fresh keys for somebody who claims a case. */
export async function newClaimant(view: DeskView): Promise<Claimant> {
  const reporter = await newReporter()
  const { signer, key, code } = reporter
  return { reporter, words: code.words, keyWords: keyWords(view.id, signer.who, key.cert) }
}

/**
 * Claims the case of this link with these keys (PROTOCOL 7). The same claim again is the same claim. Says
 * where the link stands then: `taken` is this claim. Throws `ClientError`.
 */
export async function claimCase(
  view: DeskView,
  { code, case: caseId }: ClaimLink,
  { reporter }: Claimant,
): Promise<AnswerOf<'claimCase'>['state']> {
  const { lookup, auth, mac } = invitationKeys(code, view.id)
  const { signer, key } = reporter
  const joining = claimJoining({ desk: view.id, caseId }, signer.who, key.cert)
  const claim = {
    who: signer.who,
    enc: key.cert,
    join: await signer.sign(joinMessage(joining)),
    mac: hexOfBytes(joinMac(mac, joining)),
  }
  const vault = await depositOf(view.id, reporter)
  const { state } = await view.api.call('claimCase', { body: { lookup, auth, claim, vault } })
  return state
}
