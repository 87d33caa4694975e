import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { NewStatement } from '#contract'
import { type Bytes, hexOfBytes } from '#lexicon'
import { blobHash, blobHashOfPieces, type CaseHead, readHead, sha256 } from '#seal'
import {
  caseMessage,
  caseStatement,
  caseTitle,
  grantCircle,
  newCircle,
  sealedFile,
} from '../../stories/drafts.ts'
import {
  asOwner,
  deskDepsOf,
  keepDeskChain,
  newHouse,
  reportFiler,
  upload,
} from '../../stories/house.ts'
import { type Actor, admit, certOf, newActor, revoke, scratchHash } from '../../stories/world.ts'
import {
  acceptCaseBatch,
  type Party,
  readBlob,
  readBodies,
  readCaseChain,
  readFile,
  readPiece,
} from './index.ts'

const house = await newHouse()
const { world, database } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const deps = deskDepsOf(house)
const coordinator = world.coordinator.signer
const inside = world.maintainer
const outside = await newActor('Maintainer 2')
const taken = await newActor('Maintainer 3')
const revoked = await newActor('Maintainer 4')
const half = await newActor('Maintainer 5')
for (const actor of [outside, taken, revoked, half])
  await admit(world, coordinator, actor, ['maintainer:numpy'])
await keepDeskChain(house)

/*
 * One case with everything in it: a report with a file, circle `all` with two epochs (Maintainer 3 reads
 * the first and is left out of the second; so is Maintainer 5, who stays in p-numpy), circle p-numpy, a note to the desk, a title.
 */
const small = await sealedFile(new Uint8Array(2.5 * 2 ** 20), 'small', [
  certOf(world.keys, 'desk/1'),
])
const draft = await filing.file('Reporter 1', [small])
const reporter = draft.reporter
const other = await filing.file('Reporter 2')
const named = new Map<string, string>()

const opened = await accept(
  await newCircle(world, draft, coordinator, 'all', 1, [reporter, taken, revoked, inside, half]),
)
named.set('wrap of all/1 for reporter', wrapFor(opened, reporter))
named.set('wrap of all/1 for the removed', wrapFor(opened, taken))
named.set('wrap of all/1 for half', wrapFor(opened, half))
const theirs = await accept(
  await caseMessage(world, draft, half.signer, 'all/1', { text: 'Me too.' }),
)
named.set('body to all/1 by half', bodyOf(theirs))
named.set('wrap of all/1 for the desk', wrapFor(opened, 'desk/1'))
const answered = await accept(
  await caseMessage(world, draft, coordinator, 'all/1', { text: 'Thanks.' }),
)
named.set('body to all/1', bodyOf(answered))
const again = await accept(await newCircle(world, draft, coordinator, 'all', 2, [reporter, inside]))
named.set('wrap of all/2 for inside', wrapFor(again, inside))
const attached = await upload(
  filing.deps,
  await sealedFile(new Uint8Array(1.5 * 2 ** 20), 'patch', [certOf(draft.keys, 'all/2')]),
)
const second = await accept(
  await caseMessage(world, draft, coordinator, 'all/2', { text: 'A patch.' }, [attached]),
)
named.set('body to all/2', bodyOf(second))
named.set('file to all/2', attached.entry.blob)
const project = await accept(
  await newCircle(world, draft, coordinator, 'p-numpy', 1, [inside, half]),
)
named.set('wrap of p-numpy/1 for inside', wrapFor(project, inside))
const quiet = await accept(
  await caseMessage(world, draft, coordinator, 'p-numpy/1', { text: 'Affected?' }),
)
named.set('body to p-numpy/1', bodyOf(quiet))
const note = await accept(
  await caseMessage(world, draft, coordinator, 'desk/1', { text: 'Who is that?' }),
)
named.set('body to desk/1', bodyOf(note))
const title = await accept(await caseTitle(world, draft, coordinator, 'Overflow'))
named.set('title', bodyOf(title))
named.set('label', labelOf(title))
named.set('report', await bodyOfReport())
named.set('file of the report', small.entry.blob)

await revoke(world, coordinator, revoked)
await keepDeskChain(house)

const member = (actor: Actor): Party => ({ kind: 'member', who: actor.signer.who })
const parties: Record<string, Party> = {
  'the coordinator': member(world.coordinator),
  'another coordinator': member(world.second),
  'the maintainer in the case': member(inside),
  'a maintainer who is not in the case': member(outside),
  'a maintainer who was removed from the case': member(taken),
  'a member who was revoked': member(revoked),
  'the reporter': { kind: 'reporter', who: reporter.signer.who, caseId: draft.id },
  'a maintainer who was removed from one circle of two': member(half),
  'the reporter with a session for another case': {
    kind: 'reporter',
    who: reporter.signer.who,
    caseId: other.id,
  },
  'another reporter': { kind: 'reporter', who: other.reporter.signer.who, caseId: other.id },
  'another reporter with this case’s id': {
    kind: 'reporter',
    who: other.reporter.signer.who,
    caseId: draft.id,
  },
  'a member with a reporter’s key': { kind: 'member', who: reporter.signer.who },
}

const everything = [...named.keys()].filter(
  (name) => !name.startsWith('wrap') || name.endsWith('desk'),
)
/** Who may have what. What is not here is null. */
const MATRIX: Record<string, readonly string[]> = {
  'the coordinator': everything,
  'another coordinator': everything,
  'the maintainer in the case': [
    'body to all/1',
    'body to all/1 by half',
    'wrap of all/2 for inside',
    'body to all/2',
    'file to all/2',
    'wrap of p-numpy/1 for inside',
    'body to p-numpy/1',
  ],
  'a maintainer who was removed from one circle of two': ['body to p-numpy/1'],
  'the reporter': [
    'wrap of all/1 for reporter',
    'body to all/1',
    'body to all/1 by half',
    'body to all/2',
    'file to all/2',
    'report',
    'file of the report',
  ],
}

test('each person gets what is sealed to them, and null for everything else', async () => {
  for (const [name, party] of Object.entries(parties)) {
    const chain = await readCaseChain(deps, party, draft.id, -1)
    assert.equal(chain !== null, name in MATRIX, `${name}: chain`)
    for (const [what, hash] of named) {
      const found = what.includes('file')
        ? await readFile(deps, party, draft.id, hash)
        : await readBlob(deps, party, draft.id, hash)
      assert.equal(found !== null, MATRIX[name]?.includes(what) === true, `${name}: ${what}`)
      if (what.includes('file')) {
        const piece = await readPiece(deps, party, draft.id, hash, 1)
        assert.equal(piece !== null, MATRIX[name]?.includes(what) === true, `${name}: ${what}`)
      }
    }
  }
})

test('many bodies at once are those that each person gets one by one, and none more', async () => {
  const bodies = [...named].filter(([what]) => what === 'report' || what.startsWith('body'))
  bodies.push(['title', named.get('title') ?? ''])
  for (const [name, party] of Object.entries(parties)) {
    const page = await readBodies(deps, party, draft.id, 0, 99)
    assert.equal(page !== null, name in MATRIX, name)
    const allowed = bodies.filter(([what]) => MATRIX[name]?.includes(what) === true)
    const got = page?.bodies.map(({ bytes }) => blobHash(bytes)) ?? []
    assert.deepEqual(got.toSorted(), allowed.map(([, hash]) => hash).toSorted(), name)
    assert.equal(page?.from ?? 0, 0)
  }
})

test('bodies come in order, between the places that were asked for', async () => {
  const party = member(world.coordinator)
  const whole = await readBodies(deps, party, draft.id, 0, 99)
  const places = whole?.bodies.map(({ seq }) => seq) ?? []
  assert.deepEqual(places, [0, 2, 3, 5, 7, 8, 9])
  const some = await readBodies(deps, party, draft.id, 3, 7)
  assert.deepEqual(
    some?.bodies.map(({ seq }) => seq),
    [3, 5, 7],
  )
  assert.deepEqual(await readBodies(deps, party, draft.id, 7, 3), { from: 7, bodies: [] })
  assert.equal(await readBodies(deps, party, scratchHash('unknown'), 0, 9), null)
})

test('what is too much for one answer comes from the newest on, and says how far it went', async () => {
  const heavy = await filing.file('Reporter 5')
  await accept(await newCircle(world, heavy, coordinator, 'all', 1, [heavy.reporter]), heavy)
  const text = 'x'.repeat(250 * 1024)
  for (let i = 0; i < 20; i++)
    await accept(await caseMessage(world, heavy, coordinator, 'all/1', { text }), heavy)
  const party = member(world.coordinator)
  const seen: number[] = []
  let pages = 0
  for (let to = 21; to >= 0; pages++) {
    const page = await readBodies(deps, party, heavy.id, 0, to)
    const size = page?.bodies.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0
    assert.ok(size > 0 && size <= 4 * 2 ** 20)
    seen.unshift(...(page?.bodies.map(({ seq }) => seq) ?? []))
    to = (page?.from ?? 0) - 1
  }
  assert.equal(pages, 2)
  assert.deepEqual(seen, [0, ...Array.from({ length: 20 }, (_, n) => n + 2)])
})

test('what is handed out is what the head names, byte for byte', async () => {
  const party = member(world.coordinator)
  for (const [what, hash] of named) {
    if (what.includes('file') || !everything.includes(what)) continue
    assert.equal(blobHash((await readBlob(deps, party, draft.id, hash)) ?? nothing()), hash, what)
  }
  const pieces = (await readFile(deps, party, draft.id, small.entry.blob)) ?? []
  assert.equal(pieces.length, small.pieces.length)
  const got: Bytes[] = []
  for (const [n, expected] of pieces.entries()) {
    const piece = (await readPiece(deps, party, draft.id, small.entry.blob, n)) ?? nothing()
    assert.equal(hexOfBytes(sha256(piece)), expected)
    got.push(sha256(piece))
  }
  assert.equal(blobHashOfPieces(got), small.entry.blob)
})

test('the unknown looks like the forbidden', async () => {
  const party = member(world.coordinator)
  const unknown = scratchHash('unknown')
  assert.equal(await readCaseChain(deps, party, unknown, -1), null)
  assert.equal(await readBlob(deps, party, unknown, named.get('report') ?? ''), null)
  assert.equal(await readBlob(deps, party, draft.id, unknown), null)
  assert.equal(await readFile(deps, party, draft.id, unknown), null)
  assert.equal(await readPiece(deps, party, draft.id, small.entry.blob, 99), null)
  assert.equal(await readPiece(deps, party, draft.id, small.entry.blob, 5000), null)
  // A blob of another case, even for somebody who may read both.
  assert.equal(await readBlob(deps, party, other.id, named.get('report') ?? ''), null)
  // A file is no body, and a body no file.
  assert.equal(await readBlob(deps, party, draft.id, small.entry.blob), null)
  assert.equal(await readFile(deps, party, draft.id, named.get('report') ?? ''), null)
  assert.equal(await readPiece(deps, party, draft.id, named.get('report') ?? '', 0), null)
})

test('a row that says otherwise changes nothing', async () => {
  await asOwner(
    house,
    'insert into desk.reader (case_id, circle, epoch, who) values ($1, $2, 1, $3)',
    [Buffer.from(draft.id, 'hex'), 'all', Buffer.from(outside.signer.who, 'hex')],
  )
  await asOwner(house, `update blobs.blob set circle = 'all/2' where circle = 'desk/1'`)
  await asOwner(house, `update keys.wrap set reader = $1`, [outside.signer.who])
  for (const [, hash] of named)
    assert.equal(await readBlob(deps, member(outside), draft.id, hash), null)
  assert.equal(
    await readBlob(deps, member(inside), draft.id, named.get('body to desk/1') ?? ''),
    null,
  )
})

test('the chain comes in pages, each statement with its acceptance', async () => {
  const whole = await readCaseChain(deps, member(inside), draft.id, -1)
  assert.equal(whole?.statements.length, 10)
  assert.equal(whole.more, false)
  const rest = await readCaseChain(deps, member(inside), draft.id, 7)
  assert.deepEqual(rest?.statements, whole.statements.slice(8))
  assert.deepEqual(await readCaseChain(deps, member(inside), draft.id, 9), {
    statements: [],
    more: false,
  })
  for (const { statement, accepted } of whole.statements) {
    const entry = readHead(accepted, 'ledger')
    assert.ok(entry.type === 'ledger.accept')
    assert.equal(entry.of_seq, readHead(statement, 'case').seq)
  }
})

test('a long chain is cut into pages', async () => {
  const long = await filing.file('Reporter 3')
  const batch: NewStatement[] = []
  for (let i = 0; i < 520; i++)
    batch.push(await caseStatement(world, long, coordinator, { type: 'case.ack' }))
  for (let i = 0; i < batch.length; i += 130)
    await acceptCaseBatch(deps, {
      by: member(world.coordinator),
      caseId: long.id,
      batch: batch.slice(i, i + 130),
    })
  const first = await readCaseChain(deps, member(world.coordinator), long.id, -1)
  assert.ok(first?.more)
  const next = await readCaseChain(
    deps,
    member(world.coordinator),
    long.id,
    first.statements.length - 1,
  )
  assert.equal(next?.more, false)
  assert.equal(first.statements.length + (next?.statements.length ?? 0), 521)
})

test('whoever is granted an old epoch reads that, and joins the case again', async () => {
  await accept(await grantCircle(world, draft, coordinator, 'all', [1], taken))
  const party = member(taken)
  assert.notEqual(await readCaseChain(deps, party, draft.id, -1), null)
  assert.notEqual(await readBlob(deps, party, draft.id, named.get('body to all/1') ?? ''), null)
  assert.equal(await readBlob(deps, party, draft.id, named.get('body to all/2') ?? ''), null)
  await accept(await newCircle(world, draft, coordinator, 'all', 3, [reporter, inside]))
  assert.equal(await readCaseChain(deps, party, draft.id, -1), null)
})

test('a reporter who was replaced reads nothing more', async () => {
  const pgp = '0123456789ABCDEF0123456789ABCDEF01234567'
  const own = { type: 'case.reporter' as const, who: '', enc: '', join: '', pgp }
  await accept(await caseStatement(world, draft, coordinator, own))
  const party = parties['the reporter']
  assert.ok(party)
  assert.equal(await readCaseChain(deps, party, draft.id, -1), null)
  assert.equal(await readBlob(deps, party, draft.id, named.get('report') ?? ''), null)
})

test('after the keys were destroyed there is nothing to hand out', async () => {
  await asOwner(house, 'delete from keys.packet')
  await asOwner(house, 'delete from keys.wrap')
  await asOwner(house, 'delete from keys.label')
  const party = member(world.coordinator)
  assert.notEqual(await readCaseChain(deps, party, draft.id, -1), null)
  for (const [what, hash] of named)
    assert.equal(await readBlob(deps, party, draft.id, hash), null, what)
  assert.equal(await readPiece(deps, party, draft.id, small.entry.blob, 0), null)
  assert.deepEqual((await readBodies(deps, party, draft.id, 0, 99))?.bodies, [])
})

test('a stored head that was changed is not folded any further', async () => {
  await asOwner(house, `update desk.statement set head = head || ' ' where chain = $1`, [
    Buffer.from(other.id, 'hex'),
  ])
  await assert.rejects(readCaseChain(deskDepsOf(house), member(world.coordinator), other.id, -1), {
    code: 'damaged',
  })
})

async function accept(item: NewStatement, into = draft): Promise<CaseHead> {
  const by: Party = { kind: 'member', who: coordinator.who }
  await acceptCaseBatch(deps, { by, caseId: into.id, batch: [item] })
  return readHead(item.statement, 'case')
}

function wrapFor(head: CaseHead, reader: Actor | string): string {
  const to = typeof reader === 'string' ? reader : reader.signer.who
  assert.ok('wraps' in head)
  return head.wraps.find((wrap) => wrap.to === to)?.blob ?? ''
}

function bodyOf(head: CaseHead): string {
  assert.ok('body' in head)
  return head.body
}

function labelOf(head: CaseHead): string {
  assert.ok(head.type === 'case.title')
  return head.label.blob
}

async function bodyOfReport(): Promise<string> {
  const [row] = await asOwner(
    house,
    'select head from desk.statement where chain = $1 and seq = 0',
    [Buffer.from(draft.id, 'hex')],
  )
  return bodyOf(JSON.parse(String(row?.['head'])) as CaseHead)
}

function nothing(): Bytes {
  return assert.fail('nothing there')
}
