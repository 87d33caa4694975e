import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ENDPOINTS } from '#contract'
import { fileReport } from '#intake'
import { MINUTE, timeOf } from '#lexicon'
import { receiptKeys } from '#seal'
import { newReport } from '../../stories/drafts.ts'
import { newHouse } from '../../stories/house.ts'
import { OPENAPI_PATH } from './openapi.ts'
import { ask, logInAs, openTrialDoor, post } from './trial-door.ts'

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

type Place = { readonly method: string; readonly path: string }
type Operation = {
  readonly operationId: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly 'x-fresh-statements'?: unknown
}
type Refusal = { readonly status: number; readonly code: string }
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}
const { text } = await ask(door, 'GET', OPENAPI_PATH)
const document = JSON.parse(text) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, given]) => ({
    ...given,
    method: method.toUpperCase(),
    path,
  })),
)

test('the document lists exactly the routes that are served', () => {
  assert.match(document.openapi, /^3\.1\./)
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = door.app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    .filter((route) => route !== `GET ${OPENAPI_PATH}`)
  assert.deepEqual(listed.toSorted(), [...new Set(served)].toSorted())
  assert.equal(listed.length, Object.keys(ENDPOINTS).length)
})

test('beside the API there are the pages, two files, the mail key, the answer for monitors, and last the public tree', () => {
  const others = door.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/api/'))
    .map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(others.toSorted(), [
    'GET /',
    'GET /*',
    'GET /.well-known/openpgpkey/:domain/hu/:hash',
    'GET /.well-known/openpgpkey/:domain/policy',
    'GET /.well-known/openpgpkey/hu/:hash',
    'GET /.well-known/openpgpkey/policy',
    'GET /claim',
    'GET /desk',
    'GET /desk/*',
    'GET /follow',
    'GET /health',
    'GET /join',
    'GET /mail-key.asc',
    'GET /mark.svg',
    'GET /report',
    'GET /setup',
  ])
})

test('each operation asks for exactly what its security says', async () => {
  const report = await newReport(world)
  await fileReport(door.rooms.intake, report.request)
  const { lookup, auth } = receiptKeys(report.code, world.desk)
  const followed = await post(door, '/api/v1/follow', { lookup, auth })
  const time = timeOf(clock())
  const sessions: Readonly<Record<string, string>> = {
    reporter: (JSON.parse(followed.text) as { session: string }).session,
    maintainer: await logInAs(door, world.desk, world.maintainer.signer, time),
    coordinator: await logInAs(door, world.desk, world.coordinator.signer, time),
  }
  const roles: Readonly<Record<string, readonly string[]>> = {
    participant: ['reporter', 'maintainer', 'coordinator'],
    member: ['maintainer', 'coordinator'],
    coordinator: ['coordinator'],
  }
  let judged = 0
  for (const operation of operations) {
    const ways = operation.security
    const needed = new Set(ways.flatMap((way) => Object.keys(way)))
    const asked = new Set(
      ways.flatMap((way) => [...(way['bearer'] ?? []), ...(way['cookie'] ?? [])]),
    )
    for (const name of needed) assert.ok(name in document.components.securitySchemes, name)

    // The door is asked for something impossible: whoever it lets through is told so, and does nothing.
    const passes = { status: 400, code: 'malformed' }
    const refused = (status: number, code: string) => ({ status, code })
    const open =
      needed.has('bearer') || needed.has('cookie') ? refused(401, 'not-logged-in') : passes
    assert.deepEqual(await knock(operation, {}), open, operation.operationId)
    const bare = needed.has('origin') ? refused(403, 'wrong-origin') : open
    assert.deepEqual(await knock(operation, { origin: '' }), bare, operation.operationId)
    const [role = ''] = [...asked].filter((each) => each !== 'fresh')
    if (asked.size === 0) continue
    const callers = roles[role]
    assert.ok(callers, role)
    for (const [caller, token] of Object.entries(sessions))
      for (const by of ['bearer', 'cookie'] as const) {
        const known: Refusal = needed.has(by)
          ? refused(404, 'not-found')
          : refused(401, 'not-logged-in')
        const expected: Refusal = needed.has(by) && callers.includes(caller) ? passes : known
        const where = `${operation.operationId} by ${caller}, ${by}`
        assert.deepEqual(await knock(operation, { [by]: token }), expected, where)
        judged += 1
      }
  }
  assert.ok(judged > 100)
  world.now += 6 * MINUTE
  let fresh = 0
  for (const operation of operations) {
    const asked = operation.security.flatMap((way) => way['bearer'] ?? [])
    if (!asked.includes('member') && !asked.includes('coordinator')) continue
    const { code } = await knock(operation, { bearer: sessions['coordinator'] ?? '' })
    const expected = asked.includes('fresh') ? 'not-fresh' : 'malformed'
    assert.equal(code, expected, operation.operationId)
    if (asked.includes('fresh')) fresh += 1
  }
  assert.ok(fresh >= 8)
  assert.deepEqual(door.failures, [])
})

test('where statements decide whether a touch is asked for, the document names them', () => {
  const said = operations.flatMap((operation) =>
    operation['x-fresh-statements'] === undefined
      ? []
      : [[operation.operationId, operation['x-fresh-statements']]],
  )
  assert.deepEqual(Object.fromEntries(said), {
    appendToDesk: { except: ['desk.beat'] },
    appendToCase: { only: ['release', 'case.review', 'case.shred', 'approve'] },
  })
})

/** What the door says to a request that is right in everything but one parameter that nobody knows. */
async function knock(
  { method, path, requestBody }: Operation & Place,
  by: { readonly origin?: string; readonly bearer?: string; readonly cookie?: string },
) {
  const { origin = door.origin, bearer, cookie } = by
  const url = path
    .replace('{n}', '0')
    .replace('{upload}', '0'.repeat(32))
    .replace(/\{\w+\}/g, '0'.repeat(64))
  const [type] = Object.keys(requestBody?.content ?? {})
  const headers = {
    ...(origin !== '' && { origin }),
    ...(type !== undefined && { 'content-type': type }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(cookie !== undefined && { cookie: `__Host-postern=${cookie}` }),
  }
  const body = type === undefined ? undefined : '{"unknown":true}'
  const { status, text } = await ask(door, method, `${url}?unknown=1`, headers, body)
  return { status, code: (JSON.parse(text) as { code: string }).code }
}

test('every operation has the name of its endpoint, and every reference leads somewhere', () => {
  const names = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  assert.deepEqual(names.toSorted(), Object.keys(ENDPOINTS).toSorted())
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
  assert.ok(references.length > 10)
  for (const [, name] of references) assert.ok(document.components.schemas[name ?? ''], name)
})
