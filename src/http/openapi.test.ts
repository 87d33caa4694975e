import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ENDPOINTS } from '#contract'
import { newHouse } from '../../stories/house.ts'
import { OPENAPI_PATH } from './openapi.ts'
import { ask, openTrialDoor } from './trial-door.ts'

const house = await newHouse()
const { database, world, ledger, clock, random } = house
const door = await openTrialDoor({
  logins: database.logins,
  signer: world.server,
  ledger,
  clock,
  random,
  folder: mkdtempSync(join(tmpdir(), 'postern-journal-')),
})
after(async () => {
  await door.close()
  await database.close()
})

type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string }>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}
const { text } = await ask(door, 'GET', OPENAPI_PATH)
const document = JSON.parse(text) as Document

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

test('beside the API there are the pages, two files, and the answer for monitors', () => {
  const others = door.app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/api/'))
    .map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(others.toSorted(), [
    'GET /',
    'GET /desk',
    'GET /desk/*',
    'GET /follow',
    'GET /health',
    'GET /join',
    'GET /mark.svg',
    'GET /report',
    'GET /setup',
    'GET /style.css',
  ])
})

test('every operation has the name of its endpoint, and every reference leads somewhere', () => {
  const names = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  assert.deepEqual(names.toSorted(), Object.keys(ENDPOINTS).toSorted())
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
  assert.ok(references.length > 10)
  for (const [, name] of references) assert.ok(document.components.schemas[name ?? ''], name)
})
