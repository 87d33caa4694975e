import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { bytesOfHex } from '#lexicon'
import { canonicalText, type Json, statementId } from '#seal'
import { asOwner, newHouse } from '../../stories/house.ts'
import { newSigner, scratchHash } from '../../stories/world.ts'
import { LedgerError, verifyLedger } from './index.ts'

const house = await newHouse()
const { world, ledger, database } = house
after(() => database.close())
const db = database.logins.ledger
const SIZE = 1200
const place = { desk: world.desk, dir: world.directory.head.id }

before(async () => {
  const first = 1 + world.batch.length
  const of = Array.from({ length: SIZE - first }, (_, i) => {
    const id = scratchHash(`case ${i}`)
    return { chain: id, id, seq: 0, number: '2026-00000' }
  })
  await db.transaction().execute((tx) => ledger.accept(tx, { ...place, of }))
  await asOwner(house, 'create table public.entries as table ledger.entry')
  await asOwner(house, 'create table public.nodes as table ledger.node')
  // Whoever owns the database can do that too.
  await asOwner(house, 'alter table ledger.entry drop constraint entry_of_chain_of_seq_key')
})

beforeEach(async () => {
  await asOwner(house, 'truncate ledger.entry, ledger.node')
  await asOwner(house, 'insert into ledger.entry table public.entries')
  await asOwner(house, 'insert into ledger.node table public.nodes')
})

test('an untouched ledger verifies, over several pages', async () => {
  const { size } = await verifyLedger(db, { directory: world.directory })
  assert.equal(size, SIZE)
})

test('one byte of a head', async () => {
  const change = `update ledger.entry set head = replace(head, '"v":1', '"v":2') where seq = $1`
  await named(1100, change, [1100])
})

test('one byte of a signature', async () => {
  await named(
    700,
    'update ledger.entry set sig = set_byte(sig, 3, get_byte(sig, 3) # 1) where seq = 700',
  )
})

test('an id that is not the id of its text', async () => {
  await named(9, 'update ledger.entry set id = set_byte(id, 0, get_byte(id, 0) # 1) where seq = 9')
})

test('a leaf', async () => {
  await named(1023, nodeChange, [0, 1023])
})

test('a node further up is named with the entry that completed it', async () => {
  await named(1023, nodeChange, [10, 0])
  await beforeAgain()
  await named(511, nodeChange, [8, 1])
})

test('a node that is not there', async () => {
  await named(5, 'delete from ledger.node where level = 1 and idx = 2')
})

test('two entries in each other’s place', async () => {
  const swap = `update ledger.entry set seq = case seq when 20 then 9021 else 9020 end where seq in (20, 21)`
  await asOwner(house, swap)
  await named(20, 'update ledger.entry set seq = seq - 9000 where seq > 9000')
})

test('an entry cut out of the middle', async () => {
  await named(600, 'delete from ledger.entry where seq = 600')
})

test('the last entries cut off', async () => {
  await named(SIZE - 1, 'delete from ledger.entry where seq = $1', [SIZE - 1])
  await beforeAgain()
  await named(SIZE - 2, 'delete from ledger.entry where seq >= $1', [SIZE - 2])
})

test('an index column that lies about the signed text', async () => {
  await named(50, 'update ledger.entry set of_seq = 3 where seq = 50')
  await beforeAgain()
  await named(51, 'update ledger.entry set of_id = $1 where seq = 51', [Buffer.alloc(32, 1)])
  await beforeAgain()
  await named(52, 'update ledger.entry set of_chain = null where seq = 52')
  await beforeAgain()
  await named(0, `update ledger.entry set type = 'ledger.event' where seq = 0`)
})

test('the last entry signed by another key than the server’s of that time', async () => {
  const thief = await newSigner('thief')
  const forged = await rewritten({ by: thief.who }, thief)
  await named(SIZE - 1, ...forged, /not signed by the server/)
})

test('a second acceptance of one place, signed by the server', async () => {
  const chain = scratchHash('case 3')
  const forged = await rewritten({ of_chain: chain }, world.server)
  await named(SIZE - 1, ...forged, /accepts place 0 where 1 is next/)
})

test('an older directory state after a newer one', async () => {
  const forged = await rewritten({ dir: world.desk }, world.server)
  await named(SIZE - 1, ...forged, /an older directory state/)
  await beforeAgain()
  const unknown = await rewritten({ dir: scratchHash('unknown') }, world.server)
  await named(SIZE - 1, ...unknown, /not there/)
})

test('an acceptance of a desk statement that is not on the desk chain', async () => {
  const change = { of_chain: world.desk, of_seq: world.batch.length, number: '' }
  const forged = await rewritten(change, world.server)
  await named(SIZE - 1, ...forged, /desk chain/)
})

test('an empty ledger where the desk chain exists', async () => {
  await named(0, 'delete from ledger.entry')
  await asOwner(house, 'truncate ledger.node')
  await named(0, 'delete from ledger.entry', [], /desk chain/)
})

const nodeChange =
  'update ledger.node set hash = set_byte(hash, 31, get_byte(hash, 31) # 1) where level = $1 and idx = $2'

async function named(
  entry: number,
  change: string,
  values: unknown[] = [],
  why = /./,
): Promise<void> {
  await asOwner(house, change, values)
  await assert.rejects(verifyLedger(db, { directory: world.directory }), (error: unknown) => {
    assert.ok(error instanceof LedgerError, String(error))
    assert.equal(error.code, 'broken')
    assert.equal(error.entry, entry, error.message)
    assert.match(error.message, new RegExp(`^Ledger entry ${entry} `))
    assert.match(error.message, why)
    return true
  })
}

async function beforeAgain(): Promise<void> {
  await asOwner(house, 'truncate ledger.entry, ledger.node')
  await asOwner(house, 'insert into ledger.entry table public.entries')
  await asOwner(house, 'insert into ledger.node table public.nodes')
}

/** The last entry again with other fields, so that every other check still holds for it. */
async function rewritten(
  change: Record<string, Json>,
  signer: typeof world.server,
): Promise<[string, unknown[]]> {
  const [last] = await asOwner(house, 'select head from ledger.entry where seq = $1', [SIZE - 1])
  const head = { ...(JSON.parse(String(last?.['head'])) as Record<string, Json>), ...change }
  const text = canonicalText(head)
  const id = statementId(text)
  const sig = await signer.sign(bytesOfHex(id))
  const columns = 'head = $2, id = $3, sig = $4, of_chain = $5, of_seq = $6'
  const chain = typeof head['of_chain'] === 'string' ? bytesOfHex(head['of_chain']) : null
  return [
    `update ledger.entry set ${columns} where seq = $1`,
    [SIZE - 1, text, bytesOfHex(id), bytesOfHex(sig), chain, head['of_seq']],
  ]
}
