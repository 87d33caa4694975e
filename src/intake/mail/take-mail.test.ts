import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, bytesOfText, concatBytes, DAY, hexOfBytes, LIMITS } from '#lexicon'
import { verifyLedger } from '#ledger'
import { blobHash } from '#seal'
import { isDatabaseAway, sql } from '#store'
import { bodiesFor, openedMail } from '../../../stories/opened-mail.ts'
import {
  asOwner,
  intakeDepsOf,
  keepDeskChain,
  newHouse,
  ownServer,
} from '../../../stories/house.ts'
import { renewDeskKeys } from '../../../stories/world.ts'
import {
  type MailDeps,
  nodeDisk,
  openJournal,
  openLetterGroups,
  sweepMailMarks,
  takeMail,
  type TakenMail,
  type TakingDeps,
} from '../index.ts'

const FACTS = {
  client: { helo: 'mx.example.net', ip: '192.0.2.7', tls: true },
  from: 'reporter@example.net',
  results: {
    arc: 'none',
    dkim: [],
    dmarc: { domain: 'example.net', policy: '', verdict: 'none' },
    spf: { domain: 'example.net', verdict: 'pass' },
  },
  to: ['security@example.org'],
  thread: 'new',
  way: 'smtp',
} as const
const house = await newHouse()
const { world, database } = house
const folder = mkdtempSync(join(tmpdir(), 'postern-mail-'))
const journal = await openJournal({ folder, disk: nodeDisk })
const receipts: TakenMail[] = []
const deps = grouped({
  ...intakeDepsOf(house, journal),
  signer: world.server,
  markKey: new Uint8Array(32).fill(7),
  receipts: answering(async (mails) => void receipts.push(...mails)),
})
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})
const { who } = world.coordinator.signer

test('a mail becomes a case that a coordinator reads, byte for byte', async () => {
  const mail = mailOf('Subject: A bug\r\n\r\nIt \0 crashes, without an end')
  const { id, number, head, opened } = await taken(mail)
  assert.equal(head.source, 'mail')
  assert.equal(head.by, world.server.who)
  assert.equal(head.enc, '')
  assert.match(number, /^2026-/)
  assert.deepEqual(opened, mail)
  const [event] = await asOwner(house, `select head from ledger.entry where type = 'ledger.event'`)
  const { kind, about, note } = JSON.parse(String(event?.['head'])) as Record<string, string>
  assert.deepEqual([kind, about, note], ['mail-in', id, ''])
  assert.equal(
    (await taken(mailOf('Subject: a\r\n\r\n-----BEGIN PGP MESSAGE-----'))).head.source,
    'pgp',
  )
  await verifyLedger(database.logins.ledger, { directory: world.directory })
})

test('any bytes come back, also those of many pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      const raw = new Uint8Array(bytes)
      assert.deepEqual(
        (await taken({ facts: { ...FACTS, to: [nextAddress()] }, raw })).opened.raw,
        raw,
      )
    }),
    { numRuns: 15 },
  )
  for (const size of [LIMITS.body - 1500, LIMITS.body, 3 * LIMITS.piece + 17, LIMITS.mail]) {
    const raw = new Uint8Array(size).map((_, at) => (at * 2654435761) >>> 13)
    const { opened } = await taken({ facts: FACTS, raw })
    assert.equal(blobHash(opened.raw), blobHash(raw), `${size} bytes`)
  }
})

test('a large mail comes alone, and the page before it is another', async () => {
  const { id } = await taken({ facts: FACTS, raw: new Uint8Array(6 * LIMITS.piece) })
  const page = await bodiesFor(house, who, id)
  assert.equal(page?.bodies.length, 1)
  assert.equal(await bodiesFor(house, world.maintainer.signer.who, id), null)
})

test('a damaged or missing piece is not handed out', async () => {
  const { id } = await taken({ facts: FACTS, raw: new Uint8Array(2 * LIMITS.piece).fill(3) })
  const piece = `from blobs.blob b where b.upload = p.upload and b.chain = $1 and p.n = 1`
  const chain = [Buffer.from(id, 'hex')]
  await asOwner(house, `update blobs.piece p set bytes = 'rotten'::bytea ${piece}`, chain)
  await assert.rejects(bodiesFor(house, who, id), { code: 'damaged' })
  await asOwner(
    house,
    `delete from blobs.piece p using blobs.blob b where b.upload = p.upload and b.chain = $1 and p.n = 1`,
    chain,
  )
  await assert.rejects(bodiesFor(house, who, id), { code: 'damaged' })
})

test('a mail that comes again, ten times at once or later, is one case and one receipt', async () => {
  const mail = mailOf('Subject: Again\r\n\r\nThe answer was lost.')
  const before = [await cases(), receipts.length] as const
  const all = await Promise.all(Array.from({ length: 10 }, () => takeMail(deps, mail)))
  assert.deepEqual(all.toSorted(), [...Array<string>(9).fill('known'), 'new'])
  world.now += DAY
  assert.equal(await takeMail(deps, mail), 'known')
  assert.deepEqual([await cases(), receipts.length], [before[0] + 1, before[1] + 1])
  // To other people, or with one byte more, it is another mail.
  const to = { ...mail, facts: { ...FACTS, to: ['security+a@example.org'] } }
  assert.equal(await takeMail(deps, to), 'new')
  assert.equal(await takeMail(deps, mailOf('Subject: Again\r\n\r\nThe answer was lost. ')), 'new')
})

test('mails that come at once are filed together, each whole, with one that came before among them', async () => {
  const known = mailOf('Subject: Known\r\n\r\nIt came before.')
  await takeMail(deps, known)
  const before = [await cases(), receipts.length] as const
  const mails = Array.from({ length: 9 }, (_, n) => mailOf(`Subject: Many\r\n\r\nThe ${n}th.`))
  assert.deepEqual(
    await Promise.all(mails.map((mail) => takeMail(deps, mail))),
    Array(9).fill('new'),
  )
  const groups = await asOwner(
    house,
    `select count(*)::int as n from desk."case" c join desk.statement s on s.chain = c.id
      where c.xmin = s.xmin group by c.xmin order by n desc limit 1`,
  )
  assert.ok(Number(groups[0]?.['n']) >= 4, 'they were filed one after the other')
  const more = mails.map(({ raw }) => ({ facts: FACTS, raw: concatBytes(raw, raw) }))
  const all = await Promise.all([known, ...more].map((mail) => takeMail(deps, mail)))
  assert.deepEqual(all, ['known', ...Array<string>(9).fill('new')])
  assert.deepEqual([await cases(), receipts.length], [before[0] + 18, before[1] + 18])
  const texts = new Set<string>()
  for (const { id } of receipts.slice(before[1]))
    texts.add(hexOfBytes((await openedMail(house, id)).opened.raw))
  assert.deepEqual(texts, new Set([...mails, ...more].map(({ raw }) => hexOfBytes(raw))))
  await verifyLedger(database.logins.ledger, { directory: world.directory })
})

test('a number that is taken is not given twice, to one mail or to several', async () => {
  let drawn = 0
  // Of five bytes: the first three cases draw the same number, and later ones others.
  const random: MailDeps['random'] = (length) =>
    length === 5 && drawn++ < 3 ? new Uint8Array(5) : deps.random(length)
  const unlucky = grouped({ ...deps, random })
  assert.equal(await takeMail(unlucky, mailOf('Subject: One\r\n\r\n')), 'new')
  const number = receipts.at(-1)?.number
  assert.equal(await takeMail(unlucky, mailOf('Subject: Two\r\n\r\n')), 'new')
  assert.notEqual(receipts.at(-1)?.number, number)
  const never = grouped({
    ...deps,
    random: (length) => (length === 5 ? new Uint8Array(5) : deps.random(length)),
  })
  await assert.rejects(takeMail(never, mailOf('Subject: Three\r\n\r\n')))
  assert.equal(await takeMail(deps, mailOf('Subject: Three\r\n\r\n')), 'new')
})

test('marks say nothing to whoever knows the mail, and are swept after their time', async () => {
  const mail = mailOf('Subject: Marked\r\n\r\nA text that somebody may guess')
  await takeMail(deps, mail)
  const marks = await asOwner(house, 'select mark from intake.mail')
  assert.ok(marks.length > 0 && marks.every(({ mark }) => (mark as Buffer).length === 32))
  await assert.rejects(database.logins.intake.selectFrom('intake.mail').select('mark').execute(), {
    code: '42501',
  })
  assert.equal(await takeMail(grouped({ ...deps, markKey: new Uint8Array(32) }), mail), 'new')
  await sweepMailMarks(database.logins.post, world.now)
  assert.equal(await takeMail(deps, mail), 'known', 'it is not older than that')
  await sweepMailMarks(database.logins.post, world.now + 1)
  assert.equal((await asOwner(house, 'select mark from intake.mail')).length, 0)
})

test('the receipt is written with the case or neither is', async () => {
  const before = await cases()
  const mail = mailOf('Subject: Unanswered\r\n\r\nwords')
  const torn = grouped({
    ...deps,
    receipts: answering(() => Promise.reject(new RangeError('no paper'))),
  })
  await assert.rejects(takeMail(torn, mail), RangeError)
  assert.equal(await cases(), before)
  assert.equal(await takeMail(deps, mail), 'new')
})

test('mails whose commit was kept and not confirmed are known, each one case with one receipt', async () => {
  const before = [await cases(), receipts.length] as const
  let broken = 0
  const breaking = <Of extends object>(of: Of): Of =>
    new Proxy(of, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return (...given: readonly unknown[]): unknown => {
          const written = receipts.length
          const done: unknown = Reflect.apply(value, target, given)
          if (key === 'transaction' || key === 'setIsolationLevel') return breaking(Object(done))
          if (key !== 'execute') return done
          return Promise.resolve(done).then(async (answer) => {
            if (receipts.length === written) return answer
            // The first waits for those who come meanwhile: they go together.
            if (broken++ === 0) await new Promise((resolve) => setTimeout(resolve, 200))
            throw new RangeError('the line broke behind the commit')
          })
        }
      },
    })
  const torn = grouped({ ...deps, db: breaking(deps.db) })
  const mails = [1, 2, 3].map((n) => mailOf(`Subject: Unconfirmed\r\n\r\n${n}`))
  const all = await Promise.all(mails.map((mail) => takeMail(torn, mail)))
  assert.deepEqual(all, ['known', 'known', 'known'])
  assert.ok(broken > 0)
  assert.deepEqual([await cases(), receipts.length], [before[0] + 3, before[1] + 3])
})

test('a mail that nobody answers is committed with its last words', async () => {
  const before = [await cases(), receipts.length] as const
  const questions: (MailDeps['receipts'] & {})['questions'] = (mails) => mails.map(() => undefined)
  const silent = grouped({ ...deps, receipts: { questions, write: () => assert.fail('answered') } })
  const mails = [1, 2, 3].map((n) => mailOf(`Subject: Silent\r\n\r\n${n}`))
  const all = await Promise.all(mails.map((mail) => takeMail(silent, mail)))
  assert.deepEqual(all, ['new', 'new', 'new'])
  assert.deepEqual([await cases(), receipts.length], [before[0] + 3, before[1]])
  assert.equal(await takeMail(deps, mails[1] ?? assert.fail()), 'known')
})

test('when the desk chain moves meanwhile, the mail is sealed anew to the newest key', async () => {
  const stale = world.directory
  await renewDeskKeys(world, world.coordinator)
  await keepDeskChain(house)
  let asked = 0
  const directory: MailDeps['directory'] = (tx) =>
    tx === undefined && asked++ === 0 ? Promise.resolve(stale) : house.directory(tx)
  const moving = grouped({ ...deps, directory })
  assert.equal(await takeMail(moving, mailOf('Subject: Moved\r\n\r\n')), 'new')
  assert.equal(asked, 2)
  const { head, opened } = await last()
  assert.equal(head.to, 'desk/2')
  assert.equal(hexOfBytes(opened.raw), hexOfBytes(bytesOfText('Subject: Moved\r\n\r\n')))
})

test('a desk that is not set up takes none, and one without its database neither', async () => {
  const nobody = grouped({ ...deps, directory: () => Promise.resolve(undefined) })
  await assert.rejects(takeMail(nobody, mailOf('a')), { code: 'not-open' })
  const server = await ownServer()
  try {
    const own = await newHouse({ ...server.database, close: server.remove })
    const away = grouped({ ...deps, ...intakeDepsOf(own, journal), signer: own.world.server })
    const mail = mailOf('Subject: Away\r\n\r\n')
    assert.equal(await takeMail(away, mailOf('Subject: Here\r\n\r\n')), 'new')
    await server.stop()
    await assert.rejects(takeMail(away, mail), { code: 'unavailable' })
    await server.start()
    const again = async () => {
      for (let left = 50; ; left--)
        try {
          return await takeMail(away, mail)
        } catch (error) {
          if (left === 0 || !isDatabaseAway((error as Error).cause)) throw error
        }
    }
    assert.equal(await again(), 'new')
    assert.equal(await takeMail(away, mail), 'known')
  } finally {
    await server.remove()
  }
})

/** Everybody is answered. */
function answering(
  write: (mails: readonly TakenMail[]) => Promise<void>,
): MailDeps['receipts'] & {} {
  return {
    questions: (mails) => mails.map(() => sql`select 1`),
    write: (_tx, mails) => write(mails),
  }
}

/** As the letterbox takes them. */
function grouped(own: MailDeps): TakingDeps {
  return { ...own, letters: openLetterGroups(own) }
}

async function taken(mail: Parameters<typeof takeMail>[1]) {
  assert.equal(await takeMail(deps, mail), 'new')
  return last()
}

/** The newest case, as a coordinator reads it. */
async function last() {
  const { id = '', number = '' } = receipts.at(-1) ?? {}
  return { id, number, ...(await openedMail(house, id)) }
}

function mailOf(text: string): { readonly facts: typeof FACTS; readonly raw: Bytes } {
  return { facts: FACTS, raw: bytesOfText(text) }
}

let addresses = 0
/** The same bytes to another address are another mail. */
function nextAddress(): string {
  return `security+${addresses++}@example.org`
}

async function cases(): Promise<number> {
  const [row] = await asOwner(house, 'select count(*)::int as n from desk.case')
  return Number(row?.['n'])
}
