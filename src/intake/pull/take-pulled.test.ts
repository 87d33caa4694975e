import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesOfText, DAY } from '#lexicon'
import { sql } from '#store'
import { MAILBOX_PASSWORD, MAILBOX_USER, startDovecot } from '../../../stories/dovecot.ts'
import { asOwner, intakeDepsOf, newHouse } from '../../../stories/house.ts'
import { openedMail } from '../../../stories/opened-mail.ts'
import {
  type MailDeps,
  nodeDisk,
  openJournal,
  openMailbox,
  pullMailbox,
  sweepMailMarks,
  takeArchived,
  takePulled,
  type TakenMail,
} from '../index.ts'
import { envelopeOf } from './take-pulled.ts'

const OWN = ['security@example.org']
const house = await newHouse()
const { world, database } = house
const folder = mkdtempSync(join(tmpdir(), 'postern-pulled-'))
const answered: TakenMail[] = []
const taken: string[] = []
const mail: MailDeps = {
  ...intakeDepsOf(house, await openJournal({ folder, disk: nodeDisk })),
  signer: world.server,
  markKey: new Uint8Array(32).fill(7),
  receipts: {
    questions: (mails) => mails.map(() => sql`select 1`),
    write: async (_tx, mails) => {
      answered.push(...mails)
    },
  },
}
const resolve = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
const pulled = { mail, addresses: OWN, resolve }
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

test('a mail of a mailbox is a case with what is known of its way', async () => {
  const text = [
    'Return-Path: <reporter@example.net>',
    'Delivered-To: security@example.org',
    'X-Original-To: security+token@example.org',
    'Received: from mx.example.net by mx.example.org; Sat, 21 Nov 2026 22:00:00 +0000',
    'Authentication-Results: mx.example.org; dmarc=pass',
    'From: Reporter <reporter@example.net>',
    'To: "Security" <SECURITY@example.org>, other@example.com',
    'Subject: A bug',
    '',
    'It crashes.',
    '',
  ].join('\r\n')
  const raw = bytesOfText(text)
  assert.equal(await takePulled(pulled, { raw, arrived: world.now }), 'new')
  const { head, opened } = await newest()
  assert.equal(head.source, 'mail')
  assert.deepEqual(opened.raw, raw)
  assert.deepEqual(opened.facts, {
    client: { helo: '', ip: '', tls: false },
    from: 'reporter@example.net',
    results: {
      arc: 'none',
      dkim: [],
      // R48: what another server wrote into it counts for nothing, also its mailbox's.
      dmarc: { domain: 'example.net', policy: '', verdict: 'none' },
      spf: { domain: '', verdict: 'skipped' },
    },
    to: ['security@example.org', 'security+token@example.org', 'SECURITY@example.org'],
    thread: 'new',
    way: 'imap',
  })
  assert.equal(answered.length, 1)
})

test('the envelope is what the mailbox wrote, and every doubt is nobody', () => {
  const from = (head: string) => envelopeOf(bytesOfText(`${head}\r\n\r\n`), OWN).from
  const by = 'Received: by mx.example.org'
  assert.equal(from(`Return-Path: <a@example.net>\r\n${by}`), 'a@example.net')
  assert.equal(from(`X-A: b\r\nReturn-Path: <a@example.net>\r\n${by}\r\n${by}`), 'a@example.net')
  for (const head of [
    `From: a@example.net\r\n${by}`,
    `Return-Path: <>\r\n${by}`,
    `Return-Path: a@example.net\r\n${by}`,
    `Return-Path: <a@example.net> <b@example.net>\r\n${by}`,
    `Return-Path: <a@example.net>\r\nReturn-Path: <b@example.net>\r\n${by}`,
    // Its sender wrote it: a mailbox that writes none puts its own line above.
    `${by}\r\nReturn-Path: <victim@example.net>`,
    `${by}\r\nReturn-Path: <victim@example.net>\r\nReceived: by mx.example.net`,
    // No server wrote anything into it.
    'Return-Path: <victim@example.net>',
  ])
    assert.equal(from(head), '', head)
  const { to } = envelopeOf(bytesOfText('To: a@example.com, <victim@example.com>\r\n\r\n'), OWN)
  assert.deepEqual(to, [], 'nobody of ours is named, and it is for the desk all the same')
})

test('what lay in the mailbox for long is a case and gets no receipt', async () => {
  const before = answered.length
  for (const [arrived, more] of [
    [world.now - 6 * DAY, 0],
    [0, 0],
    [world.now - 4 * DAY, 1],
  ] as const) {
    const raw = bytesOfText(`Return-Path: <a@example.net>\r\nSubject: ${arrived}\r\n\r\n`)
    const count = answered.length
    assert.equal(await takePulled(pulled, { raw, arrived }), 'new')
    assert.equal(answered.length, count + more)
  }
  assert.equal(answered.length, before + 1)
})

test('the same mail out of a mailbox, an mbox and a Maildir is one case, also after years', async () => {
  const text = 'Subject: The same\n\nwords\r and more\n'
  const before = await cases()
  const arrived = world.now
  const withReturns = bytesOfText(text.replaceAll('\n', '\r\n'))
  assert.equal(await takePulled(pulled, { raw: withReturns, arrived }), 'new')
  await sweepMailMarks(database.logins.post, world.now + 1000 * DAY)
  assert.equal(await takePulled(pulled, { raw: withReturns, arrived }), 'known')
  assert.equal(await takeArchived(mail, OWN, bytesOfText(text)), 'known')
  assert.equal(await takeArchived(mail, OWN, bytesOfText(`${text}more`)), 'new')
  assert.equal(await cases(), before + 2)
})

test('an imported mail owes nobody an answer, asks nobody and wakes nobody', async () => {
  const [count, waking] = [answered.length, await outbox()]
  const text =
    'Return-Path: <a@example.net>\nFrom: a@example.net\nDate: Mon, 1 Feb 2016 10:00:00 +0000\n\nold\n'
  assert.equal(await takeArchived(mail, OWN, bytesOfText(text)), 'new')
  const { head, opened } = await newest()
  assert.equal(head.source, 'import')
  assert.equal(opened.facts.way, 'import')
  assert.equal(opened.facts.results.dmarc.verdict, 'skipped')
  assert.deepEqual(Buffer.from(opened.raw).toString(), text)
  assert.equal(answered.length, count)
  assert.equal(await outbox(), waking)
  const [row] = await asOwner(
    house,
    `select acknowledged from desk.case where source = 'import' limit 1`,
  )
  assert.ok(row?.['acknowledged'] instanceof Date)
})

test('when the line breaks after a mail is durable and before it is marked, it is one case', async (t) => {
  const dovecot = await startDovecot()
  t.after(() => dovecot.close())
  dovecot.deliver('Subject: In between\n\nwords\n')
  const before = await cases()
  let cut = true
  const pull = pullMailbox(
    {
      open: async () => {
        const box = await openMailbox({
          host: 'localhost',
          port: dovecot.port,
          user: MAILBOX_USER,
          folder: 'INBOX',
          afterwards: 'delete',
          ca: dovecot.ca,
          secret: async () => ({ password: MAILBOX_PASSWORD }),
        })
        if (typeof box === 'string') return box
        return {
          ...box,
          // Another process, so to speak: nothing of the first is remembered.
          validity: `${box.validity}${cut}`,
          settle: async (uid) => {
            if (cut) {
              cut = false
              throw new Error('the line is cut')
            }
            return box.settle(uid)
          },
        }
      },
      take: async (each) => {
        const became = await takePulled(pulled, each)
        taken.push(became)
        return became
      },
      isOpen: async () => true,
      clock: house.clock,
      seen: () => undefined,
      failed: assert.ifError,
    },
    { look: 1000, again: 20, login: 20, stuck: 1000 },
  )
  for (let left = 200; taken.length < 2; left--) {
    assert.ok(left > 0, 'it does not come again')
    await wait(25)
  }
  await pull.stop()
  assert.deepEqual(taken, ['new', 'known'])
  assert.equal(await cases(), before + 1)
})

async function cases(): Promise<number> {
  const [row] = await asOwner(house, 'select count(*)::int as n from desk.case')
  return Number(row?.['n'])
}

async function outbox(): Promise<number> {
  const [row] = await asOwner(house, 'select count(*)::int as n from post.outbox')
  return Number(row?.['n'])
}

/** The newest case, as a coordinator reads it. */
async function newest() {
  const [row] = await asOwner(
    house,
    `select encode(of_chain, 'hex') as id from ledger.entry where of_seq = 0 and of_chain in (select id from desk.case)
     order by seq desc limit 1`,
  )
  return openedMail(house, String(row?.['id']))
}
