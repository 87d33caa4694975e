import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { HOUR, MINUTE } from '#lexicon'
import { type Code, newCode, readHead, readVault, writeVault } from '#seal'
import { enrolmentOf, memberVault, recoveryTicket } from '../../stories/enrolments.ts'
import { asOwner, newHouse } from '../../stories/house.ts'
import {
  newAuthenticator,
  type SoftwareAuthenticator,
} from '../../stories/software-authenticator.ts'
import { admit, appendDesk, newActor, revoke } from '../../stories/world.ts'
import { acceptDeskBatch } from './append-to-desk.ts'
import { askChallenge } from './challenge.ts'
import { endSession } from './end-sessions.ts'
import { logInByPasskey } from './log-in-by-passkey.ts'
import { noteAddress } from './note-address.ts'
import { noteLook } from './note-look.ts'
import { noteExport } from './note-export.ts'
import { addPasskey, putVault, readSelf, removePasskey } from './own-ways.ts'
import { type MemberSession, openSession, sessionOf } from './session.ts'
import { sweepSessions } from './sweep.ts'
import { sessionNow, trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())
const { coordinator, second } = world
const { who } = coordinator.signer

const nonce = async () => (await askChallenge(deps)).nonce
let first = newAuthenticator(deps.origin)
let words: Code = newCode()

beforeEach(async () => {
  await asOwner(
    house,
    'truncate identity.session, identity.passkey, identity.recovery, keys.member_vault',
  )
  first = newAuthenticator(deps.origin)
  words = newCode()
  const vault = await memberVault(world, coordinator, [first], words)
  const session = sessionNow(deps, who)
  await putVault(deps, session, {
    vault: await memberVault(world, coordinator, [], words),
    recovery: recoveryTicket(world, words),
  })
  await add(session, first, vault)
})

async function add(session: MemberSession, passkey: SoftwareAuthenticator, vault: string) {
  const registration = passkey.register(await nonce())
  await addPasskey(deps, session, { registration, label: 'A laptop', vault })
}

async function logIn(passkey = first): Promise<{ token: string; session: MemberSession }> {
  const token = (await logInByPasskey(deps, passkey.assert(await nonce())))?.session ?? ''
  return { token, session: await member(token) }
}

async function member(token: string): Promise<MemberSession> {
  const session = await sessionOf(deps, token)
  assert.ok(session?.kind === 'member')
  return session
}

async function count(table: string): Promise<unknown> {
  return (await asOwner(house, `select count(*)::int as n from ${table}`))[0]?.['n']
}

test('a member sees their own ways in and sessions, and nothing of anybody else', async () => {
  const { session } = await logIn()
  world.now += MINUTE
  const byKey = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
  const foreign = second.signer.who
  await openSession(deps, deps.db, { kind: 'member', who: foreign, way: 'key' })
  await noteAddress(deps, who, { address: 'one@example.org' })
  await noteAddress(deps, foreign, { address: 'two@example.org' })
  const self = await readSelf(deps, session)
  assert.equal(self.who, who)
  assert.equal(self.address, 'one@example.org')
  assert.equal(self.recovery, true)
  assert.equal(readVault(self.vault).who, who)
  assert.deepEqual(
    self.passkeys.map(({ id, label, synced }) => ({ id, label, synced })),
    [{ id: first.id, label: 'A laptop', synced: false }],
  )
  assert.notEqual(self.passkeys[0]?.used, '')
  assert.deepEqual(
    self.sessions.map(({ way, current }) => [way, current]),
    [
      ['key', false],
      ['passkey', true],
    ],
  )
  const text = JSON.stringify(self)
  assert.ok(!text.includes(byKey) && !text.includes(foreign))
  // One that idled is over, also in what its owner sees.
  world.now += 16 * MINUTE
  const later = await logIn()
  assert.equal((await readSelf(deps, later.session)).sessions.length, 1)
})

test('how often somebody is told stays as it was chosen when the address changes', async () => {
  const { session } = await logIn()
  const ways = async () => {
    const { address, notices } = await readSelf(deps, session)
    return { address, notices }
  }
  await asOwner(house, 'delete from identity.address')
  assert.deepEqual(await ways(), { address: '', notices: 'once' })
  await noteAddress(deps, who, { address: 'one@example.org', notices: 'daily' })
  await noteAddress(deps, who, { address: 'two@example.org' })
  assert.deepEqual(await ways(), { address: 'two@example.org', notices: 'daily' })
})

test('a look at the queue is remembered for the one who looked, once a second', async () => {
  await noteAddress(deps, who, { address: 'one@example.org' })
  await noteAddress(deps, second.signer.who, { address: 'two@example.org' })
  const looked = async () =>
    (await asOwner(house, 'select looked from identity.address order by address')).map((row) =>
      Number(row['looked']),
    )
  const began = world.now
  assert.deepEqual(await looked(), [began, began])
  world.now += 999
  await noteLook(deps, who)
  assert.deepEqual(await looked(), [began, began])
  world.now += 1
  await noteLook(deps, who)
  assert.deepEqual(await looked(), [began + 1000, began])
})

test('own sessions can be ended one by one, those of others cannot', async () => {
  const here = await logIn()
  const there = await logIn()
  const foreign = await openSession(deps, deps.db, {
    kind: 'member',
    who: second.signer.who,
    way: 'key',
  })
  assert.equal(await endSession(deps, here.session, (await member(foreign)).id), false)
  assert.equal(await endSession(deps, here.session, '0'.repeat(32)), false)
  assert.equal(await endSession(deps, here.session, there.session.id), true)
  assert.equal(await sessionOf(deps, there.token), undefined)
  assert.ok(await sessionOf(deps, foreign))
  assert.ok(await sessionOf(deps, here.token))
})

test('whoever changes how they come in is logged out everywhere else', async () => {
  const changes: readonly ((session: MemberSession) => Promise<unknown>)[] = [
    async (session) => {
      const next = newAuthenticator(deps.origin)
      await add(session, next, await memberVault(world, coordinator, [first, next], words))
    },
    async (session) => {
      const fresh = newCode()
      const vault = await memberVault(world, coordinator, await known(), fresh)
      await putVault(deps, session, { vault, recovery: recoveryTicket(world, fresh) })
      words = fresh
    },
    async (session) => {
      const [gone] = (await known()).filter(({ id }) => id !== first.id)
      const vault = await memberVault(world, coordinator, [first], words)
      assert.equal(await removePasskey(deps, session, { id: gone?.id ?? '', vault }), true)
    },
  ]
  for (const change of changes) {
    const here = await logIn()
    const there = await logIn()
    const key = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
    await change(here.session)
    assert.ok(await sessionOf(deps, here.token))
    assert.equal(await sessionOf(deps, there.token), undefined)
    assert.equal(await sessionOf(deps, key), undefined)
  }
  // A vault alone is no way in.
  const here = await logIn()
  const there = await logIn()
  await putVault(deps, here.session, {
    vault: await memberVault(world, coordinator, [first], words),
  })
  assert.ok(await sessionOf(deps, there.token))
})

async function known() {
  return (await readSelf(deps, sessionNow(deps, who))).passkeys
}

test('a passkey that is removed ends with its sessions; the last one stays', async () => {
  const next = newAuthenticator(deps.origin)
  const both = await memberVault(world, coordinator, [first, next], words)
  await add(sessionNow(deps, who), next, both)
  const byFirst = await logIn(first)
  const byNext = await logIn(next)
  const without = await memberVault(world, coordinator, [next], words)
  const foreign = sessionNow(deps, second.signer.who)
  const gone = { id: first.id, vault: without }
  assert.equal(await removePasskey(deps, foreign, gone), false)
  assert.equal(await removePasskey(deps, byFirst.session, { ...gone, id: 'AAAA' }), false)
  // The vault must be closed to it in the same step.
  await assert.rejects(removePasskey(deps, byFirst.session, { ...gone, vault: both }), {
    code: 'vault',
  })
  assert.equal(await removePasskey(deps, byFirst.session, gone), true)
  assert.equal(await sessionOf(deps, byFirst.token), undefined)
  assert.equal(await sessionOf(deps, byNext.token), undefined)
  assert.equal(await logInByPasskey(deps, first.assert(await nonce())), null)
  const last = { id: next.id, vault: await memberVault(world, coordinator, [], words) }
  await assert.rejects(removePasskey(deps, sessionNow(deps, who), last), { code: 'wrong-passkey' })
  assert.ok(await logIn(next))
})

test('of two passkeys removed at once one stays', async () => {
  const next = newAuthenticator(deps.origin)
  await add(
    sessionNow(deps, who),
    next,
    await memberVault(world, coordinator, [first, next], words),
  )
  const removed = [first, next].map(async (passkey) => {
    const others = [first, next].filter(({ id }) => id !== passkey.id)
    const vault = await memberVault(world, coordinator, others, words)
    return removePasskey(deps, sessionNow(deps, who), { id: passkey.id, vault })
  })
  const done = await Promise.allSettled(removed)
  assert.equal(done.filter((one) => one.status === 'fulfilled' && one.value).length, 1)
  assert.equal(await count('identity.passkey'), 1)
})

test('a vault is taken from its own person only, without a box of a passphrase, and with all ways in', async () => {
  const session = sessionNow(deps, who)
  const right = await memberVault(world, coordinator, [first], words)
  const { keys, ...rest } = readVault(right)
  const box = keys[0]?.box ?? ''
  const stranger = newAuthenticator(deps.origin)
  const wrong = [
    'not a vault',
    '{}',
    await memberVault(world, second, [first], words),
    writeVault({ ...rest, keys: [] }),
    writeVault({ ...rest, keys: [...keys, { kind: 'file', id: '', box }] }),
    writeVault({ ...rest, keys: [...keys, { kind: 'receipt', id: '0'.repeat(32), box }] }),
    await memberVault(world, coordinator, [first, stranger], words),
    await memberVault(world, coordinator, [first], newCode()),
    await memberVault(world, coordinator, [first]),
  ]
  for (const [at, vault] of wrong.entries())
    await assert.rejects(putVault(deps, session, { vault }), { code: 'vault' }, String(at))
  // Somebody else’s browser added a passkey meanwhile.
  const slower = await memberVault(world, coordinator, [], words)
  await assert.rejects(putVault(deps, session, { vault: slower }), { code: 'conflict' })
  await putVault(deps, session, { vault: right })
  const fresh = newCode()
  const lost = { vault: right, recovery: recoveryTicket(world, fresh) }
  await assert.rejects(putVault(deps, session, lost), { code: 'vault' }, 'words that open nothing')
  assert.equal((await readSelf(deps, session)).vault, right)
})

test('recovery words belong to one person', async () => {
  const taken = { vault: await memberVault(world, second, [], words) }
  await assert.rejects(
    putVault(deps, sessionNow(deps, second.signer.who), {
      ...taken,
      recovery: recoveryTicket(world, words),
    }),
    { code: 'conflict' },
  )
})

test('nobody keeps passkeys without end', async () => {
  const { session } = await logIn()
  await asOwner(
    house,
    `insert into identity.passkey
     select decode(lpad(to_hex(n), 32, '0'), 'hex'), decode($1, 'hex'), '', 0, '{}', 'x', now(), null, false
     from generate_series(1, 19) n`,
    [who],
  )
  const more = newAuthenticator(deps.origin)
  const vault = await memberVault(world, coordinator, [first, more], words)
  await assert.rejects(add(session, more, vault), { code: 'wrong-passkey' })
})

test('whoever leaves the desk leaves no way in behind', async () => {
  const guest = await newActor('Guest 1')
  const passkey = newAuthenticator(deps.origin)
  const own = guest.signer.who
  const session = sessionNow(deps, own)
  const { registration, label, vault, recovery } = await enrolmentOf(
    world,
    guest,
    passkey,
    await nonce(),
  )
  await asOwner(
    house,
    'insert into identity.recovery values (decode($1, $4), decode($2, $4), decode($3, $4))',
    [recovery.lookup, recovery.auth_hash, own, 'hex'],
  )
  await addPasskey(deps, session, { registration, label, vault })
  const from = world.batch.length
  await admit(world, coordinator.signer, guest, ['guest'])
  await accept(from)
  assert.ok(await logInByPasskey(deps, passkey.assert(await nonce())))
  const until = world.batch.length
  await revoke(world, coordinator.signer, guest)
  await accept(until)
  for (const table of ['identity.session', 'identity.passkey', 'identity.recovery'])
    assert.equal(await rowsOf(table, own), 0, table)
  assert.equal(await rowsOf('keys.member_vault', own), 0)
  assert.equal(await rowsOf('identity.passkey', who), 1)
})

async function accept(from: number): Promise<void> {
  await acceptDeskBatch(deps, { by: sessionNow(deps, who), batch: world.batch.slice(from) })
}

async function rowsOf(table: string, person: string): Promise<unknown> {
  const text = `select count(*)::int as n from ${table} where who = decode($1, 'hex')`
  return (await asOwner(house, text, [person]))[0]?.['n']
}

test('what changes people or keys asks for the person; a beat does not', async () => {
  const stale = { ...sessionNow(deps, who), proved: world.now - 5 * MINUTE - 1 }
  const from = world.batch.length
  const before = world.directory
  await appendDesk(world, coordinator.signer, { type: 'desk.beat' })
  await acceptDeskBatch(deps, { by: stale, batch: world.batch.slice(from) })
  const next = world.batch.length
  await appendDesk(world, coordinator.signer, { type: 'desk.rules', sha256: '0'.repeat(64) })
  await appendDesk(world, coordinator.signer, { type: 'desk.beat' })
  const batch = world.batch.slice(next)
  await assert.rejects(acceptDeskBatch(deps, { by: stale, batch }), { code: 'not-fresh' })
  const fresh = { ...stale, proved: world.now - 5 * MINUTE }
  await acceptDeskBatch(deps, { by: fresh, batch })
  // The same again changes nothing more.
  assert.equal((await acceptDeskBatch(deps, { by: stale, batch })).length, 2)
  assert.notEqual(world.directory, before)
})

test('an export stands in the ledger with the case and who took it', async () => {
  const caseId = 'ab'.repeat(32)
  await noteExport(deps, sessionNow(deps, who), caseId)
  const newest = await deps.db
    .selectFrom('ledger.entry')
    .select('head')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const head = readHead({ head: newest.head, sig: '0'.repeat(128) }, 'ledger')
  assert.ok(head.type === 'ledger.event' && head.kind === 'export')
  assert.deepEqual([head.about, head.note, head.count], [caseId, who, 1])
})

test('the sweep takes what people left who were never admitted, not before their invitation is over', async () => {
  const never = await newActor('Guest 2')
  const passkey = newAuthenticator(deps.origin)
  const own = never.signer.who
  const vault = await memberVault(world, never, [passkey])
  await add(sessionNow(deps, own), passkey, vault)
  world.now += 71 * HOUR
  await sweepSessions(deps)
  assert.equal(await rowsOf('identity.passkey', own), 1)
  world.now += 2 * HOUR
  await asOwner(house, `insert into identity.server values (true, decode($1, 'hex'), now())`, [own])
  await sweepSessions(deps)
  assert.equal(await rowsOf('identity.passkey', own), 1, 'not on a restored desk')
  await asOwner(house, 'delete from identity.server')
  await sweepSessions(deps)
  assert.equal(await rowsOf('identity.passkey', own), 0)
  assert.equal(await rowsOf('keys.member_vault', own), 0)
  assert.equal(await rowsOf('identity.passkey', who), 1, 'a member’s stay')
})
