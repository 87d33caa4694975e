import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Endpoint, type EndpointName, ENDPOINTS } from '#contract'
import { listClaims, openClaim } from '#desk'
import { markRestored, pinServer } from '#identity'
import { timeOf } from '#lexicon'
import { newCode } from '#seal'
import { claimOf, newOffer } from '../../stories/claims.ts'
import { depositOf } from '../../stories/drafts.ts'
import { newHouse, reportFiler } from '../../stories/house.ts'
import { newActor } from '../../stories/world.ts'
import { STOPPED_BY_RESTORE } from './call-endpoint.ts'
import { ask, logInAs, openTrialDoor, post } from './trial-door.ts'

/* PROTOCOL 9: a restored copy hands out what it has, and takes nothing for its cases. */

const house = await newHouse()
const { database, world, clock } = house
const filing = await reportFiler(house)
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await filing.close()
  await database.close()
})

await pinServer(database.logins.identity, world.server.who)

/** What a restored copy takes still, and why. Whoever adds an endpoint says here or there what it does. */
const TAKEN: { readonly [N in EndpointName]?: string } = {
  appendToDesk: 'the desk chain refuses by itself all but the end of the restore',
  setUp: 'of a desk that is not set up yet',
  follow: 'a session, to read',
  checkClaim: 'says where a link stands; counts nothing then',
  askChallenge: 'to log in',
  logIn: 'to read, and to end the restore',
  logInByPasskey: 'to read, and to end the restore',
  stepUp: 'to end the restore',
  logOut: 'a session',
  endSession: 'a session',
  askRecovery: 'the words may be the only way in',
  releaseRecovery: 'the words may be the only way in',
  withdrawRecovery: 'the words may be the only way in',
  noteAddress: 'of a member, for themselves',
  putVault: 'of a member, for themselves',
  addPasskey: 'of a member, for themselves',
  removePasskey: 'of a member, for themselves',
  invite: 'nobody is admitted before the restore ends',
  withdrawInvitation: 'nobody is admitted before the restore ends',
  checkInvitation: 'nobody is admitted before the restore ends',
  join: 'nobody is admitted before the restore ends',
  noteExport: 'somebody reads a whole case: a ledger entry that must not be lost',
  testMail: 'a mail to whoever asks',
  lookUpKey: 'asks a domain, keeps nothing',
  putDocuments:
    'of no case, and found by its hash; the release of it waits for the end of the restore',
  listLacking: 'a question',
  putDraft: 'of no case',
}

// Names of endpoints, checked by the table itself.
const WRITING = (Object.keys(ENDPOINTS) as EndpointName[]).filter(
  (name) => ENDPOINTS[name].method !== 'get',
)

test('every endpoint that is no question stands in one of the two lists', () => {
  const said = [...STOPPED_BY_RESTORE, ...(Object.keys(TAKEN) as EndpointName[])]
  assert.deepEqual(said.toSorted(), WRITING.toSorted())
})

test('a restored copy stops what writes to its cases, and asks of the rest no more than before', async () => {
  await restored(true)
  const session = await coordinator()
  for (const name of WRITING) {
    // Ends the session that the others need.
    if (name === 'logOut') continue
    const answer = await sendNothing(name, session)
    const stopped = STOPPED_BY_RESTORE.includes(name)
    assert.equal(/"read-only"/.test(answer.text), stopped, `${name}: ${answer.text}`)
    if (stopped) assert.equal(answer.status, 503, name)
  }
  await restored(false)
  for (const name of STOPPED_BY_RESTORE)
    assert.notEqual((await sendNothing(name, session)).status, 503, name)
})

test('who opens a used link is counted, but not by a restored copy', async () => {
  const draft = await filing.withoutWayBack('Mail 1')
  const { offer, code, keys } = await newOffer(world, draft.id)
  await database.logins.intake
    .transaction()
    .execute((tx) => openClaim(tx, { caseId: draft.id, offer, now: clock() }))
  const actor = await newActor('Claimant 1')
  const claim = await claimOf(world, draft.id, code, actor)
  const { vault } = await depositOf(world, actor, newCode())
  const { lookup, auth } = keys
  const body = { lookup, auth, claim, vault }
  const { path } = ENDPOINTS.claimCase
  assert.equal((await post(door, path, body)).status, ENDPOINTS.claimCase.status)
  const attempts = async () => (await listClaims(door.rooms.desk, draft.id))[0]?.attempts
  const opened = () => post(door, ENDPOINTS.checkClaim.path, { lookup, auth })

  await restored(true)
  assert.equal((JSON.parse((await opened()).text) as { state: string }).state, 'used')
  assert.equal(await attempts(), 0)
  await restored(false)
  await opened()
  assert.equal(await attempts(), 1)
})

async function restored(is: boolean): Promise<void> {
  if (is) await markRestored(database.logins.identity, clock())
  else
    await database.logins.identity
      .updateTable('identity.server')
      .set({ restored_at: null })
      .execute()
}

function coordinator(): Promise<string> {
  return logInAs(door, world.desk, world.coordinator.signer, timeOf(clock()))
}

/** Refused before anybody looks at what it brings, or for bringing nothing. */
function sendNothing(name: EndpointName, session: string) {
  const { method, path, body }: Endpoint = ENDPOINTS[name]
  const at = path.replaceAll(/\{\w+\}/g, '0'.repeat(64))
  const headers = {
    origin: door.origin,
    authorization: `Bearer ${session}`,
    'content-type': body === 'bytes' ? 'application/octet-stream' : 'application/json',
  }
  return ask(door, method.toUpperCase(), at, headers, body === undefined ? undefined : '[]')
}
