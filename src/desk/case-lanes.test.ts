import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bytesOfHex } from '#lexicon'
import { sql } from '#store'
import { asOwner, deskDepsOf, newHouse } from '../../stories/house.ts'
import type { Actor } from '../../stories/world.ts'
import { type CaseQuery, countCases, type DeskDeps, listCases, type Party } from './index.ts'

/*
 * A desk after many years: 100,000 cases, most of them closed. PostgreSQL counts the rows that it reads,
 * so this measures what a page costs and does not trust a plan.
 */

const ALL = 100_000
const CLOSED = 70_000
const house = await newHouse()
const { world, database } = house
const deps = deskDepsOf(house)
after(() => database.close())

before(async () => {
  const [mine, maintainer] = [world.coordinator, world.maintainer].map(({ signer }) =>
    Buffer.from(bytesOfHex(signer.who)),
  )
  await asOwner(
    house,
    `insert into desk."case" (id, number, source, received, last_seq, state, sort, acknowledged, closed, title_seq, taken, held)
     select sha256(n::text::bytea), n::text, case when n % 50 = 0 then 'assessment' else 'web' end,
       timestamptz '2026-01-01Z' + n * interval '1 minute', 3,
       case when n <= ${CLOSED} then 'closed' when n % 30 = 8 then 'waiting' else 'open' end,
       case when n > ${CLOSED} and n % 600 = 9 then 'public' when n % 1400 = 3 then 'duplicate' else 'invalid' end,
       case when n <= ${CLOSED} or n % 3 > 0 then timestamptz '2026-06-01Z' end,
       case when n <= ${CLOSED} then timestamptz '2026-07-01Z' + (n % 777) * interval '1 hour' end,
       3, case when n % 150 = 8 and n > ${CLOSED} then $1::bytea end,
       case when n > ${CLOSED} and n % 100 = 1 then 'spam' else '' end
     from generate_series(1, ${ALL}) n`,
    [mine],
  )
  await asOwner(
    house,
    `insert into desk.statement (chain, seq, id, type, head, sig, accepted)
     select id, 3, sha256(id), 'case.title', '{}', decode(repeat('ab', 64), 'hex'), received from desk."case"`,
  )
  await asOwner(
    house,
    `insert into keys.label (chain, seq, hash, bytes) select id, 3, id, decode(repeat('cd', 284), 'hex') from desk."case"`,
  )
  // Fifty cases, one of them closed, somewhere in the middle.
  await asOwner(
    house,
    `insert into desk.reader (case_id, circle, epoch, who)
     select id, 'p-numpy', 1, $1::bytea from desk."case"
     where received >= (select received from desk."case" where number = '${CLOSED}') order by received limit 50`,
    [maintainer],
  )
  await asOwner(house, 'analyze')
})

const LANES = ['all', 'new', 'mine', 'waiting', 'closed', 'held'] as const
const PAGE = 100

for (const lane of LANES)
  test(`a page of the lane ${lane} reads about as many rows as it has, at its beginning and in its middle`, async () => {
    let after: string | undefined
    for (let page = 0; page < 3; page++) {
      const query: CaseQuery = { lane, limit: PAGE, after }
      const { result, read } = await counted((db) =>
        listCases({ ...deps, db }, member(world.coordinator), query),
      )
      assert.ok(result.cases.length === PAGE || lane === 'mine')
      assert.ok(read.cases <= 3 * PAGE, `page ${page} of ${lane} read ${read.cases} cases`)
      assert.ok(read.titles <= 3 * PAGE, `page ${page} of ${lane} read ${read.titles} titles`)
      after = result.next
      if (after === undefined) break
    }
  })

test('a sort that is rare in a lane is found without reading the lane', async () => {
  for (const [lane, sort, there] of [
    ['all', 'public', 50],
    ['new', 'public', 50],
    ['closed', 'duplicate', 50],
  ] as const) {
    const query: CaseQuery = { lane, sort, limit: PAGE }
    const { result, read } = await counted((db) =>
      listCases({ ...deps, db }, member(world.coordinator), query),
    )
    assert.equal(result.cases.length, there)
    assert.ok(read.cases <= 3 * PAGE, `${lane} by ${sort} read ${read.cases} cases`)
  }
})

test('somebody with few cases costs few rows, wherever these stand', async () => {
  const party = member(world.maintainer)
  for (const lane of LANES) {
    const query: CaseQuery = { lane, limit: PAGE }
    const { result, read } = await counted((db) => listCases({ ...deps, db }, party, query))
    assert.ok(result.cases.length > 0 || ['mine', 'waiting', 'held'].includes(lane), lane)
    assert.ok(read.cases <= 300, `${lane} read ${read.cases} cases`)
  }
  const { result, read } = await counted((db) => countCases({ ...deps, db }, party))
  assert.deepEqual([result.all + result.closed + result.held, result.mine], [50, 0])
  assert.ok(read.cases <= 5 * 300, `counting read ${read.cases} cases`)
})

test('counting stops at a thousand, and reads no more', async () => {
  const { result, read } = await counted((db) =>
    countCases({ ...deps, db }, member(world.coordinator)),
  )
  assert.deepEqual(result, {
    all: 1000,
    new: 1000,
    mine: 200,
    waiting: 1000,
    closed: 1000,
    held: 300,
  })
  assert.ok(read.cases <= 6000, `read ${read.cases} cases`)
})

/** What `work` read of the tables: entries of indexes, and rows of sequential scans. */
async function counted<T>(work: (db: DeskDeps['db']) => Promise<T>) {
  return deps.db.connection().execute(async (db) => {
    const flush = () => sql`select pg_stat_force_next_flush()`.execute(db)
    await flush()
    const before = await readings()
    const result = await work(db)
    await flush()
    const after = await readings()
    const read = { cases: after.cases - before.cases, titles: after.titles - before.titles }
    return { result, read }
  })
}

async function readings() {
  const rows = await asOwner(
    house,
    `select t.relname as name, (t.seq_tup_read + sum(i.idx_tup_read))::float8 as read
     from pg_stat_user_tables t join pg_stat_user_indexes i using (relid)
     where t.schemaname || '.' || t.relname in ('desk.case', 'desk.statement', 'keys.label')
     group by t.relid, t.relname, t.seq_tup_read`,
  )
  const of = (name: string) => Number(rows.find((row) => row['name'] === name)?.['read'] ?? 0)
  return { cases: of('case'), titles: of('statement') + of('label') }
}

function member({ signer }: Actor): Party {
  return { kind: 'member', who: signer.who }
}
