import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginCheck, checkStatement, signerOfSeed, signStatement } from '#seal'
import {
  type FromVerify,
  type ToVerify,
  verifyBeside,
  type VerifyingThread,
} from './verify-beside.ts'

const signer = await signerOfSeed(new Uint8Array(32).fill(7))
const words = new Uint8Array(32).fill(9)
const good = [signer.who, words, await signer.sign(words)] as const
const forged = [signer.who, words, await signer.sign(new Uint8Array(32))] as const

/** A thread that does nothing by itself: the test says what it hears from it. */
function trialThread() {
  const sent: ToVerify[] = []
  let say: (message: FromVerify) => void = () => undefined
  let fail = () => {}
  const thread: VerifyingThread = {
    postMessage: (message) => void sent.push(message),
    listen: (hear, failed) => {
      say = hear
      fail = failed
    },
  }
  const verify = verifyBeside(() => thread)
  return { verify, sent, say: (message: FromVerify) => say(message), fail: () => fail() }
}

test('as long as the other thread is not there, this one verifies', async () => {
  const { verify, sent } = trialThread()
  assert.deepEqual([await verify(...good), await verify(...forged)], [true, false])
  assert.deepEqual(sent, [])
})

test('what the other thread says of each signature is its answer, whichever comes first', async () => {
  const { verify, sent, say } = trialThread()
  say({ ready: true })
  const first = [verify(...good), verify(...forged)]
  await Promise.resolve()
  const second = verify(...good)
  await Promise.resolve()
  assert.deepEqual(sent, [
    { n: 1, signatures: [good, forged] },
    { n: 2, signatures: [good] },
  ])
  say({ n: 2, hold: [false] })
  assert.equal(await second, false)
  say({ n: 1, hold: [true, false] })
  assert.deepEqual(await Promise.all(first), [true, false])
})

test('what it says nothing of does not hold, and what nobody asked changes nothing', async () => {
  const { verify, say } = trialThread()
  say({ ready: true })
  const both = [verify(...good), verify(...good)]
  await Promise.resolve()
  say({ n: 7, hold: [true] })
  say({ n: 1, hold: [true] })
  assert.deepEqual(await Promise.all(both), [true, false])
})

test('a long chain is sent in parts, so that the other thread begins at once', async () => {
  const { verify, sent, say } = trialThread()
  say({ ready: true })
  const all = Array.from({ length: 150 }, () => verify(...good))
  assert.equal(sent.length, 2)
  await Promise.resolve()
  assert.deepEqual(
    sent.map(({ signatures }) => signatures.length),
    [64, 64, 22],
  )
  for (const { n, signatures } of sent) say({ n, hold: signatures.map(() => true) })
  assert.ok((await Promise.all(all)).every(Boolean))
})

test('where it ends, this thread verifies what was left, and what comes after: no forgery passes by that', async () => {
  const { verify, sent, say, fail } = trialThread()
  say({ ready: true })
  const under = [verify(...good), verify(...forged)]
  await Promise.resolve()
  const waiting = verify(...forged)
  fail()
  assert.deepEqual(await Promise.all([...under, waiting]), [true, false, false])
  assert.deepEqual([await verify(...good), await verify(...forged)], [true, false])
  assert.equal(sent.length, 1)
})

test('a browser without threads inside of threads verifies here', async () => {
  const verify = verifyBeside(() => {
    throw new Error('Not here.')
  })
  assert.deepEqual([await verify(...good), await verify(...forged)], [true, false])
})

test('a statement whose signature the other thread refuses fails F3', async () => {
  const { verify, say } = trialThread()
  say({ ready: true })
  const zero = '0'.repeat(64)
  const at = '2026-01-01T00:00:00Z'
  const end = { type: 'withdraw', what: zero } as const
  const common = { v: 1, desk: zero, chain: zero, seq: 1, prev: zero, by: signer.who, at } as const
  const statement = await signStatement(signer, { ...common, dir: zero, log: '', ...end })
  const begun = beginCheck(statement, 'case', verify)
  await begun.id()
  await new Promise((done) => setTimeout(done))
  say({ n: 1, hold: [false] })
  const checked = checkStatement(begun, 'case', { desk: zero, chain: zero }, { id: zero, seq: 0 })
  await assert.rejects(checked, { name: 'Refused', code: 'F3' })
})
