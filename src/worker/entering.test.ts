import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openOwnVault } from '#client'
import { bytesOfText, textOfBytes } from '#lexicon'
import { readCode, readVault, recoveryKeys } from '#seal'
import { enteringHandlers } from './entering.ts'
import { failureOf } from './failure-of.ts'
import { newMemberSession } from './member-session.ts'

const ORIGIN = 'http://localhost:1'
const SERVER = '94bee934b5ddfecce496648299b9b41050af6b2ee4d84b71fea1fd6422d71b4f'
const NAMES = { name: 'Example Foundation', domain: 'example.org' }

/** A page of a server that says that no desk is set up; what is posted to it is kept and refused. */
function page() {
  const posted: { path: string; body: string }[] = []
  const session = newMemberSession({
    say: () => undefined,
    clock: () => Date.UTC(2026, 10, 21),
    wait: async () => undefined,
    send: async ({ method, path, body }) => {
      const facts = { state: 'not-set-up', ...NAMES, server: SERVER, mail: '' }
      if (method === 'GET') return { status: 200, body: bytesOfText(JSON.stringify(facts)) }
      posted.push({ path, body: body === undefined ? '' : textOfBytes(body) })
      return { status: 502, body: new Uint8Array() }
    },
  })
  return { handlers: enteringHandlers(session), posted }
}

test('a server that forgot the desk of its page is an alarm, and no set-up begins', async () => {
  const { handlers } = page()
  const pin = { desk: 'ab'.repeat(32), origin: ORIGIN }
  for (const attempt of [
    () => handlers.begin(pin),
    () => handlers.makeDesk({ ...NAMES, handle: 'Coordinator 1' }),
  ])
    await assert.rejects(
      async () => attempt(),
      (error: unknown) => {
        const { code, check, message } = failureOf(error, [])
        assert.deepEqual([code, check], ['alarm', 'pin'])
        assert.match(message, /Do not set it up again/)
        return true
      },
    )
  assert.equal((await handlers.begin({ desk: '', origin: ORIGIN })).state, 'not-set-up')
})

test('the vault of the first coordinator holds their own keys and not the root', async () => {
  const { handlers, posted } = page()
  await handlers.begin({ desk: '', origin: ORIGIN })
  const { recoveryWords } = await handlers.makeDesk({ ...NAMES, handle: 'Coordinator 1' })
  const registration = { id: 'aaaa', client_data: 'aaaa', attestation: 'aaaa', transports: [] }
  const given = { secret: '0'.repeat(64), registration, prf: undefined, label: 'Laptop' }
  await assert.rejects(async () => handlers.openNewDesk(given))
  const sent = posted.find(({ path }) => path.endsWith('/setup'))
  const body = JSON.parse(sent?.body ?? '') as {
    batch: [{ statement: { head: string } }, { statement: { head: string } }]
    enrolment: { vault: string }
  }
  const desk = (JSON.parse(body.batch[1].statement.head) as { desk: string }).desk
  const { lookup, wrap } = recoveryKeys(readCode(recoveryWords), desk)
  const way = { kind: 'recovery', id: lookup, key: wrap } as const
  const { vault } = await openOwnVault(desk, readVault(body.enrolment.vault), way)
  const { opened } = vault
  assert.equal(opened.sign.length, 32)
  assert.equal(opened.root, undefined)
})

test('nobody sets a desk up under a name that the pages give to others', async () => {
  const { handlers } = page()
  await handlers.begin({ desk: '', origin: ORIGIN })
  const asked = async () => handlers.makeDesk({ ...NAMES, handle: 'Rep0rter' })
  await assert.rejects(asked, { code: 'handle' })
})
