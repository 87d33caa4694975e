import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesOfBase64 } from '#lexicon'
import { newHouse } from '../../stories/house.ts'
import { strictHeaders } from './strict-headers.ts'
import { type Answer, ask, openTrialDoor } from './trial-door.ts'

const house = await newHouse()
const { database, world } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

const WKD = '/.well-known/openpgpkey'
/** As gpg-wks-client says it of security@example.org: `gpg-wks-client --print-wkd-hash`. */
const HASH = 't5s8ztdbon8yzntexy6oz5y48etqsnbb'
const cert = world.directory.now.mail.at(-1)?.cert ?? ''

test('the mail key stands where programs look for it, for pages of everybody too', async () => {
  for (const path of [`${WKD}/hu/${HASH}?l=Security`, `${WKD}/example.org/hu/${HASH}`]) {
    const { status, headers, bytes } = await fetched(path)
    assert.equal(status, 200, path)
    assert.equal(headers['content-type'], 'application/octet-stream')
    assert.deepEqual(bytes, Buffer.from(bytesOfBase64(cert)))
    demandOpen(headers, path)
  }
  for (const path of [`${WKD}/policy`, `${WKD}/example.org/policy`]) {
    const { status, headers, text } = await ask(door, 'GET', path)
    assert.deepEqual({ status, text }, { status: 200, text: '' }, path)
    demandOpen(headers, path)
  }
  const { status, headers, text } = await ask(door, 'GET', '/mail-key.asc')
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/pgp-keys')
  assert.match(text, /^-----BEGIN PGP PUBLIC KEY BLOCK-----/)
  demandOpen(headers, '/mail-key.asc')
})

test('for another address, domain or name there is nothing', async () => {
  for (const path of [
    `${WKD}/hu/${'y'.repeat(32)}?l=security`,
    `${WKD}/hu/`,
    `${WKD}/hu/policy`,
    `${WKD}/evil.example/hu/${HASH}`,
    `${WKD}/evil.example/policy`,
    `${WKD}/example.org/hu/${'y'.repeat(32)}`,
    `${WKD}/submission-address`,
  ]) {
    const { status, headers } = await ask(door, 'GET', path)
    assert.equal(status, 404, path)
    assert.equal(headers['access-control-allow-origin'], undefined, path)
  }
})

function demandOpen(headers: Answer['headers'], where: string): void {
  assert.equal(headers['access-control-allow-origin'], '*', where)
  assert.equal(headers['cross-origin-resource-policy'], 'cross-origin', where)
  assert.equal(headers['set-cookie'], undefined, where)
  const { 'cross-origin-resource-policy': _, ...strict } = strictHeaders('http://localhost')
  for (const [name, value] of Object.entries(strict)) assert.equal(headers[name], value, where)
}

async function fetched(path: string) {
  const answer = await fetch(`http://127.0.0.1:${door.port}${path}`)
  const headers: Record<string, string> = Object.fromEntries(answer.headers)
  return { status: answer.status, headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}
