import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Endpoint, type EndpointName, ENDPOINTS, PROBLEMS } from '#contract'
import { fileReport } from '#intake'
import { accessTable, bytesOfText, mayVisit, timeOf, type Visitor } from '#lexicon'
import { type HeadOf, loginMessage, newCode, readHead, receiptKeys, recoveryKeys } from '#seal'
import { claimCalls } from '../../stories/claims.ts'
import { documentCalls } from '../../stories/document-calls.ts'
import {
  caseStatement,
  newReport,
  type ReportDraft,
  sealedFile,
  type UploadedFile,
} from '../../stories/drafts.ts'
import { memberVault, recoveryTicket } from '../../stories/enrolments.ts'
import { asOwner, newHouse, upload } from '../../stories/house.ts'
import { answerOf, type InvitationKeys, newInvitation } from '../../stories/invitations.ts'
import {
  newAuthenticator,
  type SoftwareAuthenticator,
} from '../../stories/software-authenticator.ts'
import { type Actor, admit, appendDesk, newActor, revoke } from '../../stories/world.ts'
import { type Answer, ask, logInAs, openTrialDoor, post, refusalText } from './trial-door.ts'

/*
 * R23. Every route with every kind of visitor, who all name the things of case X: allowed where the
 * contract says so and the chain makes them a part of it, else the answer for what does not exist.
 */

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

const CALLERS = ['anon', 'reporterA', 'reporterB', 'outsider', 'former', 'coordinator'] as const
type Caller = (typeof CALLERS)[number]

const former = await newActor('Guest 1')
await admit(world, world.coordinator.signer, former, ['maintainer:scipy'])
const members = { outsider: world.maintainer, former, coordinator: world.coordinator }
const actorOf = (caller: Caller): Actor =>
  caller === 'outsider' || caller === 'former' ? members[caller] : members.coordinator

const first = await logInAs(door, world.desk, world.coordinator.signer, timeOf(clock()))
await demandStatus(
  post(door, '/api/v1/desk/statements', { batch: world.batch.slice(-1) }, first),
  200,
)
const formerSession = await logInAs(door, world.desk, former.signer, timeOf(clock()))
await demandStatus(get('/api/v1/cases', formerSession), 200)
await revoke(world, world.coordinator.signer, former)
await demandStatus(
  post(door, '/api/v1/desk/statements', { batch: world.batch.slice(-1) }, first),
  200,
)

const documents = await documentCalls(house, door.rooms.valve)
const file = await upload(
  door.rooms.intake,
  await sealedFile(bytesOfText('attached'), 'notes.txt', [
    world.directory.now.desk.at(-1)?.cert ?? '',
  ]),
)
const mine = await reported('Reporter A', [file])
const theirs = await reported('Reporter B')
const X = mine.draft.id
const opening = readHead(mine.request.report.statement, 'case') as HeadOf<'case.open'>
// Taken by the first test that posts it; what is made after it names it.
await appendDesk(world, world.coordinator.signer, { type: 'desk.beat' })
const beat = world.batch.slice(-1)
const ack = await caseStatement(world, mine.draft, world.coordinator.signer, { type: 'case.ack' })
const third = await newReport(world, { name: 'Reporter C' })
const deskWrap = world.batch
  .map(({ statement }) => readHead(statement, 'desk'))
  .flatMap((head) => (head.type === 'desk.key' && head.circle === 'desk' ? head.wraps : []))
  .find(({ to }) => to === world.coordinator.signer.who)?.blob
const waiting = await openUpload()

const passkeys = new Map<string, SoftwareAuthenticator>()
const words = new Map<string, ReturnType<typeof newCode>>()
for (const actor of [world.maintainer, world.coordinator]) {
  const code = newCode()
  words.set(actor.name, code)
  const session = await logInAs(door, world.desk, actor.signer, timeOf(clock()))
  const body = { vault: await vaultOf(actor), recovery: recoveryTicket(world, code) }
  await demandStatus(send('putVault', {}, body, session), 204)
  await addPasskey(actor, session)
}

/** What one call names and brings. Made anew for each caller, who must be able to do it if anybody is. */
type Given = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  /** When it is not what the contract says for success. */
  readonly status?: number
}

const none = { body: {} }
const ofCase = { params: { id: X } }
const MATRIX: { readonly [N in EndpointName]: (caller: Caller) => Given | Promise<Given> } = {
  readDesk: () => ({}),
  readDeskChain: () => ({ query: '?after=-1' }),
  appendToDesk: () => ({ body: { batch: beat } }),
  readDeskWrap: () => ({ params: { blob: deskWrap ?? '' } }),
  setUp: () => ({
    body: { batch: world.batch.slice(0, 1), secret: '0'.repeat(64) },
    status: PROBLEMS['already-open'].status,
  }),
  readCheckpoint: () => ({}),
  proveConsistency: () => ({ query: '?old=1&size=2' }),
  proveInclusion: () => ({ query: `?of=${world.desk}&size=2` }),
  openUpload: () => none,
  readUpload: () => ({ params: { upload: waiting } }),
  putPiece: () => ({ params: { upload: waiting, n: '0' }, body: file.pieces[0]?.bytes }),
  fileReport: () => ({ body: third.request }),
  follow: () => ({ body: namesOf(receiptKeys(mine.code, world.desk)) }),
  ...claimCalls(house, door.rooms.desk, X),
  askChallenge: () => none,
  logIn: async () => {
    const { signer } = world.coordinator
    const claim = { desk: world.desk, nonce: await nonce(), origin: door.origin }
    const time = timeOf(clock())
    const sig = await signer.sign(loginMessage({ ...claim, time, who: signer.who }))
    return { body: { who: signer.who, nonce: claim.nonce, time, sig } }
  },
  logInByPasskey: async () => ({ body: { assertion: await assertionOf(world.coordinator) } }),
  stepUp: async (caller) => ({ body: { assertion: await assertionOf(actorOf(caller)) } }),
  askRecovery: () => ({
    body: namesOf(recoveryKeys(words.get(world.coordinator.name) ?? newCode(), world.desk)),
  }),
  listRecoveries: () => ({}),
  releaseRecovery: async () => {
    const who = world.second.signer.who
    await asOwner(
      house,
      `insert into identity.recovery_request (who, asked) values (decode($1, 'hex'), $2)
       on conflict (who) do update set released = null, released_by = null`,
      [who, new Date(clock())],
    )
    return { body: { who } }
  },
  withdrawRecovery: async (caller) => {
    await asOwner(
      house,
      `insert into identity.recovery_request (who, asked) values (decode($1, 'hex'), $2)
       on conflict (who) do nothing`,
      [actorOf(caller).signer.who, new Date(clock())],
    )
    return none
  },
  logOut: () => none,
  noteAddress: () => ({ body: { address: 'volunteer@example.org' } }),
  readSelf: () => ({}),
  readMailSettings: () => ({}),
  testMail: () => ({ body: { to: 'volunteer@example.org' } }),
  putVault: async (caller) => ({ body: { vault: await vaultOf(actorOf(caller)) } }),
  addPasskey: async (caller) => {
    const actor = actorOf(caller)
    // A request was withdrawn above; the new words that this asks for are a test of their own.
    await asOwner(house, 'update identity.recovery set replace_since = null')
    const passkey = newAuthenticator(door.origin)
    const registration = passkey.register(await nonce())
    return { body: { registration, label: 'More', vault: await vaultOf(actor, passkey) } }
  },
  removePasskey: async (caller) => {
    const actor = actorOf(caller)
    const own = passkeys.get(actor.name)?.id ?? ''
    const rows = await asOwner(
      house,
      `select translate(encode(id, 'base64'), '+/=', '-_') as id from identity.passkey
       where who = decode($1, 'hex')`,
      [actor.signer.who],
    )
    const other = rows.map(({ id }) => String(id)).find((id) => id !== own)
    return { body: { id: other ?? 'AAAA', vault: await vaultOf(actor) } }
  },
  endSession: async (caller) => {
    const { signer } = actorOf(caller)
    const own = caller === 'former' ? '' : await logInAs(door, world.desk, signer, timeOf(clock()))
    const answer = await get('/api/v1/me', own)
    const { sessions = [] } = JSON.parse(answer.text) as {
      sessions?: { id: string; current: boolean }[]
    }
    return { body: { id: sessions.find(({ current }) => current)?.id ?? '0'.repeat(32) } }
  },
  countCases: () => ({}),
  listCases: () => ({}),
  freeCases: () => ({ body: { cases: [X] } }),
  readCaseChain: () => ({ ...ofCase, query: '?after=-1' }),
  appendToCase: () => ({ ...ofCase, body: { batch: [ack] } }),
  readBlob: () => ({ params: { id: X, blob: opening.body } }),
  readBodies: () => ({ ...ofCase, query: '?from=0&to=9' }),
  readFile: () => ({ params: { id: X, blob: file.entry.blob } }),
  readPiece: () => ({ params: { id: X, blob: file.entry.blob, n: '0' } }),
  invite: async () => ({ body: (await newInvitation(world)).asked }),
  listInvitations: () => ({}),
  withdrawInvitation: async () => ({ body: { lookup: (await invited()).lookup } }),
  noteExport: () => ({ ...ofCase, ...none }),
  readDeliveries: () => ofCase,
  lookUpKey: () => ({ body: { address: 'volunteer@example.org' } }),
  ...documents,
  checkInvitation: async () => ({ body: namesOf(await invited()) }),
  join: async () => {
    const keys = await invited()
    return { body: await answerOf(world, keys, await newActor(`Volunteer ${keys.lookup}`)) }
  },
}

const VISITOR_OF: { readonly [C in Caller]: Visitor } = {
  anon: 'anybody',
  reporterA: 'reporter',
  reporterB: 'other-reporter',
  outsider: 'member',
  former: 'former',
  coordinator: 'coordinator',
}

/** What the published table allows. `undefined`: allowed. */
function refusalOf(name: EndpointName, caller: Caller): 401 | 404 | undefined {
  if (mayVisit(name, VISITOR_OF[caller])) return undefined
  // Who brings no session that counts is asked for one; to everybody else there is nothing here.
  return caller === 'anon' || caller === 'former' ? 401 : 404
}

test('the published table has every route once, and says of open ones that they are open', () => {
  const routes = accessTable().flatMap((row) => row.routes)
  assert.deepEqual(routes.toSorted(), Object.keys(ENDPOINTS).toSorted())
  for (const name of Object.keys(ENDPOINTS) as EndpointName[])
    assert.equal(mayVisit(name, 'anybody'), ENDPOINTS[name].caller === 'anyone', name)
})

test('the matrix has every route of the table', () => {
  assert.deepEqual(Object.keys(MATRIX).toSorted(), Object.keys(ENDPOINTS).toSorted())
})

for (const name of Object.keys(ENDPOINTS) as EndpointName[])
  test(`${name}: who may, and what everybody else reads`, async () => {
    const { status: usual } = ENDPOINTS[name]
    for (const caller of CALLERS) {
      const session = await sessionOf(caller)
      const { status = usual, body, ...given } = await MATRIX[name](caller)
      const answer = await send(name, given, body, session)
      const refusal = refusalOf(name, caller)
      assert.equal(answer.status, refusal ?? status, `${name} by ${caller}: ${answer.text}`)
      if (refusal !== undefined)
        assert.equal(answer.text, refusalText(refusal), `${name} by ${caller}`)
    }
  })

test('a case that is not for somebody and one that does not exist are the same to the byte', async () => {
  const names = (Object.keys(ENDPOINTS) as EndpointName[]).filter((name) =>
    ENDPOINTS[name].path.startsWith('/api/v1/cases/{id}/'),
  )
  assert.ok(names.length >= 6)
  for (const name of names)
    for (const caller of ['reporterB', 'outsider'] as const) {
      const { body, ...given } = await MATRIX[name](caller)
      const session = await sessionOf(caller)
      const foreign = await send(name, given, body, session)
      const params = { ...given.params, id: '0'.repeat(64) }
      const unknown = await send(name, { ...given, params }, body, session)
      assert.deepEqual(bare(foreign), bare(unknown), `${name} by ${caller}`)
    }
})

test('lists hold nothing of a case that is not for the one who asks', async () => {
  const outsider = await logInAs(door, world.desk, world.maintainer.signer, timeOf(clock()))
  const lists = ['/api/v1/cases?limit=1000', '/api/v1/me']
  for (const path of lists) assert.ok(!(await get(path, outsider)).text.includes(X), path)
  const { text } = await get('/api/v1/cases/count', outsider)
  assert.deepEqual(new Set(Object.values(JSON.parse(text) as Record<string, number>)), new Set([0]))
  assert.ok((await get('/api/v1/cases?limit=1000', await coordinates())).text.includes(X))
})

test('nobody ends a session or removes a passkey of somebody else', async () => {
  const coordinator = await coordinates()
  const { text } = await get('/api/v1/me', coordinator)
  const self = JSON.parse(text) as {
    sessions: { id: string; current: boolean }[]
    passkeys: { id: string }[]
  }
  const outsider = await logInAs(door, world.desk, world.maintainer.signer, timeOf(clock()))
  const id = self.sessions.find(({ current }) => current)?.id
  const ended = await send('endSession', {}, { id }, outsider)
  assert.equal(ended.text, refusalText(404))
  const vault = await vaultOf(world.maintainer)
  const removed = await send('removePasskey', {}, { id: self.passkeys[0]?.id, vault }, outsider)
  assert.equal(removed.text, refusalText(404))
  await demandStatus(get('/api/v1/cases', coordinator), 200)
})

test('nothing of all this was unforeseen', () => {
  assert.deepEqual(door.failures, [])
})

async function sessionOf(caller: Caller): Promise<string | undefined> {
  if (caller === 'anon') return undefined
  if (caller === 'former') return formerSession
  if (caller === 'reporterA') return follow(mine)
  if (caller === 'reporterB') return follow(theirs)
  return logInAs(door, world.desk, actorOf(caller).signer, timeOf(clock()))
}

async function coordinates(): Promise<string> {
  return (await sessionOf('coordinator')) ?? ''
}

async function follow(report: ReportDraft): Promise<string> {
  const { text } = await post(door, '/api/v1/follow', namesOf(receiptKeys(report.code, world.desk)))
  return (JSON.parse(text) as { session: string }).session
}

function namesOf({ lookup, auth }: { readonly lookup: string; readonly auth: string }) {
  return { lookup, auth }
}

async function reported(name: string, files: readonly UploadedFile[] = []): Promise<ReportDraft> {
  const report = await newReport(world, { name, files })
  await fileReport(door.rooms.intake, report.request)
  return report
}

async function openUpload(): Promise<string> {
  const { text } = await post(door, '/api/v1/uploads', {})
  return (JSON.parse(text) as { upload: string }).upload
}

async function nonce(): Promise<string> {
  const { text } = await post(door, '/api/v1/login/challenge', {})
  return (JSON.parse(text) as { nonce: string }).nonce
}

async function assertionOf({ name }: Actor) {
  return (passkeys.get(name) ?? newAuthenticator(door.origin)).assert(await nonce())
}

async function addPasskey(actor: Actor, session: string): Promise<void> {
  const passkey = newAuthenticator(door.origin)
  const registration = passkey.register(await nonce())
  const body = { registration, label: 'One', vault: await vaultOf(actor, passkey) }
  await demandStatus(send('addPasskey', {}, body, session), 204)
  passkeys.set(actor.name, passkey)
}

/** Openable by the words and by every passkey that this person has, and by one more. */
async function vaultOf(actor: Actor, more?: SoftwareAuthenticator): Promise<string> {
  const known = passkeys.get(actor.name)
  const all = [...(known === undefined ? [] : [known]), ...(more === undefined ? [] : [more])]
  await asOwner(house, `delete from keys.member_vault where who = decode($1, 'hex')`, [
    actor.signer.who,
  ])
  return memberVault(world, actor, all, words.get(actor.name))
}

async function invited(): Promise<InvitationKeys> {
  const { keys, asked } = await newInvitation(world)
  await demandStatus(post(door, '/api/v1/invitations', asked, await coordinates()), 201)
  return keys
}

function send(
  name: EndpointName,
  { params = {}, query = '' }: Pick<Given, 'params' | 'query'>,
  body: unknown,
  session: string | undefined,
): Promise<Answer> {
  const { method, path }: Endpoint = ENDPOINTS[name]
  const url = path.replace(/\{(\w+)\}/g, (_, field: string) => params[field] ?? '') + query
  const raw = body instanceof Uint8Array
  const headers = {
    origin: door.origin,
    ...(session !== undefined && { authorization: `Bearer ${session}` }),
    ...(body !== undefined && {
      'content-type': raw ? 'application/octet-stream' : 'application/json',
    }),
  }
  const bytes = raw ? body : body === undefined ? undefined : JSON.stringify(body)
  return ask(door, method.toUpperCase(), url, headers, bytes)
}

function get(path: string, session: string): Promise<Answer> {
  return ask(door, 'GET', path, { authorization: `Bearer ${session}` })
}

async function demandStatus(answer: Promise<Answer>, status: number): Promise<void> {
  const { status: found, text } = await answer
  assert.equal(found, status, text)
}

function bare({ status, text, headers }: Answer) {
  const { date: _, ...rest } = headers
  return { status, text, rest }
}
