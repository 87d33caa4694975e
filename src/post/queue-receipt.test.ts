import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesOfText, DAY, hexOfBytes, HOUR, type Source } from '#lexicon'
import type { MailFacts } from '#seal'
import { askAtOnce, type Schema, type Transaction } from '#store'
import { asOwner, newHouse } from '../../stories/house.ts'
import { deliveriesOf } from './deliveries-of.ts'
import { postKeysOf } from './post-keys.ts'
import {
  messageIdOf,
  queueReceipt,
  type ReceiptDeps,
  receiptQuestions,
  type TakenMail,
} from './queue-receipt.ts'
import { openReceiptPace } from './receipt-pace.ts'
import { openWaitingMail } from './waiting-mail.ts'

const house = await newHouse()
const { intake, post } = house.database.logins
after(() => house.database.close())

const keys = postKeysOf(new Uint8Array(32).fill(1))
const noon = Date.UTC(2026, 10, 22, 12)
const PLENTY = { burst: 1000, perHour: 1000 }
const failures: unknown[] = []
const deps = {
  keys,
  messageIds: new Uint8Array(32).fill(2),
  threads: { key: new Uint8Array(32).fill(3), from: 'security@desk.example' },
  letterhead: {
    name: 'Stiftung für Beispiele',
    from: 'security@desk.example',
    url: 'https://desk.example',
  },
  own: ['report@desk.example'],
  claimLink: async () => 'https://desk.example/claim#0123456789abcdef0123456789abcdef',
  pace: openReceiptPace(() => noon, { all: PLENTY, each: PLENTY }),
  networkOf: () => '192.0.2',
  failed: (error: unknown) => void failures.push(error),
}

const CANARY = 'canary-of-the-subject'
let cases = 0

type Sent = {
  /** Of the envelope. */
  readonly from?: string
  /** The fields of the mail that say so. */
  readonly author?: string
  readonly at?: number
  readonly head?: string
  readonly source?: Source
  readonly using?: ReceiptDeps
}

async function answer(tx: Transaction<Schema>, taken: TakenMail, using: ReceiptDeps) {
  const [question] = receiptQuestions([taken], using)
  if (question === undefined) return false
  const [{ count }] = await askAtOnce(tx, [question])
  return count === 1 && queueReceipt(tx, taken, using)
}

/** As the letterbox asks for it, and what then lies in the queue, opened. */
async function receiptFor({ from = 'a@example.org', at = noon, head, ...sent }: Sent) {
  const { source = 'mail', using = deps, author = `From: ${from}` } = sent
  const facts: MailFacts = {
    client: { helo: '', ip: '192.0.2.9', tls: false },
    from,
    results: {
      arc: 'none',
      dkim: [],
      dmarc: { domain: '', policy: '', verdict: 'none' },
      spf: { domain: '', verdict: 'none' },
    },
    to: ['security@desk.example'],
    thread: 'new',
    way: 'smtp',
  }
  cases += 1
  const about = new Uint8Array(32).fill(cases)
  const raw = bytesOfText(
    `${author}\r\n${head ?? 'Message-ID: <1@example.org>'}\r\nSubject: ${CANARY}\r\n\r\n${CANARY}\r\n`,
  )
  const place = { id: hexOfBytes(about), number: '2026-7F3KQ', received: at }
  const taken = { ...place, source, facts, raw }
  const queued = await intake.transaction().execute((tx) => answer(tx, taken, using))
  const [row] = await post
    .selectFrom('post.mail')
    .select(['kind', 'about', 'sealed'])
    .where('about', '=', about)
    .execute()
  assert.equal(queued, row !== undefined)
  if (row === undefined) return undefined
  const { raw: mail, ...envelope } = await openWaitingMail(keys.waiting, row, row.sealed)
  return { ...envelope, id: taken.id, mail: Buffer.from(mail).toString('latin1') }
}

test('the desk writes so many receipts in an hour, and says on the case that there was none', async () => {
  const one = { burst: 1, perHour: 1 }
  const using = { ...deps, pace: openReceiptPace(() => noon, { all: one, each: PLENTY }) }
  assert.ok(await receiptFor({ from: 'first-of-flood@example.org', using }))
  // A program costs the others nothing.
  const head = 'Auto-Submitted: auto-replied'
  assert.equal(await receiptFor({ from: 'robot-of-flood@example.org', using, head }), undefined)
  assert.equal(await receiptFor({ from: 'second-of-flood@example.org', using }), undefined)
  const about = new Uint8Array(32).fill(cases)
  assert.deepEqual(
    (await deliveriesOf(post, about)).map(({ kind, state, answer }) => [kind, state, answer]),
    [['receipt', 'dead', 'hour']],
  )
  assert.doesNotMatch(JSON.stringify(await asOwner(house, 'select * from post.delivery')), /flood/)
  // Who was refused has the day still.
  assert.ok(await receiptFor({ from: 'second-of-flood@example.org', at: noon + HOUR }))
})

test('one network does not take the receipts of the others', async () => {
  const pace = openReceiptPace(() => noon, { all: PLENTY, each: { burst: 2, perHour: 2 } })
  const from = (network: string) => ({ ...deps, pace, networkOf: () => network })
  const came = async (network: string, name: string) =>
    (await receiptFor({ from: `${name}@example.org`, using: from(network) })) !== undefined
  assert.deepEqual([await came('192.0.2', 'n1'), await came('192.0.2', 'n2')], [true, true])
  assert.equal(await came('192.0.2', 'n3'), false)
  assert.equal(await came('198.51.100', 'n4'), true)
  // Whoever comes again and again, and was answered today, uses nothing up.
  for (let times = 0; times < 3; times++) assert.equal(await came('198.51.100', 'n4'), false)
  assert.equal(await came('198.51.100', 'n3'), true)
})

test('a receipt that was rolled back and is written again is one of the hour', async () => {
  const one = { burst: 2, perHour: 1 }
  const using = { ...deps, pace: openReceiptPace(() => noon, { all: one, each: one }) }
  const lost = new Error('the line broke')
  const torn = {
    ...using,
    claimLink: async () => {
      throw lost
    },
  }
  const from = 'rolled-back@example.org'
  for (let times = 0; times < 3; times++)
    await assert.rejects(receiptFor({ from, using: torn }), lost)
  assert.ok(await receiptFor({ from, using }))
  assert.ok(await receiptFor({ from: 'next-of-it@example.org', using }))
})

test('the receipt says what its reader needs, and nothing of what it answers', async () => {
  const receipt = await receiptFor({ from: 'volunteer@example.org' })
  assert.ok(receipt)
  assert.deepEqual([receipt.from, receipt.to], ['', 'volunteer@example.org'])
  const { mail } = receipt
  const cut = mail.indexOf('\r\n\r\n')
  const [head, text] = [mail.slice(0, cut), mail.slice(cut)]
  for (const line of [
    /^Auto-Submitted: auto-replied$/m,
    /^In-Reply-To: <1@example\.org>$/m,
    /^References: <1@example\.org>$/m,
    /^Subject: Your report 2026-7F3KQ was received$/m,
    /^Date: Sun, 22 Nov 2026 12:00:00 \+0000$/m,
    /^To: volunteer@example\.org$/m,
    /^Reply-To: security\+r[a-z2-7]{26}@desk\.example$/m,
    /^From: =\?UTF-8\?.+<security@desk\.example>$/m,
    /^Content-Type: text\/plain; charset=utf-8/m,
  ])
    assert.match(head.replaceAll('\r\n', '\n'), line)
  assert.doesNotMatch(head, /X-Mailer|User-Agent/i)
  assert.ok(head.includes(messageIdOf(deps.messageIds, 'receipt', receipt.id, 'x@desk.example')))
  const words = text.replaceAll('=\r\n', '')
  for (const word of ['2026-7F3KQ', '2026-11-22 12:00:00 UTC', '2026-11-29 12:00:00 UTC', '7 days'])
    assert.ok(words.includes(word), word)
  assert.match(words, /https:\/\/desk\.example\/report/)
  assert.match(words, /could read it/)
  assert.ok(!mail.includes(CANARY))
  for (const line of mail.split('\r\n')) {
    assert.ok(line.length <= 78 && !line.includes('\n'), line)
    for (const letter of line) assert.ok(letter >= ' ' && letter <= '~', line)
  }
})

test('a claim link goes to the author whom the mail names, and to no other sender of it', async () => {
  const linked = async (from: string, author: string) => {
    const receipt = await receiptFor({ from, author })
    assert.ok(receipt, author)
    return /\/claim#/.test(receipt.mail.replaceAll('=\r\n', ''))
  }
  assert.equal(await linked('l1@example.org', 'From: Ann <L1@Example.ORG>'), true)
  const others = [
    'From: Victim <victim@example.net>',
    'From: n@example.net',
    'From: n@example.org, victim@example.net',
    'From: n@example.org\r\nFrom: victim@example.net',
    'From: victim@example.net\r\nFrom: n@example.org',
    'From: <n@example.org> <victim@example.net>',
    'From: n+desk@example.org',
    'Sender: n@example.org',
    'From: n@example.org\r\nthis is no field',
  ]
  for (const [n, author] of others.entries())
    assert.equal(
      await linked(
        `l2x${n}@example.org`,
        author.replaceAll('n@', `l2x${n}@`).replaceAll('n+', `l2x${n}+`),
      ),
      false,
      author,
    )
})

test('to who wrote encrypted it does not say that the mail was readable', async () => {
  const { mail = '' } = (await receiptFor({ from: 'pgp@example.org', source: 'pgp' })) ?? {}
  assert.match(mail, /form of an encrypted one/)
  assert.doesNotMatch(mail, /came unencrypted/)
})

test('a stranger’s Message-ID is named only in a form that breaks nothing', async () => {
  const strange = [
    'Message-ID: <a@b>\r\n Bcc: victim@example.org',
    'Message-ID: a@b',
    'Message-ID: <a@b> <c@d>',
    'Message-ID: <a\u0000@b>',
    `Message-ID: <${'a'.repeat(300)}@b>`,
    'X-No-Id: 1',
  ]
  for (const [i, head] of strange.entries()) {
    const { mail = '' } = (await receiptFor({ from: `strange${i}@example.org`, head })) ?? {}
    assert.notEqual(mail, '')
    assert.doesNotMatch(mail, /^(?:In-Reply-To|References|Bcc):/im, head)
  }
})

test('a sender gets one a day, under every plus-address and spelling', async () => {
  const from = 'often@example.org'
  assert.ok(await receiptFor({ from }))
  for (const again of [from, 'Often@Example.ORG', 'often+1@example.org'])
    assert.equal(await receiptFor({ from: again, at: noon + HOUR }), undefined, again)
  assert.ok(await receiptFor({ from: 'other@example.org' }))
  assert.ok(await receiptFor({ from, at: noon + DAY }), 'the next day')
})

test('of two mails at the same moment one is answered', async () => {
  const both = await Promise.all([1, 2].map(() => receiptFor({ from: 'twice@example.org' })))
  assert.equal(both.filter((receipt) => receipt !== undefined).length, 1)
})

test('a mail that is not answered costs its sender nothing for the day', async () => {
  const from = 'person@example.org'
  assert.equal(await receiptFor({ from, head: 'Auto-Submitted: auto-replied' }), undefined)
  assert.ok(await receiptFor({ from }))
})

test('a receipt that cannot be written does not keep the report out', async () => {
  const letterhead = {
    ...deps.letterhead,
    get url(): string {
      throw new Error('words')
    },
  }
  const taken = await receiptFor({ from: 'broken@example.org', using: { ...deps, letterhead } })
  assert.equal(taken, undefined)
  assert.equal(failures.splice(0).length, 1)
})

test('whom the desk answered cannot be read from what it keeps', async () => {
  const rows = await asOwner(house, 'select mark from post.answered')
  const plain = hexOfBytes(bytesOfText('often@example.org'))
  for (const { mark } of rows) assert.ok(!String(mark).includes(plain))
  assert.deepEqual(failures, [])
})
