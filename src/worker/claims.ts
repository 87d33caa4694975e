import {
  acceptClaim,
  type CaseView,
  type CheckedClaim,
  type Claims,
  ClientError,
  earlierEpochs,
  grantEarlier,
  listClaims,
  offerClaim,
  refuseClaim,
} from '#client'
import { keyWords } from '#seal'
import { deskOf, keyringOf, type MemberSession, refreshed } from './member-session.ts'
import { caseOpener } from './open-case.ts'
import type { MemberOperations } from './operations.ts'
import type { Handlers } from './serve-page.ts'
import { personShown } from './show-case.ts'
import type { CaseShown, ClaimShown, ClaimsShown } from './shown.ts'

type ClaimActs = 'listClaims' | 'offerClaim' | 'acceptClaim' | 'refuseClaim' | 'grantEarlier'

/** Claims of a case that came by mail: every act goes by what this machine checked just now. */
export function claimActHandlers(
  session: MemberSession,
): Handlers<Pick<MemberOperations, ClaimActs>> {
  const { read, show } = caseOpener(session)

  const checked = async (id: string) => {
    const entered = session.open()
    const within = await read(entered, id)
    return { within, claims: await listClaims(entered.view, keyringOf(entered), within) }
  }

  const list = async (id: string): Promise<ClaimsShown> => {
    const { within, claims } = await checked(id)
    const { view, self } = session.open()
    const shown = (claim: CheckedClaim): ClaimShown => ({
      lookup: claim.lookup,
      keyWords: claim.keyWords,
      offeredBy: personShown(view, self, claim.offeredBy),
      at: claim.at,
      attempts: claim.attempts,
      state: claim.state,
    })
    const earlier = within.fold.reporter.who === '' ? 0 : earlierEpochs(within).length
    return { ...claims, claims: claims.claims.map(shown), over: claims.over.map(shown), earlier }
  }

  const shownAnew = async (within: CaseView): Promise<CaseShown> => {
    const entered = session.open()
    await refreshed(entered)
    return show(entered, within)
  }

  return {
    listClaims: ({ id }) => list(id),
    acceptClaim: async ({ id, lookup, keyWords: seen }) => {
      const { within, claims } = await checked(id)
      const claim = claimSeen(claims, lookup, seen)
      return shownAnew(await acceptClaim(deskOf(session, id), within, claim))
    },
    offerClaim: async ({ id }) => {
      await refreshed(session.open())
      return offerClaim(deskOf(session, id), id)
    },
    refuseClaim: async ({ id, lookup }) => {
      await refuseClaim(session.open().view, id, lookup)
      return list(id)
    },
    grantEarlier: async ({ id, keyWords: seen }) => {
      const entered = session.open()
      const within = await read(entered, id)
      const { who, enc } = within.fold.reporter
      if (who === '' || keyWords(entered.view.id, who, enc) !== seen) throw changed()
      return shownAnew(await grantEarlier(deskOf(session, id), within))
    },
  }
}

/** The claim whose words the page showed: a server that swapped it meanwhile gets no signature. */
function claimSeen({ claims }: Claims, lookup: string, seen: string): CheckedClaim {
  const claim = claims.find((each) => each.lookup === lookup)
  if (claim?.keyWords !== seen || claim.state !== 'waiting') throw changed()
  return claim
}

function changed(): ClientError {
  return new ClientError('problem', 'This claim is another than the one shown: look at it again.')
}
