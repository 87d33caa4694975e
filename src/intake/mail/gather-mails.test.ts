import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gathering } from './gather-mails.ts'

/** Numbers for mails: what is filed together takes a moment, and fails where somebody says so. */
function door(fails: (group: readonly number[]) => boolean = () => false) {
  const groups: (readonly number[])[] = []
  const single: number[] = []
  let running = 0
  const file = gathering<number, string>({
    most: 4,
    together: async (group) => {
      assert.equal(++running, 1, 'two groups at once')
      groups.push(group)
      await pause(5)
      running--
      if (fails(group)) throw new RangeError('a group that fails')
      return 'together'
    },
    alone: async (one) => {
      single.push(one)
      await pause(1)
      if (one < 0) throw new RangeError(`no ${one}`)
      return 'alone'
    },
  })
  return { file, groups, single }
}

test('who comes to an idle door is filed at once, and who comes meanwhile goes together', async () => {
  const { file, groups } = door()
  assert.equal(await file(1), 'together')
  await pause(1)
  const all = [2, 3, 4, 5, 6, 7, 8].map(file)
  await Promise.all(all)
  await pause(1)
  await file(9)
  assert.deepEqual(groups, [[1], [2], [3, 4, 5, 6], [7, 8], [9]])
})

test('no mail fails for the sake of another: each of a group that fails is filed alone', async () => {
  const { file, groups, single } = door((group) => group.includes(-3))
  const done = await Promise.allSettled([1, 2, -3, 4].map(file))
  assert.deepEqual(
    done.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
    ['together', 'alone', 'RangeError: no -3', 'alone'],
  )
  assert.deepEqual(groups, [[1], [2, -3, 4]])
  assert.deepEqual(single, [2, -3, 4])
  // And the door is open still.
  assert.equal(await file(5), 'together')
})
