import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClaimRow } from '#contract'
import { base64OfBytes, CLAIM_LIVES, timeOf } from '#lexicon'
import {
  type Code,
  invitationKeys,
  makeClaimOffer,
  newCode,
  readCertificate,
  type Signer,
} from '#seal'
import { claimOf } from '../../stories/claims.ts'
import { type Actor, admit, keyOf, newActor, newWorld, revoke } from '../../stories/world.ts'
import { listClaims } from './claims.ts'
import type { Keyring } from './keyring.ts'
import { trialApi, trialCase, trialView } from './trial-desk.ts'

/* Rows as the desk gives them, and a directory in which their makers came and went. */

const world = await newWorld()
const id = 'cd'.repeat(32)
const gone = await newActor('Coordinator 9')
await admit(world, world.root, gone, ['coordinator'])
const claimant = await newActor('Claimant 1')

test('a link of a coordinator who left is not forged, and nothing is accepted by it', async () => {
  const unused = await rowBy(gone.signer)
  const used = await rowBy(gone.signer, claimant)
  const before = await listed([unused, used])
  assert.deepEqual([before.claims[0]?.state, before.unused, before.left], ['waiting', 1, 0])
  await revoke(world, world.root, gone)
  const after = await listed([unused, used])
  const { over, ...rest } = after
  assert.deepEqual(rest, { claims: [], forged: 0, closed: 0, unused: 0, left: 2 })
  assert.deepEqual(
    over.map(({ lookup, state }) => [lookup, state]),
    [[used.lookup, 'waiting']],
  )
  const refused = await listed([unused, { ...used, settled: 'refused' }])
  assert.deepEqual([refused.claims[0]?.state, refused.left, refused.over], ['refused', 1, []])
  const named = await listed([unused, used], claimant.signer.who)
  assert.deepEqual([named.claims[0]?.state, named.left], ['reporter', 1], 'what was accepted stays')
  assert.deepEqual(named.over, [])
})

test('of whoever never was coordinator, or without its code, a link is forged still', async () => {
  const mine = await rowBy(gone.signer, claimant)
  const other = await rowBy(gone.signer, await newActor('Claimant 2'))
  const moved = { ...mine, claim: other.claim }
  const strangers = [await rowBy(world.maintainer.signer), await rowBy(claimant.signer, claimant)]
  const seen = await listed([moved, ...strangers])
  assert.deepEqual(seen, { claims: [], forged: 3, closed: 0, unused: 0, left: 0, over: [] })
})

async function rowBy(maker: Signer, by?: Actor): Promise<ClaimRow> {
  const code = newCode()
  const deskKey = await readCertificate(world.directory.now.desk.at(-1)?.cert ?? '')
  const expires = timeOf(world.now + CLAIM_LIVES)
  const { offer } = await makeClaimOffer(
    maker,
    { desk: world.desk, caseId: id },
    expires,
    deskKey,
    code,
  )
  const { lookup } = invitationKeys(code, world.desk)
  const made = timeOf(world.now)
  const sealed = base64OfBytes(offer.sealed)
  return {
    lookup,
    sealed,
    made,
    expires,
    attempts: 0,
    settled: '',
    ...(by && { claim: await said(by, code) }),
  }
}

async function said(by: Actor, code: Code) {
  return { ...(await claimOf(world, id, code, by)), at: timeOf(world.now) }
}

/** What a coordinator's client makes of these rows, in a case whose reporter is `reporter`. */
function listed(rows: readonly ClaimRow[], reporter = '') {
  const view = trialView({
    id: world.desk,
    directory: world.directory,
    clock: () => world.now,
    api: trialApi(async () => ({ claims: rows })),
  })
  const keyring: Pick<Keyring, 'keyOf'> = { keyOf: async (name) => keyOf(world.keys, name) }
  const fold = { statements: new Map(), reporter: { who: reporter, enc: '', pgp: '' } }
  return listClaims(view, keyring as Keyring, trialCase({ id, fold }))
}
