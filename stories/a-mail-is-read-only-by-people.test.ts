import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { answersByMail } from './answers-by-mail.ts'
import { saved } from './browser-acts.ts'
import { addPasskeyHere, comeWithKeyFile } from './browser-keys.ts'
import { newPerson, openChromium, shownBy } from './browser-stage.ts'
import { SENDER_ZONE } from './domain-of-sender.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { everyWidth } from './every-width.ts'
import { startMailSink } from './mail-sink.ts'
import { ADDRESS, FROM, INNER, KEYED, mailsToRead } from './mails-to-read.ts'
import { startNameServer } from './name-server.ts'
import { keepsTheOldKey, looksForAKey, takesTheOfferedKey } from './settles-keys.ts'
import { freePort, openDesk, play, postern, queueOf } from './stage.ts'
import { swaks } from './swaks.ts'

const run = promisify(execFile)

type Mail = {
  readonly from: string
  readonly doubts: readonly string[]
  readonly subject: string
  readonly of: string
  readonly text: string
  readonly pgp: string
  readonly signed: boolean
  readonly differs: readonly { readonly name: string }[]
  readonly attachments: readonly { readonly id: string; readonly name: string }[]
  readonly id: string
  readonly elsewhere: boolean
  readonly confirmed: boolean
  readonly came: {
    readonly thread: string
    readonly results: Readonly<Record<'spf' | 'dmarc', { readonly verdict: string }>> & {
      readonly dkim: readonly { readonly domain: string; readonly verdict: string }[]
    }
  }
}
type Shown = { readonly title: string; readonly messages: readonly { readonly mail: Mail }[] }

test('a mail is read by coordinators, in a browser and by command line, and by nobody between', async (t) => {
  const after = endsInTurn(t)
  const port = await freePort()
  const relay = await startMailSink()
  after(relay.close)
  const names = await startNameServer(SENDER_ZONE)
  after(names.close)
  const more = ['--limits', 'off', '--mail-port', String(port), '--mail-address', ADDRESS]
  more.push('--mail-relay', `127.0.0.1:${relay.port}`, '--mail-relay-tls', 'none')
  more.push('--mail-dns', names.at)
  const desk = await openDesk(after, { more })
  const { first, folder, server } = desk
  const home = join(folder, 'gpg')
  await mkdir(home, { mode: 0o700 })
  after(async () => {
    await run('gpgconf', ['--homedir', home, '--kill', 'all'])
  })
  const gpg = async (...words: readonly string[]) => {
    const common = ['--homedir', home, '--batch', '--quiet', '--yes', '--trust-model', 'always']
    return (await run('gpg', [...common, ...words], { encoding: 'buffer' })).stdout
  }

  const key = join(folder, 'desk.asc')
  const made = await play<{ key: string; fingerprint: string }>([
    'mail',
    'key',
    '--to',
    server.url,
    '--state',
    join(folder, 'state-of-a-reporter'),
    '--json',
  ])
  await writeFile(key, made.key)
  await gpg('--import', key)
  await gpg('--passphrase', '', '--quick-gen-key', `Keyed <${KEYED}>`, 'future-default')
  const theirKey = (await gpg('--armor', '--export', KEYED)).toString('latin1')
  await gpg('--passphrase', '', '--quick-gen-key', `Other <${KEYED}>`, 'future-default')
  const listed = String(await gpg('--with-colons', '--fingerprint', KEYED))
  const [, second = ''] = [...listed.matchAll(/^pub:.*\nfpr:+([0-9A-F]{40}):/gm)].map(([, f]) => f)
  const otherKey = (await gpg('--armor', '--export', second)).toString('latin1')
  const own = ['--passphrase', '', '--quick-gen-key', `Reporter <${FROM}>`, 'ed25519', 'sign']
  await gpg(...own, 'never')
  const encrypt = async (plain: string, ...how: readonly string[]) => {
    const file = join(folder, 'plain')
    await writeFile(file, plain)
    const words = ['--output', '-', ...how, '--recipient', made.fingerprint, '--encrypt', file]
    return (await gpg(...words)).toString('latin1')
  }
  const send = async (mail: string, to = ADDRESS) => {
    const sent = await swaks({ port, from: FROM, to, mail })
    assert.equal(sent.code, '250', sent.talk)
  }

  const armored = await encrypt(INNER, '--armor', '--sign', '--local-user', FROM)
  const block = await encrypt('Alone in a block.\n', '--armor')
  const damaged = armored.replace(/\n.{8}(?=.*\n.*\n-----END)/, '\nAAAAAAAA')
  assert.notEqual(damaged, armored)
  const MAILS = await mailsToRead({ armored, damaged, block, theirKey })
  const large = randomBytes(1_500_000)
  const LARGE = [
    `From: ${FROM}`,
    'Subject: Large',
    'Content-Type: application/gzip; name=large.gz',
    'Content-Transfer-Encoding: base64',
    '',
    ...(large.toString('base64').match(/.{1,76}/g) ?? []),
  ]
  // The one that gets the receipt.
  const { malformed, ...others } = MAILS
  await send(`${malformed.join('\n')}\n`)
  const rest = [...Object.values(others), LARGE]
  await Promise.all(rest.map((lines) => send(`${lines.join('\n')}\n`)))
  const shownByNumber = async () => {
    const rows = await queueOf(first)
    assert.equal(rows.length, 8)
    const found = new Map<string, { id: string; number: string; shown: Shown }>()
    for (const { id, number } of rows) {
      const shown = await play<Shown>(['case', 'show', id, ...first.flags])
      found.set(shown.title, { id, number, shown })
    }
    return found
  }
  const cases = await shownByNumber()
  const one = (title: string) => {
    const found = cases.get(title)
    assert.ok(found, `${title} among ${[...cases.keys()].join(', ')}`)
    const [message] = found.shown.messages
    assert.ok(message)
    return { ...found, mail: message.mail }
  }
  const get = async (id: string, what: string) => {
    const path = join(folder, 'got')
    await play(['case', 'get', id, what, '-o', path, ...first.flags])
    return readFile(path)
  }

  await t.test('the command line opens what was encrypted as a whole', async () => {
    const { id, mail } = one('A header takes all memory')
    assert.equal(mail.pgp, 'opened')
    assert.equal(mail.text, 'It was süß until the parser read on.')
    assert.equal(mail.signed, true)
    assert.deepEqual(
      mail.differs.map(({ name }) => name),
      ['from'],
    )
    assert.deepEqual(await get(id, mail.attachments[0]?.id ?? ''), Buffer.from([255, 0, 1]))
    assert.ok((await get(id, mail.id)).includes(armored.split('\n')[3] ?? 'no line'))
    assert.equal(one('Inline').mail.text, 'Alone in a block.')
  })

  await t.test('what the domain of a sender says is asked, and said beside the mail', async () => {
    const { confirmed, came } = one('Inline').mail
    const passed = { domain: 'example.net', verdict: 'pass' }
    assert.deepEqual(came.results.dkim, [passed])
    assert.deepEqual(came.results.spf, passed)
    assert.deepEqual([came.results.dmarc.verdict, confirmed], ['pass', true])
    // In the name of a domain that publishes nothing.
    const { id, mail } = one('With a key')
    assert.deepEqual([mail.came.results.dmarc.verdict, mail.confirmed], ['none', false])
    const text = join(folder, 'answer')
    await writeFile(text, 'It is fixed.')
    const blocked = await postern(['case', 'reply', id, '--text', text, ...first.flags])
    assert.notEqual(blocked.code, 0)
    assert.match(blocked.err, /its domain does not vouch for the mail: (?:[0-9A-F]{4} ){9}/)
  })

  await t.test('a mail that is larger than every other body comes whole', async () => {
    const { id, mail } = one('Large')
    assert.ok((await get(id, mail.attachments[0]?.id ?? '')).equals(large))
    assert.ok(
      (await get(id, mail.id))
        .toString()
        .trimEnd()
        .endsWith(`\r\n${LARGE.at(-1)}`),
    )
  })

  await t.test('what is encrypted beside a text is opened by itself', async () => {
    const { id, mail } = one('Beside')
    assert.equal(mail.pgp, 'none')
    assert.ok(mail.text.includes('See the block.') && !mail.text.includes('Alone'))
    const [file] = mail.attachments
    assert.equal((await get(id, file?.id ?? '')).toString(), 'Alone in a block.\n')
  })

  await t.test(
    'of HTML the words are shown, and a name that is an address is a doubt',
    async () => {
      const { number, mail } = one('Pläin')
      assert.deepEqual([mail.of, mail.text, mail.pgp], ['html', 'Only HTML', 'none'])
      assert.deepEqual(mail.doubts, ['name-is-address'])
      const flags = first.flags.filter((flag) => flag !== '--json')
      const { out } = await postern(['case', 'show', number, ...flags])
      assert.match(out, /mail, says it is from "reporter@example\.net" <other@example\.com>/)
      assert.match(out, /Doubt: the name holds another address/)
      assert.doesNotMatch(out, / {2}reporter\n/)
    },
  )

  await t.test('an export holds the mail as it came and as it was opened', async () => {
    const { id } = one('A header takes all memory')
    const out = join(folder, 'export')
    const { key: secret } = await play<{ key: string }>([
      'case',
      'export',
      id,
      '-o',
      out,
      ...first.flags,
    ])
    const file = join(folder, 'export.asc')
    await writeFile(file, secret)
    await gpg('--import', file)
    assert.ok(
      (await gpg('--decrypt', join(out, 'message-000.eml.pgp'))).includes('multipart/encrypted'),
    )
    assert.equal(
      (await gpg('--decrypt', join(out, 'message-000-opened.eml.pgp'))).toString(),
      INNER,
    )
  })

  await t.test(
    'an answer to the receipt stands in its case, and says from whom it says it is',
    async () => {
      const [receipt] = await relay.whenMails(1)
      const [, to = ''] = /^Reply-To: (\S+)\r$/m.exec(receipt?.data ?? '') ?? []
      const [, number = ''] = /Number: +(\S+)/.exec(receipt?.data ?? '') ?? []
      await send('From: Friend <friend@example.com>\nSubject: More\n\nOne thing more.\n', to)
      await send(`From: ${FROM}\nX-Spam-Flag: YES\nSubject: Held one\n\nWords of a mail.\n`)
      await send(`From: ${FROM}\nList-Id: <users.example.net>\nSubject: Held two\n\nList.\n`)
      const { messages } = await play<Shown>(['case', 'show', number, ...first.flags])
      const [, more] = messages
      assert.equal(messages.length, 2)
      assert.deepEqual([more?.mail.text, more?.mail.came.thread], ['One thing more.', 'token'])
      assert.equal(more?.mail.elsewhere, true)
      assert.equal(relay.mails.length, 1, 'no receipt for an answer')
    },
  )

  await t.test('held mail has a lane of its own, and is freed or binned', async () => {
    const held = async () => {
      const rows = await queueOf(first)
      return rows.filter(({ lane }) => lane === 'held')
    }
    const rows = await held()
    assert.deepEqual(rows.map(({ title }) => title).toSorted(), ['Held one', 'Held two'])
    const list = rows.find(({ title }) => title === 'Held two')?.id ?? ''
    const flags = ['--reason', 'A list.', ...first.flags]
    const { lane, sort } = await play<Record<string, string>>(['case', 'bin', list, ...flags])
    assert.deepEqual([lane, sort], ['closed', 'not-security'])
    assert.equal((await held()).length, 1)
  })

  const browser = await openChromium(after)
  const person = await newPerson(browser)
  const { page, hosts, complaints } = person
  await comeWithKeyFile(page, server.url, first.key)
  await addPasskeyHere(page)

  await t.test('a browser shows the same, and says how it came', async () => {
    await openCase(page, 'A header takes all memory')
    const mail = page.locator('.msg.mail')
    await mail.getByText('It was süß until the parser read on.').waitFor()
    await mail.getByText('Outside the encryption it says something else than inside.').waitFor()
    await mail.getByText('End to end').waitFor()
    assert.equal(await page.locator('.case-head .door').count(), 0, 'said where it was opened')
    await mail.getByText('How it came').click()
    await mail.getByText('It says it is signed. Nobody checked that.').waitFor()
    await mail.getByText('Encrypted by its sender to the mail key of the desk.').waitFor()
    const file = await saved(page, () => mail.getByRole('button', { name: 'crash.bin' }).click())
    assert.equal(Buffer.from(file, 'utf8').length, Buffer.from('\ufffd\0\u0001').length)
    const raw = await saved(page, () =>
      mail.getByRole('button', { name: 'the mail as it came' }).click(),
    )
    assert.ok(raw.includes('multipart/encrypted'))
    await everyWidth(page, person, 'encrypted')
  })

  await t.test('nothing of a mail is loaded, and a forged name is pointed at', async () => {
    await openCase(page, 'Pläin')
    const mail = page.locator('.msg.mail')
    await mail.getByText('Only HTML', { exact: true }).waitFor()
    await mail.getByText('Look twice at who it is from.').waitFor()
    await mail.getByText('Sealed on arrival').waitFor()
    await mail.getByText('How it came').click()
    await everyWidth(page, person, 'plain')
    await openCase(page, 'Beside')
    const button = page.getByRole('button', { name: 'encrypted-text-1.txt.pgp' })
    assert.equal(await saved(page, () => button.click()), 'Alone in a block.\n')
    await openCase(page, 'Large')
    await page.locator('.msg.mail').getByText('1.5 MB').waitFor(PATIENCE)
    const whole = page.getByRole('button', { name: 'the mail as it came' })
    assert.ok((await saved(page, () => whole.click())).includes(LARGE.at(-2) ?? 'no line'))
  })

  await t.test(
    'what does not open, and what is no mail, says so and is given as it came',
    async () => {
      await openCase(page, 'Encrypted mail')
      await page
        .getByText('This mail has the form of an encrypted one, and did not open.')
        .waitFor(PATIENCE)
      assert.equal(await page.locator('.msg.mail .files button').count(), 1)
      assert.equal(await page.locator('.msg.mail .door').count(), 0, 'nobody knows how it came')
      await everyWidth(page, person, 'damaged')
      await openCase(page, 'Malformed')
      await page
        .getByText('This could not be read as a mail. Here is how it came.')
        .waitFor(PATIENCE)
      await page.getByText('Words.').waitFor(PATIENCE)
    },
  )

  await t.test('a case that came by mail is proved and acknowledged as others are', async () => {
    const proof = await saved(page, () =>
      page.getByRole('button', { name: 'Save the proof' }).click(),
    )
    assert.match(proof, /case\.open/)
    await page.getByText('The text stays sealed.').waitFor(PATIENCE)
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).first().click(PATIENCE)
    await page.getByText('acknowledged the report').waitFor(PATIENCE)
  })

  await t.test('in a browser held mail is seen as that, and freed', async () => {
    await page
      .getByRole('link', { name: /^Queue/ })
      .first()
      .click(PATIENCE)
    await page.getByRole('link', { name: /^Held/ }).click(PATIENCE)
    await page.getByRole('link', { name: 'Held one' }).waitFor(PATIENCE)
    await page.getByText('Marked as spam on its way').waitFor(PATIENCE)
    await page.getByRole('button', { name: 'Bin…' }).waitFor(PATIENCE)
    await everyWidth(page, person, 'held')
    await page.keyboard.press('b')
    await page.getByRole('heading', { name: 'Bin 1 case' }).waitFor(PATIENCE)
    await everyWidth(page, person, 'bin')
    await page.keyboard.press('Escape')
    await page.keyboard.press('f')
    await page.getByText('Nothing is held').waitFor(PATIENCE)
    await openCase(page, 'Held one')
    await page.getByText('Words of a mail.').waitFor(PATIENCE)
  })

  await t.test('an answer says how it leaves, and what became of it', async () => {
    await openCase(page, 'Inline')
    await looksForAKey(person, names.asked)
    await openCase(page, 'With a key')
    await takesTheOfferedKey(person)
    await answersByMail(person)
    const answer = relay.mails.find(({ to }) => to === KEYED)
    const again = () => openCase(page, 'With a key')
    await keepsTheOldKey(person, { port, keyed: KEYED, other: otherKey, answer, again })
  })

  await t.test('a search finds what was read in a mail', async () => {
    await page
      .getByRole('link', { name: /^Search/ })
      .first()
      .click(PATIENCE)
    await page.getByRole('searchbox').fill('parser read on')
    await page.getByText('until the parser read on').first().waitFor(PATIENCE)
  })

  assert.deepEqual([...hosts], [new URL(server.url).host])
  assert.deepEqual(complaints, [])
})

const PATIENCE = { timeout: 10_000 }

/** By the queue, as people do. */
async function openCase(page: Page, title: string): Promise<void> {
  await shownBy(page, async () => {
    await page
      .getByRole('link', { name: /^Queue/ })
      .first()
      .click(PATIENCE)
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor(PATIENCE)
    await page.getByRole('link', { name: title }).first().click(PATIENCE)
    await page.getByRole('heading', { name: title, level: 1 }).waitFor(PATIENCE)
  })
}
