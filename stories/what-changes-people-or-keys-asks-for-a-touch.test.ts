import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Endpoint, type EndpointName, ENDPOINTS, PROBLEMS } from '#contract'
import { DAY, timeOf } from '#lexicon'
import { loginMessage, newCode, recoveryKeys } from '#seal'
import { FRESH_STATEMENTS } from '../src/http/fresh-acts.ts'
import { folderWithKey, scratchFolder, serveTrial } from '../src/server/trial-server.ts'
import { askDatabase } from './database.ts'
import { caseStatement, newReport } from './drafts.ts'
import { memberVault, recoveryTicket } from './enrolments.ts'
import { newInvitation } from './invitations.ts'
import { newAuthenticator } from './software-authenticator.ts'
import { type Actor, appendDesk, newWorld, scratchHash, seedOf } from './world.ts'

/*
 * R20 against a server of its own: each act that changes people, keys, or who holds a copy is refused to
 * a session whose touch is six minutes old, and the same request passes after a touch.
 */

type Given = { readonly params?: Readonly<Record<string, string>>; readonly body: unknown }
type Answer = { readonly status: number; readonly text: string }

test('six minutes after the last touch each grave act waits for another, and then goes on', async (t) => {
  const world = await newWorld(Date.now())
  const data = folderWithKey(scratchFolder(), seedOf('server'))
  const server = await serveTrial(['--data', data])
  t.after(() => server.end('SIGKILL'))
  const { coordinator, second } = world
  const passkey = newAuthenticator(server.url)
  const next = newAuthenticator(server.url)
  const words = { first: newCode(), fresh: newCode(), ofSecond: newCode() }

  await call('setUp', { body: { secret: server.secret, batch: world.batch } }, '', 201)
  const { draft, request } = await newReport(world)
  await call('fileReport', { body: request }, '', 201)
  let session = await logIn(coordinator)
  const enrolment = { vault: await memberVault(world, coordinator, [], words.first) }
  const ticket = recoveryTicket(world, words.first)
  await call('putVault', { body: { ...enrolment, recovery: ticket } }, session, 204)
  const registration = passkey.register(await nonce())
  const opened = await memberVault(world, coordinator, [passkey], words.first)
  await call('addPasskey', { body: { registration, label: 'One', vault: opened } }, session, 204)
  const vaultOfSecond = await memberVault(world, second, [], words.ofSecond)
  const ticketOfSecond = recoveryTicket(world, words.ofSecond)
  const deposit = { vault: vaultOfSecond, recovery: ticketOfSecond }
  await call('putVault', { body: deposit }, await logIn(second), 204)

  const signed = (by: Actor, own: Parameters<typeof caseStatement>[3]) => async () => ({
    params: { id: draft.id },
    body: { batch: [await caseStatement(world, draft, by.signer, own)] },
  })
  const both = () => memberVault(world, coordinator, [passkey, next], words.fresh)
  const one = () => memberVault(world, coordinator, [passkey], words.fresh)
  let review = ''

  /** In this order: what comes later stands on what was done before. */
  const ACTS: readonly (readonly [EndpointName, () => Given | Promise<Given>, said?: string])[] = [
    ['noteAddress', () => ({ body: { address: 'volunteer@example.org' } })],
    ['testMail', () => ({ body: { to: 'volunteer@example.org' } })],
    ['noteExport', () => ({ params: { id: draft.id }, body: {} })],
    ['invite', async () => ({ body: (await newInvitation(world)).asked })],
    [
      'releaseRecovery',
      async () => {
        await ask(words.ofSecond)
        return { body: { who: second.signer.who } }
      },
    ],
    [
      'withdrawRecovery',
      async () => {
        await ask(words.first)
        return { body: {} }
      },
    ],
    [
      'putVault',
      async () => ({ body: { vault: await one(), recovery: recoveryTicket(world, words.fresh) } }),
    ],
    [
      'addPasskey',
      async () => {
        const made = next.register(await nonce())
        return { body: { registration: made, label: 'Two', vault: await both() } }
      },
    ],
    ['removePasskey', async () => ({ body: { id: next.id, vault: await one() } })],
    ['appendToCase', signed(coordinator, RELEASE), 'release'],
    [
      'appendToCase',
      async () => {
        const own = { type: 'case.review', decision: 'destroy', until: '' } as const
        const given = await signed(coordinator, own)()
        review = draft.tail.id
        return given
      },
      'case.review',
    ],
    ['appendToCase', () => signed(second, { type: 'approve', what: review })(), 'approve'],
    ['appendToCase', () => signed(coordinator, { type: 'case.shred', review })(), 'case.shred'],
    [
      'appendToDesk',
      async () => {
        const own = { type: 'desk.rules', sha256: scratchHash('rules') } as const
        await appendDesk(world, coordinator.signer, own)
        return { body: { batch: world.batch.slice(-1) } }
      },
      'desk.rules',
    ],
  ]

  for (const [name, prepare, said = name] of ACTS)
    await t.test(said, async () => {
      const given = await prepare()
      await age()
      const refused = await send(name, given, session)
      assert.equal(refused.status, 403)
      const code = 'not-fresh'
      const { title, status } = PROBLEMS[code]
      const type = `urn:postern:problem:${code}`
      assert.deepEqual(JSON.parse(refused.text), { type, title, status, code })
      session = await touch()
      await call(name, given, session, ENDPOINTS[name].status)
    })

  await t.test('each act that the server names is among them', () => {
    const fresh = (Object.entries(ENDPOINTS) as [EndpointName, Endpoint][])
      .filter(([, endpoint]) => endpoint.fresh === true)
      .map(([name]) => name)
    const byStatement = Object.keys(FRESH_STATEMENTS)
    const tried = new Set(ACTS.map(([name]) => name))
    assert.deepEqual([...tried].toSorted(), [...fresh, ...byStatement].toSorted())
    const cases = FRESH_STATEMENTS.appendToCase
    assert.ok(cases !== undefined && 'only' in cases)
    const said = ACTS.flatMap(([name, , what = '']) => (name === 'appendToCase' ? [what] : []))
    assert.deepEqual(said.toSorted(), cases.only.toSorted())
  })

  await t.test('a beat needs none, and neither does a look at oneself', async () => {
    await age()
    await appendDesk(world, coordinator.signer, { type: 'desk.beat' })
    await call('appendToDesk', { body: { batch: world.batch.slice(-1) } }, session, 200)
    await call('readSelf', { body: undefined }, session, 200)
  })

  await t.test(
    'a touch of somebody else’s passkey, or an old touch again, opens nothing',
    async () => {
      const assertion = newAuthenticator(server.url).assert(await nonce())
      await call('stepUp', { body: { assertion } }, session, 404)
      const used = { assertion: passkey.assert(await nonce()) }
      const answer = await call('stepUp', { body: used }, session, 200)
      session = (JSON.parse(answer.text) as { session: string }).session
      await age()
      await call('stepUp', { body: used }, session, 404)
      await call('invite', { body: (await newInvitation(world)).asked }, session, 403)
    },
  )

  async function touch(): Promise<string> {
    const assertion = passkey.assert(await nonce())
    const { text } = await call('stepUp', { body: { assertion } }, session, 200)
    return (JSON.parse(text) as { session: string }).session
  }

  /** Six minutes pass for every session. */
  async function age(): Promise<void> {
    await askDatabase(data, `update identity.session set proved = proved - interval '6 minutes'`)
  }

  async function ask(code: typeof words.first): Promise<void> {
    const { lookup, auth } = recoveryKeys(code, world.desk)
    await call('askRecovery', { body: { lookup, auth } }, '', 200)
  }

  async function nonce(): Promise<string> {
    const { text } = await call('askChallenge', { body: {} }, '', 200)
    return (JSON.parse(text) as { nonce: string }).nonce
  }

  async function logIn({ signer }: Actor): Promise<string> {
    const claim = { desk: world.desk, nonce: await nonce(), origin: server.url }
    const time = timeOf(Date.now())
    const sig = await signer.sign(loginMessage({ ...claim, time, who: signer.who }))
    const body = { who: signer.who, nonce: claim.nonce, time, sig }
    const { text } = await call('logIn', { body }, '', 200)
    return (JSON.parse(text) as { session: string }).session
  }

  async function call(
    name: EndpointName,
    given: Given,
    by: string,
    status: number,
  ): Promise<Answer> {
    const answer = await send(name, given, by)
    assert.equal(answer.status, status, `${name}: ${answer.text}`)
    return answer
  }

  async function send(name: EndpointName, given: Given, by: string): Promise<Answer> {
    const { method, path } = ENDPOINTS[name]
    const url = path.replace(/\{(\w+)\}/g, (_, field: string) => given.params?.[field] ?? '')
    const headers = {
      origin: server.url,
      'content-type': 'application/json',
      ...(by !== '' && { authorization: `Bearer ${by}` }),
    }
    const body = given.body === undefined ? null : JSON.stringify(given.body)
    const answer = await fetch(`${server.url}${url}`, {
      method: method.toUpperCase(),
      headers,
      body,
    })
    return { status: answer.status, text: await answer.text() }
  }
})

const RELEASE = {
  type: 'release',
  path: 'advisories/2026-0001.json',
  sha256: scratchHash('advisory'),
  licence: 'CC-BY-4.0',
  not_before: timeOf(Date.now() + DAY),
  doc: '',
} as const
