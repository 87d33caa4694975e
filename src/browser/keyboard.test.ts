import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Binding, bindKeys, boundKeys, nameOf, type Press, reactionTo } from './keyboard.ts'

const place = { writing: false, singleKeys: true, pending: '' }

test('a key does its act', () => {
  assert.deepEqual(done(press('j'), place), ['j'])
  assert.deepEqual(done(press('X', { shift: true }), place), ['shift+x'])
  assert.deepEqual(done(press('?', { shift: true }), place), ['?'])
  assert.deepEqual(done(press('z'), place), [])
})

test('in a field single keys are dead, and those with Ctrl are not', () => {
  const writing = { ...place, writing: true }
  assert.deepEqual(done(press('j'), writing), [])
  assert.deepEqual(done(press('Enter'), writing), [])
  assert.deepEqual(done(press('k', { ctrl: true }), writing), ['ctrl+k'])
})

test('switched off, letters need Alt; named keys do not', () => {
  const off = { ...place, singleKeys: false }
  assert.deepEqual(done(press('j'), off), [])
  assert.deepEqual(done(press('j', { alt: true }), off), ['j'])
  // On some keyboards Alt makes another letter; the key is the same.
  assert.deepEqual(done(press('∆', { alt: true, code: 'KeyJ' }), off), ['j'])
  assert.deepEqual(done(press('Enter'), off), ['enter'])
})

test('switched on, Alt belongs to the browser', () => {
  assert.deepEqual(done(press('j', { alt: true }), place), [])
})

test('the first key of two waits for the second', () => {
  assert.deepEqual(reactionTo(press('g'), place, [bindings([])]), { pending: 'g' })
  assert.deepEqual(done(press('q'), { ...place, pending: 'g' }), ['g q'])
  assert.deepEqual(done(press('j'), { ...place, pending: 'g' }), [])
})

test('the newest layer wins, and goes when its page goes', () => {
  const did: string[] = []
  const older: readonly Binding[] = [{ keys: 'j', act: () => did.push('older') }]
  const newer: readonly Binding[] = [{ keys: 'j', act: () => did.push('newer') }]
  const reaction = reactionTo(press('j'), place, [older, newer])
  if (reaction !== undefined && 'act' in reaction) reaction.act()
  assert.deepEqual(did, ['newer'])
  const stopOlder = bindKeys(older)
  const stopNewer = bindKeys(newer)
  assert.equal(boundKeys().get('j'), newer[0]?.act)
  stopNewer()
  assert.equal(boundKeys().get('j'), older[0]?.act)
  stopOlder()
  assert.equal(boundKeys().size, 0)
})

test('keys are named as the list of keys names them', () => {
  assert.equal(nameOf(press('Enter', { ctrl: true })), 'ctrl+enter')
  assert.equal(nameOf(press('Escape')), 'escape')
  assert.equal(nameOf(press(' ')), 'space')
})

function press(key: string, more: Partial<Press> = {}): Press {
  return { key, code: `Key${key.toUpperCase()}`, ctrl: false, shift: false, alt: false, ...more }
}

function bindings(did: string[]): readonly Binding[] {
  const all = ['j', 'shift+x', '?', 'enter', 'escape', 'ctrl+k', 'g q']
  return all.map((keys) => ({ keys, act: () => void did.push(keys) }))
}

function done(pressed: Press, where: typeof place): string[] {
  const did: string[] = []
  const reaction = reactionTo(pressed, where, [bindings(did)])
  if (reaction !== undefined && 'act' in reaction) reaction.act()
  return did
}
