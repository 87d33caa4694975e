import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { LIMITS, MINUTE } from '#lexicon'
import { MAILBOX_PASSWORD, MAILBOX_USER, startDovecot } from '../../../stories/dovecot.ts'
import { IntakeError } from '../intake-error.ts'
import {
  type MailboxPlace,
  openMailbox,
  pullMailbox,
  type PullDeps,
  type PullSeen,
} from '../index.ts'

/** Dovecot asks here whose token it is. */
const tokens = createServer((request, answer) => {
  const good = request.url?.includes('good-token') === true
  answer.writeHead(good ? 200 : 401, { 'content-type': 'application/json' })
  answer.end(JSON.stringify(good ? { username: MAILBOX_USER } : { error: 'invalid_token' }))
}).listen(0, '127.0.0.1')
await once(tokens, 'listening')
const folder = mkdtempSync(join(tmpdir(), 'postern-tokens-'))
chmodSync(folder, 0o755)
const asking = join(folder, 'oauth2.conf')
const { port: askAt } = tokens.address() as AddressInfo
writeFileSync(
  asking,
  `tokeninfo_url = http://127.0.0.1:${askAt}/?token=\nusername_attribute = username\nintrospection_mode = auth\n`,
)
const dovecot = await startDovecot(`
auth_mechanisms = plain xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${asking}
}`)
after(async () => {
  tokens.close()
  rmSync(folder, { recursive: true })
  await dovecot.close()
})

test('a mail is taken, and then marked; what is marked is not taken again', async (t) => {
  const desk = pulling(t)
  await desk.until(() => desk.seen.length > 0)
  dovecot.deliver('Subject: one\n\nwords\n')
  dovecot.deliver(Buffer.from('Subject: two\r\n\r\n8-bit \xff.\r\n', 'latin1'))
  // Well within a minute: it is told, and does not look by itself.
  await desk.until(() => desk.taken.length === 2 && desk.seen.at(-1)?.waiting === 0)
  assert.deepEqual(desk.taken, [
    'Subject: one\r\n\r\nwords\r\n',
    'Subject: two\r\n\r\n8-bit \xff.\r\n',
  ])
  assert.equal(desk.seen.at(-1)?.trouble, '')
  await desk.stop()
  const again = pulling(t)
  await again.until(() => again.seen.length > 0)
  assert.deepEqual(again.taken, [])
  await again.stop()
})

test('a mail that was read by a person is taken all the same, one that was deleted is not', async (t) => {
  dovecot.deliver('Subject: read\n\n', '1.read.test:2,S')
  dovecot.deliver('Subject: thrown away\n\n', '1.deleted.test:2,T')
  const desk = pulling(t)
  await desk.until(() => desk.seen.at(-1)?.waiting === 0)
  assert.deepEqual(desk.taken, ['Subject: read\r\n\r\n'])
  await desk.stop()
})

test('what comes while something else is done is not slept over', async () => {
  dovecot.deliver('Subject: early\n\n')
  const box = await open()
  assert.ok(typeof box !== 'string')
  const [uid = 0] = await box.waiting()
  dovecot.deliver('Subject: meanwhile\n\n')
  // The server tells of it here, once.
  await box.settle(uid)
  await box.look([uid])
  const began = performance.now()
  await box.rest(MINUTE, new AbortController().signal)
  assert.ok(performance.now() - began < 10_000)
  assert.equal((await box.waiting()).length, 1)
  const stopping = new AbortController()
  const resting = box.rest(MINUTE, stopping.signal)
  stopping.abort()
  await resting
  await box.close()
  await empty()
})

test('moved or deleted, but only when it was taken', async (t) => {
  for (const afterwards of [{ move: 'Taken by the desk' }, 'delete'] as const) {
    dovecot.deliver(`Subject: ${JSON.stringify(afterwards)}\n\n`)
    let taking = () => Promise.reject<'new'>(new RangeError('cannot be taken'))
    const desk = pulling(t, { afterwards }, { take: () => taking() })
    await desk.until(() => (desk.seen.at(-1)?.stuck ?? 0) > 0)
    await desk.stop()
    assert.ok((await left(afterwards)).length > 0, 'it is still there')
    taking = async () => 'new'
    const next = pulling(t, { afterwards })
    await next.until(() => next.seen.at(-1)?.waiting === 0)
    await next.stop()
    assert.deepEqual(await left(afterwards), [])
  }
  const moved = await open({ folder: 'Taken by the desk', afterwards: 'delete' })
  assert.ok(typeof moved !== 'string')
  assert.ok((await moved.waiting()).length > 0)
  await moved.close()
})

test('one that cannot be taken, or is too large, stays and is counted; the others are taken', async (t) => {
  const words = `${'a'.repeat(998)}\n`
  dovecot.deliver('Subject: poison\n\n')
  dovecot.deliver(`Subject: large\n\n${words.repeat(LIMITS.mail / 1000 + 100)}`)
  dovecot.deliver('Subject: good\n\n')
  const poison = new RangeError('words of a mail')
  const desk = pulling(
    t,
    {},
    {
      take: async ({ raw }) => {
        if (Buffer.from(raw).includes('poison')) throw poison
        return 'new'
      },
    },
  )
  await desk.until(() => desk.taken.length === 1 && desk.seen.length > 0)
  assert.deepEqual(desk.taken, ['Subject: good\r\n\r\n'])
  assert.deepEqual(desk.failures, [poison])
  const { waiting, tooLarge, stuck, trouble } = desk.seen.at(-1) ?? {}
  assert.deepEqual(
    { waiting, tooLarge, stuck, trouble },
    { waiting: 2, tooLarge: 1, stuck: 1, trouble: '' },
  )
  await desk.stop()
  await empty()
})

test('while the desk takes nothing, everything stays, and comes when it does', async (t) => {
  dovecot.deliver('Subject: patient\n\n')
  const codes = ['not-open', 'unavailable', 'disk-full', 'conflict'] as const
  const errors = codes.map((code) => new IntakeError(code, 'Not now.'))
  let open: () => Promise<boolean> = () => Promise.resolve(false)
  const tries = [...errors]
  const desk = pulling(
    t,
    {},
    {
      isOpen: () => open(),
      take: async () => {
        const error = tries.shift()
        if (error !== undefined) throw error
        return 'new'
      },
    },
  )
  await desk.until(() => desk.seen.at(-1)?.trouble === 'desk')
  assert.equal(tries.length, 4, 'a restored desk is not even asked')
  open = () => Promise.reject(new Error('the database is away'))
  await desk.until(() => desk.seen.length > 3)
  assert.equal(tries.length, 4)
  open = () => Promise.resolve(true)
  await desk.until(() => desk.taken.length === 1)
  assert.deepEqual(desk.failures, errors)
  await desk.until(() => desk.seen.at(-1)?.trouble === '')
  await desk.stop()
})

test('the server goes away and comes back; numbers that mean other mails are not believed', async (t) => {
  await empty()
  await rebuilt()
  const desk = pulling(t)
  dovecot.deliver('Subject: the first\n\n')
  await desk.until(() => desk.seen.at(-1)?.waiting === 0 && desk.taken.length === 1)
  await dovecot.stop()
  await desk.until(() => desk.seen.at(-1)?.trouble === 'unreachable')
  // The mailbox loses its marks, and the mail gets the number that it had: by its number it was taken.
  await rebuilt()
  await desk.until(() => desk.taken.length === 2)
  assert.equal(desk.taken[0], desk.taken[1])
  await desk.stop()
})

test('what is wrong is said in a word of ours', async () => {
  const wrong = async (place: Partial<MailboxPlace>) => {
    const opened = await open(place)
    if (typeof opened !== 'string') await opened.close()
    return typeof opened === 'string' ? opened : 'opened'
  }
  assert.equal(await wrong({ secret: async () => ({ password: 'wrong' }) }), 'login')
  assert.equal(await wrong({ secret: async () => ({ token: 'bad-token' }) }), 'login')
  assert.equal(await wrong({ secret: async () => ({ token: 'good-token' }) }), 'opened')
  assert.equal(await wrong({ secret: () => Promise.reject(new Error('no file')) }), 'secret')
  // K13: whoever sits between has a certificate too.
  assert.equal(await wrong({ ca: undefined }), 'tls')
  assert.equal(await wrong({ host: '127.0.0.1' }), 'tls')
  assert.equal(await wrong({ folder: 'No such folder' }), 'folder')
  assert.equal(await wrong({ port: 1 }), 'unreachable')
})

test('the password is read anew at each log-in', async (t) => {
  let password = 'the old one'
  const desk = pulling(t, { secret: async () => ({ password }) })
  await desk.until(() => desk.seen.at(-1)?.trouble === 'login')
  password = MAILBOX_PASSWORD
  await desk.until(() => desk.seen.at(-1)?.trouble === '')
  await desk.stop()
})

function place(more: Partial<MailboxPlace> = {}): MailboxPlace {
  return {
    host: 'localhost',
    port: dovecot.port,
    user: MAILBOX_USER,
    folder: 'INBOX',
    afterwards: 'keep',
    ca: dovecot.ca,
    secret: async () => ({ password: MAILBOX_PASSWORD }),
    ...more,
  }
}

function open(more: Partial<MailboxPlace> = {}) {
  return openMailbox(place(more))
}

async function left(afterwards: MailboxPlace['afterwards']): Promise<readonly number[]> {
  const box = await open({ afterwards })
  if (typeof box === 'string') throw new Error(box)
  const waiting = await box.waiting()
  await box.close()
  return waiting
}

/** Nothing of this test is for the next one. */
async function empty(): Promise<void> {
  const box = await open({ afterwards: 'delete' })
  if (typeof box === 'string') throw new Error(box)
  for (const uid of await box.waiting()) await box.settle(uid)
  await box.close()
}

/** Its index is made anew: another UIDVALIDITY, and numbers from one. */
async function rebuilt(): Promise<void> {
  await dovecot.stop()
  dovecot.rebuild()
  await dovecot.start()
}

/** A desk that takes what this mailbox holds, and what it said meanwhile. */
function pulling(
  t: TestContext,
  where: Partial<MailboxPlace> = {},
  more: Partial<Pick<PullDeps, 'take' | 'isOpen'>> = {},
) {
  const taken: string[] = []
  const seen: PullSeen[] = []
  const failures: unknown[] = []
  const { take = async () => 'new' as const, isOpen = async () => true } = more
  const pull = pullMailbox(
    {
      open: () => open(where),
      isOpen,
      clock: Date.now,
      take: async (mail) => {
        const became = await take(mail)
        taken.push(Buffer.from(mail.raw).toString('latin1'))
        return became
      },
      seen: (now) => seen.push(now),
      failed: (error) => failures.push(error),
    },
    { look: MINUTE, again: 50, login: 100, stuck: MINUTE },
  )
  t.after(() => pull.stop())
  const until = async (reached: () => boolean): Promise<void> => {
    for (let tries = 400; !reached(); tries--) {
      assert.ok(tries > 0, `nothing goes on any more: ${JSON.stringify(seen.at(-1))}`)
      await wait(25)
    }
  }
  return { taken, seen, failures, until, stop: () => pull.stop() }
}
