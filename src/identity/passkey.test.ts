import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MINUTE, SECOND } from '#lexicon'
import { readHead } from '#seal'
import { inTransaction } from '#store'
import { memberVault } from '../../stories/enrolments.ts'
import { asOwner, keepDeskChain, newHouse } from '../../stories/house.ts'
import {
  type Cbor,
  newAuthenticator,
  type SoftwareAuthenticator,
  type Twist,
} from '../../stories/software-authenticator.ts'
import { admit, newActor, revoke } from '../../stories/world.ts'
import { beginSession } from './begin-session.ts'
import { askChallenge } from './challenge.ts'
import { logInByPasskey, stepUp } from './log-in-by-passkey.ts'
import { addPasskey } from './own-ways.ts'
import { type MemberSession, openSession, sessionOf } from './session.ts'
import { sessionNow, trialIdentity } from './trial-identity.ts'

const house = await newHouse()
const { world, database } = house
const deps = trialIdentity(house)
after(() => database.close())
const { coordinator, second, maintainer } = world

const nonce = async () => (await askChallenge(deps)).nonce
const passkey = await enrolled(coordinator)
const other = await enrolled(second)

async function enrolled(
  actor: typeof coordinator,
  made = newAuthenticator(deps.origin),
  twist: Twist = {},
): Promise<SoftwareAuthenticator> {
  const vault = await memberVault(world, actor, [made])
  const registration = made.register(await nonce(), twist)
  await asOwner(house, 'delete from keys.member_vault')
  await addPasskey(deps, sessionNow(deps, actor.signer.who), { registration, label: 'One', vault })
  return made
}

async function logIn(by: SoftwareAuthenticator, twist: Twist = {}, challenge?: string) {
  await giveVaults()
  return logInByPasskey(deps, by.assert(challenge ?? (await nonce()), twist))
}

/** Of this test only the passkeys count: everybody has some vault. */
async function giveVaults(): Promise<void> {
  await asOwner(
    house,
    `insert into keys.member_vault select distinct who, '{}' from identity.passkey on conflict do nothing`,
  )
}

test('one touch logs in, with the vault, and stands in the ledger', async () => {
  const vault = await memberVault(world, coordinator, [passkey])
  await asOwner(house, 'delete from keys.member_vault')
  await asOwner(house, `insert into keys.member_vault values (decode($1, 'hex'), $2)`, [
    coordinator.signer.who,
    vault,
  ])
  const answer = await logIn(passkey)
  assert.equal(answer?.who, coordinator.signer.who)
  assert.equal(answer.vault, vault)
  const session = await sessionOf(deps, answer.session)
  assert.ok(session?.kind === 'member' && session.way === 'passkey')
  assert.equal(session.proved, world.now)
  const newest = await deps.db
    .selectFrom('ledger.entry')
    .select('head')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const head = readHead({ head: newest.head, sig: '0'.repeat(128) }, 'ledger')
  assert.ok(head.type === 'ledger.event' && head.kind === 'login' && head.about === answer.who)
})

test('an assertion that is wrong in one thing logs nobody in', async () => {
  const strange: readonly (readonly [string, Twist])[] = [
    ['not verified', { flags: 1 }],
    ['not present', { flags: 4 }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another scheme', { origin: deps.origin.replace('https', 'http') }],
    ['a longer origin', { origin: `${deps.origin}.evil.example` }],
    ['another relying party', { rpId: 'evil.example' }],
    ['the parent domain', { rpId: 'example.org' }],
    ['a registration', { type: 'webauthn.create' }],
    ['in a frame', { client: { crossOrigin: true } }],
    ['in a named frame', { client: { crossOrigin: true, topOrigin: 'https://evil.example' } }],
    ['no challenge', { client: { challenge: '' } }],
    ['a longer challenge', { client: { challenge: `${'A'.repeat(42)}AAAA` } }],
    ['another’s passkey named', { id: other.id }],
    ['an unknown passkey named', { id: newAuthenticator(deps.origin).id }],
    ['trailing bytes', { data: (bytes) => Uint8Array.of(...bytes, 0) }],
    ['cut short', { data: (bytes) => bytes.slice(0, 36) }],
    ['extensions announced', { flags: 1 | 4 | 128 }],
    ['a copy that may not be', { flags: 1 | 4 | 16 }],
  ]
  for (const [what, twist] of strange) assert.equal(await logIn(passkey, twist), null, what)

  const right = passkey.assert(await nonce())
  const changed = [
    { ...right, signature: flipped(right.signature) },
    { ...right, signature: right.signature.slice(0, -4) },
    { ...right, signature: 'AA' },
    { ...right, authenticator_data: flipped(right.authenticator_data) },
    { ...right, client_data: flipped(right.client_data) },
    { ...right, client_data: 'bm90IEpTT04' },
    { ...right, id: 'A' },
  ]
  for (const [at, one] of changed.entries())
    assert.equal(await logInByPasskey(deps, one), null, String(at))
  assert.ok(await logIn(passkey), 'and the honest one does')
})

test('a challenge counts once, only ours, and for five minutes', async () => {
  const used = await nonce()
  const answers = await Promise.all([1, 2, 3].map(() => logIn(passkey, {}, used)))
  assert.equal(answers.filter((answer) => answer !== null).length, 1)
  assert.equal(await logIn(passkey, {}, used), null)
  assert.equal(await logIn(passkey, {}, '0'.repeat(64)), null)
  const wasted = await nonce()
  assert.equal(await logIn(passkey, { flags: 1 }, wasted), null)
  assert.equal(await logIn(passkey, {}, wasted), null, 'a wrong answer spends it too')
  const old = await nonce()
  world.now += 5 * MINUTE
  assert.equal(await logIn(passkey, {}, old), null)
  const young = await nonce()
  world.now += 5 * MINUTE - SECOND
  assert.ok(await logIn(passkey, {}, young))
})

test('a counter that does not move on is a copy of the passkey', async () => {
  const counting = newAuthenticator(deps.origin, { counting: true })
  counting.counter = 7
  await enrolled(coordinator, counting)
  assert.ok(await logIn(counting))
  assert.ok(await logIn(counting))
  const copied = counting.counter
  counting.counter = copied - 1
  assert.equal(await logIn(counting), null, 'the same value again')
  counting.counter = 2
  assert.equal(await logIn(counting), null, 'an earlier one')
  assert.equal(await logIn(counting, { counter: 0 }), null, 'none at all')
  counting.counter = copied
  assert.ok(await logIn(counting))
  const twice = await Promise.all([1, 2].map(() => logIn(counting, { counter: 100 })))
  assert.equal(twice.filter((answer) => answer !== null).length, 1)
})

test('a registration that is wrong in one thing is refused', async () => {
  const key = (change: readonly [number, Cbor][]) => {
    const point = new Uint8Array(32).fill(1)
    const usual: [number, Cbor][] = [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, point],
      [-3, point],
    ]
    return new Map([...usual, ...change])
  }
  const packed = new Map<string, Cbor>([
    ['alg', -7],
    ['sig', new Uint8Array(70)],
  ])
  const strange: readonly (readonly [string, Twist])[] = [
    ['not verified', { flags: 1 | 64 }],
    ['not present', { flags: 4 | 64 }],
    ['no passkey in it', { flags: 1 | 4, data: (bytes) => bytes.slice(0, 37) }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['an assertion', { type: 'webauthn.get' }],
    ['in a frame', { client: { crossOrigin: true } }],
    ['another name', { id: passkey.id }],
    ['ES384', { key: key([[3, -35]]) }],
    ['RS1', { key: key([[3, -65535]]) }],
    ['ES256 on another curve', { key: key([[-1, 2]]) }],
    ['ES256 with a key of EdDSA', { key: key([[1, 1]]) }],
    ['a cut coordinate', { key: key([[-3, new Uint8Array(31)]]) }],
    ['trailing bytes in the data', { data: (bytes) => Uint8Array.of(...bytes, 0) }],
    ['cut data', { data: (bytes) => bytes.slice(0, -1) }],
    ['data cut within its length', { data: (bytes) => bytes.slice(0, -8) }],
    ['trailing bytes behind', { attestation: (bytes) => Uint8Array.of(...bytes, 0xa0) }],
    ['cut behind', { attestation: (bytes) => bytes.slice(0, -1) }],
    ['no CBOR', { attestation: () => Uint8Array.of(0xff) }],
    ['a statement where none is due', { statement: packed }],
    ['a false attestation of its own', { format: 'packed', statement: packed }],
    ['an attestation with certificates', { format: 'fido-u2f', statement: packed }],
    ['an unknown attestation', { format: 'other' }],
  ]
  const stored = async () =>
    (await asOwner(house, 'select count(*)::int as n from identity.passkey'))[0]?.['n']
  const before = await stored()
  for (const [what, twist] of strange) {
    const made = newAuthenticator(deps.origin)
    await assert.rejects(enrolled(maintainer, made, twist), { code: 'wrong-passkey' }, what)
  }
  const large = newAuthenticator(deps.origin, { algorithm: -257 })
  const cut: Twist = { data: (bytes) => bytes.slice(0, -1) }
  await assert.rejects(enrolled(maintainer, large, cut), { code: 'wrong-passkey' }, 'a cut RSA key')
  const made = newAuthenticator(deps.origin)
  const used = await nonce()
  await assert.rejects(
    addWith(made.register('0'.repeat(64)), made),
    { code: 'wrong-passkey' },
    'a challenge that is not ours',
  )
  await addWith(made.register(used), made)
  const again = newAuthenticator(deps.origin)
  await assert.rejects(
    addWith(again.register(used), again),
    { code: 'wrong-passkey' },
    'a challenge again',
  )
  await assert.rejects(
    addWith(made.register(await nonce()), made),
    { code: 'conflict' },
    'the same passkey again',
  )
  assert.equal(await stored(), Number(before) + 1)
})

async function addWith(
  registration: ReturnType<SoftwareAuthenticator['register']>,
  made: SoftwareAuthenticator,
): Promise<void> {
  await asOwner(house, 'delete from keys.member_vault')
  const vault = await memberVault(world, maintainer, [made])
  const by = sessionNow(deps, maintainer.signer.who)
  await addPasskey(deps, by, { registration, label: 'Another', vault })
}

test('every algorithm that is offered works, and which passkeys are copied is kept', async () => {
  for (const algorithm of [-7, -8, -257] as const) {
    const made = newAuthenticator(deps.origin, { algorithm })
    // One of them attests with its own key, which some do unasked.
    const itself = algorithm === -7 ? { attestsItself: true as const } : {}
    await enrolled(maintainer, made, { flags: 1 | 4 | 64 | 8 | 16, ...itself })
    assert.ok(await logIn(made, { flags: 1 | 4 | 8 | 16 }), String(algorithm))
  }
  const rows = await asOwner(
    house,
    'select synced, count(*)::int as n from identity.passkey where who = decode($1, $2) group by synced',
    [maintainer.signer.who, 'hex'],
  )
  assert.deepEqual(Object.fromEntries(rows.map(({ synced, n }) => [String(synced), n])), {
    true: 3,
    false: 1,
  })
})

test('a passkey of somebody who is not admitted yet, or no more, is as unknown as an unknown one', async () => {
  const guest = await newActor('Guest 1')
  const made = newAuthenticator(deps.origin)
  await enrolled(guest, made)
  assert.equal(await logIn(made), null)
  await admit(world, coordinator.signer, guest, ['guest'])
  await keepDeskChain(house)
  assert.ok(await logIn(made))
  await revoke(world, coordinator.signer, guest)
  await keepDeskChain(house)
  assert.equal(await logIn(made), null)
  // Also when they were revoked while their login was on its way.
  const begins = { kind: 'member', who: guest.signer.who, way: 'key' } as const
  const late = inTransaction(deps.db, (tx) => beginSession(deps, tx, begins, undefined))
  assert.equal(await late, null)
})

test('a step-up renews the token, and the one before is dead at once', async () => {
  const { who } = coordinator.signer
  const token = await openSession(deps, deps.db, { kind: 'member', who, way: 'key' })
  const before = await member(token)
  world.now += 6 * MINUTE
  const foreign = other.assert(await nonce())
  assert.equal(await stepUp(deps, { who, token }, foreign), null, 'another person’s passkey')
  assert.equal(
    await stepUp(deps, { who, token }, passkey.assert(await nonce(), { flags: 1 })),
    null,
  )
  assert.equal((await member(token)).proved, before.proved)
  const next = await stepUp(deps, { who, token }, passkey.assert(await nonce()))
  assert.ok(next !== null && next !== token)
  assert.equal(await sessionOf(deps, token), undefined)
  const renewed = await member(next)
  assert.deepEqual(renewed, { ...before, proved: world.now })
  assert.equal(await stepUp(deps, { who, token }, passkey.assert(await nonce())), null)
})

test('a login ends the session that the same browser carried before', async () => {
  const first = await logIn(passkey)
  const next = await logInByPasskey(deps, passkey.assert(await nonce()), first?.session)
  assert.ok(first && next)
  assert.equal(await sessionOf(deps, first.session), undefined)
  assert.ok(await sessionOf(deps, next.session))
  const failed = await logInByPasskey(
    deps,
    passkey.assert(await nonce(), { flags: 1 }),
    next.session,
  )
  assert.equal(failed, null)
  assert.ok(await sessionOf(deps, next.session), 'a login that fails ends nothing')
})

test('a known passkey and an unknown one take the same time (R16)', async () => {
  const counting = newAuthenticator(deps.origin, { counting: true })
  counting.counter = 9
  await enrolled(second, counting)
  assert.ok(await logIn(counting))
  const unknown = newAuthenticator(deps.origin)
  const forged = newAuthenticator(deps.origin)
  const took: (readonly [number, boolean])[] = []
  for (let n = 0; n < 440; n++) {
    const known = n % 2 === 0
    // Both signatures verify under no key of ours, and the counter of both stands still.
    const answer = forged.assert(await nonce(), { id: known ? counting.id : unknown.id })
    const began = performance.now()
    assert.equal(await logInByPasskey(deps, answer), null)
    if (n >= 40) took.push([performance.now() - began, known])
  }
  const deviations = mannWhitney(took)
  assert.ok(Math.abs(deviations) < 4, `${deviations} deviations`)
})

async function member(token: string): Promise<MemberSession> {
  const session = await sessionOf(deps, token)
  assert.ok(session?.kind === 'member')
  return session
}

function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  bytes[12] = (bytes[12] ?? 0) ^ 1
  return bytes.toString('base64url')
}

/** In standard deviations: beyond 4 chance is out of the question. */
function mannWhitney(took: readonly (readonly [number, boolean])[]): number {
  const ranks = took.toSorted(([a], [b]) => a - b)
  const sum = ranks.reduce((total, [, one], rank) => total + (one ? rank + 1 : 0), 0)
  const each = took.length / 2
  const mean = (each * (took.length + 1)) / 2
  return (sum - mean) / Math.sqrt((each * each * (took.length + 1)) / 12)
}
