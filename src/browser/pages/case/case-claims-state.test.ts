import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClaimShown, ClaimsShown } from '#worker'
import { claimDoubts } from './case-claims-state.ts'

const claim: ClaimShown = {
  lookup: 'aa',
  keyWords: 'one two',
  offeredBy: { who: 'ss', name: 'mail', roles: [], trust: 'server' },
  at: '2026-11-22T12:00:00Z',
  attempts: 0,
  state: 'waiting',
}

function all(...claims: readonly Partial<ClaimShown>[]): ClaimsShown {
  const whole = claims.map((each, n) => ({ ...claim, lookup: `b${n}`, ...each }))
  return {
    claims: [claim, ...whole],
    forged: 0,
    closed: 0,
    unused: 0,
    left: 0,
    over: [],
    earlier: 0,
  }
}

const from = { shown: '', address: 'Ann@example.org', doubts: [], confirmed: true }
const mail = { envelope: 'ann@example.org', from }

function saysOf(one: ClaimShown, among: ClaimsShown): string {
  return claimDoubts(one, among, mail)
    .map(({ says }) => says)
    .join()
}

test('one claim raises no doubt', () => {
  assert.deepEqual(claimDoubts(claim, all(), mail), [])
  assert.deepEqual(claimDoubts(claim, all({ state: 'refused' }, { state: 'before' }), mail), [])
})

test('a second claim is a flag before anything is granted, and says when one was accepted', () => {
  assert.match(saysOf(claim, all({})), /Somebody else claims this case too/)
  assert.match(saysOf(claim, all({ state: 'reporter' })), /accepted already/)
})

test('later tries with the same link are a flag', () => {
  assert.match(saysOf({ ...claim, attempts: 1 }, all()), /opened once more/)
  assert.match(saysOf({ ...claim, attempts: 3 }, all()), /opened 3 times more/)
})

test('a receipt that went to another address than the author’s is a grave flag', () => {
  const others = [
    { ...mail, envelope: 'mallory@example.net' },
    { ...mail, envelope: '' },
    { ...mail, from: { ...from, address: '' } },
  ]
  for (const other of others) {
    const [doubt] = claimDoubts(claim, all(), other)
    assert.equal(doubt?.grave, true)
    assert.match(doubt?.says ?? '', /another address than the mail names/)
    const sent = { ...claim, offeredBy: { ...claim.offeredBy, trust: 'compared' as const } }
    assert.deepEqual(claimDoubts(sent, all(), other), [], 'a coordinator chose where theirs goes')
  }
})
