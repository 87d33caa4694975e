import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { acceptCaseBatch, appendMail, listCases } from '#desk'
import { type MailDeps, nodeDisk, openJournal, takeMail } from '#intake'
import { bytesOfHex, bytesOfText, DAY, headerValues, hexOfBytes, readMailHeaders } from '#lexicon'
import { verifyLedger } from '#ledger'
import {
  findThread,
  markBounced,
  openReceiptPace,
  postKeysOf,
  queueMail,
  queueReceipt,
  receiptQuestions,
  replyAddress,
} from '#post'
import { type MailFacts, readHead } from '#seal'
import { type CaseDraft, caseMessage, caseStatement, newCircle } from '../../stories/drafts.ts'
import { asOwner, deskDepsOf, intakeDepsOf, keepDeskChain, newHouse } from '../../stories/house.ts'
import { renewDeskKeys } from '../../stories/world.ts'
import { openedAnswer, waitingMail } from '../../stories/opened-mail.ts'

/* A mail that answers: from the bytes to the case, with everything but the socket. */

const OWN = 'security@desk.example'
const house = await newHouse()
const { world, database } = house
const folder = mkdtempSync(join(tmpdir(), 'postern-answers-'))
const journal = await openJournal({ folder, disk: nodeDisk })
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})
const keys = postKeysOf(new Uint8Array(32).fill(1))
const threads = { key: new Uint8Array(32).fill(3), from: OWN }
const desk = deskDepsOf(house)
const coordinator = world.coordinator.signer
const party = { kind: 'member', who: coordinator.who } as const
const letterhead = { name: 'Desk', from: OWN, url: 'https://desk.example' }
const failed = (error: unknown) => assert.fail(String(error))
const asked = { keys, letterhead, own: [OWN], networkOf: () => '', pace: openReceiptPace(() => 0) }
const deps: MailDeps = {
  ...intakeDepsOf(house, journal),
  signer: world.server,
  markKey: new Uint8Array(32).fill(7),
  answers: {
    own: [OWN],
    find: (mail) => findThread(database.logins.intake, threads, mail, [OWN]),
    append: (what) => appendMail({ ...desk, signer: world.server }, what),
    bounced: markBounced,
  },
  receipts: {
    questions: (mails) => receiptQuestions(mails, asked),
    write: async (tx, mails) => {
      const messageIds = new Uint8Array(32).fill(2)
      const answering = { ...asked, threads, messageIds, claimLink: async () => '', failed }
      for (const mail of mails) await queueReceipt(tx, mail, answering)
    },
  },
}

test('an answer to the address of its case stands in it, opened byte for byte, and gets no receipt', async () => {
  const { draft, replyTo } = await mailed()
  const answer = mailOf('And one thing more.', { to: [replyTo] })
  const mails = await queued()
  const all = await Promise.all(Array.from({ length: 10 }, () => takeMail(deps, answer)))
  assert.deepEqual(all.toSorted(), ['appended', ...Array<string>(9).fill('known')])
  assert.equal(await takeMail(deps, answer), 'known')
  assert.equal(await queued(), mails)
  const { head, opened } = await last(draft)
  assert.deepEqual([head.type, head.to, head.by], ['case.mail', 'desk/1', world.server.who])
  assert.deepEqual(opened.raw, answer.raw)
  assert.deepEqual(opened.facts, { ...answer.facts, thread: 'token' })
  const { seen, told } = await projected(draft)
  assert.deepEqual(seen, { heard: [1, 0], asked: 1, held: undefined, state: 'open' })
  assert.equal(told, 'case-changed')
  assert.deepEqual(await events(draft), ['mail-in', 'mail-in'])
  await verifyLedger(database.logins.ledger, { directory: world.directory })
})

test('the token is found where a forward took it from the envelope, in capitals too', async () => {
  const { draft, replyTo } = await mailed()
  const head = `To: "Desk" <${replyTo.toUpperCase()}>\r\n`
  assert.equal(await takeMail(deps, mailOf('Forwarded.', { head, to: [OWN] })), 'appended')
  assert.equal((await last(draft)).opened.facts.thread, 'token')
})

test('a Message-ID of ours is enough, in either field and behind many others', async () => {
  const { draft, messageId } = await mailed()
  for (const [field, before] of [
    ['In-Reply-To', ''],
    ['References', '<other@example.org> <receipt.zz@desk.example> '],
    ['References', `${Array.from({ length: 300 }, (_, n) => forged(n)).join(' ')} `],
  ] as const) {
    const head = `${field}: ${before}${messageId}\r\n`
    assert.equal(await takeMail(deps, mailOf(`${field} ${before.length}`, { head })), 'appended')
    assert.equal((await last(draft)).opened.facts.thread, 'reference')
  }
})

test('what we never gave begins a case, and is said; what another desk gave is nothing to us', async () => {
  const { draft, replyTo, messageId } = await mailed()
  const token = replyTo.slice(9, -13).replace(/^rb?/, (start) => (start === 'rb' ? 'rc' : 'rb'))
  const unknown = [
    mailOf('A forged token.', { to: [`security+${token.slice(0, 27)}@desk.example`] }),
    mailOf('A forged id.', { head: `In-Reply-To: ${forged(1)}\r\n` }),
    // Ten thousand of them: the head has an end, and so has the question.
    mailOf('Many.', {
      head: `References: ${Array.from({ length: 10_000 }, (_, n) => forged(n)).join('\r\n ')}\r\n`,
    }),
  ]
  for (const mail of unknown.slice(0, 2)) {
    assert.equal(await takeMail(deps, mail), 'new')
    assert.equal((await newest()).opened.facts.thread, 'unknown')
  }
  const began = performance.now()
  assert.equal(await takeMail(deps, unknown[2] ?? assert.fail()), 'new')
  assert.ok(performance.now() - began < 2000)
  const foreign = [
    mailOf('Another desk.', { head: `References: ${messageId.replace('desk.', 'other.')}\r\n` }),
    mailOf('Its token.', { head: `Cc: ${replyTo.replace('desk.', 'other.')}\r\n` }),
    mailOf('No form of ours.', { to: ['security+anything@desk.example'] }),
  ]
  for (const mail of foreign) {
    assert.equal(await takeMail(deps, mail), 'new')
    assert.equal((await newest()).opened.facts.thread, 'new')
  }
  assert.equal(draft.tail.seq, 0)
})

test('a token goes before a reference to another case', async () => {
  const [one, other] = [await mailed(), await mailed()]
  const head = `In-Reply-To: ${other.messageId}\r\n`
  await takeMail(deps, mailOf('Both.', { head, to: [one.replyTo] }))
  assert.equal((await last(one.draft)).head.seq, 1)
  assert.equal((await chain(other.draft)).length, 1)
})

test('while people write to the same case, all of it is there once', async () => {
  const { draft, replyTo } = await mailed()
  const ack = await caseStatement(world, draft, coordinator, { type: 'case.ack' })
  const mail = mailOf('At the same time.', { to: [replyTo] })
  const [taken, acked] = await Promise.allSettled([
    takeMail(deps, mail),
    acceptCaseBatch(desk, { by: party, caseId: draft.id, batch: [ack] }),
  ])
  assert.equal(taken.status === 'fulfilled' && taken.value, 'appended')
  const types = (await chain(draft)).map(({ type }) => type)
  assert.equal(types.filter((type) => type === 'case.mail').length, 1)
  assert.equal(types.includes('case.ack'), acked.status === 'fulfilled')
})

test('it goes to the thread while that is fresh, to the desk while it is not; what was closed asks again', async () => {
  const { draft, replyTo } = await mailed()
  const say = async (...batch: Parameters<typeof acceptCaseBatch>[1]['batch'][]) => {
    for (const items of batch)
      await acceptCaseBatch(desk, { by: party, caseId: draft.id, batch: items })
  }
  await say([await newCircle(world, draft, coordinator, 'all', 1, [])])
  await say([await caseMessage(world, draft, coordinator, 'all/1', { text: 'An answer.' })])
  const closed = { type: 'case.state', state: 'closed', project: '' } as const
  await say([await caseStatement(world, draft, coordinator, closed)])
  assert.equal((await projected(draft)).seen, undefined, 'not among the open ones')
  assert.equal(await takeMail(deps, mailOf('It is not fixed.', { to: [replyTo] })), 'appended')
  const { head, opened } = await last(draft)
  assert.equal(head.to, 'all/1')
  assert.match(Buffer.from(opened.raw).toString(), /not fixed/)
  draft.tail = { id: head.id, seq: head.seq }
  assert.deepEqual((await projected(draft)).seen?.state, 'open')
  await say([await caseMessage(world, draft, coordinator, 'all/1', { text: 'It is.' })])
  assert.equal((await projected(draft)).seen, undefined, 'answered, and closed as it was')

  await renewDeskKeys(world, world.coordinator)
  await keepDeskChain(house)
  assert.equal(await takeMail(deps, mailOf('And now?', { to: [replyTo] })), 'appended')
  assert.equal((await last(draft)).head.to, 'desk/2')
})

test('what nobody can add to becomes a case of its own, with all that was found of it', async () => {
  const { draft, replyTo } = await mailed()
  const gone: MailDeps['answers'] = {
    ...(deps.answers ?? assert.fail()),
    append: () => Promise.resolve('no-case'),
  }
  assert.equal(
    await takeMail({ ...deps, answers: gone }, mailOf('Late.', { to: [replyTo] })),
    'new',
  )
  assert.equal((await newest()).opened.facts.thread, 'token')
  const chainOf = [Buffer.from(draft.id, 'hex')]
  await asOwner(
    house,
    `update intake.thread set about = sha256('nothing') where about = $1`,
    chainOf,
  )
  assert.equal(await takeMail(deps, mailOf('To no case.', { to: [replyTo] })), 'new')
})

test('a large answer comes whole, and nobody fills a chain with answers', async () => {
  const { draft, replyTo } = await mailed()
  const large = mailOf('a'.repeat(3_000_000), { to: [replyTo] })
  assert.equal(await takeMail(deps, large), 'appended')
  assert.equal((await last(draft)).opened.raw.length, large.raw.length)
  for (let n = 2; n < 200; n++)
    assert.equal(await takeMail(deps, mailOf('Again.', { to: [replyTo] })), 'appended')
  assert.equal(await takeMail(deps, mailOf('Too often.', { to: [replyTo] })), 'new')
  assert.equal((await newest()).opened.facts.thread, 'token')
  world.now += 2 * DAY
  assert.equal(await takeMail(deps, mailOf('The next day.', { to: [replyTo] })), 'appended')
})

test('a bounce marks the mail that it came back for, and no other', async () => {
  const { draft } = await mailed()
  const about = bytesOfHex(draft.id)
  const place = { kind: 'receipt', about } as const
  const out = async (n: number) => {
    const raw = bytesOfText(
      `Message-ID: <answer.${String(n).repeat(40)}@desk.example>\r\n\r\nwords`,
    )
    const mail = { to: 'a@example.org', raw, bounces: true }
    const id = await database.logins.intake
      .transaction()
      .execute((tx) => queueMail(tx, { keys, threads }, place, mail, world.now))
    return { id, from: (await waitingMail(house, keys, about, id)).from }
  }
  const [one, other, third] = [await out(1), await out(2), await out(3)]
  const state = async ({ id }: { readonly id: number }) =>
    database.logins.post
      .selectFrom('post.delivery')
      .select(['state', 'answer'])
      .where('mail', '=', id)
      .executeTakeFirstOrThrow()
  // It says that the other one came back; what counts is the address that it was sent to.
  const dsn = dsnOf('failed', '5.1.1', `<answer.${'2'.repeat(40)}@desk.example>`)
  assert.equal(
    await takeMail(deps, { ...dsn, facts: { ...dsn.facts, to: [one.from] } }),
    'appended',
  )
  assert.equal((await last(draft)).opened.facts.thread, 'returned')
  assert.deepEqual(await state(one), { state: 'bounced', answer: '5.1.1' })
  assert.deepEqual(await state(other), { state: 'waiting', answer: '' })
  assert.deepEqual((await events(draft)).slice(-2), ['mail-in', 'bounce'])

  const late = dsnOf('delayed', '4.4.7', '<x@desk.example>')
  const away = mailOf('I am away.', { head: 'Auto-Submitted: auto-replied\r\n', to: [third.from] })
  await takeMail(deps, { ...late, facts: { ...late.facts, to: [other.from] } })
  await takeMail(deps, away)
  assert.equal((await state(other)).state, 'waiting', 'late is not lost')
  assert.equal(
    (await state(third)).state,
    'waiting',
    'an automatic answer came from where it arrived',
  )
  const made = dsnOf('failed', '5.1.1', '<x@desk.example>')
  const invented = one.from.replace(/.{4}@/, 'aaaa@')
  assert.equal(await takeMail(deps, { ...made, facts: { ...made.facts, to: [invented] } }), 'new')
  assert.equal((await projected(await newest())).seen, undefined, 'it is held')
})

test('two desks that mail each other stop after one; what no person wrote is held', async () => {
  const mails = await queued()
  for (const [reason, head, from] of [
    ['auto-reply', 'Auto-Submitted: auto-replied\r\n', ''],
    ['list', 'List-Id: <users.example.org>\r\nPrecedence: list\r\n', 'users-bounces@example.org'],
  ] as const) {
    const mail = mailOf(`held as ${reason}`, { head })
    assert.equal(await takeMail(deps, { ...mail, facts: { ...mail.facts, from } }), 'new')
    const draft = await newest()
    const [row] = await asOwner(house, 'select held from desk."case" where id = $1', [
      Buffer.from(draft.id, 'hex'),
    ])
    assert.equal(row?.['held'], reason)
    assert.equal((await projected(draft)).told, undefined, 'nobody is told of it')
  }
  const { messageId } = await mailed()
  const back = mailOf('Our own mail.', {})
  const own = Buffer.from(back.raw)
    .toString()
    .replace(/Message-ID: .*/, `Message-ID: ${messageId}`)
  assert.equal(await takeMail(deps, { ...back, raw: bytesOfText(own) }), 'new')
  assert.equal((await projected(await newest())).seen, undefined)
  assert.equal(await queued(), mails + 1, 'one receipt, for the one person')
})

let senders = 0
function mailOf(text: string, { head = '', to = [OWN] }: { head?: string; to?: string[] }) {
  const from = `volunteer${senders++}@example.org`
  const raw = bytesOfText(
    `From: ${from}\r\n${head}Message-ID: <${senders}@example.org>\r\n\r\n${text}\r\n`,
  )
  const facts: MailFacts = {
    client: { helo: 'mx.example.org', ip: '192.0.2.7', tls: true },
    from,
    results: {
      arc: 'none',
      dkim: [],
      dmarc: { domain: 'example.org', policy: '', verdict: 'none' },
      spf: { domain: 'example.org', verdict: 'pass' },
    },
    thread: 'new',
    to,
    way: 'smtp',
  }
  return { facts, raw }
}

function dsnOf(action: string, status: string, of: string) {
  const mail = mailOf('', {})
  const raw = bytesOfText(
    `From: Mail Delivery System <MAILER-DAEMON@example.org>\r\nMessage-ID: <dsn${senders++}@example.org>\r\n` +
      'Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n' +
      '--b\r\n\r\nIt did not work.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n' +
      `Final-Recipient: rfc822; a@example.org\r\nAction: ${action}\r\nStatus: ${status}\r\n\r\n` +
      `--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: ${of}\r\nAction: failed\r\nStatus: 5.9.9\r\n\r\n--b--\r\n`,
  )
  return { facts: { ...mail.facts, from: '' }, raw }
}

function forged(n: number): string {
  return `<receipt.${n.toString(16).padStart(40, '0')}@desk.example>`
}

/** A mail that became a case, and what its sender got back. */
async function mailed() {
  assert.equal(await takeMail(deps, mailOf('A hole.', {})), 'new')
  const draft = await newest()
  const about = bytesOfHex(draft.id)
  const headers = readMailHeaders((await waitingMail(house, keys, about)).raw)
  const [replyTo = ''] = headerValues(headers, 'reply-to')
  const [messageId = ''] = headerValues(headers, 'message-id')
  assert.equal(replyTo, replyAddress(threads, about))
  return { draft, replyTo, messageId }
}

async function newest() {
  const [row] = await asOwner(
    house,
    `select of_id from ledger.entry where type = 'ledger.accept' and of_seq = 0 order by seq desc limit 1`,
  )
  const id = hexOfBytes(new Uint8Array(row?.['of_id'] as Buffer))
  const draft: CaseDraft = {
    id,
    tail: { id, seq: 0 },
    reporter: world.coordinator,
    keys: new Map(),
  }
  return { ...draft, ...(await last(draft)) }
}

async function chain({ id }: Pick<CaseDraft, 'id'>) {
  const rows = await asOwner(
    house,
    'select id, head from desk.statement where chain = $1 order by seq',
    [Buffer.from(id, 'hex')],
  )
  return rows.map((row) => ({
    ...readHead({ head: String(row['head']), sig: '' }, 'case'),
    id: hexOfBytes(new Uint8Array(row['id'] as Buffer)),
  }))
}

async function last(draft: Pick<CaseDraft, 'id' | 'keys'>) {
  const head = (await chain(draft)).at(-1)
  if (head?.type !== 'case.mail' && head?.type !== 'case.open') assert.fail('no mail')
  const { id, ...signed } = head
  return {
    head: { ...signed, id },
    opened: await openedAnswer(house, draft.id, signed, draft.keys),
  }
}

/** The row of the lane of open cases, and the last that rooms were told. */
async function projected({ id }: Pick<CaseDraft, 'id'>) {
  const { cases } = await listCases(desk, party, { lane: 'all', limit: 1000 })
  const row = cases.find((each) => each.id === id)
  const [told] = await asOwner(
    house,
    'select kind from post.outbox where about = $1 order by id desc limit 1',
    [Buffer.from(id, 'hex')],
  )
  const seen = row && { heard: row.heard, asked: row.asked, held: row.held, state: row.state }
  return { seen, told: told?.['kind'] }
}

async function events({ id }: Pick<CaseDraft, 'id'>) {
  const rows = await asOwner(
    house,
    `select head from ledger.entry where type = 'ledger.event' order by seq`,
  )
  return rows
    .map(({ head }) => JSON.parse(String(head)) as { kind: string; about: string })
    .flatMap(({ kind, about }) => (about === id ? [kind] : []))
}

async function queued(): Promise<number> {
  return (await asOwner(house, 'select 1 from post.delivery')).length
}
