import assert from 'node:assert/strict'
import { chmodSync, rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { HOUR, MINUTE } from '#lexicon'
import { asOwner, newHouse } from '../../stories/house.ts'
import { seedOf } from '../../stories/world.ts'
import { examineMailOut } from './examine-mail-out.ts'
import type { MailSettings } from './mail-settings.ts'
import { keepPostKey, postKeyFile } from './post-key.ts'
import { scratchFolder } from './trial-server.ts'

const house = await newHouse()
const { database } = house
after(() => database.close())
const path = scratchFolder()
const data = { path, seed: seedOf('server') }

const relay = { host: 'mail.example.org', port: 587, tls: 'required' } as const
const mail: MailSettings = { addresses: ['security@example.org'], port: 2525, relay }

async function seen(settings: MailSettings | undefined): Promise<string[]> {
  const said = settings === undefined ? {} : { mail: settings }
  const findings = await examineMailOut({ data, database, settings: said })
  for (const { level, todo } of findings) assert.equal(todo === '', level === 'good')
  return findings.map(({ level, what }) => `${level} ${what}`)
}

async function wait(state: string, age: number, answer = ''): Promise<void> {
  const [{ mail } = {}] = await asOwner(
    house,
    `insert into post.delivery (kind, about, state, at, answer)
     values ('receipt', '\\x00', $1, $2, $3) returning mail`,
    [state, new Date(), answer],
  )
  await asOwner(
    house,
    `insert into post.mail (id, kind, about, sealed, written, due, answer)
     values ($1, 'receipt', '\\x00', '\\x00', $2, null, $3)`,
    [mail, new Date(Date.now() - age), answer],
  )
}

test('the doctor says what keeps mail from going out', async () => {
  assert.deepEqual(await seen(undefined), [])
  keepPostKey(path)
  assert.deepEqual(await seen(mail), [
    'good What the desk sends goes through mail.example.org, port 587, with TLS.',
    'good 0 mails wait to be sent.',
  ])
  const { relay: _, ...without } = mail
  const { port: __, ...silent } = without
  assert.match((await seen(without))[0] ?? '', /^bad There is no relay/)
  assert.match((await seen(silent))[0] ?? '', /^look There is no relay/)
  const dkim = { domain: 'example.org', selector: 'postern', keyFile: `${path}/none` }
  assert.match((await seen({ ...mail, dkim }))[1] ?? '', /^bad The DKIM key/)

  await wait('waiting', MINUTE)
  assert.match((await seen(mail))[1] ?? '', /^good 1 mails wait/)
  await wait('waiting', 2 * HOUR, '451')
  assert.match((await seen(mail))[1] ?? '', /^look 2 mails wait, one since 2/)
  await wait('dead', MINUTE, '550')
  assert.match((await seen(mail))[2] ?? '', /^look 1 mails were refused for good/)

  chmodSync(postKeyFile(path), 0o640)
  assert.match((await seen(mail))[1] ?? '', /^bad Others may read .*post\.key/)
  rmSync(postKeyFile(path))
  assert.match((await seen(mail))[1] ?? '', /^bad Mails wait that another post\.key sealed/)
})
