import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeliveryShown, KeyStandShown, MailPlanShown } from '#worker'
import { deliveryWords, mailedWord, waysOf, waySentence } from './leaving-words.ts'

const key: KeyStandShown = {
  state: 'none',
  fingerprint: 'ab'.repeat(20),
  hash: '',
  where: 'it stood in a mail of the reporter',
  pinned: '',
  why: 'No key was found.',
  before: '',
  asks: false,
  crowded: false,
}
const plan: MailPlanShown = {
  to: 'reporter@example.net',
  from: 'security@example.org',
  relay: true,
  plain: false,
  follows: false,
  key,
  deliveries: [],
}

test('the best way stands first, and plain words only where the case is sorted so', () => {
  const stand = (state: KeyStandShown['state'], plain = false) =>
    waysOf({ ...plan, plain, key: { ...key, state } })
  assert.deepEqual(stand('none'), ['notice', 'none'])
  assert.deepEqual(stand('first', true), ['pgp', 'notice', 'plain', 'none'])
  assert.deepEqual(stand('offered'), ['none', 'notice'], 'nothing weaker by itself')
  assert.deepEqual(stand('pinned'), ['pgp', 'notice', 'none'])
})

test('a key that changed or is gone makes no weaker way the usual one', () => {
  for (const state of ['changed', 'lost'] as const) {
    const ways = waysOf({ ...plan, plain: true, key: { ...key, state } })
    assert.equal(ways[0], 'none')
    assert.ok(!ways.includes('pgp'))
  }
})

test('without an address or a desk that sends mail nothing leaves', () => {
  assert.deepEqual(waysOf({ ...plan, to: '' }), ['none'])
  assert.deepEqual(waysOf({ ...plan, from: '' }), ['none'])
})

test('whoever holds no words is told of a link, and the member of when they read', () => {
  assert.match(waySentence(plan, 'notice'), /link to claim the case.*key words were compared/)
  assert.doesNotMatch(waySentence({ ...plan, follows: true }, 'notice'), /claim/)
})

test('a foreign address is shown, and not obeyed', () => {
  assert.ok(!waySentence({ ...plan, to: 'a\u202eb@example.net' }, 'notice').includes('\u202e'))
})

test('what became of a mail is said for whom it matters', () => {
  const words = (state: string, answer = '', relay = true) => {
    const delivery: DeliveryShown = {
      kind: 'answer',
      state,
      answer,
      at: '',
      statement: '',
      next: '',
    }
    return deliveryWords(delivery, relay)
  }
  assert.equal(words('sent', '250 2.0.0'), 'left')
  assert.match(words('dead', '550 5.1.1'), /550 5\.1\.1\): this person did not get it/)
  assert.equal(words('dead', 'hour'), 'was not written: too many in that hour')
  assert.match(words('bounced', '5.2.2'), /did not get it/)
  assert.match(words('expired'), /five days/)
  assert.match(words('waiting', '', false), /no relay/)
  assert.match(words('waiting', 'unreachable'), /relay is not reached/)
})

test('an answer that nobody got is none', () => {
  const after = (kind: string, state: string) =>
    mailedWord({
      ...plan,
      deliveries: [{ kind, state, at: '', answer: '', statement: '', next: '' }],
    })
  assert.equal(after('answer', 'sent'), 'left by mail')
  assert.equal(after('answer', 'dead'), 'none yet')
  assert.equal(after('receipt', 'sent'), 'none yet')
  assert.equal(after('notice', 'waiting'), 'a notice left')
  assert.equal(mailedWord({ ...plan, to: '' }), undefined)
})
