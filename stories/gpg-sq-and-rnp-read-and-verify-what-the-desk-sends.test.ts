import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { endsInTurn } from './ends-in-turn.ts'
import { startMailSink } from './mail-sink.ts'
import { startNameServer } from './name-server.ts'
import { neomutt } from './neomutt.ts'
import { file, freePort, openDesk, play, postern, queueOf } from './stage.ts'
import { swaks } from './swaks.ts'

const run = promisify(execFile)
const ADDRESS = 'security@desk.example'
const FROM = 'reporter@people.example'
/** Its domain publishes who sends for it, and no policy. */
const ZONE = { 'TXT people.example': 'v=spf1 ip4:127.0.0.1 -all' }
/** A domain that nobody is asked about. */
const OTHER = 'nokey@localhost'
const WORDS =
  'The quetzal answer: it is fixed in the next release.\n\nFrom here on it is public. Größe.'

type Plan = {
  readonly to: string
  readonly key: { readonly state: string; readonly found: string; readonly why: string }
  readonly deliveries: readonly {
    readonly kind: string
    readonly state: string
    readonly answer: string
    readonly statement: string
  }[]
}

test('whoever has a key is answered by PGP mail that gpg, sq and rnp read and verify; whoever has none gets a notice', async (t) => {
  const after = endsInTurn(t)
  const sink = await startMailSink({
    answer: (line) => (line.includes('gone@') ? '550 5.1.1 nobody' : undefined),
  })
  after(sink.close)
  const names = await startNameServer(ZONE)
  after(names.close)
  const port = await freePort()
  const taking = ['--mail-port', String(port), '--mail-address', ADDRESS, '--mail-dns', names.at]
  const relay = ['--mail-relay', `127.0.0.1:${String(sink.port)}`]
  const desk = await openDesk(after, { more: ['--limits', 'off', ...taking, ...relay] })
  const { first, folder, server } = desk
  const home = join(folder, 'gpg')
  await mkdir(home, { mode: 0o700 })
  after(async () => {
    await run('gpgconf', ['--homedir', home, '--kill', 'all'])
  })
  const gpg = async (...words: readonly string[]) => {
    const common = ['--homedir', home, '--batch', '--yes', '--trust-model', 'always']
    return run('gpg', [...common, ...words], { encoding: 'latin1' })
  }
  await gpg('--passphrase', '', '--quick-gen-key', `Reporter <${FROM}>`, 'future-default')
  const { stdout: key } = await gpg('--armor', '--export', FROM)
  const { stdout: secret } = await gpg('--armor', '--export-secret-keys', FROM)
  const state = join(folder, 'state-of-a-reporter')
  const published = await play<{ key: string }>([
    'mail',
    'key',
    '--to',
    server.url,
    '--state',
    state,
    '--json',
  ])
  const at = async (name: string, content: string) => {
    const path = join(folder, name)
    await writeFile(path, content, 'latin1')
    return path
  }
  const deskKey = await at('desk.asc', published.key)
  await gpg('--import', deskKey)
  const text = await at('words.txt', Buffer.from(WORDS).toString('latin1'))

  const send = async (from: string, lines: readonly string[], to = ADDRESS) => {
    const head = [`From: ${from}`, `To: ${ADDRESS}`, `Message-ID: <quetzal-${from}>`]
    const mail = `${[...head, ...lines].join('\n')}\n`
    const sent = await swaks({ port, from, to, mail })
    assert.equal(sent.code, '250', sent.talk)
  }
  const caseOf = async (n: number) => {
    const rows = await queueOf(first, ['--all'])
    assert.equal(rows.length, n)
    return rows
  }
  const planOf = (id: string) => play<Plan>(['case', 'mail', id, ...first.flags])
  const reply = (id: string, ...how: readonly string[]) =>
    postern(['case', 'reply', id, '--text', text, ...how, ...first.flags])
  const mailsTo = (to: string) => sink.mails.filter((mail) => mail.to === to)
  const answerTo = async (to: string, n: number) => {
    for (let left = 100; left > 0 && mailsTo(to).length < n; left--)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const mail = mailsTo(to)[n - 1]
    assert.ok(mail, `${String(mailsTo(to).length)} of ${String(n)} mails to ${to}`)
    return mail
  }

  await send(FROM, [
    'Subject: A header takes all memory',
    'Content-Type: multipart/mixed; boundary=in',
    '',
    '--in',
    'Content-Type: text/plain',
    '',
    'Look at this.',
    '--in',
    'Content-Type: application/pgp-keys; name=key.asc',
    'Content-Transfer-Encoding: base64',
    '',
    ...(Buffer.from(key)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '--in--',
  ])
  const [row] = await caseOf(1)
  const id = row?.id ?? ''

  await t.test(
    'the key is found in the mail, pinned, and what leaves is encrypted to it',
    async () => {
      const { stdout: listed } = await gpg('--with-colons', '--fingerprint', FROM)
      const [, fingerprint = ''] = /fpr:+([0-9A-F]{40}):/.exec(listed) ?? []
      const before = await planOf(id)
      assert.deepEqual([before.to, before.key.state], [FROM, 'first'])
      assert.equal(before.key.found.toUpperCase(), fingerprint)
      const receipt = await answerTo(FROM, 1)
      const [, keydata = ''] = /^Autocrypt: .*keydata=((?:\r\n .*)+)/m.exec(receipt.data) ?? []
      const said = join(folder, 'autocrypt.pgp')
      await writeFile(said, Buffer.from(keydata.replace(/\s+/g, ''), 'base64'))
      const { stdout: ours } = await gpg('--with-colons', '--show-keys', said)
      const { stdout: theirs } = await gpg('--with-colons', '--show-keys', deskKey)
      const primary = (text: string) => /^fpr:+([0-9A-F]{40}):/m.exec(text)?.[1] ?? 'none'
      assert.equal(primary(ours), primary(theirs))
      const attached = await at('notes.txt', 'attached words')
      const done = await reply(id, '--attach', attached)
      assert.equal(done.code, 0, done.err)
      assert.match(done.err, new RegExp(`By PGP mail to ${FROM}, ${fingerprint.slice(0, 4)} `))
      const mail = await answerTo(FROM, 2)
      assert.match(mail.from, /^security\+b[a-z2-7]{26}@desk\.example$/)
      assert.match(mail.data, /^Subject: \[\.\.\.\]\r$/m)
      assert.match(mail.data, /^From: Example Foundation <security@desk\.example>\r$/m)
      assert.match(mail.data, /^Reply-To: security\+r[a-z2-7]{26}@desk\.example\r$/m)
      assert.match(mail.data, /^In-Reply-To: <quetzal-reporter@people\.example>\r$/m)
      assert.match(mail.data, /^Message-ID: <answer\.[0-9a-f]{40}@desk\.example>\r$/m)
      assert.doesNotMatch(mail.data, /quetzal answer|header takes|Auto-Submitted/i)

      const armored = /-----BEGIN PGP MESSAGE-----[^]*-----END PGP MESSAGE-----/.exec(mail.data)
      const message = await at('message.asc', armored?.[0] ?? '')
      const read = await gpg('--status-fd', '2', '--decrypt', message)
      assert.match(read.stderr, /\[GNUPG:\] GOODSIG/)
      const inner = Buffer.from(read.stdout, 'latin1').toString()
      assert.match(inner, /^Subject: Re: A header takes all memory\r$/m)
      assert.match(inner, /^HP-Outer: Subject: \[\.\.\.\]\r$/m)
      assert.match(inner, /; hp="cipher"; protected-headers="v1"\r$/m)
      const outside = /^(?:From|To|Date|Reply-To|In-Reply-To|References): .*\r$/gm
      const fields = mail.data.match(outside) ?? []
      assert.equal(fields.length, 6)
      for (const field of fields) assert.ok(inner.includes(`HP-Outer: ${field}`), field)
      // "From " at the begin of a line would be changed on its way: the text is encoded then.
      const parts = inner.match(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g) ?? []
      const contents = parts.map((part) =>
        Buffer.from(part.replace(/^base64/, ''), 'base64').toString(),
      )
      assert.deepEqual(contents, [`${WORDS.replaceAll('\n', '\r\n')}\r\n`, 'attached words'])

      const own = await at('secret.asc', secret)
      const opened = await run(
        'sq',
        ['decrypt', '--recipient-key', own, '--signer-cert', deskKey, message],
        { encoding: 'latin1' },
      )
      assert.equal(opened.stdout, read.stdout)
      assert.match(opened.stderr, /1 good signature/i)

      const rnpHome = join(folder, 'rnp')
      await mkdir(rnpHome, { mode: 0o700 })
      for (const keys of [own, deskKey])
        await run('rnpkeys', ['--homedir', rnpHome, '--import-key', keys])
      const decrypted = join(folder, 'rnp.eml')
      const rnp = await run('rnp', [
        '--homedir',
        rnpHome,
        '--password',
        '',
        '--decrypt',
        message,
        '--output',
        decrypted,
      ])
      assert.match(rnp.stderr + rnp.stdout, /Good signature/i)
      assert.equal(await readFile(decrypted, 'latin1'), read.stdout)
    },
  )

  await t.test('the case says what became of it, and the same key is used again', async () => {
    const plan = await planOf(id)
    assert.equal(plan.key.state, 'pinned')
    assert.deepEqual(
      plan.deliveries.map(({ kind, state: became }) => [kind, became]),
      [
        ['receipt', 'sent'],
        ['answer', 'sent'],
      ],
    )
    assert.match(plan.deliveries[1]?.statement ?? '', /^[0-9a-f]{64}$/)
    const again = await reply(id)
    assert.equal(again.code, 0, again.err)
    const [, one, two] = [await answerTo(FROM, 3), ...mailsTo(FROM).slice(1)]
    const idOf = (mail = { data: '' }) => /^Message-ID: (\S+)/m.exec(mail.data)?.[1]
    assert.notEqual(idOf(one), idOf(two))
    const shown = await play<{ messages: { to: string; text: string }[] }>([
      'case',
      'show',
      id,
      ...first.flags,
    ])
    const notes = shown.messages.filter(({ to }) => to === 'desk/1')
    assert.equal(notes.filter(({ text: note }) => note.includes('answered by mail')).length, 1)
  })

  await t.test(
    'another key blocks what is encrypted, until somebody says which one holds',
    async () => {
      const key = (...which: readonly string[]) =>
        postern(['case', 'key', id, ...which, ...first.flags])
      assert.notEqual((await key('old')).code, 0, 'nothing to choose between')
      const [, token = ''] = /^Reply-To: (\S+)\r$/m.exec(mailsTo(FROM)[1]?.data ?? '') ?? []
      await gpg('--passphrase', '', '--quick-gen-key', `Other <${FROM}>`, 'future-default')
      const { stdout: both } = await gpg('--with-colons', '--fingerprint', FROM)
      const fingerprints = [...both.matchAll(/pub:.*\nfpr:+([0-9A-F]{40}):/g)].map(
        ([, each]) => each,
      )
      const { stdout: other } = await gpg('--armor', '--export', fingerprints[1] ?? '')
      await send(FROM, ['Subject: quetzal again', '', other], token)
      const before = sink.mails.length
      assert.equal((await planOf(id)).key.state, 'changed')
      const blocked = await reply(id)
      assert.notEqual(blocked.code, 0)
      assert.match(blocked.err, /key changed/)
      assert.equal(sink.mails.length, before)
      assert.equal((await key('old')).code, 0)
      const kept = await planOf(id)
      assert.deepEqual([kept.key.state, kept.key.found.toUpperCase()], ['pinned', fingerprints[0]])
      assert.equal((await reply(id)).code, 0)
      const mail = await answerTo(FROM, 4)
      const armored = /-----BEGIN PGP MESSAGE-----[^]*-----END PGP MESSAGE-----/.exec(mail.data)
      const message = await at('kept.asc', armored?.[0] ?? '')
      const { stdout: read } = await gpg('--decrypt', message)
      assert.match(read, /^Subject: Re: quetzal again\r$/m)
    },
  )

  let otherNumber = ''
  await t.test(
    'without a key a notice says that there is an answer, and nothing of it',
    async () => {
      await send(OTHER, ['Subject: quetzal-subject', '', 'Words.', '', key])
      const rows = await caseOf(2)
      const other = rows.find((row) => row.id !== id)
      assert.ok(other)
      otherNumber = other.number
      const plan = await planOf(other.id)
      assert.deepEqual([plan.key.state, plan.key.why], ['none', 'This key names another address.'])
      const refusals = [
        await reply(other.id, '--mail', 'pgp'),
        await reply(other.id, '--mail', 'plain'),
      ]
      for (const { code, err } of refusals) assert.notEqual(code, 0, err)
      const done = await reply(other.id)
      assert.equal(done.code, 0, done.err)
      const notice = await answerTo(OTHER, 2)
      assert.match(
        notice.data,
        new RegExp(`Subject: There is an answer to your report ${other.number}`),
      )
      assert.match(notice.data, /^Auto-Submitted: auto-generated\r$/m)
      assert.doesNotMatch(notice.data, /quetzal-subject|quetzal answer|fixed/)
      const link = /http\S+\/claim#[0-9a-f]{32}(?=\s)/.exec(notice.data)?.[0] ?? ''
      const claimed = await play<{ number: string }>(['claim', link, '--state', state, '--json'])
      assert.equal(claimed.number, other.number)

      await play(['case', 'sort', other.id, 'question', ...first.flags])
      const plain = await reply(other.id, '--mail', 'plain', '--close')
      assert.equal(plain.code, 0, plain.err)
      const mail = await answerTo(OTHER, 3)
      assert.match(mail.data, /quetzal answer/)
      assert.doesNotMatch(mail.data, /quetzal-subject|Auto-Submitted/)
    },
  )

  await t.test(
    'a web reporter who gave an address is told once that there is an answer',
    async () => {
      const contact = 'gone@people.example'
      await file(desk, 'quetzal by the form', ['--contact', contact])
      const web = (await caseOf(3)).find((row) => row.id !== id && row.number !== otherNumber)
      assert.ok(web)
      const done = await reply(web.id)
      assert.equal(done.code, 0, done.err)
      let plan = await planOf(web.id)
      for (let left = 50; left > 0 && plan.deliveries[0]?.state === 'waiting'; left--)
        plan = await planOf(web.id)
      assert.deepEqual(
        plan.deliveries.map(({ kind, state: became, answer }) => [kind, became, answer]),
        [['notice', 'dead', '550 5.1.1']],
      )
    },
  )

  await t.test(
    'a web reporter who sealed a key into the report gets the answer itself',
    async () => {
      const path = await at('reporter.asc', key)
      const report = (...more: readonly string[]) => file(desk, 'quetzal with a key', [...more])
      await assert.rejects(report('--pgp-key', path), /--pgp-key needs --contact/)
      const wrong = ['--contact', 'other@people.example', '--pgp-key', path]
      await assert.rejects(report(...wrong), /This key names another address/)
      const secretKey = await at('secret.asc', secret)
      await assert.rejects(report('--contact', FROM, '--pgp-key', secretKey), /no secret one/)
      const { number } = await report('--contact', FROM, '--pgp-key', path)
      const numbered = (await caseOf(4)).find((row) => row.number === number)
      const before = await planOf(numbered?.id ?? '')
      assert.deepEqual([before.to, before.key.state], [FROM, 'pinned'])
      const sentBefore = mailsTo(FROM).length
      const done = await reply(number)
      assert.equal(done.code, 0, done.err)
      assert.match(done.err, /By PGP mail .* \(it was sealed into the report\)/)
      const mail = await answerTo(FROM, sentBefore + 1)
      const armored = /-----BEGIN PGP MESSAGE-----[^]*-----END PGP MESSAGE-----/.exec(mail.data)
      const { stdout } = await gpg('--decrypt', await at('web.asc', armored?.[0] ?? ''))
      assert.match(stdout, /^Subject: Your report\r$/m)

      // Somebody else's key, attached as evidence.
      const evidence = await report('--contact', 'gone@people.example', '--attach', path)
      const { key: none } = await planOf(evidence.number)
      assert.deepEqual([none.state, none.why], ['none', 'This key names another address.'])
    },
  )

  await t.test('a mail that neomutt encrypted is opened in the client alone', async () => {
    const fingerprint = async (path: string) => {
      const { stdout } = await gpg('--with-colons', '--show-keys', path)
      return /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? ''
    }
    const from = { from: FROM, signer: await fingerprint(join(folder, 'reporter.asc')) }
    const to = { to: ADDRESS, recipient: await fingerprint(deskKey) }
    const letter = { subject: 'quetzal by neomutt', text: 'It was süß, quetzal.\n' }
    await neomutt({ folder: join(folder, 'mutt'), home, port, ...from, ...to, ...letter })
    type Opened = {
      text: string
      pgp: string
      signed: boolean
      subject: string
      confirmed: boolean
    }
    const rows = await caseOf(6)
    const shown = await Promise.all(
      rows.map(({ id: each }) =>
        play<{ messages: { mail?: Opened }[] }>(['case', 'show', each, ...first.flags]),
      ),
    )
    const mail = shown
      .map(({ messages: [opening] }) => opening?.mail)
      .find((each) => each?.subject === letter.subject)
    const { text: words, pgp, signed, confirmed } = mail ?? {}
    assert.deepEqual(
      [words?.trim(), pgp, signed, confirmed],
      [letter.text.trim(), 'opened', true, true],
    )
  })

  await t.test('no word and no address of it stands readable on the disk', async () => {
    await server.stop()
    const data = join(folder, 'data')
    const files = await readdir(data, { recursive: true, withFileTypes: true })
    for (const entry of files.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name)
      const content = await readFile(path, 'latin1')
      assert.ok(!/quetzal|people\.example/.test(content), path)
    }
    assert.doesNotMatch(server.printed(), /quetzal|people\.example/)
  })
})
