import assert from 'node:assert/strict'
import { test } from 'node:test'
import { markdownFault } from './markdown-bounds.ts'
import { renderMarkdown } from './render-markdown.ts'

const KIB = 1024
const filled = (unit: string, size: number) => unit.repeat(Math.floor(size / unit.length))

test('what was made to keep the renderer busy is refused before it runs, with the line', () => {
  for (const [source, why] of [
    [filled('*a_ ', 32 * KIB), /Line 1: more than 600 marks/],
    [`a\n\n${filled('_a*b', 32 * KIB)}`, /Line 3: more than 600 marks/],
    [filled('*a\n', 5 * KIB), /Line 601: more than 600 marks/],
    [filled('[', 4 * KIB), /marks/],
    [filled('[a](', 4 * KIB), /marks/],
    [filled('>- ', 600), /Line 1: quotes and lists stand more than 8 deep/],
    [filled('1. ', 600), /deep/],
    [`a\n${'>'.repeat(9)} b`, /Line 2: .*deep/],
    [filled(`${'1. '.repeat(8)}\n`, 8 * KIB), /more than 2000 quotes/],
    [`${' '.repeat(33)}- a`, /indented/],
    [`${'\t'.repeat(9)}- a`, /indented/],
    [filled('a\n-\n', 16 * KIB), /more than 2000 lines/],
    [filled('a\r', 16 * KIB), /more than 2000 lines/],
    ['a'.repeat(64 * KIB + 1), /longer than 64 KiB/],
  ] as const) {
    assert.match(markdownFault(source) ?? '', why, source.slice(0, 20))
    const before = performance.now()
    assert.throws(() => renderMarkdown(source))
    assert.ok(performance.now() - before < 500)
  }
})

test('a long guide is none of that', () => {
  const part =
    '## A part\n\nSome **words**, `code` and [a link](https://example.org/).\n\n- one\n  - two\n\n> quoted\n\n'
  const guide = filled(part, 16 * KIB)
  assert.equal(markdownFault(guide), undefined)
  assert.equal(markdownFault('*'.repeat(700)), undefined, 'a run is one mark')
  assert.equal(markdownFault(filled('- a *b* [c](/d/)\n', KIB)), undefined)
  assert.ok(renderMarkdown(guide).parts.length > 100)
})

test('as much as the bounds allow is rendered in a bearable time', () => {
  for (const block of [
    `${filled('*a_ ', 289 * 4)}\n\n`,
    `${filled('[a](b) ', 119 * 7)}\n\n`,
    `${'1. '.repeat(8)}\n`,
    '>- >- >- >- \n\n',
  ]) {
    let source = ''
    for (let n = 1; markdownFault(block.repeat(n)) === undefined; n++) source = block.repeat(n)
    assert.ok(source.length > 4 * block.length)
    const before = performance.now()
    renderMarkdown(source)
    const took = performance.now() - before
    assert.ok(took < 8000, `${block.slice(0, 12)} took ${Math.round(took)} ms`)
  }
})
