import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Bytes } from '#lexicon'
import { putLabel, putVault, putWraps, readWrap } from './key-store.ts'
import { scratchDatabase } from './scratch-database.ts'
import { inTransaction } from './transaction.ts'

const database = await scratchDatabase()
after(() => database.close())
const { desk, identity, intake } = database.logins
const bytes = (length: number, fill: number): Bytes => new Uint8Array(length).fill(fill)

function wrap(hash: number) {
  const place = { chain: bytes(32, 1), seq: 3, hash: bytes(32, hash) }
  return { ...place, circle: 'all', epoch: 1, reader: 'desk/1', bytes: bytes(900, hash) }
}

test('wraps are stored together and read one by one', async () => {
  await inTransaction(desk, (tx) => putWraps(tx, [wrap(1), wrap(2)]))
  await inTransaction(identity, (tx) => putWraps(tx, [wrap(3)]))
  await inTransaction(desk, (tx) => putWraps(tx, []))
  assert.deepEqual(await readWrap(desk, bytes(32, 1), bytes(32, 2)), bytes(900, 2))
  await assert.rejects(readWrap(desk, bytes(32, 1), bytes(32, 9)), { code: 'key-unknown' })
})

test('no wrap is replaced, and none of the statement is stored', async () => {
  const other = { ...wrap(1), bytes: bytes(900, 99) }
  const put = inTransaction(desk, (tx) => putWraps(tx, [wrap(5), other]))
  await assert.rejects(put, { code: 'key-exists' })
  assert.deepEqual(await readWrap(desk, bytes(32, 1), bytes(32, 1)), bytes(900, 1))
  await assert.rejects(readWrap(desk, bytes(32, 1), bytes(32, 5)), { code: 'key-unknown' })
})

test('a label and a vault are stored once', async () => {
  const label = { chain: bytes(32, 1), seq: 1, hash: bytes(32, 7), bytes: bytes(284, 7) }
  await inTransaction(desk, (tx) => putLabel(tx, label))
  await assert.rejects(
    inTransaction(desk, (tx) => putLabel(tx, label)),
    { code: 'key-exists' },
  )
  const vault = {
    lookup: bytes(16, 1),
    auth_hash: bytes(32, 2),
    case_id: bytes(32, 3),
    who: bytes(32, 4),
    vault: '{}',
  }
  await inTransaction(intake, (tx) => putVault(tx, vault))
  const again = { ...vault, who: bytes(32, 5) }
  await assert.rejects(
    inTransaction(intake, (tx) => putVault(tx, again)),
    { code: 'key-exists' },
  )
  const [stored] = await identity.selectFrom('keys.vault').selectAll().execute()
  assert.deepEqual(stored, { ...vault, ended: null })
})
