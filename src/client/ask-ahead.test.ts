import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseHead } from '#seal'
import { askForKeys, withAhead } from './ask-ahead.ts'
import type { FetchedCase } from './case-view.ts'
import { trialApi } from './trial-desk.ts'

/** A line that counts what goes over it; the first `broken` answers do not come. */
function lineOf(broken = 0) {
  const asked: string[] = []
  const api = trialApi(async (_, given) => {
    const { params } = given as { readonly params: { readonly blob: string } }
    asked.push(params.blob)
    if (asked.length <= broken) throw new Error('cut off')
    return { bytes: `${params.blob} ${asked.length}` }
  })
  return { asked, api: withAhead(api) }
}

const read = ({ api }: ReturnType<typeof lineOf>, blob: string) =>
  api.call('readBlob', { params: { id: 'case', blob } })

test('what was asked for ahead is handed out once, and asked for anew after that', async () => {
  const line = lineOf()
  line.api.ahead('case', 'a')
  line.api.ahead('case', 'a')
  assert.deepEqual(line.asked, ['a'])
  assert.deepEqual(await read(line, 'a'), { bytes: 'a 1' })
  assert.deepEqual(await read(line, 'a'), { bytes: 'a 2' })
  // The same blob of another case is another question.
  line.api.ahead('other', 'a')
  assert.deepEqual(await read(line, 'a'), { bytes: 'a 4' })
})

test('what did not come ahead is asked for again by whoever needs it', async () => {
  const line = lineOf(1)
  line.api.ahead('case', 'a')
  assert.deepEqual(await read(line, 'a'), { bytes: 'a 2' })
  const gone = lineOf(2)
  gone.api.ahead('case', 'a')
  await assert.rejects(read(gone, 'a'), /cut off/)
})

test('what nobody takes does not pile up', () => {
  const line = lineOf()
  for (let n = 0; n < 100; n++) line.api.ahead('case', String(n))
  assert.equal(line.asked.length, 32)
})

test('the newest wraps to this person are asked for; those to the desk, and the title, only by a coordinator', async () => {
  const heads = [
    keyOf('me', 'old'),
    keyOf('me', 'mine'),
    keyOf('another', 'theirs'),
    keyOf('desk/1', 'desk-1'),
    keyOf('desk/2', 'desk-2'),
    keyOf('desk/3', 'desk-3'),
    { type: 'case.title', label: { blob: 'first title' } },
    { type: 'case.title', label: { blob: 'title' } },
  ]
  const fetched = fetchedOf(heads)
  const coordinator = lineOf()
  await askForKeys(coordinator.api, fetched, { who: 'me', coordinator: true })
  assert.deepEqual(coordinator.asked, ['mine', 'desk-1', 'desk-2', 'desk-3', 'title'])
  const maintainer = lineOf()
  await askForKeys(maintainer.api, fetched, { who: 'me', coordinator: false })
  assert.deepEqual(maintainer.asked, ['old', 'mine'])
})

function keyOf(to: string, blob: string) {
  return { type: 'case.key', wraps: [{ to, blob }] }
}

/** As much of a chain as is looked at; its last statement is none. */
function fetchedOf(heads: readonly object[]): FetchedCase {
  const statement = { head: '', sig: '' }
  const unread = () => {
    throw new Error('no head')
  }
  const entries = [...heads.map((head) => () => head as CaseHead), unread].map((read) => ({
    begun: { statement, read, id: async () => '', isSigned: async () => false },
    accepted: statement,
  }))
  return { id: 'case', known: undefined, entries: Promise.resolve(entries) }
}
