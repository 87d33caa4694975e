import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRateLimit, USUAL_LIMITS } from './rate-limit.ts'

/* R17. What is guessed: a login, words of a receipt, an invitation. The numbers are those of every desk. */

for (const kind of ['login', 'follow', 'join'] as const)
  test(`of a thousand guesses at once (${kind}) sixty are heard at most, and as many in each later minute`, () => {
    let now = 0
    const random = (length: number) => new Uint8Array(length)
    const limit = createRateLimit(USUAL_LIMITS, { clock: () => now, random })
    const heard = () => {
      let count = 0
      for (let n = 0; n < 1000; n++)
        try {
          limit(kind, '192.0.2.1')
          count++
        } catch {
          // Slowed down: 429.
        }
      return count
    }
    const first = heard()
    assert.ok(first >= 1 && first <= 60, `${first} at once`)
    assert.equal(heard(), 0)
    now += 60_000
    assert.ok(heard() <= 60, 'a minute later')
  })
