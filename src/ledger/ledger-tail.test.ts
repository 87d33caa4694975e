import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { asOwner, newHouse } from '../../stories/house.ts'
import { scratchHash } from '../../stories/world.ts'

const house = await newHouse()
const { world, ledger, database } = house
after(() => database.close())
const db = database.logins.ledger
const place = { desk: world.desk, dir: world.directory.head.id }

const event = () =>
  db.transaction().execute((tx) => {
    const note = { kind: 'login', about: scratchHash('somebody'), count: 1, note: '' } as const
    return ledger.event(tx, { ...place, ...note })
  })

test('nothing is entered behind a tree that lacks a node, whichever it is', async () => {
  const entries = async () => {
    const [row] = await asOwner(house, 'select count(*)::int as size from ledger.entry')
    return Number(row?.['size'])
  }
  let size = await entries()
  // Its tree ends with three complete parts, of four, two and one.
  for (; size % 8 !== 7; size++) await event()
  for (const [level, idx] of [
    [2, (size - 3) / 4 - 1],
    [1, (size - 1) / 2 - 1],
    [0, size - 1],
  ]) {
    const gone = await asOwner(
      house,
      'delete from ledger.node where level = $1 and idx = $2 returning *',
      [level, idx],
    )
    assert.equal(gone.length, 1)
    await assert.rejects(event(), { code: 'broken' })
    const { hash } = gone[0] ?? {}
    await asOwner(house, 'insert into ledger.node values ($1, $2, $3)', [level, idx, hash])
  }
  await event()
  assert.equal(await entries(), size + 1)
})
