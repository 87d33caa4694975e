import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Api,
  ClientError,
  type DeskView,
  logIn,
  openCase,
  openDesk as visitDesk,
  openKeyFile,
  readKeyFile,
  type Self,
} from '#client'
import { base64OfBytes, timeOf } from '#lexicon'
import {
  type AnyHead,
  blobHash,
  joinMessage,
  logMark,
  newestEpoch,
  readCertificate,
  sealBody,
  signerOfSeed,
  signStatement,
  slotOf,
  statementId,
  wrapKey,
} from '#seal'
import { newSecretKey } from '#unseal'
import { openStateFolder } from '../src/cli/state-folder.ts'
import { dial } from '../src/cli/transport.ts'
import {
  type Actor,
  addMember,
  file,
  type Filed,
  follow,
  type OpenDesk,
  openDesk,
  PASSPHRASE,
  play,
  queueOf,
} from './stage.ts'

/*
 * People who may speak, and say what no honest client says. The server is honest here: it must refuse
 * what would harm the others, for what it once accepted stays in everybody’s chains.
 */

let desk: OpenDesk
let maintainer: Actor
let filed: Filed
const ends: (() => Promise<void>)[] = []

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
  filed = await file(desk, 'A report')
  await play(['case', 'add', filed.number, 'Maintainer 1', ...desk.first.flags])
  const words = { input: 'An answer\n' }
  await play(['case', 'reply', filed.number, '--text', '-', ...desk.first.flags], words)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

type Seat = { readonly view: DeskView; readonly self: Self; readonly api: Api }

async function sit(actor: Actor): Promise<Seat> {
  const api = dial(desk.server.url)
  const memory = openStateFolder(join(desk.folder, `state-evil-${actor.name}`))
  const view = await visitDesk({ api, memory, clock: Date.now }, desk.desk)
  const key = readKeyFile(await readFile(actor.key, 'utf8'))
  const self = await openKeyFile(key, { passphrase: PASSPHRASE })
  await logIn(view, self)
  return { view, self, api }
}

async function refused(
  attempt: Promise<unknown>,
  expected: { readonly code: string; readonly check?: string },
): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    assert.ok(error instanceof ClientError, String(error))
    assert.equal(error.problem?.code, expected.code, error.message)
    if (expected.check !== undefined) assert.equal(error.problem?.check, expected.check)
    return true
  })
}

/** A message to the general thread, with fields that an honest client would not choose. */
async function postMessage({ view, self, api }: Seat, lies: Partial<AnyHead>): Promise<unknown> {
  const within = await openCase(view, filed.sha256)
  const to = newestEpoch(within.fold, 'all') ?? ''
  const cert = within.fold.circles.get('all')?.at(-1)?.cert ?? ''
  const head = {
    ...placeAfter(view, self, filed.sha256, within.fold.head),
    type: 'case.message' as const,
    to,
    files: [],
    reply: '',
    body: '',
    ...lies,
  } as AnyHead & { type: 'case.message' }
  const content = { text: 'hello', title: '', files: [] }
  const body = await sealBody(slotOf(head), content, [await readCertificate(cert)])
  const statement = await signStatement(self.signer, { ...head, body: blobHash(body) })
  return api.call('appendToCase', {
    params: { id: filed.sha256 },
    body: { batch: [{ statement, blobs: [base64OfBytes(body)], uploads: [] }] },
  })
}

function placeAfter(view: DeskView, self: Self, chain: string, last: { id: string; seq: number }) {
  return {
    v: 1 as const,
    desk: view.id,
    chain,
    seq: last.seq + 1,
    prev: last.id,
    by: self.signer.who,
    at: timeOf(Date.now()),
    dir: chain === view.id ? '' : view.directory.head.id,
    log: logMark(view.checkpoint),
  }
}

test('an invented ledger state is refused: it would alarm every reader of the case for ever', async () => {
  const seat = await sit(maintainer)
  for (const log of [`999999:${'ab'.repeat(32)}`, `1:${'ab'.repeat(32)}`])
    await refused(postMessage(seat, { log }), { code: 'refused', check: 'H3' })
  assert.equal((await follow(desk, filed.receipt)).messages.length, 2)
  await play(['case', 'show', filed.number, ...desk.first.flags])
})

test('a statement dated far back or ahead is refused', async () => {
  const seat = await sit(maintainer)
  for (const at of [
    '1970-01-01T00:00:00Z',
    timeOf(Date.now() - 2 * 3_600_000),
    timeOf(Date.now() + 1_200_000),
  ])
    await refused(postMessage(seat, { at }), { code: 'refused', check: 'F9' })
})

test('a reader cannot replace a fresh key by a dead one', async () => {
  const { view, self, api } = await sit(maintainer)
  const within = await openCase(view, filed.sha256)
  const key = await newSecretKey()
  const head = {
    ...placeAfter(view, self, filed.sha256, within.fold.head),
    type: 'case.key' as const,
    circle: 'all',
    epoch: 2,
    cert: key.cert,
    wraps: [],
  }
  const readers = within.fold.circles.get('all')?.at(-1)?.readers ?? []
  const blobs = []
  const wraps = []
  for (const to of readers) {
    const cert = to.includes('/')
      ? view.directory.now.desk.at(-1)?.cert
      : to === within.fold.reporter.who
        ? within.fold.reporter.enc
        : view.directory.now.members.get(to)?.enc
    const garbage = crypto.getRandomValues(new Uint8Array(600))
    const blob = await wrapKey(slotOf(head), garbage, await readCertificate(cert ?? ''))
    blobs.push(base64OfBytes(blob))
    wraps.push({ blob: blobHash(blob), epoch: 2, to })
  }
  const statement = await signStatement(self.signer, { ...head, wraps })
  const batch = [{ statement, blobs, uploads: [] }]
  const attempt = api.call('appendToCase', { params: { id: filed.sha256 }, body: { batch } })
  await refused(attempt, { code: 'refused', check: 'F8' })
})

test('a member cannot fill the desk chain with keys', async () => {
  const guest = await addMember(desk, 'Guest 1', 'guest')
  const { view, self, api } = await sit(guest)
  let signer = self.signer
  let last = view.directory.head
  const { cert: enc } = await newSecretKey()
  const batch = []
  for (let i = 0; i < 21; i++) {
    const next = await signerOfSeed(crypto.getRandomValues(new Uint8Array(32)))
    const joining = { desk: view.id, enc, handle: 'Guest 1', invite: '', who: next.who }
    const head = {
      ...placeAfter(view, { ...self, signer }, view.id, last),
      type: 'member.rotate' as const,
      who: next.who,
      enc,
      join: await next.sign(joinMessage(joining)),
    }
    const statement = await signStatement(signer, head)
    batch.push({ statement, blobs: [], uploads: [] })
    last = { id: statementId(statement.head), seq: head.seq }
    signer = next
  }
  await refused(api.call('appendToDesk', { body: { batch } }), { code: 'too-many' })
  await file(desk, 'Reports come in as before')
  assert.ok((await queueOf(desk.first)).length >= 2)
})

test('one coordinator alone appoints no steward, whose signature destroys', async () => {
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  await addMember(desk, 'Steward 1', 'steward', second)
  const { members, pending } = await play<{
    members: { name: string }[]
    pending: { id: string; type: string }[]
  }>(['member', 'list', ...second.flags])
  assert.ok(!members.some(({ name }) => name === 'Steward 1'))
  const [waiting] = pending
  assert.equal(waiting?.type, 'member.admit')
  await play(['member', 'approve', waiting?.id ?? '', ...desk.first.flags])
  const approved = await play<{ members: { name: string }[] }>(['member', 'list', ...second.flags])
  assert.ok(approved.members.some(({ name }) => name === 'Steward 1'))
})
