import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createMessage, encrypt } from 'openpgp'
import { ENDPOINTS, type MailOrder, type NewStatement } from '#contract'
import { acceptCaseBatch, type DeskDeps, DeskError, type Party } from '#desk'
import {
  base64OfBytes,
  bytesOfHex,
  DAY,
  hexOfBytes,
  type Sort,
  textOfBytes,
  timeOf,
} from '#lexicon'
import { makeClaimOffer, readCertificate, readHead, Refused } from '#seal'
import { type CaseDraft, caseMessage, caseStatement, grantCircle, newCircle } from './drafts.ts'
import { asOwner, deskDepsOf, newHouse, reportFiler } from './house.ts'
import { deliveriesOf } from '../src/post/deliveries-of.ts'
import { postKeysOf } from '../src/post/post-keys.ts'
import { queueAnswers } from '../src/post/queue-answers.ts'
import { openWaitingMail } from '../src/post/waiting-mail.ts'

/* Issue 4, Out: what leaves by mail leaves with its batch or not at all, and never against the rule of plain words. */

const house = await newHouse()
const { world, database, clock } = house
const filing = await reportFiler(house)
after(async () => {
  await filing.close()
  await database.close()
})
const { signer: coordinator } = world.coordinator
const by: Party = { kind: 'member', who: coordinator.who }
const keys = postKeysOf(new Uint8Array(32).fill(1))
const post = {
  keys,
  messageIds: new Uint8Array(32).fill(2),
  threads: { key: new Uint8Array(32).fill(3), from: 'security@desk.example' },
  letterhead: { name: 'Example', from: 'security@desk.example', url: 'https://desk.example' },
}
const deps: DeskDeps = {
  ...deskDepsOf(house),
  queueMails: (tx, mailing) => queueAnswers(tx, mailing, post),
}
const TO = 'reporter.quetzal@example.org'
const notice: MailOrder = { kind: 'notice', to: TO, answers: '' }
const plain: MailOrder = { kind: 'plain', to: TO, subject: '', text: 'words', answers: '' }
const shape = ENDPOINTS.appendToCase.body

async function answered(name: string, sort?: Sort) {
  const draft = await filing.file(name)
  const batch = [
    ...(sort === undefined
      ? []
      : [await caseStatement(world, draft, coordinator, { type: 'case.sort', sort })]),
    await newCircle(world, draft, coordinator, 'all', 1, [draft.reporter]),
    await caseMessage(world, draft, coordinator, 'all/1', { text: 'An answer.' }),
  ]
  return { draft, batch }
}
const accept = (
  draft: CaseDraft,
  batch: readonly NewStatement[],
  mails: readonly MailOrder[],
  who: Party = by,
  within: DeskDeps = deps,
) => acceptCaseBatch(within, { by: who, caseId: draft.id, batch, mails })
const mailsOf = ({ id }: CaseDraft) => deliveriesOf(database.logins.post, bytesOfHex(id))
const eventsOf = async ({ id }: CaseDraft) =>
  (await asOwner(house, `select head from ledger.entry where type = 'ledger.event'`)).filter(
    ({ head }) => String(head).includes(id),
  )
const isRefusal = (code: string) => (error: unknown) =>
  (error instanceof DeskError || error instanceof Refused) && error.code === code

test('what leaves is queued once with its batch, and the ledger says that it did, to nobody', async () => {
  const { draft, batch } = await answered('Reporter 1')
  await accept(draft, batch, [notice, notice])
  await accept(draft, batch, [notice])
  const mails = await mailsOf(draft)
  assert.deepEqual(
    mails.map(({ kind, state, statement }) => [kind, state, statement]),
    Array.from({ length: 2 }, () => ['notice', 'waiting', draft.tail.id]),
  )
  const events = await eventsOf(draft)
  assert.equal(events.length, 1)
  const head = readHead({ head: String(events[0]?.['head']), sig: '' }, 'ledger')
  assert.equal(head.type, 'ledger.event')
  assert.deepEqual(head.type === 'ledger.event' && [head.kind, head.about, head.count, head.note], [
    'mail-out',
    draft.id,
    2,
    '',
  ])
  const rows = await asOwner(house, 'select * from post.mail')
  assert.ok(!JSON.stringify(rows).includes('quetzal'))
  const [row, other] = await database.logins.post.selectFrom('post.mail').selectAll().execute()
  assert.ok(row && other)
  const opened = await openWaitingMail(keys.waiting, row, row.sealed)
  assert.equal(opened.to, TO)
  assert.match(opened.from, /^security\+b[a-z2-7]{26}@desk\.example$/)
  const text = textOfBytes(opened.raw)
  assert.match(text, /https:\/\/desk\.example\/follow/)
  assert.doesNotMatch(text, /An answer\.|Reporter 1/)
  const idOf = (mail: string) => /^Message-ID: (\S+)/im.exec(mail)?.[1]
  const next = textOfBytes((await openWaitingMail(keys.waiting, other, other.sealed)).raw)
  assert.notEqual(idOf(text), idOf(next))
})

test('a claim link leaves only to whom nobody gave words', async () => {
  const { draft, batch } = await answered('Reporter with words')
  const place = { desk: world.desk, caseId: draft.id }
  const expires = timeOf(clock() + DAY)
  const deskKey = world.keys.get('desk/1')
  assert.ok(deskKey)
  const { offer, code } = await makeClaimOffer(
    coordinator,
    place,
    expires,
    await readCertificate(deskKey.cert),
  )
  const kept = { ...offer, sealed: base64OfBytes(offer.sealed) }
  const claim = { offer: kept, code: hexOfBytes(code.entropy) }
  await assert.rejects(accept(draft, batch, [{ ...notice, claim }]), isRefusal('not-mailable'))
  assert.deepEqual(await asOwner(house, 'select 1 from desk.claim'), [])
})

test('plain words leave only from a case that is sorted as no vulnerability, whatever the client says', async () => {
  for (const sort of [undefined, 'vulnerability', 'defence', 'duplicate'] as const) {
    const { draft, batch } = await answered(`Reporter ${sort ?? 'unsorted'}`, sort)
    await assert.rejects(accept(draft, batch, [notice, plain]), isRefusal('not-mailable'))
    assert.deepEqual(await mailsOf(draft), [])
    assert.deepEqual(await eventsOf(draft), [])
    // Nothing of the batch was taken either.
    await accept(draft, batch, [])
  }
  for (const sort of ['question', 'invalid', 'public', 'not-security'] as const) {
    const { draft, batch } = await answered(`Reporter ${sort}`, sort)
    await accept(draft, batch, [plain])
    assert.equal((await mailsOf(draft)).length, 1)
  }
})

test('a case that is sorted back in the same batch is judged as it is then', async () => {
  const { draft, batch } = await answered('Reporter back', 'question')
  const back = { type: 'case.sort', sort: 'vulnerability' } as const
  const whole = [...batch, await caseStatement(world, draft, coordinator, back)]
  await assert.rejects(accept(draft, whole, [plain]), isRefusal('not-mailable'))
})

test('only coordinators send: a reporter and a maintainer of the case do not', async () => {
  const { draft, batch } = await answered('Reporter 2')
  const grant = await grantCircle(world, draft, coordinator, 'all', [1], world.maintainer)
  await accept(draft, [...batch, grant], [])
  const reporter: Party = { kind: 'reporter', who: draft.reporter.signer.who, caseId: draft.id }
  const maintainer: Party = { kind: 'member', who: world.maintainer.signer.who }
  for (const [who, { signer }] of [
    [reporter, draft.reporter],
    [maintainer, world.maintainer],
  ] as const) {
    const tail = draft.tail
    const word = await caseMessage(world, draft, signer, 'all/1', { text: 'Mine.' })
    await assert.rejects(accept(draft, [word], [notice], who), isRefusal('not-found'))
    draft.tail = tail
  }
  assert.deepEqual(await mailsOf(draft), [])
})

test('a mail leaves with a message, and from a desk that has an address', async () => {
  const draft = await filing.file('Reporter 3')
  const ack = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  await assert.rejects(accept(draft, [ack], [notice]), isRefusal('not-mailable'))
  const { draft: other, batch } = await answered('Reporter 4')
  const { queueMails: _, ...none } = deps
  await assert.rejects(accept(other, batch, [notice], by, none), isRefusal('not-mailable'))
})

test('clear text does not leave as an encrypted mail, and neither does an old date', async () => {
  const { draft, batch } = await answered('Reporter 5')
  const encryptionKeys = world.keys.get('mail/1')?.key.toPublic()
  assert.ok(encryptionKeys)
  const message = await createMessage({ text: 'words' })
  const armored: string = String(
    await encrypt({ message, encryptionKeys, config: { aeadProtect: false } }),
  )
  const now = clock()
  const order = { kind: 'answer', to: TO, date: timeOf(now), answers: '<a@b>', armored } as const
  const clear = { ...order, armored: `-----BEGIN PGP MESSAGE-----\n\n${btoa('x'.repeat(99))}\n` }
  const old = { ...order, date: timeOf(now - 3_600_000) }
  for (const attack of [clear, old])
    await assert.rejects(accept(draft, batch, [attack]), isRefusal('grammar'))
  assert.deepEqual(await mailsOf(draft), [])
  await accept(draft, batch, [order])
  const rows = await database.logins.post.selectFrom('post.mail').selectAll().execute()
  const row = rows.find(({ kind }) => kind === 'answer')
  assert.ok(row)
  const mail = textOfBytes((await openWaitingMail(keys.waiting, row, row.sealed)).raw)
  assert.match(mail, /^In-Reply-To: <a@b>\r$/m)
  assert.match(mail, /^Subject: \[\.\.\.\]\r$/m)
})

test('one address, one line: nothing of an order begins a field or names a second person', () => {
  const good = { batch: [], mails: [notice, plain] }
  const fails = (mail: object) => {
    const { success } = shape.shape.mails.safeParse([{ ...plain, ...mail }])
    assert.equal(success, false, JSON.stringify(mail))
  }
  assert.equal(shape.shape.mails.safeParse(good.mails).success, true)
  for (const to of [
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example, c@d.example',
    'a@b.example;c@d.example',
    'A <a@b.example>',
    'a@b@c.example',
    'a b@c.example',
    '',
  ])
    fails({ to })
  for (const subject of ['x\r\nBcc: c@d.example', 'x\u2028y', 'x'.repeat(201)]) fails({ subject })
  for (const answers of ['<a@b>\r\nX: y', 'a@b', '<a@b> <c@d>', '<a b>']) fails({ answers })
  fails({ text: '' })
  fails({ more: 1 })
  fails({ kind: 'receipt' })
  assert.equal(shape.shape.mails.safeParse(Array.from({ length: 6 }, () => notice)).success, false)
})
