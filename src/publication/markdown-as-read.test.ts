import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markdownAsRead } from './markdown-as-read.ts'
import { renderMarkdown } from './render-markdown.ts'

test('what a page shows is what is looked through, however it was written', () => {
  for (const written of [
    'alice\\@example.org',
    'alice&#64;example.org',
    'alice&commat;example.org',
    '*alice*@example.org',
    'al**ice**@example.org',
    '`alice@example.org`',
    '[us](mailto:alice%40example.org)',
    '[us](mailto:%61lice%40example%2Eorg)',
    '[us](mailto:alice%40example.org%ff)',
    '[us](/a "alice&#64;example.org")',
    '[us][a]\n\n[a]: mailto:alice&#64;example.org',
    '# alice\\@example.org',
    '    alice@example.org',
    '> - alice\\@example.org',
  ])
    assert.match(markdownAsRead(written), /alice@example\.org/, written)
  assert.equal(markdownAsRead('a &lt;b&gt; <i>c</i>'), 'a <b> <i>c</i>')
  assert.match(markdownAsRead('a &#x202E; b'), /\u202e/)
  assert.throws(() => markdownAsRead('*a_ '.repeat(8192)), { code: 'document' })
})

test('a sign without a shape is shown by its number, also when it was written as a reference', () => {
  for (const [written, shown] of [
    ['a &#x202E; b', '[U+202E]'],
    ['a &zwj; b', '[U+200D]'],
    ['# a &#x3164; b', '[U+3164]'],
    ['## a &#x61C; b', '[U+061C]'],
    ['[a](/b "&#xFE0F;")', '[U+FE0F]'],
  ] as const) {
    const { body, title } = renderMarkdown(written)
    assert.ok((title + body.text).includes(shown), body.text)
    assert.doesNotMatch(title + body.text, /\p{Cf}|\u3164|\ufe0f/u)
  }
})
