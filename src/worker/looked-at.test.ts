import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  addReader,
  answerInvitation,
  ClientError,
  memberNamed,
  newApplicant,
  openCase,
  refreshDesk,
  sendMessage,
} from '#client'
import {
  base64OfBytes,
  bytesOfHex,
  bytesOfText,
  hexOfBytes,
  HOUR,
  type Role,
  timeOf,
} from '#lexicon'
import {
  authHash,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  joinMac,
  joinMessage,
  readCertificate,
  readCode,
  Refused,
  signerOfSeed,
  writeInvitation,
} from '#seal'
import {
  atWork,
  type Meddle,
  memoryOfOneProcess,
  vaultOf,
  visitor,
} from '../../stories/in-process.ts'
import { type Actor, addMember, file, type OpenDesk, openDesk } from '../../stories/stage.ts'
import { caseHandlers } from './cases.ts'
import { ownHandlers } from './own-ways.ts'
import { peopleHandlers } from './people.ts'
import { proofOfCase } from './proof-of-receipt.ts'
import { queueHandlers } from './queue-pages.ts'
import type { PeopleShown } from './shown.ts'
import { trialSession } from './trial-session.ts'

/*
 * A server answers anew between looking and signing. What a member signs, links, proves or sends is what
 * their page showed, or nothing.
 */

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let maintainer: Actor
before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

/** What the server says instead, and what happens while it is asked. */
let swap: ((path: string, json: Json) => Json) | undefined
let meanwhile: ((path: string) => Promise<void>) | undefined
type Json = Record<string, unknown>

const meddle: Meddle = async (request, go) => {
  if (request.method === 'GET') await meanwhile?.(request.path)
  const answer = await go()
  if (swap === undefined || request.method !== 'GET') return answer
  const json = JSON.parse(new TextDecoder().decode(answer.body)) as Json
  return { status: answer.status, body: bytesOfText(JSON.stringify(swap(request.path, json))) }
}

/** A member at a page. */
async function tab(actor: Actor) {
  const work = await atWork(desk, actor, memoryOfOneProcess(), meddle)
  return { ...work, ...trialSession(work, await vaultOf(desk, actor)) }
}

test('the key that was compared is the key that is admitted, or nobody is (K1)', async () => {
  const first = await tab(desk.first)
  const people = peopleHandlers(first.session)
  const { words } = await people.invite({ roles: ['coordinator'], note: '' })
  const guest = await visitor(desk)
  const honest = await newApplicant(guest)
  await answerInvitation(guest, words, 'Coordinator 3', honest.person)
  const listed = await people.listPeople({})
  const looked = listed.applicants.find(({ handle }) => handle === 'Coordinator 3')
  assert.equal(looked?.keyWords, honest.keyWords)
  const joined = await answerOf(words, guest)
  swap = (path, json) => (path === '/api/v1/invitations' ? withJoined(json, joined) : json)
  try {
    const { invite, who, keyWords, roles } = looked
    const given = { invite, who, keyWords, roles }
    await assert.rejects(people.admit({ ...given, met: 'words' }), isRefused('invitation'))
  } finally {
    swap = undefined
  }
  const members = (await people.listPeople({})).members.map(({ who }) => who)
  assert.ok(!members.includes(joined.who))
})

test('somebody who was looked at as a guest is signed as nothing else (N25)', async () => {
  const people = peopleHandlers((await tab(desk.first)).session)
  const other = await tab(second)
  const { words } = await peopleHandlers(other.session).invite({ roles: ['guest'], note: '' })
  const guest = await visitor(desk)
  const { person } = await newApplicant(guest)
  await answerInvitation(guest, words, 'Guest 7', person)
  const { applicants } = await people.listPeople({})
  const looked = applicants.find(({ handle }) => handle === 'Guest 7')
  assert.ok(looked !== undefined)
  // While their words are compared, whoever invited takes that back and invites the same code as more.
  const { lookup } = invitationKeys(readCode(words), desk.desk)
  await other.view.api.call('withdrawInvitation', { body: { lookup } })
  await inviteAgain(other, words, ['coordinator'])
  await answerInvitation(guest, words, 'Guest 7', person)
  const { invite, who, keyWords, roles } = looked
  const admitted = people.admit({ invite, who, keyWords, roles, met: 'words' })
  await assert.rejects(admitted, isRefused('invitation'))
  const { pending } = await people.listPeople({})
  assert.ok(!pending.some(({ about }) => about === 'Guest 7'), 'nobody waits for a second person')
})

test('an answer under a handle that reads like a member’s is admitted by nobody', async () => {
  const first = await tab(desk.first)
  const people = peopleHandlers(first.session)
  const { words } = await people.invite({ roles: ['guest'], note: '' })
  const guest = await visitor(desk)
  const honest = await newApplicant(guest)
  const alike = answerInvitation(guest, words, 'Maintainer l', honest.person)
  await assert.rejects(alike, { code: 'handle' })
  await answerInvitation(guest, words, 'Guest 9', honest.person)
  // A program of one's own may answer as it likes.
  const joined = await answerOf(words, guest, 'Maintainer l')
  const { lookup } = invitationKeys(readCode(words), desk.desk)
  swap = (path, json) => (path === '/api/v1/invitations' ? withJoined(json, joined, lookup) : json)
  try {
    const { applicants } = await people.listPeople({})
    const shown = applicants.find(({ handle }) => handle === 'Maintainer l')
    assert.ok(shown !== undefined)
    const { who, keyWords, roles } = shown
    const admitted = people.admit({ invite: lookup, who, keyWords, roles, met: 'words' })
    await assert.rejects(admitted, { code: 'handle' })
  } finally {
    swap = undefined
  }
})

test('for whom an invitation is, its maker notes for the coordinators; a new code keeps it', async () => {
  const people = peopleHandlers((await tab(desk.first)).session)
  const notes = ['The first of two', 'The second of two']
  for (const note of notes) await people.invite({ roles: ['guest'], note })
  const noted = async () =>
    (await people.listPeople({})).invitations.flatMap((each) =>
      'note' in each && notes.includes(each.note) ? [each] : [],
    )
  const before = await noted()
  assert.deepEqual(before.map(({ note }) => note).toSorted(), notes)
  const [first] = before
  assert.ok(first !== undefined)
  const { words } = await people.renewInvitation({ lookup: first.lookup })
  const after = await noted()
  assert.deepEqual(after.map(({ note }) => note).toSorted(), notes)
  assert.ok(!after.some(({ lookup }) => lookup === first.lookup))
  const guest = await visitor(desk)
  await answerInvitation(guest, words, 'Guest 12', (await newApplicant(guest)).person)
  const { applicants } = await people.listPeople({})
  assert.equal(applicants.find(({ handle }) => handle === 'Guest 12')?.note, first.note)
})

test('others who write at the same time are no alarm', async () => {
  const { sha256: id } = await file(desk, 'A race')
  const first = await tab(desk.first)
  const other = await tab(second)
  const cases = caseHandlers(first.session)
  await cases.openCase({ id, stand: '' })
  let raced = 0
  meanwhile = async (path) => {
    if (raced > 0 || !path.includes(`/cases/${id}/statements`)) return
    raced++
    for (const text of ['One note.', 'Another.']) {
      const view = await refreshDesk(other.view)
      await sendMessage({ ...other, view }, await openCase(view, id), 'desk', { text, files: [] })
    }
  }
  try {
    const { shown } = await cases.openCase({ id, stand: '' })
    assert.equal(raced, 1)
    assert.ok(shown.entries.length > 0)
  } finally {
    meanwhile = undefined
  }
})

test('a reply goes to those whom the page showed, or to nobody (PROTOCOL 6)', async () => {
  const { sha256: id } = await file(desk, 'Readers')
  const first = await tab(desk.first)
  const other = await tab(second)
  const cases = caseHandlers(first.session)
  const { shown } = await cases.openCase({ id, stand: '' })
  const readers =
    shown.threads.find(({ thread }) => thread === 'all')?.readers.map(({ who }) => who) ?? []
  const message = { id, thread: 'all', files: [], readers, close: false } as const
  await cases.send({ ...message, text: 'Hello.' })
  const view = await refreshDesk(other.view)
  const { who } = memberNamed(view.directory, maintainer.name)
  await addReader({ ...other, view }, await openCase(view, id), 'all', who)
  await assert.rejects(cases.send({ ...message, text: 'For the reporter alone.' }), isProblem)
  const after = await cases.openCase({ id, stand: '' })
  const texts = after.shown.entries.flatMap((entry) =>
    entry.kind === 'message' ? [entry.text] : [],
  )
  assert.ok(!texts.includes('For the reporter alone.'))
})

test('a number in a queue row links no other case than its own (K6)', async () => {
  const [one, two, three] = [
    await file(desk, 'One'),
    await file(desk, 'Two'),
    await file(desk, 'Three'),
  ]
  await labelled([one.sha256, two.sha256, three.sha256])
  const first = await tab(desk.first)
  const cases = caseHandlers(first.session)
  const numbers = new Map([
    [two.sha256, three.number],
    [three.sha256, two.number],
  ])
  swap = (path, json) => (path.startsWith('/api/v1/cases?') ? renumbered(json, numbers) : json)
  await queueHandlers(first.session).queuePage({ lane: 'all', sort: '', after: '' })
  swap = undefined
  const link = { id: one.sha256, other: two.number, relation: 'duplicate-of' }
  await assert.rejects(cases.link(link), isProblem)
})

test('a proof that proves nothing is not given to anybody', async () => {
  const { sha256 } = await file(desk, 'Proof')
  const first = await tab(desk.first)
  const within = await openCase(first.view, sha256)
  const entry = {
    head: '{"type":"ledger.accept","at":"1999-01-01T00:00:00Z"}',
    sig: '0'.repeat(128),
  }
  swap = (path, json) => (path.includes('/ledger/inclusion') ? { ...json, entry, proof: [] } : json)
  try {
    await assert.rejects(proofOfCase(first.view, within), Refused)
  } finally {
    swap = undefined
  }
})

test('a case that could not get its new key is told, and the act that asked for it stands', async () => {
  const { sha256: id, number } = await file(desk, 'Renewed')
  const guest = await addMember(desk, 'Guest 1', 'guest')
  const first = await tab(desk.first)
  const people = peopleHandlers(first.session)
  const view = await refreshDesk(first.view)
  const { who } = memberNamed(view.directory, guest.name)
  await addReader({ ...first, view }, await openCase(view, id), 'all', who)
  swap = (path, json) => (path.includes(`/cases/${id}/statements`) ? withForgedHead(json) : json)
  try {
    const { waits, stale } = await people.revoke({ who })
    assert.equal(waits, false)
    const [told, ...others] = stale
    assert.deepEqual([told?.number, others.length], [number, 0])
    assert.match(told?.why ?? '', /\w/)
  } finally {
    swap = undefined
  }
  const members = (await people.listPeople({})).members
  assert.equal(members.find((each) => each.who === who)?.active, false, 'the key has ended')
})

test('a coordinator whose vault is all there is waits for the second; the root words sign at once', async () => {
  const first = await tab(desk.first)
  const people = peopleHandlers(first.session)
  const { who } = memberNamed(first.view.directory, maintainer.name)
  const asked = { who, roles: ['maintainer:example', 'board'] }
  const proposed = await people.changeRoles(asked)
  assert.deepEqual([proposed.waits, proposed.byRoot], [true, false])
  assert.equal(rolesOf(proposed.people, who).includes('board'), false)
  await people.takeRoot({ words: desk.root })
  const signed = await people.changeRoles(asked)
  assert.deepEqual([signed.waits, signed.byRoot], [false, true])
  assert.equal(rolesOf(signed.people, who).includes('board'), true)
})

test('where another member came in by another tab, own ways are not changed', async () => {
  const first = await tab(desk.first)
  const other = await tab(second)
  first.carryCookieOf(other.view.api)
  await assert.rejects(ownHandlers(first.session).readSelf({}), { name: 'Locked' })
})

function rolesOf(people: PeopleShown, who: string): readonly string[] {
  return people.members.find((each) => each.who === who)?.roles ?? []
}

/** The last head of a page of a chain says something else than what was signed. */
function withForgedHead(json: Json): Json {
  const statements = json['statements'] as readonly { statement: { head: string } }[]
  const last = statements.at(-1)
  if (last === undefined) return json
  const head = last.statement.head.replace('"v":1', '"v":2')
  const forged = { ...last, statement: { ...last.statement, head } }
  return { ...json, statements: [...statements.slice(0, -1), forged] }
}

async function labelled(ids: readonly string[]): Promise<void> {
  const { session } = await tab(desk.first)
  for (const id of ids) await caseHandlers(session).openCase({ id, stand: '' })
}

/** A code of before as a new invitation: a coordinator with a program of their own. */
async function inviteAgain(
  { view, self }: Awaited<ReturnType<typeof tab>>,
  words: string,
  roles: readonly Role[],
): Promise<void> {
  const code = readCode(words)
  const { lookup, auth } = invitationKeys(code, view.id)
  const expires = timeOf(Date.now() + HOUR)
  const inside = await writeInvitation(self.signer, code, {
    desk: view.id,
    expires,
    note: '',
    roles,
  })
  const certificate = await readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(view.id, lookup)
  const sealed = base64OfBytes(await encryptFrame(slot, bytesOfText(inside), [certificate]))
  const auth_hash = hexOfBytes(authHash(bytesOfHex(auth)))
  await view.api.call('invite', { body: { lookup, auth_hash, roles: [...roles], expires, sealed } })
}

/** An answer to the same invitation by a server that has its code: another key under the same name. */
async function answerOf(
  words: string,
  view: Awaited<ReturnType<typeof visitor>>,
  handle = 'Coordinator 3',
) {
  const { person } = await newApplicant(view)
  const signer = await signerOfSeed(person.sign)
  const { lookup, mac } = invitationKeys(readCode(words), view.id)
  const named = { enc: person.key.cert, handle, who: signer.who }
  const joining = { ...named, desk: view.id, invite: lookup }
  const join = await signer.sign(joinMessage(joining))
  return { ...named, join, mac: hexOfBytes(joinMac(mac, joining)) }
}

function withJoined(json: Json, joined: Json, lookup?: string): Json {
  const rows = json['invitations'] as readonly Json[]
  return {
    invitations: rows.map((row) => {
      const other = lookup !== undefined && row['lookup'] !== lookup
      return row['joined'] === undefined || other ? row : { ...row, joined }
    }),
  }
}

function renumbered(json: Json, numbers: ReadonlyMap<unknown, string>): Json {
  const rows = json['cases'] as readonly Json[]
  const cases = rows.map((row) => ({ ...row, number: numbers.get(row['id']) ?? row['number'] }))
  return { ...json, cases }
}

function isRefused(code: string) {
  return (error: unknown) => error instanceof Refused && error.code === code
}

function isProblem(error: unknown): boolean {
  return error instanceof ClientError && ['problem', 'not-found'].includes(error.code)
}
