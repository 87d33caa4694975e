import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeBodiesPage } from '#contract'
import { type Bytes, bytesOfText, concatBytes } from '#lexicon'
import { blobHashByEngine, type MailFacts, readCertificate, sealMail, slotOf } from '#seal'
import { newSecretKey } from '#unseal'
import { trialApi, trialView } from './trial-desk.ts'
import type { SealedHead } from './message.ts'
import { openBodies } from './open-bodies.ts'

const FACTS: MailFacts = {
  client: { helo: '', ip: '', tls: false },
  from: 'a@example.org',
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { domain: 'example.org', policy: '', verdict: 'none' },
    spf: { domain: '', verdict: 'skipped' },
  },
  thread: 'token',
  to: [],
  way: 'imap',
}
const MIB = 1024 * 1024
const CHAIN = 'b'.repeat(64)
const key = await newSecretKey()
const reader = await readCertificate(key.cert)

test('of a large mail stays what is said of it, and whoever waits holds none of its bytes', async () => {
  const sizes = [2 * MIB, 100, 2 * MIB, 3 * MIB, 100]
  const mails = await Promise.all(sizes.map((size, n) => sealed(n + 1, size)))
  const asked: number[] = []
  let given = 0
  const api = trialApi(async (_name, { query }) => {
    // One that waited asks when it is its turn, and nobody before it is still at it.
    assert.equal(given, asked.length)
    const from = query?.['from']
    assert.ok(typeof from === 'number')
    asked.push(from)
    const bytes = mails[from - 1]?.bytes ?? assert.fail()
    setTimeout(() => given++, 0)
    return pageOf(from, bytes)
  })
  const view = trialView({ api })
  const unopened = mails.map(({ head }, n) => ({ id: String(n), head, key }))
  const bodyOf = async (seq: number) => mails[seq - 1]?.bytes
  const results = await openBodies(view, CHAIN, unopened, bodyOf)
  assert.deepEqual(asked, [3, 4], 'the first was taken as it came, the others later')
  for (const [n, { body }] of results.entries()) {
    if (!('sender' in body)) assert.fail('no mail')
    assert.equal(body.subject, `mail ${n + 1}`)
    assert.equal(body.raw === undefined, (sizes[n] ?? 0) > MIB, `mail ${n + 1}`)
    assert.ok(body.size > (sizes[n] ?? 0))
  }
})

async function sealed(seq: number, size: number) {
  const place = {
    v: 1,
    type: 'case.mail',
    desk: 'a'.repeat(64),
    chain: CHAIN,
    seq,
    prev: 'c'.repeat(64),
    by: 'd'.repeat(64),
    at: '2026-11-21T12:00:00Z',
    dir: 'e'.repeat(64),
    log: '',
    to: 'desk/1',
    files: [],
  } as const
  const head = bytesOfText(`Subject: mail ${seq}\r\n\r\n`)
  const raw = concatBytes(head, new Uint8Array(size).fill(97))
  const bytes = await sealMail(slotOf(place), { facts: FACTS, raw }, [reader])
  const named: SealedHead = { ...place, body: await blobHashByEngine(bytes) }
  return { head: named, bytes }
}

function pageOf(seq: number, bytes: Bytes): Bytes {
  return writeBodiesPage({ from: seq, bodies: [{ seq, bytes }] })
}
