import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchAfter, headsOf } from './fetch-chain.ts'
import { trialApi } from './trial-desk.ts'

/* The pages of a chain, whichever comes first, and whatever is said of its length. */

const PAGE = 500

type Asked = { readonly after: number; readonly limit: number | undefined }

/** A chain of this many statements; `fit` is what the server puts into a page at most. */
function serverOf(
  length: number,
  { fit = PAGE, late = () => 0 }: { fit?: number; late?: (after: number) => number } = {},
) {
  const asked: Asked[] = []
  let waiting = 0
  let most = 0
  const api = trialApi(async (_, { query }) => {
    const [after, limit] = [Number(query?.['after']), query?.['limit']]
    asked.push({ after, limit: limit === undefined ? undefined : Number(limit) })
    most = Math.max(most, ++waiting)
    await new Promise((done) => setTimeout(done, late(after)))
    waiting -= 1
    const end = Math.min(length, after + 1 + Math.min(fit, Number(limit ?? PAGE)))
    const places = Array.from({ length: Math.max(0, end - after - 1) }, (_, n) => after + 1 + n)
    const statements = places.map((seq) => {
      const statement = { head: `not a head ${seq}`, sig: '' }
      return { statement, accepted: statement }
    })
    return { statements, more: end < length }
  })
  return { line: { api, verify: undefined }, asked, most: () => most }
}

async function placesOf(entries: ReturnType<typeof fetchAfter>): Promise<readonly number[]> {
  return (await entries).map(({ begun }) => Number(begun.statement.head.split(' ').at(-1)))
}

const upTo = (length: number) => Array.from({ length }, (_, seq) => seq)

test('pages that are asked for side by side stand in the order of the chain, the first one last', async () => {
  const { line, asked, most } = serverOf(1003, { late: (after) => (after < 0 ? 30 : 1) })
  assert.deepEqual(await placesOf(fetchAfter(line, 'c', -1, 1002)), upTo(1003))
  assert.deepEqual(
    asked.map(({ after }) => after),
    [-1, 249, 499, 749, 999],
  )
  assert.equal(most(), 5)
})

test('a server that puts less into a page than was asked for leaves no gap, and doubles nothing', async () => {
  const { line } = serverOf(900, { fit: 70 })
  assert.deepEqual(await placesOf(fetchAfter(line, 'c', -1, 899)), upTo(900))
})

test('a chain that is longer or shorter than was said comes whole', async () => {
  for (const said of [-1, 3, 400, 700, 5000])
    assert.deepEqual(await placesOf(fetchAfter(serverOf(650).line, 'c', -1, said)), upTo(650))
})

test('a length that is only said makes few requests at once, and a short one a single request', async () => {
  const long = serverOf(10, { late: () => 5 })
  await fetchAfter(long.line, 'c', -1, 1_000_000)
  assert.equal(long.most(), 8)
  const short = serverOf(10)
  await fetchAfter(short.line, 'c', -1, 9)
  assert.deepEqual(short.asked, [{ after: -1, limit: undefined }])
})

test('only what follows on a known place is asked for', async () => {
  const { line, asked } = serverOf(1003)
  assert.deepEqual(await placesOf(fetchAfter(line, 'c', 1001)), [1002])
  assert.deepEqual(asked, [{ after: 1001, limit: undefined }])
})

test('a page that does not come fails the whole, and only that', async () => {
  const { line } = serverOf(1003)
  const { call } = line.api
  const api = trialApi((name, given) => {
    if (given.query?.['after'] === 499) return Promise.reject(new Error('cut off'))
    return call(name as 'readCaseChain', given as Parameters<typeof call<'readCaseChain'>>[1])
  })
  await assert.rejects(fetchAfter({ api, verify: undefined }, 'c', -1, 1002), /cut off/)
})

test('what is no head is passed over by whoever only looks ahead', async () => {
  assert.deepEqual(headsOf(await fetchAfter(serverOf(5).line, 'c', -1)), [])
})
