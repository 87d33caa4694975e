import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base64OfBytes, type Bytes, bytesOfBase64, concatBytes, LIMITS } from '#lexicon'
import { blobHash, type CaseHead, readHead, Refused, type Statement } from '#seal'
import { caseMessage, caseTitle, newCircle, newReport, sealedFile } from '../../stories/drafts.ts'
import { certOf, newWorld, scratchHash } from '../../stories/world.ts'
import { type Delivery, demandCertificates, demandNotFuture, demandSealedTo } from './index.ts'
import { LedgerError, namedBlobs, takeBlobs } from './index.ts'

const world = await newWorld()
const deskCert = certOf(world.keys, 'desk/1')
const file = await sealedFile(new Uint8Array(3000), 'core', [deskCert])
const withFile = await newReport(world, { files: [{ ...file, upload: '00'.repeat(16) }] })
const plain = await newReport(world)
const { draft, request } = plain
const report = request.report
const circle = await newCircle(world, draft, world.coordinator.signer, 'all', 1, [draft.reporter])

test('a complete report is taken, with its body and files', () => {
  const taken = takeBlobs(headOf(withFile.request.report.statement), withFile.request.report)
  assert.deepEqual(
    taken.map((blob) => [blob.kind, 'recipients' in blob && blob.recipients]),
    [
      ['body', 2],
      ['file', 2],
    ],
  )
  assert.equal(taken.length, namedBlobs(headOf(withFile.request.report.statement)).length)
})

test('a missing blob', () => {
  refuses(report, { blobs: [] }, 'incomplete')
  refuses(withFile.request.report, { uploads: [] }, 'incomplete')
  refuses(circle, { blobs: circle.blobs.slice(1) }, 'incomplete')
})

test('another blob than the one that the head names', () => {
  const other = circle.blobs.slice(0, 1)
  refuses(report, { blobs: other }, 'incomplete')
  const uploads = [{ blob: scratchHash('other'), upload: '00'.repeat(16) }]
  refuses(withFile.request.report, { uploads }, 'incomplete')
})

test('a blob too many, or the same twice', () => {
  refuses(report, { blobs: [...report.blobs, ...circle.blobs] }, 'malformed')
  refuses(report, { blobs: [...report.blobs, ...report.blobs] }, 'malformed')
  const uploads = [{ blob: scratchHash('other'), upload: '00'.repeat(16) }]
  refuses(report, { uploads }, 'malformed')
})

test('what is not base64, or empty', () => {
  refuses(report, { blobs: ['%%%%'] }, 'malformed')
  refuses(report, { blobs: [''] }, 'malformed')
})

test('a head that names one blob twice', () => {
  const [wrap, other] = wrapsIn(circle.statement)
  const head = { ...headOf(circle.statement), wraps: [wrap, { ...other, blob: wrap?.blob }] }
  throwsCode(() => takeBlobs(head as CaseHead, circle), 'malformed')
})

test('one upload for two files', () => {
  const twice = { ...headOf(withFile.request.report.statement) } as CaseHead & { files: string[] }
  twice.files = [file.entry.blob, scratchHash('other')]
  const uploads = twice.files.map((blob) => ({ blob, upload: '00'.repeat(16) }))
  throwsCode(() => takeBlobs(twice, { ...withFile.request.report, uploads }), 'malformed')
})

test('more files than a message has', () => {
  const names = Array.from({ length: LIMITS.filesPerMessage + 1 }, (_, i) => scratchHash(`f${i}`))
  const uploads = names.map((blob) => ({ blob, upload: blob.slice(0, 32) }))
  const head = { ...headOf(report.statement), files: names } as CaseHead
  throwsCode(() => takeBlobs(head, { ...report, uploads }), 'too-large')
})

test('plaintext instead of a sealed body', () => {
  for (const text of ['{"text":"The password is hunter2."}\n', '-----BEGIN PGP MESSAGE-----\n']) {
    throwsCode(() => takeInstead(report, new TextEncoder().encode(text)), 'grammar')
  }
})

test('a body for another number of readers than the head names', async () => {
  const one = await newReport(world, { source: 'api' })
  throwsCode(() => takeInstead(report, firstBlob(one.request.report)), 'grammar')
  throwsCode(() => takeInstead(one.request.report, firstBlob(report)), 'grammar')
})

test('something behind the sealed packet', () => {
  const longer = concatBytes(firstBlob(report), new Uint8Array(1))
  throwsCode(() => takeInstead(report, longer), 'grammar')
})

test('a body that is larger than the desk takes', () => {
  throwsCode(() => takeInstead(report, new Uint8Array(LIMITS.body + 1)), 'too-large')
  const wrap = wrapsIn(circle.statement)[0]
  const bytes = new Uint8Array(LIMITS.wrap + 1)
  const head = { ...headOf(circle.statement), wraps: [{ ...wrap, blob: blobHash(bytes) }] }
  const one = { ...circle, blobs: [base64OfBytes(bytes)] }
  throwsCode(() => takeBlobs(head as CaseHead, one), 'too-large')
})

test('a title comes with a label of 284 bytes', async () => {
  const { statement, blobs } = await caseTitle(world, draft, world.coordinator.signer, 'Overflow')
  const taken = takeBlobs(headOf(statement), { statement, blobs, uploads: [] })
  assert.deepEqual(taken.map((blob) => blob.kind).sort(), ['body', 'label'])
  const short = new Uint8Array(283)
  const head = { ...headOf(statement), label: { epoch: 1, blob: blobHash(short) } } as CaseHead
  const [body = ''] = blobs
  const changed = { statement, blobs: [body, base64OfBytes(short)], uploads: [] }
  throwsCode(() => takeBlobs(head, changed), 'label')
})

test('a message is sealed to exactly the key that it names', async () => {
  const to = certOf(draft.keys, 'all/1')
  const message = await caseMessage(world, draft, world.coordinator.signer, 'all/1', { text: 'Hi' })
  const [body] = takeBlobs(headOf(message.statement), message)
  assert.ok(body?.kind === 'body')
  await demandSealedTo(body.front, [to])
  await rejectsCode(demandSealedTo(body.front, [deskCert]), 'grammar')
  await rejectsCode(demandSealedTo(body.front, [to, deskCert]), 'grammar')
  await rejectsCode(demandSealedTo(body.front, [certOf(world.keys, 'mail/1')]), 'grammar')
  const [both] = takeBlobs(headOf(report.statement), report)
  assert.ok(both?.kind === 'body')
  await demandSealedTo(both.front, [deskCert, draft.reporter.key.cert])
  await demandSealedTo(both.front, [draft.reporter.key.cert, deskCert])
  await rejectsCode(demandSealedTo(both.front, [deskCert, to]), 'grammar')
})

test('every certificate in a head is sound and of the version for its place', async () => {
  for (const { statement } of world.batch) await demandCertificates(readHead(statement, 'desk'))
  const mail = certOf(world.keys, 'mail/1')
  const open = headOf(report.statement) as CaseHead & { enc: string }
  await demandCertificates(open)
  await rejectsCode(demandCertificates({ ...open, enc: mail } as CaseHead), 'cert')
  await rejectsCode(demandCertificates({ ...open, enc: 'AAAA' } as CaseHead), 'cert')
  const key = { ...headOf(circle.statement), cert: mail } as CaseHead
  await rejectsCode(demandCertificates(key), 'cert')
  const keys = world.batch.map(({ statement }) => readHead(statement, 'desk'))
  const mailKey = keys.find((head) => head.type === 'desk.key' && head.circle === 'mail')
  assert.ok(mailKey?.type === 'desk.key')
  await rejectsCode(demandCertificates({ ...mailKey, cert: deskCert }), 'cert')
  await rejectsCode(demandCertificates({ ...mailKey, circle: 'desk' }), 'cert')
})

test('an author’s clock may run ten minutes ahead', () => {
  const head = headOf(report.statement)
  demandNotFuture(head, world.now - 10 * 60_000)
  throwsCode(() => demandNotFuture(head, world.now - 10 * 60_000 - 1), 'F9')
})

function headOf(statement: Statement): CaseHead {
  return readHead(statement, 'case')
}

function wrapsIn(statement: Statement) {
  const head = headOf(statement)
  assert.ok(head.type === 'case.key')
  return head.wraps
}

function firstBlob(delivery: Delivery): Bytes {
  return bytesOfBase64(delivery.blobs[0] ?? '')
}

/** The same head, naming these bytes as its body. */
function takeInstead({ statement }: Delivery, body: Bytes) {
  const head = { ...headOf(statement), body: blobHash(body) } as CaseHead
  return takeBlobs(head, { statement, blobs: [base64OfBytes(body)], uploads: [] })
}

function refuses(delivery: Delivery, change: Partial<Delivery>, code: string): void {
  throwsCode(() => takeBlobs(headOf(delivery.statement), { ...delivery, ...change }), code)
}

function throwsCode(work: () => unknown, code: string): void {
  assert.throws(work, (error: unknown) => codeOf(error) === code)
}

async function rejectsCode(work: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(work, (error: unknown) => codeOf(error) === code)
}

function codeOf(error: unknown): string {
  if (error instanceof LedgerError || error instanceof Refused) return error.code
  throw error
}
