import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { bytesOfText, hexOfBytes } from '#lexicon'
import { asOwner, newHouse } from '../../stories/house.ts'
import { postKeysOf } from './post-keys.ts'
import { queueMail } from './queue-mail.ts'
import { bounceAddress, replyAddress, threadMark, tokenIn } from './thread-address.ts'
import { openWaitingMail } from './waiting-mail.ts'

const house = await newHouse()
after(() => house.database.close())
const threads = { key: new Uint8Array(32).fill(3), from: 'security@desk.example' }
const keys = postKeysOf(new Uint8Array(32).fill(1))
const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

test('each case and each mail has an address of its own, always the same', () => {
  const addresses = [
    replyAddress(threads, one),
    replyAddress(threads, other),
    bounceAddress(threads, one, 1),
    bounceAddress(threads, one, 2),
    bounceAddress(threads, other, 1),
    replyAddress({ ...threads, key: new Uint8Array(32) }, one),
  ]
  assert.equal(new Set(addresses).size, addresses.length)
  for (const address of addresses)
    assert.match(address, /^security\+[rb][a-z2-7]{26}@desk\.example$/)
  assert.equal(replyAddress(threads, one), addresses[0])
})

test('a token is found in every spelling of its address, and nothing else is one', () => {
  const address = replyAddress(threads, one)
  const token = tokenIn(address)
  assert.ok(token)
  assert.equal(tokenIn(address.toUpperCase()), token)
  for (const strange of [
    'security@desk.example',
    'security+anything@desk.example',
    address.replace('+', ''),
    address.replace('@', 'a@'),
    `${address.split('@')[0] ?? ''}@a@b`,
  ])
    assert.equal(tokenIn(strange), undefined, strange)
})

test('an address that has no room for a token stays as it is', () => {
  const from = `${'s'.repeat(50)}@desk.example`
  assert.equal(replyAddress({ ...threads, from }, one), from)
})

test('what an answer will be known by is written with the mail, and cannot be read back from it', async () => {
  const { intake, post } = house.database.logins
  const raw = bytesOfText('Message-ID: <receipt.abc@desk.example>\r\n\r\nwords\r\n')
  const mail = { to: 'a@example.org', raw, bounces: true }
  const place = { kind: 'receipt', about: one } as const
  const queue = () =>
    intake.transaction().execute((tx) => queueMail(tx, { keys, threads }, place, mail, 0))
  const first = await queue()
  const second = await queue()
  const [row] = await post.selectFrom('post.mail').selectAll().where('id', '=', first).execute()
  assert.ok(row)
  const { from } = await openWaitingMail(keys.waiting, row, row.sealed)
  assert.equal(from, bounceAddress(threads, one, first))

  const rows = await intake.selectFrom('intake.thread').selectAll().execute()
  const found = (word = '') => {
    const mark = hexOfBytes(threadMark(threads, word))
    return rows.find((each) => hexOfBytes(each.mark) === mark)
  }
  assert.equal(rows.length, 4, 'the case, the Message-ID, two mails')
  assert.deepEqual(found(tokenIn(replyAddress(threads, one)))?.about, one)
  assert.equal(found('<receipt.abc@desk.example>')?.mail, null)
  assert.equal(found(tokenIn(bounceAddress(threads, one, second)))?.mail, second)
  const all = JSON.stringify(await asOwner(house, 'select * from intake.thread'))
  for (const word of [tokenIn(from), 'receipt.abc', 'a@example.org'])
    assert.ok(word !== undefined && !all.includes(word))
  await assert.rejects(post.selectFrom('intake.thread').selectAll().execute(), { code: '42501' })
})
