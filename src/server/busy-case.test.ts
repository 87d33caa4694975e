import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type MailDeps, nodeDisk, openJournal, takeMail } from '#intake'
import { bytesOfHex, bytesOfText, DAY } from '#lexicon'
import type { MailFacts } from '#seal'
import { asOwner, deskDepsOf, intakeDepsOf, newHouse } from '../../stories/house.ts'
import { mailAnswersOf } from './mail-answers.ts'

/* A mail that answers, while its case cannot take it: it comes again, and is not one that cannot be taken. */

const OWN = 'security@desk.example'
const house = await newHouse()
const { world, database } = house
const folder = mkdtempSync(join(tmpdir(), 'postern-busy-'))
const journal = await openJournal({ folder, disk: nodeDisk })
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})
const seed = new Uint8Array(32).fill(5)
const settings = { mail: { addresses: [OWN] } }
const desk = deskDepsOf(house)
const FACTS: MailFacts = {
  client: { helo: '', ip: '', tls: false },
  from: 'a@example.org',
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { domain: 'example.org', policy: '', verdict: 'none' },
    spf: { domain: '', verdict: 'skipped' },
  },
  thread: 'new',
  to: [OWN],
  way: 'imap',
}

test('a case that moves under every try, or a desk without a key, is said as the letterbox says it', async () => {
  assert.equal(await takeMail(depsWith(answersOf(desk)), mailOf('A hole.')), 'new')
  const [row] = await asOwner(house, `select encode(id, 'hex') as id from desk."case"`)
  const about = bytesOfHex(String(row?.['id']))
  for (const [code, directory] of [
    // As long as it is sealed nobody moved, and when it is appended somebody did.
    ['conflict', async (tx?: unknown) => (tx === undefined ? desk.directory() : undefined)],
    ['not-open', async () => undefined],
  ] as const) {
    const found = { thread: 'token', about, mail: undefined, ours: false } as const
    const busy = { ...answersOf({ ...desk, directory }), find: async () => found }
    const took = takeMail(depsWith(busy), mailOf(`While it is ${code}.`))
    await assert.rejects(took, { name: 'IntakeError', code })
  }
})

test('a case takes so many bytes of mail in a day, and what is more is a case of its own', async () => {
  const [row] = await asOwner(house, `select id from desk."case"`)
  const about = new Uint8Array(row?.['id'] as Buffer)
  const found = { thread: 'token', about, mail: undefined, ours: false } as const
  const deps = depsWith({ ...answersOf(desk), find: async () => found })
  // The mail that began it does not count: this is about what answers.
  const grow = (seq: number, size: number) =>
    asOwner(house, 'update blobs.blob set size = $1 where chain = $2 and seq = $3', [
      size,
      Buffer.from(about),
      seq,
    ])
  await grow(0, 70 * MIB)
  assert.equal(await takeMail(deps, mailOf('One.')), 'appended')
  await grow(1, 30 * MIB)
  assert.equal(await takeMail(deps, mailOf('Two.')), 'appended')
  await grow(2, 30 * MIB - 5000)
  assert.equal(await takeMail(deps, mailOf('a'.repeat(6000))), 'new')
  assert.equal(await takeMail(deps, mailOf('Three.')), 'appended')
  await grow(3, 6000)
  assert.equal(await takeMail(deps, mailOf('Four.')), 'new')
  world.now += DAY + 1000
  assert.equal(await takeMail(deps, mailOf('The next day.')), 'appended')
})

const MIB = 1024 * 1024

function answersOf(rooms: typeof desk) {
  const mailing = { settings, database, data: { path: folder, seed } }
  return mailAnswersOf(mailing, rooms, world.server) ?? assert.fail('no mail')
}

function depsWith(answers: MailDeps['answers'] & {}): MailDeps {
  const markKey = new Uint8Array(32).fill(7)
  return { ...intakeDepsOf(house, journal), signer: world.server, markKey, answers }
}

function mailOf(text: string) {
  return { facts: FACTS, raw: bytesOfText(`From: a@example.org\r\n\r\n${text}\r\n`) }
}
