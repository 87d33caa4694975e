import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeOf } from '#lexicon'
import { appendDesk, newWorld } from '../../stories/world.ts'
import { demandReplaces, replacedWords } from './replaced-release.ts'

const PATH = 'directory/index.json'

test('a new version names the one that was looked at, and not one that came in between', async () => {
  const world = await newWorld()
  const view = () => ({ directory: world.directory, clock: () => world.now })
  const release = async (digit: string, doc: string): Promise<string> =>
    appendDesk(world, world.coordinator.signer, {
      type: 'release',
      path: PATH,
      sha256: digit.repeat(64),
      licence: 'CC0-1.0',
      not_before: timeOf(0),
      doc,
    })
  demandReplaces(view(), PATH, undefined)
  assert.match(replacedWords(view(), PATH), /Nothing is released/)
  assert.throws(() => demandReplaces(view(), PATH, 'a'.repeat(16)), { code: 'conflict' })
  const first = await release('a', '')
  assert.throws(() => demandReplaces(view(), PATH, undefined), {
    name: 'UsageError',
    message: new RegExp(`--replaces ${first.slice(0, 16)}`),
  })
  for (const name of [first, first.slice(0, 16)]) demandReplaces(view(), PATH, name)
  for (const name of ['', first.slice(0, 15), `${first}0`])
    assert.throws(() => demandReplaces(view(), PATH, name), { code: 'conflict' }, name)
  const second = await release('b', first)
  assert.throws(() => demandReplaces(view(), PATH, first.slice(0, 16)), { code: 'conflict' })
  assert.match(replacedWords(view(), PATH), new RegExp(second.slice(0, 16)))
})
