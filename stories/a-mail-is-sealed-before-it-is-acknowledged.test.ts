import assert from 'node:assert/strict'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesOfHex, LIMITS } from '#lexicon'
import { replyAddress } from '#post'
import { search } from './canary.ts'
import { askDatabase, checkpointDatabase } from './database.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { startOutsideDatabase } from './outside-database.ts'
import { threadKeyOf } from '../src/server/thread-key.ts'
import { freePort, openDesk, play, postern, queueOf, serve } from './stage.ts'
import { type Delivery, swaks } from './swaks.ts'

const ADDRESS = 'security@example.org'
const from = 'reporter@example.net'

test('a plain mail is a case, and neither its text nor its sender is stored readable', async (t) => {
  const after = endsInTurn(t)
  const port = await freePort()
  const desk = await openDesk(after, { more: mailTo(port) })
  const { data } = desk.server
  const word = `CANARY${randomBytes(8).toString('hex')}`
  const sender = `${word}-sender@example.net`
  const mail = [
    `From: Reporter ${word} <${sender}>`,
    `To: ${ADDRESS}`,
    `Subject: A bug ${word}`,
    `Message-ID: <${word}@example.net>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    `It crashes ${word}.`,
    '--b',
    `Content-Disposition: attachment; filename=${word}.txt`,
    '',
    `${word} in a file`,
    '--b--',
    '',
  ].join('\n')
  const began = performance.now()
  const sent = await swaks({ port, from: sender, to: `security+${word}@example.org`, mail })
  assert.equal(sent.code, '250', sent.talk)
  assert.match(sent.talk, /TLS started/)
  t.diagnostic(
    `sealed, signed, filed and acknowledged in ${Math.round(performance.now() - began)} ms`,
  )
  const [row] = await queueOf(desk.first)
  assert.ok(row, 'it stands in the queue')

  await t.test('nothing is relayed, and nothing of what is refused is stored', async () => {
    for (const to of [
      `${word}@example.com`,
      `${word}%example.com@example.org`,
      `@example.org:${word}@example.com`,
      `"${word}@example.com"@example.org`,
    ]) {
      const tried = await swaks({ port, from: sender, to, mail })
      assert.equal(tried.code, '550', tried.talk)
    }
    const line = `${word} ${'a'.repeat(900)}\n`
    const large = line.repeat(Math.ceil((LIMITS.mail + 1) / line.length))
    const over = await swaks({ port, from: sender, to: ADDRESS, mail: `Subject: a\n\n${large}` })
    assert.equal(over.code, '552', over.talk.slice(-2000))
    assert.equal((await queueOf(desk.first)).length, 1)
    const [stored] = await askDatabase<{ size: string }>(
      data,
      'select sum(size)::text as size from blobs.piece',
    )
    assert.ok(Number(stored?.size) < 100_000, 'the large mail was stored')
  })

  await t.test(
    'neither database nor its log, nor any file or line of the server holds a word',
    async () => {
      const aside = join(desk.folder, 'aside')
      await mkdir(aside)
      const backup = await postern(['backup', join(aside, 'desk.backup'), '--data', data])
      assert.equal(backup.code, 0, backup.err)
      await checkpointDatabase(data)
      await writeFile(join(aside, 'printed.log'), desk.server.printed())
      const found = await search([word], [data, aside])
      assert.deepEqual(found.hits, [])
      assert.ok(found.files > 500, 'the search read too little')
      // The search does find what stands there in clear: the desk's own address.
      const own = await search([ADDRESS], [join(data, 'settings.json')])
      assert.ok(own.hits.length > 0)
      const verified = await postern(['verify', '--data', data])
      assert.equal(verified.code, 0, verified.err)
    },
  )
})

test('the database stops and comes back: 451, and the same mail is one case', async (t) => {
  const after = endsInTurn(t)
  const database = await startOutsideDatabase(after)
  const port = await freePort()
  const env = { DATABASE_URL: database.url }
  const desk = await openDesk(after, { env, more: mailTo(port) })
  const letter = { port, from, to: ADDRESS, mail: mailOf('The one in between') }
  assert.equal((await swaks({ ...letter, mail: mailOf('The first') })).code, '250')
  await database.stop()
  const away = await swaks(letter)
  assert.equal(away.code, '451', away.talk)
  await database.start()
  let back: Delivery | undefined
  for (let left = 20; back?.code !== '250'; left--) {
    assert.ok(left > 0, back?.talk)
    back = await swaks(letter)
  }
  assert.equal((await swaks(letter)).code, '250', 'a lost answer is given again')
  assert.equal((await queueOf(desk.first)).length, 2)
  assert.match(desk.server.printed(), /mail-not-taken/)
})

const SENDERS = 4
const EACH = 6
const KILLS = 2

test('the server is killed while mails and answers come: every 250 is there, once', async (t) => {
  const after = endsInTurn(t)
  const port = await freePort()
  const desk = await openDesk(after, { more: mailTo(port) })
  let server = desk.server
  after(async () => {
    await server.stop()
  })
  assert.equal((await swaks({ port, from, to: ADDRESS, mail: mailOf('The first') })).code, '250')
  const [begun] = await queueOf(desk.first)
  assert.ok(begun)
  const seed = bytesOfHex((await readFile(join(server.data, 'server.key'), 'utf8')).trim())
  const key = threadKeyOf(seed, { addresses: [ADDRESS] })
  const toCase = replyAddress(key, bytesOfHex(begun.id))
  let taken = 0
  let tries = 0
  const sending = together(
    Array.from({ length: SENDERS }, async (_, sender) => {
      for (let n = 0; n < EACH; n++) {
        const to = n % 2 === 0 ? ADDRESS : toCase
        const letter = { port, from, to, mail: mailOf(`Mail ${n} of sender ${sender}`) }
        // As a mail server does it: until it is told that somebody else has it.
        for (let left = 400; ; left--) {
          tries++
          const { code, talk } = await swaks(letter)
          if (code === '250') break
          assert.ok(left > 0, talk)
          await wait(50)
        }
        taken++
      }
    }),
  )
  for (let kill = 1; kill <= KILLS; kill++) {
    const enough = (kill * SENDERS * EACH) / (KILLS + 1)
    await until(() => taken >= enough)
    await wait(randomInt(0, 100))
    await server.kill()
    // What was said once is kept: the door for mail opens again by itself.
    server = await serve({ data: server.data, port: server.port })
  }
  await sending
  const rows = await queueOf(desk.first)
  const answers = (SENDERS * EACH) / 2
  assert.equal(rows.length, 1 + SENDERS * EACH - answers)
  type Shown = { readonly messages: readonly { readonly mail: { readonly subject: string } }[] }
  const { messages } = await play<Shown>(['case', 'show', begun.id, ...desk.first.flags])
  assert.equal(messages.length, 1 + answers)
  assert.equal(new Set(messages.map(({ mail }) => mail.subject)).size, messages.length)
  assert.equal(new Set(rows.map(({ number }) => number)).size, rows.length)
  const verified = await postern(['verify', '--data', server.data])
  assert.equal(verified.code, 0, verified.err)
  t.diagnostic(`${taken} mails were acknowledged after ${tries} tries`)
  assert.ok(tries > taken, 'the kills hit nothing under way')
})

async function until(reached: () => boolean): Promise<void> {
  for (let left = 6000; !reached(); left--) {
    assert.ok(left > 0, 'nothing goes on any more')
    await wait(5)
  }
}

/** What goes wrong shows where it is awaited. */
function together(all: readonly Promise<void>[]): Promise<unknown> {
  const whole = Promise.all(all)
  whole.catch(() => undefined)
  return whole
}

function mailTo(port: number): readonly string[] {
  return ['--limits', 'off', '--mail-port', String(port), '--mail-address', ADDRESS]
}

function mailOf(subject: string): string {
  return `From: Reporter <${from}>\nTo: ${ADDRESS}\nSubject: ${subject}\n\n${subject}\n`
}
