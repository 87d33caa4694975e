import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfHex, DAY, HOUR, MINUTE, SECOND } from '#lexicon'
import { spellingsOf } from '../../stories/canary.ts'
import { asOwner, keepDeskChain } from '../../stories/house.ts'
import { startMailSink } from '../../stories/mail-sink.ts'
import { admit, newActor, revoke } from '../../stories/world.ts'
import { openRelay } from './relay.ts'
import { sendWaiting } from './send-waiting.ts'
import { sweepNotices } from './tell-members.ts'
import {
  changed,
  clock,
  coordinator,
  db,
  filer,
  house,
  keys,
  looks,
  maintainer,
  noon,
  noted,
  second,
  sent,
  tell,
  waiting,
  world,
} from '../../stories/notices-to-members.ts'

test('a report is told to a coordinator, and nothing of it is in the mail', async (t) => {
  const canary = 'quince-marmalade'
  const { id } = await filer.file(canary)
  await noted(coordinator, { at: world.now - HOUR })
  await noted(maintainer)
  assert.equal(await tell(), 0, 'whoever sits at the desk sees it by then')
  world.now += 3 * MINUTE
  assert.equal(await tell(), 1)
  assert.equal(await tell(), 0)
  const sink = await startMailSink()
  t.after(sink.close)
  const relay = openRelay({ host: '127.0.0.1', port: sink.port, tls: 'none', helo: 'desk.example' })
  await sendWaiting({ db, keys, relay, clock })
  const [mail, ...more] = sink.mails
  assert.deepEqual(more, [])
  assert.deepEqual({ from: mail?.from, to: mail?.to }, { from: '', to: 'member@example.org' })
  const data = mail?.data ?? ''
  assert.match(data, /^Auto-Submitted: auto-generated\r$/m)
  assert.match(data, /^Subject: Something changed on your desk\r$/m)
  assert.match(data, /^Message-ID: <notice\.[0-9a-f]{32}@desk\.example>\r$/m)
  assert.match(data, /https:\/\/desk\.example\/desk\r/)
  assert.match(data, /https:\/\/desk\.example\/desk\/own\r/)
  const [row] = await asOwner(house, 'select number from desk.case where id = $1', [bytesOfHex(id)])
  const number = String(row?.['number'])
  assert.match(number, /^2026-/)
  for (const secret of [canary, number, id, 'numpy', 'Coordinator 1', 'Reporter'])
    for (const spelling of spellingsOf(secret))
      assert.ok(!Buffer.from(data, 'latin1').includes(spelling.bytes), secret)
  const rows = await asOwner(house, `select kind, state from post.delivery`)
  assert.deepEqual(rows, [{ kind: 'change', state: 'sent' }])
  assert.deepEqual(
    await asOwner(house, 'select about from intake.thread'),
    [],
    'it belongs to no case',
  )
})

test('the address of a member who waits for a notice stands in no other table', async () => {
  await noted(coordinator, { address: 'canary.of.address@example.org' })
  await changed(5 * MINUTE)
  assert.equal(await tell(), 1)
  for (const table of ['post.mail', 'post.delivery', 'post.told', 'post.warned', 'post.outbox']) {
    const rows = await asOwner(house, `select t::text as row from ${table} t`)
    for (const spelling of spellingsOf('canary.of.address@example.org'))
      assert.ok(
        rows.every(({ row }) => !Buffer.from(String(row)).includes(spelling.bytes)),
        table,
      )
  }
})

test('a flood of changes is one mail an hour', async () => {
  await noted(coordinator, { at: noon - DAY })
  for (let n = 0; n < 60; n++) await changed(n * MINUTE)
  assert.equal(await tell(), 1)
  await sent()
  for (let minutes = 1; minutes < 60; minutes++) {
    world.now += MINUTE
    await changed(0)
    assert.equal(await tell(), 0)
  }
  world.now += MINUTE
  assert.equal(await tell(), 1)
})

test('while one waits for its relay there is no second one', async () => {
  await noted(coordinator, { at: noon - DAY })
  await changed(5 * MINUTE)
  assert.equal(await tell(), 1)
  world.now += 2 * HOUR
  await changed(5 * MINUTE)
  assert.equal(await tell(), 0)
  await sent()
  assert.equal(await tell(), 1)
})

test('two processes tell one member once', async () => {
  await noted(coordinator, { at: noon - DAY })
  await changed(5 * MINUTE)
  const counts = await Promise.all([tell(), tell(), tell()])
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1,
  )
  assert.equal((await waiting()).length, 1)
})

test('nobody is told of their own acts, of what they saw, or of what was before they gave an address', async () => {
  await noted(coordinator, { at: noon - 10 * MINUTE })
  await changed(20 * MINUTE)
  await changed(5 * MINUTE, { by: coordinator })
  assert.equal(await tell(), 0)
  await changed(5 * MINUTE, { by: second })
  await looks(coordinator)
  assert.equal(await tell(), 0)
  world.now += 5 * MINUTE
  await changed(3 * MINUTE, { by: second })
  assert.equal(await tell(), 1)
})

test('what came in the very second of a look is told', async () => {
  await noted(coordinator)
  world.now = noon + 700
  await looks(coordinator)
  await changed(700)
  world.now += 3 * MINUTE
  assert.equal(await tell(), 1)
})

test('a muted member, one whose key ended and an address of the desk itself get nothing', async () => {
  await changed(5 * MINUTE)
  await noted(coordinator, { notices: 'mute' })
  await noted(second, { address: 'Security+7@DESK.example' })
  const gone = await newActor('Coordinator 9')
  await admit(world, world.root, gone, ['coordinator'])
  await noted(gone)
  assert.equal(await tell(), 1, 'while the key was there')
  await revoke(world, world.root, gone)
  await keepDeskChain(house)
  await sent()
  world.now += 2 * HOUR
  await changed(5 * MINUTE)
  assert.equal(await tell(), 0)
})

test('a maintainer is told of cases that they may read and of no other', async () => {
  const theirs = new Uint8Array(32).fill(6)
  await noted(maintainer)
  await asOwner(
    house,
    `insert into desk.reader (case_id, circle, epoch, who) values ($1, 'p-numpy', 1, decode($2, 'hex'))`,
    [theirs, maintainer.signer.who],
  )
  await changed(5 * MINUTE)
  await changed(5 * MINUTE, { kind: 'recovery', about: theirs })
  await changed(5 * MINUTE, { kind: 'desk-changed' })
  assert.equal(await tell(), 0)
  await changed(5 * MINUTE, { about: theirs })
  assert.equal(await tell(), 1)
})

test('that somebody asks for lost keys is told to coordinators; a beat of the desk is not', async () => {
  await noted(coordinator)
  await changed(5 * MINUTE, { kind: 'desk-changed' })
  assert.equal(await tell(), 0)
  await changed(5 * MINUTE, { kind: 'recovery' })
  assert.equal(await tell(), 1)
  await sent()
  world.now += HOUR
  await changed(5 * MINUTE, { kind: 'case-claimed' })
  assert.equal(await tell(), 1)
})

test('whoever’s keys are asked for with their paper is told, and no other maintainer', async () => {
  await noted(maintainer)
  await changed(5 * MINUTE, { kind: 'recovery', about: bytesOfHex(second.signer.who) })
  assert.equal(await tell(), 0)
  await changed(5 * MINUTE, { kind: 'recovery', about: bytesOfHex(maintainer.signer.who) })
  assert.equal(await tell(), 1)
})

test('a digest comes at seven in the morning, UTC, for what came until then', async () => {
  await noted(coordinator, { notices: 'daily', at: noon - 3 * DAY })
  world.now = Date.UTC(2026, 10, 23, 6, 59, 30)
  await changed(10 * HOUR)
  await looks(coordinator)
  assert.equal(await tell(), 0, 'seen')
  await changed(0)
  world.now = Date.UTC(2026, 10, 23, 7, 0, 30)
  assert.equal(await tell(), 0, 'too fresh')
  world.now = Date.UTC(2026, 10, 23, 7, 3)
  assert.equal(await tell(), 1)
  await sent()
  await changed(0)
  world.now = Date.UTC(2026, 10, 24, 6, 59)
  assert.equal(await tell(), 0, 'the next morning')
  // The server was away at seven.
  world.now = Date.UTC(2026, 10, 24, 9)
  assert.equal(await tell(), 1)
  const [mail = ''] = await waiting()
  assert.match(mail, /at most every day/)
})

test('a report that nobody acknowledges for five days is told once, also to whoever has a digest', async () => {
  const { id } = await filer.file('Reporter 1')
  await asOwner(house, `delete from post.outbox`)
  await noted(coordinator, { notices: 'daily' })
  await noted(second, { notices: 'mute' })
  await noted(maintainer)
  const received = world.now
  world.now = received + 5 * DAY - MINUTE
  assert.equal(await tell(), 0)
  world.now = received + 5 * DAY + SECOND
  assert.equal(await tell(), 1)
  const [mail = ''] = await waiting()
  assert.match(mail, /A report has waited for more than five days/)
  assert.doesNotMatch(mail, /changed on your desk since/)
  await sent()
  world.now += HOUR
  assert.equal(await tell(), 0)
  await filer.file('Reporter 2')
  await asOwner(house, `delete from post.outbox`)
  await asOwner(house, `update desk.case set acknowledged = received where id = $1`, [
    bytesOfHex(id),
  ])
  world.now += 5 * DAY
  assert.equal(await tell(), 1, 'another one')
  await sent()
  await asOwner(house, `update desk.case set acknowledged = received`)
  world.now += 5 * DAY
  assert.equal(await tell(), 0)
})

test('each case that waits is told once, also one that was freed or opened anew after others were told', async () => {
  const about = async (name: string) => bytesOfHex((await filer.file(name)).id)
  const usual = await about('Reporter 4')
  const held = await about('Reporter 5')
  const shut = await about('Reporter 6')
  await asOwner(house, 'delete from post.outbox')
  await asOwner(house, `update desk.case set held = 'list' where id = $1`, [held])
  await asOwner(house, `update desk.case set state = 'closed' where id = $1`, [shut])
  await noted(coordinator)
  await noted(second, { address: 'second@example.org' })
  const hour = async () => {
    await sent()
    world.now += HOUR
    return tell()
  }
  world.now += 5 * DAY + SECOND
  assert.equal(await tell(), 4, 'of what waits, and of what is held')
  assert.equal(await hour(), 0)
  await asOwner(house, `update desk.case set held = '' where id = $1`, [held])
  assert.equal(await hour(), 2)
  assert.equal(await hour(), 0)
  await asOwner(house, `update desk.case set state = 'open' where id = $1`, [shut])
  assert.equal(await hour(), 2)
  assert.equal(await hour(), 0)
  const warned = async () => (await asOwner(house, 'select 1 from post.warned')).length
  assert.equal(await warned(), 6)
  await asOwner(house, 'update desk.case set acknowledged = received where id = $1', [usual])
  await sweepNotices(db, world.now)
  assert.equal(await warned(), 4)
  assert.equal(await hour(), 0)
})

test('traces of notices go after a month, and with the address', async () => {
  await noted(coordinator)
  await changed(5 * MINUTE)
  await tell()
  await sent()
  await sweepNotices(db, world.now + 29 * DAY)
  assert.equal((await asOwner(house, 'select 1 from post.delivery')).length, 1)
  await sweepNotices(db, world.now + 31 * DAY)
  assert.equal((await asOwner(house, 'select 1 from post.delivery')).length, 0)
  assert.equal((await asOwner(house, 'select 1 from post.told')).length, 1)
  await asOwner(house, 'delete from identity.address')
  await sweepNotices(db, world.now)
  assert.equal((await asOwner(house, 'select 1 from post.told')).length, 0)
})
