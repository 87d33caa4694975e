import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, bytesOfText } from '#lexicon'
import type { Body } from './body.ts'
import { readCertificate } from './certificate.ts'
import { frameSize } from './frame.ts'
import { blobHash } from './hash.ts'
import { labelKey, readLabel, sealLabel } from './label.ts'
import { Refused, type RefusedCode } from './refused.ts'
import { sealBody, wrapKey } from './seal-message.ts'
import { readSealedFront } from './sealed.ts'
import { slotOf } from './statement.ts'
import { hashOf, TRIAL_HEAD } from './trial-message.ts'
import {
  newMailKey,
  newSecretKey,
  openLabel,
  type SecretKey,
  unsealBody,
  unwrapKey,
} from './unseal.ts'

let mine: SecretKey
let other: SecretKey
before(async () => {
  ;[mine, other] = await Promise.all([newSecretKey(), newSecretKey()])
})

const refused = (code: RefusedCode) => (error: unknown) =>
  error instanceof Refused && error.code === code

const anyText = fc.string({ unit: 'binary', maxLength: 3000 })
const anyTitle = fc.oneof(fc.constant(''), fc.stringMatching(/^\P{C}{1,60}$/u))
const anyBody: fc.Arbitrary<Body> = fc
  .tuple(anyText, anyTitle)
  .map(([text, title]) => ({ text, title, files: [] }))

async function sealed(body: Body, head = TRIAL_HEAD, keys = [mine]) {
  const readers = await Promise.all(keys.map(({ cert }) => readCertificate(cert)))
  const blob: Bytes = await sealBody(slotOf(head), body, readers)
  return { blob, head: { ...head, body: blobHash(blob) } }
}

test('a body comes back as it was sealed, whatever its text', async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, async (body) => {
      const { blob, head } = await sealed(body)
      const opened: Body = await unsealBody(head, blob, mine, 1)
      assert.deepEqual(opened, body)
    }),
    { numRuns: 30 },
  )
})

test('texts around the borders of a frame and of a chunk come back', async () => {
  const empty = bytesOfText('{"files":[],"text":"","title":""}\n').length
  const sizes = [0, 1, 471 - empty, 472 - empty, 473 - empty, 4096, 65_536 - 40 - empty, 200_000]
  for (const size of sizes) {
    const body = { text: 'x'.repeat(size), title: '', files: [] }
    const { blob, head } = await sealed(body)
    const opened: Body = await unsealBody(head, blob, mine, 1)
    assert.deepEqual(opened, body)
  }
})

test('the size of a blob tells the size of its text to 12 per cent only', async () => {
  const sizeOf = async (length: number) =>
    (await sealed({ text: 'x'.repeat(length), title: '', files: [] })).blob.length
  assert.equal(await sizeOf(0), await sizeOf(400))
  assert.equal(await sizeOf(10_000), await sizeOf(10_100))
  assert.equal(frameSize(10_000) % 512, 0)
})

test('the slot binds every field of the head but the blobs', async () => {
  const { blob, head } = await sealed({ text: 'for this place', title: '', files: [] })
  const changed: Record<string, unknown> = {
    type: 'case.note',
    desk: hashOf('1'),
    chain: hashOf('1'),
    seq: 5,
    prev: hashOf('1'),
    by: hashOf('1'),
    at: '2026-11-21T12:00:01Z',
    dir: hashOf('1'),
    log: `1:${hashOf('1')}`,
    to: 'all/2',
    files: [hashOf('1')],
    reply: hashOf('1'),
  }
  for (const [field, value] of Object.entries(changed))
    await assert.rejects(
      unsealBody({ ...head, [field]: value }, blob, mine, 1),
      refused('slot'),
      field,
    )
})

test('surreptitious forwarding: who may read may not seal it again as if it were said to others', async () => {
  // The reader takes the frame out and seals it to somebody else, in a case of their own (K10).
  const said = await sealed({ text: 'for you alone', title: '', files: [] })
  const forwarded = { ...TRIAL_HEAD, chain: hashOf('f'), by: hashOf('9') }
  await assert.rejects(
    unsealBody({ ...forwarded, body: blobHash(said.blob) }, said.blob, mine, 1),
    refused('slot'),
  )
})

test('one bit of any byte of a blob changed: refused, also when a lying head names the new hash', async () => {
  const { blob, head } = await sealed({ text: 'one bit', title: '', files: [] })
  for (let at = 0; at < blob.length; at += at < 160 ? 1 : 7) {
    const bent = blob.slice()
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8))
    await assert.rejects(unsealBody(head, bent, mine, 1), refused('body'))
    const lying = { ...head, body: blobHash(bent) }
    await assert.rejects(unsealBody(lying, bent, mine, 1), Refused, `byte ${at}`)
  }
})

test('a blob cut anywhere is refused', async () => {
  const { blob, head } = await sealed({ text: 'cut', title: '', files: [] })
  for (let length = 1; length < blob.length; length += 11) {
    const cut = blob.slice(0, length)
    await assert.rejects(unsealBody({ ...head, body: blobHash(cut) }, cut, mine, 1), Refused)
  }
})

test('a report opens with the key of the desk and with that of its reporter, and no other', async () => {
  const third = await newSecretKey()
  const { blob, head } = await sealed({ text: 'report', title: '', files: [] }, TRIAL_HEAD, [
    mine,
    other,
  ])
  for (const key of [mine, other])
    assert.equal((await unsealBody(head, blob, key, 2)).text, 'report')
  await assert.rejects(unsealBody(head, blob, third, 2), refused('decrypt'))
  await assert.rejects(unsealBody(head, blob, mine, 1), refused('grammar'))
})

test('each seal of the same words is another blob: no key or nonce comes twice', async () => {
  const body = { text: 'again', title: '', files: [] }
  const blobs = await Promise.all(Array.from({ length: 8 }, () => sealed(body)))
  assert.equal(new Set(blobs.map(({ head }) => head.body)).size, 8)
  const salts = blobs.map(({ blob }) => {
    const { data } = readSealedFront(blob)
    return Buffer.from(blob.subarray(data, data + 44)).toString('hex')
  })
  assert.equal(new Set(salts).size, 8)
})

test('a body that is no message of ours is not written', async () => {
  const wrong: readonly unknown[] = [
    { text: 'x', title: 'a\nb', files: [] },
    { text: 'x', title: 'x'.repeat(121), files: [] },
    { text: 'x'.repeat(256 * 1024 + 1), title: '', files: [] },
  ]
  for (const body of wrong) await assert.rejects(sealed(body as Body), RangeError)
})

test('a title of 120 characters is a title, though emoji take two units each', async () => {
  const { blob, head } = await sealed({ text: '', title: '😀'.repeat(120), files: [] })
  assert.equal((await unsealBody(head, blob, mine, 1)).title.length, 240)
})

test('an epoch key comes back from its wrap; another key of the same circle does not', async () => {
  for (const inside of [await newSecretKey(), await newMailKey()]) {
    const head = {
      ...TRIAL_HEAD,
      type: 'case.key' as const,
      circle: 'all',
      epoch: 1,
      cert: inside.cert,
      wraps: [{ blob: '', epoch: 1, to: TRIAL_HEAD.by }],
    }
    const blob: Bytes = await wrapKey(slotOf(head), inside.secret, await readCertificate(mine.cert))
    const wrap = { blob: blobHash(blob), epoch: 1, to: TRIAL_HEAD.by }
    const named = { ...head, wraps: [wrap] }
    const me = { reader: TRIAL_HEAD.by, key: mine }
    const key = await unwrapKey(named, wrap, blob, me, inside.cert)
    assert.deepEqual(key.secret, inside.secret)
    const not = (code: RefusedCode, ...args: Parameters<typeof unwrapKey>) =>
      assert.rejects(unwrapKey(...args), refused(code))
    await not('wrap', named, wrap, blob, me, other.cert)
    await not('me', named, wrap, blob, { reader: hashOf('1'), key: mine }, inside.cert)
    await not('wrap', named, { ...wrap }, blob, me, inside.cert)
    await not('decrypt', named, wrap, blob, { reader: TRIAL_HEAD.by, key: other }, inside.cert)
    const moved = { ...named, circle: 'p-numpy' }
    await not('slot', moved, wrap, blob, me, inside.cert)
  }
})

test('a title comes back from its label, which has 284 bytes whatever it is', async () => {
  const slot = slotOf(TRIAL_HEAD)
  const key = labelKey(mine.secret, TRIAL_HEAD.desk)
  const titles = fc.stringMatching(/^\P{C}{0,200}$/u)
  await fc.assert(
    fc.asyncProperty(titles, async (title) => {
      const label: Bytes = await sealLabel(key, slot, title)
      assert.equal(label.length, 284)
      const opened = await openLabel(key, slot, readLabel(label, blobHash(label)))
      assert.ok(title.startsWith(opened.title) && opened.title.isWellFormed())
      const bytes = bytesOfText(title).length
      assert.ok(opened.title === title || bytes > 255)
    }),
    { numRuns: 40 },
  )
})

test('one bit of a label changed, another slot or another desk: refused', async () => {
  const slot = slotOf(TRIAL_HEAD)
  const key = labelKey(mine.secret, TRIAL_HEAD.desk)
  const label: Bytes = await sealLabel(key, slot, 'foo() overflows')
  for (let at = 0; at < label.length; at++) {
    const bent = label.slice()
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8))
    await assert.rejects(openLabel(key, slot, readLabel(bent, blobHash(bent))), refused('label'))
    assert.throws(() => readLabel(bent, blobHash(label)), refused('label'))
  }
  const whole = readLabel(label, blobHash(label))
  const elsewhere = slotOf({ ...TRIAL_HEAD, seq: 5 })
  await assert.rejects(openLabel(key, elsewhere, whole), refused('label'))
  await assert.rejects(openLabel(labelKey(mine.secret, hashOf('1')), slot, whole), refused('label'))
  await assert.rejects(
    openLabel(labelKey(other.secret, TRIAL_HEAD.desk), slot, whole),
    refused('label'),
  )
})
