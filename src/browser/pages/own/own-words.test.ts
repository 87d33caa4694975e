import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnWays } from '#worker'
import { freeLabel, ownWarnings, passphraseErrors, removalWords } from './own-words.ts'

const at = '2026-11-21T10:00:00Z'
const passkey = (id: string, unlocks = true) => ({
  id,
  label: id,
  added: at,
  used: '',
  synced: false,
  unlocks,
})
const ways = (passkeys: OwnWays['passkeys'], recovery: boolean): OwnWays => ({
  passkeys,
  recovery,
  renew: false,
  request: undefined,
  address: '',
  notices: 'once',
  sessions: [],
})
const titles = (own: OwnWays) => ownWarnings(own).map(({ title }) => title)

test('two passkeys and words need no warning; each thing that is missing has its own', () => {
  assert.deepEqual(titles(ways([passkey('a'), passkey('b')], true)), [])
  assert.deepEqual(titles(ways([passkey('a')], true)), ['You have one passkey.'])
  assert.deepEqual(titles(ways([passkey('a'), passkey('b')], false)), [
    'You have no recovery words.',
  ])
  assert.deepEqual(titles(ways([], true)), ['You have no passkey.'])
  assert.deepEqual(titles(ways([passkey('a')], false)), ['You have one way in by browser.'])
  assert.equal(ownWarnings(ways([], false))[0]?.tone, 'late')
})

test('passkeys that open nothing by themselves are said so', () => {
  const own = ways([passkey('a', false), passkey('b', false)], true)
  assert.deepEqual(titles(own), ['None of your passkeys opens the desk by itself.'])
})

test('the last passkey stays, and removing the last that opens says what remains', () => {
  assert.equal(removalWords(ways([passkey('a')], true), 'a').allowed, false)
  const mixed = ways([passkey('a'), passkey('b', false)], true)
  assert.match(removalWords(mixed, 'a').says, /recovery words each time/)
  assert.doesNotMatch(removalWords(mixed, 'b').says, /recovery words/)
})

test('no two passkeys get one name', () => {
  assert.equal(freeLabel('Mac', ['Security key']), 'Mac')
  assert.equal(freeLabel('Mac', ['Mac', 'Mac 2']), 'Mac 3')
})

test('a passphrase is long and typed twice', () => {
  assert.ok(passphraseErrors('short', 'short').first)
  assert.ok(passphraseErrors('correct horse battery', 'correct horse batter').second)
  assert.deepEqual(passphraseErrors('correct horse battery', 'correct horse battery'), {})
})
