import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { PasskeyError } from './passkey-error.ts'
import { makePasskey, usePasskey } from './passkeys.ts'

/*
 * A browser of two functions. What the stories show with real authenticators in Chromium, this shows for
 * the answers that Chromium does not give.
 */

const SECRET = new Uint8Array(32).fill(0xee)
const NONCE = '07'.repeat(32)

type Outputs = { prf?: { enabled?: boolean; results?: { first: ArrayBuffer | Uint8Array } } }
type Asked = { readonly publicKey: Record<string, unknown> }
let created: Asked[] = []
let used: Asked[] = []
let atCreate: Outputs = {}
let atUse: Outputs | Error = {}

Object.defineProperty(globalThis, 'PublicKeyCredential', { value: () => undefined })
Object.defineProperty(globalThis, 'location', { value: { hostname: 'desk.example.org' } })
Object.defineProperty(navigator, 'credentials', {
  value: {
    create: async (options: Asked) => {
      created.push(options)
      const response = {
        clientDataJSON: SOME,
        attestationObject: SOME,
        getTransports: () => ['usb', 'nfc', 'SOMETHING NEW'],
      }
      return credential(response, atCreate)
    },
    get: async (options: Asked) => {
      used.push(options)
      if (atUse instanceof Error) throw atUse
      const response = { clientDataJSON: SOME, authenticatorData: SOME, signature: SOME }
      return credential(response, atUse)
    },
  },
})

const SOME = new Uint8Array([1, 2, 3]).buffer

function credential(response: object, outputs: Outputs) {
  return {
    id: 'AQID',
    rawId: SOME,
    type: 'public-key',
    response,
    getClientExtensionResults: () => outputs,
  }
}

beforeEach(() => {
  created = []
  used = []
  atCreate = {}
  atUse = {}
})

function make(again = async () => {}) {
  const who = '01'.repeat(32)
  const named = { handle: 'Volunteer 1', deskName: 'Example Foundation' }
  return makePasskey({ nonce: NONCE, who, ...named, exclude: ['AAAA'], again })
}

function unsaid(value: object) {
  // As JSON, and as the message to the worker would be read: the secret is in `prf` alone.
  assert.doesNotMatch(JSON.stringify(value), /prf|results|238|7u7u/)
}

test('a passkey is asked for that the device finds by itself and that asks who it is', async () => {
  await make()
  const asked = created[0]?.publicKey ?? {}
  assert.deepEqual(asked['authenticatorSelection'], {
    residentKey: 'required',
    userVerification: 'required',
  })
  assert.equal(asked['attestation'], 'none')
  assert.deepEqual(asked['rp'], { id: 'desk.example.org', name: 'Example Foundation' })
  const algorithms = asked['pubKeyCredParams'] as { alg: number }[]
  assert.deepEqual(
    algorithms.map(({ alg }) => alg),
    [-7, -8, -257],
  )
  const { prf } = asked['extensions'] as { prf: { eval: { first: ArrayBuffer } } }
  const input = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('postern/1 prf'))
  assert.deepEqual(new Uint8Array(prf.eval.first), new Uint8Array(input))
})

test('what the PRF gives at making comes out apart, and in nothing that is sent (K19)', async () => {
  atCreate = { prf: { enabled: true, results: { first: SECRET.slice() } } }
  const { prf, ...sent } = await make(() => assert.fail('no second touch is needed'))
  assert.deepEqual(new Uint8Array(prf ?? SOME), SECRET)
  unsaid(sent)
  assert.deepEqual(sent.registration.transports, ['usb', 'nfc'])
  assert.equal(sent.label, 'Security key')
  assert.equal(used.length, 0)
})

test('a key that gives it only when used is touched once more, and the person is told before', async () => {
  atCreate = { prf: { enabled: true } }
  atUse = { prf: { results: { first: SECRET.slice().buffer } } }
  let told = false
  const { prf } = await make(async () => {
    assert.equal(used.length, 0)
    told = true
  })
  assert.ok(told)
  assert.deepEqual(new Uint8Array(prf ?? SOME), SECRET)
  const allowed = used[0]?.publicKey['allowCredentials'] as { id: ArrayBuffer }[]
  assert.equal(allowed.length, 1)
  assert.deepEqual(new Uint8Array(allowed[0]?.id ?? SOME), new Uint8Array([1, 2, 3]))
})

test('whoever does not touch it again is told that nothing was sent', async () => {
  atCreate = { prf: { enabled: true } }
  atUse = Object.assign(new Error('timed out'), { name: 'NotAllowedError' })
  await assert.rejects(make(), new PasskeyError('second-touch', 'use'))
})

test('without PRF there is a passkey and no secret', async () => {
  for (const outputs of [{}, { prf: {} }, { prf: { enabled: false } }]) {
    atCreate = outputs
    assert.equal((await make(() => assert.fail('no second touch'))).prf, undefined)
  }
})

test('using one gives an assertion, and its secret apart; only those that are named are offered', async () => {
  atUse = { prf: { results: { first: SECRET.slice() } } }
  const { prf, assertion } = await usePasskey({ nonce: NONCE, only: ['AQID', 'BAUG'] })
  assert.deepEqual(new Uint8Array(prf ?? SOME), SECRET)
  unsaid(assertion)
  assert.deepEqual(Object.keys(assertion).sort(), [
    'authenticator_data',
    'client_data',
    'id',
    'signature',
  ])
  assert.equal(
    used.map(({ publicKey }) => (publicKey['allowCredentials'] as unknown[]).length).at(0),
    2,
  )
  await usePasskey({ nonce: NONCE })
  assert.equal(used[1]?.publicKey['allowCredentials'], undefined)
  assert.equal(used[1]?.publicKey['userVerification'], 'required')
})
