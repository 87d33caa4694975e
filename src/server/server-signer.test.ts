import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signerOfSeed, verifySignature } from '#seal'
import { serverSigner } from './server-signer.ts'

test('the server signs as everybody does, byte for byte', async () => {
  const seed = Uint8Array.from({ length: 32 }, (_, at) => at * 7)
  const [own, usual] = [await serverSigner(seed), await signerOfSeed(seed)]
  assert.equal(own.who, usual.who)
  for (const message of [new Uint8Array(0), new Uint8Array(32).fill(9)]) {
    const sig = await own.sign(message)
    assert.equal(sig, await usual.sign(message))
    assert.equal(await verifySignature(own.who, message, sig), true)
    assert.equal(await verifySignature(own.who, Uint8Array.of(1), sig), false)
  }
})

test('a seed of another length makes no signer', async () => {
  await assert.rejects(serverSigner(new Uint8Array(31)), RangeError)
})
