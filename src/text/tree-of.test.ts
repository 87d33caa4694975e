import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { safeLink } from './safe-link.ts'
import { treeOf } from './tree-of.ts'
import type { Piece, Tree } from './tree.ts'

const HOLDERS = new Set(
  'p heading em strong del blockquote ul ol li span link table tr th td'.split(' '),
)
const BITS = [
  '[',
  '](',
  ')',
  '![',
  '<',
  '>',
  '<a href="',
  '"',
  '`',
  '```',
  '\n',
  '\n\n',
  '# ',
  '> ',
  '- ',
  '1. ',
  '**',
  '_',
  '&#106;',
  ': ',
  '[a]: ',
  '[a]',
  'javascript:',
  'data:',
  'JAVASCRIPT:',
  'mailto:',
  'https://',
  '//',
  '\u202e',
  '\u200b',
  '\\',
  '<!--',
  '|',
  '|-|\n',
  '\\|',
  '    ',
  '\t',
  '***',
  '---',
]

test('thirteen attacks come out as text', () => {
  const attacks = [
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '<img src=x onerror=alert(1)>',
    '![t](https://tracker.example/p.png)',
    '<a href="https://evil.example" onclick=alert(1)>x</a>',
    '[a]: javascript:alert(1)\n\n[a]',
    '![a][b]\n\n[b]: https://tracker.example/p.png',
    '<svg><script>alert(1)</script>',
    '[x](&#106;avascript:alert(1))',
    '[x](vbscript:x)',
    '<style>*{background:url(https://t.example)}</style>',
    '[x](/desk/people "title")',
  ]
  for (const attack of attacks) {
    const pieces = harmless(attack)
    assert.ok(pieces.length > 0, attack)
    assert.ok(!kindsIn(pieces).includes('link'), attack)
  }
})

test('what a report needs is read as it is meant', () => {
  assert.deepEqual(kindsOf('# A\n\nb **c** `d`\n\n1. e\n2. f\n\n> g\n\n```\nh\n```\n\n---'), [
    'heading',
    'p',
    'strong',
    'code',
    'ol',
    'li',
    'p',
    'li',
    'p',
    'blockquote',
    'p',
    'pre',
    'hr',
  ])
  assert.deepEqual(kindsOf('a  \nb *c*'), ['p', 'br', 'em'])
  assert.deepEqual(treeOf('3. a'), [
    { is: 'ol', start: 3, inner: [{ is: 'li', inner: [{ is: 'p', inner: ['a'] }] }] },
  ])
})

test('a link keeps the address that was typed, and what leads nowhere good is text with its address', () => {
  assert.deepEqual(treeOf('[pay](https://evil.example/x)'), [
    { is: 'p', inner: [{ is: 'link', url: 'https://evil.example/x', inner: ['pay'] }] },
  ])
  assert.deepEqual(treeOf('[pay][1]\n\n[1]: https://evil.example'), [
    { is: 'p', inner: [{ is: 'link', url: 'https://evil.example', inner: ['pay'] }] },
  ])
  assert.deepEqual(treeOf('[people](/desk/people)'), [
    {
      is: 'p',
      inner: [{ is: 'span', inner: ['people', ' ', { is: 'code', text: '/desk/people' }] }],
    },
  ])
})

test('references to characters are read as they were typed, and addresses keep their &', () => {
  assert.equal(
    textOf('AT&T &lt;b&gt; &amp; &#106; `&amp; &` &nosuch;'),
    'AT&T &lt;b&gt; &amp; &#106; &amp; & &nosuch;',
  )
  assert.equal(textOf('    a && b &lt;'), 'a && b &lt;')
  assert.equal(textOf('<https://example.org/?a=1&b=2>'), 'https://example.org/?a=1&b=2')
  const addresses = [
    '[x](https://example.org/?a=1&b=2)',
    '<https://example.org/?a=1&b=2>',
    '[x]\n\n[x]: https://example.org/?a=1&b=2',
  ]
  for (const text of addresses) {
    const link = piecesIn(harmless(text)).find((piece) => kindOf(piece) === 'link')
    assert.equal(
      typeof link === 'object' && 'url' in link && link.url,
      'https://example.org/?a=1&b=2',
    )
  }
  assert.deepEqual(treeOf('![a & b](https://t.example/?a&b)'), [
    { is: 'p', inner: [{ is: 'picture', alt: 'a & b', url: 'https://t.example/?a&b' }] },
  ])
})

test('a table is a table, in a quotation and a list too, and what its cells hold is read', () => {
  const table = (...rows: readonly Tree[]) => ({
    is: 'table' as const,
    inner: rows.map((inner) => ({ is: 'tr' as const, inner })),
  })
  const th = (...inner: Tree): Piece => ({ is: 'th', inner })
  const td = (...inner: Tree): Piece => ({ is: 'td', inner })
  assert.deepEqual(harmless('above *it*\n| a | |\n|:--|--:|\n| `x \\| y` | # & |'), [
    { is: 'p', inner: ['above ', { is: 'em', inner: ['it'] }] },
    table([th('a'), td()], [td({ is: 'code', text: 'x | y' }), td('# &')]),
  ])
  const plain = table([th('a'), th('b')], [td('1'), td('2')])
  assert.deepEqual(harmless('a|b\n-|-\n1|2'), [plain])
  assert.deepEqual(harmless('> | a | b |\n> |---|---|\n> | 1 | 2 |'), [
    { is: 'blockquote', inner: [plain] },
  ])
  assert.deepEqual(kindsOf('- c\n\n  |a|b|\n  |-|-|\n  |1|2|').slice(0, 4), [
    'ul',
    'li',
    'p',
    'table',
  ])
  assert.ok(!kindsOf('|x|y|\n|-|-|\n|[p](javascript:1)|<img src=x>|').includes('link'))
})

test('a cell that was code in its paragraph holds no more pieces than a page shows', () => {
  const inCells = (pieces: number) => `| a \`\` | b |\n|-|-|\n| ${'*a* '.repeat(pieces)}| \`\` |\n`
  assert.ok(kindsOf(inCells(1000)).includes('table'))
  assert.ok(piecesIn(harmless(inCells(4000))).length < 6000)
})

test('tables that would stop the page stay lines of pipes', () => {
  const isTable = (text: string) => kindsOf(text).includes('table')
  const wide = (columns: number) =>
    ['a|', '-|', 'b|'].map((cell) => `|${cell.repeat(columns)}`).join('\n')
  assert.ok(isTable(wide(30)))
  assert.ok(!isTable(wide(10_000)))
  assert.equal(textOf(wide(10_000)).replaceAll('\n', '').length, wide(10_000).length - 2)
  assert.ok(isTable(`|a|b|\n|-|-|\n${'|1|2|\n'.repeat(400)}`))
  assert.ok(!isTable(`|a|b|\n|-|-|\n${'|1|2|\n'.repeat(20_000)}`))
  const many = kindsOf(`${wide(20)}\n\n`.repeat(200)).filter((kind) => kind === 'td')
  assert.equal(many.length, 1000)
})

test('nothing that was written is lost', () => {
  for (const text of [
    'plain',
    '<b>bold</b>',
    '| a | b |',
    '|a|b|\n|-|-|\n|c|d|e|f|',
    'x\n|a|b|\n|-|-|\n|c',
    '[^1]',
    '[ref][nowhere]',
    '- [ ] task',
  ]) {
    const shown = textOf(text)
    for (const word of text.match(/[a-z]+/g) ?? [])
      assert.ok(shown.includes(word), `${text}: ${word}`)
  }
})

test('what nests too deep becomes one text, and what is too much for a page stays as it was typed', () => {
  const deep = piecesIn(harmless(`${'> '.repeat(200)}end`))
  assert.ok(deep.length < 60)
  assert.equal(textOf(`${'> '.repeat(200)}end`), 'end')
  assert.equal(treeOf('- a\n'.repeat(5000)), null)
  assert.notEqual(treeOf('a line\n\n'.repeat(1500)), null)
})

test('no text at all gives another kind of piece or another address', () => {
  const bit = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constantFrom(...BITS))
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 24 }), (bits) => {
      harmless(bits.join(''))
    }),
    { numRuns: 1500 },
  )
})

/** The tree of the text, checked against the closed list. */
function harmless(text: string): Tree {
  const tree = treeOf(text) ?? []
  for (const piece of piecesIn(tree)) {
    const names = typeof piece === 'string' ? '' : Object.keys(piece).toSorted().join(' ')
    if (typeof piece === 'string') continue
    else if (HOLDERS.has(piece.is)) assert.match(names, /^inner is(?: start| url)?$/)
    else if (piece.is === 'code' || piece.is === 'pre') assert.equal(names, 'is text')
    else if (piece.is === 'picture') assert.equal(names, 'alt is url')
    else assert.ok(names === 'is' && (piece.is === 'hr' || piece.is === 'br'), names)
    if (piece.is === 'link') assert.match(safeLink(piece.url) ?? '', /^(https?:\/\/|mailto:)/)
    if (piece.is === 'ol') assert.ok(Number.isSafeInteger(piece.start))
  }
  // It crosses from one thread to another.
  assert.deepEqual(structuredClone(tree), tree)
  return tree
}

function kindsOf(text: string): readonly string[] {
  return kindsIn(harmless(text))
}

function kindsIn(tree: Tree): readonly string[] {
  return piecesIn(tree)
    .map(kindOf)
    .filter((kind) => kind !== '')
}

function kindOf(piece: Piece): string {
  return typeof piece === 'string' ? '' : piece.is
}

function textOf(text: string): string {
  return piecesIn(harmless(text))
    .map((piece) => (typeof piece === 'string' ? piece : 'text' in piece ? piece.text : ''))
    .join('')
}

/** In the order of reading. */
function piecesIn(tree: Tree): readonly Piece[] {
  return tree.flatMap((piece) =>
    typeof piece !== 'string' && 'inner' in piece ? [piece, ...piecesIn(piece.inner)] : [piece],
  )
}
