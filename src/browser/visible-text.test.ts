import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { visibleLine, visibleText } from './visible-text.ts'

test('a name that runs backwards shows why (R46)', () => {
  assert.equal(visibleLine('photo\u202egpj.exe'), 'photo[U+202E]gpj.exe')
  assert.equal(visibleLine('Volunteer\u200b 1'), 'Volunteer[U+200B] 1')
  assert.equal(visibleLine('a\u2066b\u2069'), 'a[U+2066]b[U+2069]')
  assert.equal(visibleLine('\ufefftext'), '[U+FEFF]text')
  assert.equal(visibleLine('tag\u{e0041}'), 'tag[U+E0041]')
  assert.equal(visibleLine('lone\ud800'), 'lone[U+D800]')
  assert.equal(visibleLine('empty\u3164\u2800'), 'empty[U+3164][U+2800]')
})

test('a name is one line, a text may have several', () => {
  assert.equal(visibleLine('a\nb\tc'), 'a[U+000A]b[U+0009]c')
  assert.equal(visibleText('a\r\nb\rc\td\u0000'), 'a\nb\nc\td[U+0000]')
})

test('letters of every script and emoji stay as they are', () => {
  for (const text of ['Ünïcødé', 'مرحبا', 'שלום', '漢字', 'e\u0301', '👩‍👩‍👧', '❤️', '👍🏽', '\ufffd']) {
    assert.equal(visibleLine(text), text)
  }
})

test('a joiner outside an emoji is shown', () => {
  assert.equal(visibleLine('a\u200db'), 'a[U+200D]b')
  assert.equal(visibleLine('a\ufe0f'), 'a[U+FE0F]')
})

test('no text keeps a character that turns others round', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(visibleText(text), /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
      assert.doesNotMatch(visibleLine(text), /\p{Cc}/u)
    }),
  )
})
