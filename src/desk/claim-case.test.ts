import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { ClaimPosted } from '#contract'
import { CLAIM_LIVES, DAY, HOUR } from '#lexicon'
import { type Claim, type Code, invitationKeys, newCode, type Signer } from '#seal'
import { claimOf, newOffer } from '../../stories/claims.ts'
import {
  type CaseDraft,
  caseMessage,
  caseStatement,
  depositOf,
  newCircle,
} from '../../stories/drafts.ts'
import { asOwner, deskDepsOf, newHouse, reportFiler } from '../../stories/house.ts'
import { type Actor, newActor } from '../../stories/world.ts'
import {
  acceptCaseBatch,
  checkClaim,
  claimCase,
  listCases,
  listClaims,
  openClaim,
  type Party,
  readCaseChain,
  refuseClaim,
  sweepClaims,
} from './index.ts'

/* Cases without a way back, as mail makes them, and people who claim them with the code of a mail. */

const house = await newHouse()
const { world, database, clock } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const coordinator = world.coordinator.signer
const by: Party = { kind: 'member', who: coordinator.who }

test('a claim is taken once; of twenty at once exactly one, and the others are counted', async () => {
  const { draft, code } = await offered()
  const claims = await Promise.all(Array.from({ length: 20 }, () => claimant(draft, code)))
  const answers = await Promise.all(claims.map(({ posted }) => claim(code, posted)))
  assert.equal(answers.filter((answer) => answer?.state === 'taken').length, 1)
  assert.equal(answers.filter((answer) => answer?.state === 'used').length, 19)
  const [row] = await listClaims(deps, draft.id)
  const winner = claims[answers.findIndex((answer) => answer?.state === 'taken')]
  assert.equal(row?.claim?.who, winner?.actor.signer.who)
  assert.equal(row?.attempts, 19)
  assert.equal((await checkClaim(deps, ticketOf(code)))?.state, 'used')
  const [opened] = await listClaims(deps, draft.id)
  assert.equal(opened?.attempts, 20, 'who finds it used is counted too')
})

test('the same claim again is taken again: its answer may have been lost', async () => {
  const { draft, code } = await offered()
  const { posted } = await claimant(draft, code)
  assert.equal((await claim(code, posted))?.state, 'taken')
  assert.equal((await claim(code, posted))?.state, 'taken')
  const [row] = await listClaims(deps, draft.id)
  assert.equal(row?.attempts, 0)
})

test('a row of the queue says to coordinators that somebody claims it, until that is settled', async () => {
  const { draft, code } = await offered()
  const { posted } = await claimant(draft, code)
  const claimed = async () => {
    const { cases } = await listCases(deps, by, { lane: 'all', limit: 1000 })
    return cases.find(({ id }) => id === draft.id)?.claimed
  }
  assert.equal(await claimed(), undefined)
  await claim(code, posted)
  assert.equal(await claimed(), true)
  await refuseClaim(deps, draft.id, ticketOf(code).lookup)
  assert.equal(await claimed(), undefined)
})

test('unknown and wrong get one answer, and using nothing up', async () => {
  const { draft, code } = await offered()
  const { posted } = await claimant(draft, code)
  const { lookup, auth } = ticketOf(code)
  for (const ticket of [
    { lookup, auth: '0'.repeat(64) },
    { lookup: '0'.repeat(32), auth },
    ticketOf(newCode()),
  ]) {
    assert.equal(await checkClaim(deps, ticket), null)
    assert.equal(await claimCase(deps, { ticket, ...posted }), null)
  }
  const found = await checkClaim(deps, { lookup, auth })
  assert.deepEqual([found?.state, found?.case], ['open', draft.id])
})

test('an unknown lookup takes as long as a known one with a wrong auth', async (t) => {
  const { code } = await offered()
  const { lookup } = ticketOf(code)
  const took = { known: [] as number[], unknown: [] as number[] }
  const auth = '0'.repeat(64)
  for (let n = 0; n < 120; n++) {
    const pair = [
      ['known', lookup],
      ['unknown', n.toString(16).padStart(32, '0')],
    ] as const
    for (const [kind, name] of n % 2 === 0 ? pair : pair.toReversed()) {
      const began = performance.now()
      assert.equal(await checkClaim(deps, { lookup: name, auth }), null)
      if (n >= 20) took[kind].push(performance.now() - began)
    }
  }
  const ratio = median(took.known) / median(took.unknown)
  t.diagnostic(`known / unknown: ${ratio.toFixed(2)}`)
  assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`)
})

test('a link lives 30 days at most, and none is made that is over', async () => {
  const { draft, code } = await offered(100 * DAY)
  const { posted } = await claimant(draft, code)
  world.now += CLAIM_LIVES
  assert.equal((await checkClaim(deps, ticketOf(code)))?.state, 'expired')
  assert.equal((await claim(code, posted))?.state, 'expired')
  world.now -= CLAIM_LIVES
  assert.equal((await claim(code, posted))?.state, 'taken')
  await assert.rejects(offered(-HOUR), { code: 'claim' })
})

test('what nobody could grant does not use the link up', async () => {
  const { draft, code } = await offered()
  const other = await offered()
  const { posted } = await claimant(draft, code)
  const foreign = await claimant(other.draft, code)
  const vaultOfAnother = (await claimant(draft, code)).posted.vault
  const member = await claimOf(world, draft.id, code, world.maintainer)
  const wrong: [string, ClaimPosted][] = [
    // The signature is over another case.
    ['F8', foreign.posted],
    ['F8', { ...posted, claim: { ...posted.claim, who: foreign.posted.claim.who } }],
    ['F8', { ...posted, claim: member }],
    ['cert', { ...posted, claim: { ...posted.claim, enc: 'AAAA' } }],
    ['vault', { ...posted, vault: vaultOfAnother }],
  ]
  for (const [check, each] of wrong) await assert.rejects(claim(code, each), { code: check }, check)
  assert.equal((await claim(code, posted))?.state, 'taken')
})

test('the same code is offered once', async () => {
  const { draft, code } = await offered()
  await assert.rejects(offer(draft, code), { code: 'conflict' })
})

test('a claimant reads nothing before a coordinator named them, and then what follows', async () => {
  const { draft, code } = await offered()
  await accept(draft, await opening(draft))
  const { actor, posted } = await claimant(draft, code)
  await claim(code, posted)
  assert.deepEqual(await waysIn(actor), { vaults: 1, sessions: 0 })
  const me: Party = { kind: 'reporter', who: actor.signer.who, caseId: draft.id }
  assert.equal(await readCaseChain(deps, me, draft.id, -1), null)

  await accept(draft, await granted(draft, actor, posted.claim, 2))
  assert.ok(await readCaseChain(deps, me, draft.id, -1))
  const [row] = await listClaims(deps, draft.id)
  assert.equal(row?.settled, 'accepted')
  const reply = await caseMessage(world, draft, actor.signer, 'all/2', { text: 'Thank you.' })
  await acceptCaseBatch(deps, { by: me, caseId: draft.id, batch: [reply] })
})

test('whoever is named in the place of another ends their session and their vault', async () => {
  const { draft, code } = await offered()
  const second = await offer(draft)
  const one = await claimant(draft, code)
  const two = await claimant(draft, second)
  await claim(code, one.posted)
  await claim(second, two.posted)
  await accept(draft, await granted(draft, one.actor, one.posted.claim, 1))
  await openSession(draft, one.actor)
  assert.deepEqual(await waysIn(one.actor), { vaults: 1, sessions: 1 })

  await accept(draft, await granted(draft, two.actor, two.posted.claim, 2))
  assert.deepEqual(await waysIn(one.actor), { vaults: 0, sessions: 0 })
  assert.deepEqual(await waysIn(two.actor), { vaults: 1, sessions: 0 })
  const me: Party = { kind: 'reporter', who: one.actor.signer.who, caseId: draft.id }
  assert.equal(await readCaseChain(deps, me, draft.id, -1), null)
})

test('a refused claim opens nothing, is refused once, and only in its own case', async () => {
  const { draft, code } = await offered()
  const other = await offered()
  const { posted, actor } = await claimant(draft, code)
  const { lookup } = ticketOf(code)
  assert.equal(await refuseClaim(deps, draft.id, lookup), false, 'nobody claimed yet')
  await claim(code, posted)
  assert.equal(await refuseClaim(deps, other.draft.id, lookup), false)
  await openSession(draft, actor)
  assert.equal(await refuseClaim(deps, draft.id, lookup), true)
  assert.equal(await refuseClaim(deps, draft.id, lookup), false)
  assert.deepEqual(await waysIn(actor), { vaults: 0, sessions: 0 })
  assert.equal((await listClaims(deps, draft.id))[0]?.settled, 'refused')
  const vaults = () =>
    asOwner(house, `select 1 from keys.vault where who = decode($1, 'hex')`, [actor.signer.who])
  assert.equal((await vaults()).length, 1, 'the desk deletes no key')
  await sweepClaims(database.logins.retention, 0)
  assert.equal((await vaults()).length, 0)
})

test('of a refusal and an acceptance the first one holds, whichever it is', async () => {
  const { draft, code } = await offered()
  const { posted, actor } = await claimant(draft, code)
  const { lookup } = ticketOf(code)
  await claim(code, posted)
  // Composed from a look at a claim that waited still.
  const batch = await granted({ ...draft }, actor, posted.claim, 1)
  assert.equal(await refuseClaim(deps, draft.id, lookup), true)
  await assert.rejects(accept(draft, batch), { code: 'conflict' })
  assert.equal((await listClaims(deps, draft.id))[0]?.settled, 'refused')
  assert.deepEqual(await waysIn(actor), { vaults: 0, sessions: 0 })

  const other = await offered()
  const second = await claimant(other.draft, other.code)
  await claim(other.code, second.posted)
  await accept(other.draft, await granted(other.draft, second.actor, second.posted.claim, 1))
  assert.equal(await refuseClaim(deps, other.draft.id, ticketOf(other.code).lookup), false)
  assert.equal((await listClaims(deps, other.draft.id))[0]?.settled, 'accepted')
  assert.deepEqual(await waysIn(second.actor), { vaults: 1, sessions: 0 })
})

test('a closed case is claimed to read its answer; a destroyed one is over', async () => {
  const { draft, code } = await offered()
  const second = await offer(draft)
  const shut = { type: 'case.state', state: 'closed', project: '' } as const
  const answer = await caseMessage(world, draft, coordinator, 'desk/1', { text: 'A reason.' })
  await accept(draft, [answer, await caseStatement(world, draft, coordinator, shut)])
  const { posted } = await claimant(draft, code)
  assert.equal((await claim(code, posted))?.state, 'taken')

  await destroy(draft)
  assert.equal((await checkClaim(deps, ticketOf(second)))?.state, 'over')
  const late = await claimant(draft, second)
  assert.equal((await claim(second, late.posted))?.state, 'over')
})

test('links that nobody used are swept a while after they expired, and no claim is', async () => {
  const unused = await offered()
  const used = await offered()
  await claim(used.code, (await claimant(used.draft, used.code)).posted)
  world.now += CLAIM_LIVES
  await sweepClaims(database.logins.retention, clock() - CLAIM_LIVES)
  assert.equal((await checkClaim(deps, ticketOf(unused.code)))?.state, 'expired')
  await sweepClaims(database.logins.retention, clock() + 1)
  assert.equal(await checkClaim(deps, ticketOf(unused.code)), null)
  assert.equal((await listClaims(deps, used.draft.id)).length, 1)
  world.now -= CLAIM_LIVES
})

test('the server keeps the code of no link, and no auth', async () => {
  const { code } = await offered()
  const { auth } = ticketOf(code)
  const rows = await asOwner(house, 'select c::text as text from desk.claim c')
  const all = rows.map(({ text }) => String(text)).join()
  assert.ok(all.includes(ticketOf(code).lookup), 'this is where it would be')
  assert.ok(!all.includes(auth))
  assert.ok(!all.includes(Buffer.from(code.entropy).toString('hex')))
})

/** A case without a way back, and the code of its mail. */
async function offered(lives = CLAIM_LIVES) {
  const draft = await filing.withoutWayBack(`Mail ${people++}`)
  return { draft, code: await offer(draft, newCode(), lives) }
}

async function offer(draft: CaseDraft, code = newCode(), lives = CLAIM_LIVES): Promise<Code> {
  const made = await newOffer(world, draft.id, code, lives)
  await database.logins.intake
    .transaction()
    .execute((tx) => openClaim(tx, { caseId: draft.id, offer: made.offer, now: clock() }))
  return code
}

let people = 0

async function claimant(draft: CaseDraft, code: Code) {
  const actor = await newActor(`Claimant ${people++}`)
  const words = newCode()
  const { vault, ticket } = await depositOf(world, actor, words)
  return {
    actor,
    words: ticket,
    posted: { claim: await claimOf(world, draft.id, code, actor), vault },
  }
}

function claim(code: Code, posted: ClaimPosted) {
  return claimCase(deps, { ticket: ticketOf(code), ...posted })
}

function ticketOf(code: Code) {
  const { lookup, auth } = invitationKeys(code, world.desk)
  return { lookup, auth }
}

async function accept(draft: CaseDraft, batch: Parameters<typeof acceptCaseBatch>[1]['batch']) {
  return acceptCaseBatch(deps, { by, caseId: draft.id, batch })
}

async function opening(draft: CaseDraft) {
  return [await newCircle(world, draft, coordinator, 'all', 1, [])]
}

async function granted(draft: CaseDraft, actor: Actor, { who, enc, join }: Claim, epoch: number) {
  const named = { type: 'case.reporter', who, enc, join, pgp: '' } as const
  return [
    await caseStatement(world, draft, coordinator, named),
    await newCircle(world, draft, coordinator, 'all', epoch, [actor]),
  ]
}

async function destroy(draft: CaseDraft): Promise<void> {
  const second = world.second.signer
  const sign = async (signer: Signer, own: Parameters<typeof caseStatement>[3]) => {
    await accept(draft, [await caseStatement(world, draft, signer, own)])
    return draft.tail.id
  }
  const review = await sign(coordinator, { type: 'case.review', decision: 'destroy', until: '' })
  await sign(second, { type: 'approve', what: review })
  const shred = await sign(coordinator, { type: 'case.shred', review })
  await sign(second, { type: 'approve', what: shred })
}

/** What this person could come in by. */
async function waysIn({ signer }: Actor) {
  const [row] = await asOwner(
    house,
    `select (select count(*)::int from keys.vault where who = decode($1, 'hex') and ended is null) as vaults,
       (select count(*)::int from identity.session where who = decode($1, 'hex')) as sessions`,
    [signer.who],
  )
  return row
}

/** As the door does, when their words opened the vault. */
async function openSession({ id }: CaseDraft, { signer }: Actor): Promise<void> {
  await asOwner(
    house,
    `insert into identity.session (token_hash, kind, who, case_id, opened, seen, id, proved)
     values (sha256(decode($1, 'hex')), 'reporter', decode($1, 'hex'), decode($2, 'hex'), $3, $3,
       substring(decode($1, 'hex') from 1 for 16), $3)`,
    [signer.who, id, new Date(clock())],
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
