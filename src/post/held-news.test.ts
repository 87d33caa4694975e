import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfHex, DAY, HOUR, MINUTE } from '#lexicon'
import { spellingsOf } from '../../stories/canary.ts'
import { asOwner } from '../../stories/house.ts'
import {
  changed,
  coordinator,
  filer,
  house,
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

test('held mail is told once a day, by its number and nothing else, and warned of when somebody frees it', async () => {
  const canary = 'Reporter 3'
  const { id } = await filer.file(canary)
  await asOwner(house, 'delete from post.outbox')
  const about = bytesOfHex(id)
  await asOwner(house, `update desk.case set held = 'list' where id = $1`, [about])
  await noted(coordinator, { notices: 'daily' })
  await noted(maintainer, { address: 'maintainer@example.org' })
  await noted(second, { address: 'muted@example.org', notices: 'mute' })
  // As somebody's bin writes it.
  await changed(5 * MINUTE, { about, by: second })
  assert.equal(await tell(), 0, 'not before the next morning')
  const night = noon + 18 * HOUR
  world.now = night
  assert.equal(await tell(), 0)
  world.now = noon + 19 * HOUR
  // Two processes: one of them tells.
  const [one, two] = await Promise.all([tell(), tell()])
  assert.equal(one + two, 1)
  assert.equal(await tell(), 0, 'while it waits')
  const [mail = ''] = await waiting()
  assert.match(mail, /^To: member@example\.org\r$/m)
  assert.match(mail, /^Auto-Submitted: auto-generated\r$/m)
  assert.match(mail, /Held since you last looked: 1\./)
  assert.doesNotMatch(mail, /more than five days/)
  for (const spelling of spellingsOf(canary))
    assert.ok(!Buffer.from(mail, 'latin1').includes(spelling.bytes))
  await sent()
  world.now += 23 * HOUR
  assert.equal(await tell(), 0)
  world.now += HOUR
  assert.equal(await tell(), 0, 'nothing since')

  world.now = noon + 5 * DAY + 19 * HOUR
  assert.equal(await tell(), 1)
  const [late = ''] = await waiting()
  assert.match(late, /Held for more than five days now: 1\./)
  assert.doesNotMatch(late, /since you last looked/)
  await sent()
  world.now += DAY
  assert.equal(await tell(), 0, 'warned once')
  await asOwner(house, `update desk.case set held = '' where id = $1`, [about])
  assert.equal(await tell(), 1, 'as a report that waits')
})

test('held mail that a coordinator saw is not told', async () => {
  const { id } = await filer.file('Reporter 7')
  await asOwner(house, 'delete from post.outbox')
  await asOwner(house, `update desk.case set held = 'list' where id = $1`, [bytesOfHex(id)])
  await noted(coordinator)
  world.now += MINUTE
  await looks(coordinator)
  world.now += DAY
  assert.equal(await tell(), 0)
})
