import { claimCase, type DeskDeps, openClaim } from '#desk'
import { base64OfBytes, CLAIM_LIVES, hexOfBytes, timeOf } from '#lexicon'
import {
  type Claim,
  claimJoining,
  type Code,
  invitationKeys,
  joinMac,
  joinMessage,
  makeClaimOffer,
  newCode,
  readCertificate,
} from '#seal'
import { depositOf } from './drafts.ts'
import type { House } from './house.ts'
import { type Actor, newActor, type World } from './world.ts'

/* What the server's receipt and a claimant's client send. */

/** A fresh code, as the server makes it for the receipt of a mail, and what the desk keeps of it. */
export async function newOffer(
  world: World,
  caseId: string,
  code: Code = newCode(),
  lives = CLAIM_LIVES,
) {
  const deskKey = await readCertificate(world.directory.now.desk.at(-1)?.cert ?? '')
  const place = { desk: world.desk, caseId }
  const expires = timeOf(world.now + lives)
  const { offer } = await makeClaimOffer(world.server, place, expires, deskKey, code)
  return { offer, code, keys: invitationKeys(code, world.desk) }
}

/** The claim of this person on this case, bound to the code. */
export async function claimOf(
  world: World,
  caseId: string,
  code: Code,
  { signer, key }: Actor,
): Promise<Claim> {
  const joining = claimJoining({ desk: world.desk, caseId }, signer.who, key.cert)
  return {
    who: signer.who,
    enc: key.cert,
    join: await signer.sign(joinMessage(joining)),
    mac: hexOfBytes(joinMac(invitationKeys(code, world.desk).mac, joining)),
  }
}

/** One call of each kind about claims of this case, made anew for each caller. */
export function claimCalls({ world, database, clock }: House, desk: DeskDeps, caseId: string) {
  const offered = async () => {
    const made = await newOffer(world, caseId)
    await database.logins.intake
      .transaction()
      .execute((tx) => openClaim(tx, { caseId, offer: made.offer, now: clock() }))
    const { lookup, auth } = made.keys
    return { ...made, ticket: { lookup, auth } }
  }
  const posted = async () => {
    const { ticket, code } = await offered()
    const claimant = await newActor(`Claimant ${ticket.lookup}`)
    const { vault } = await depositOf(world, claimant, newCode())
    return { ticket, claim: await claimOf(world, caseId, code, claimant), vault }
  }
  const params = { id: caseId }
  return {
    checkClaim: async () => ({ body: (await offered()).ticket }),
    claimCase: async () => {
      const { ticket, ...rest } = await posted()
      return { body: { ...ticket, ...rest } }
    },
    listClaims: () => ({ params }),
    offerClaim: async () => {
      const { offer } = await newOffer(world, caseId)
      return { params, body: { ...offer, sealed: base64OfBytes(offer.sealed) } }
    },
    refuseClaim: async () => {
      const made = await posted()
      await claimCase(desk, made)
      return { params, body: { lookup: made.ticket.lookup } }
    },
  }
}
