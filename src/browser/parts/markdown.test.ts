import '../../../tools/tsx-hook.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isValidElement, type ComponentChildren, type VNode } from 'preact'

const { markdownNodes } = await import('./markdown.tsx')

const ELEMENTS = new Set(
  'p h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li hr br a span div'.split(' '),
)
const PROPS = new Set('children dir start href rel target class tabIndex'.split(' '))
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
  '    ',
  '\t',
  '***',
  '---',
]
const HIDDEN = /(?![\n\t])[\p{Cf}\p{Cc}]/u

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
    const nodes = harmless(attack)
    assert.ok(nodes.length > 0, attack)
    assert.ok(!nodes.some(({ type }) => type === 'a'), attack)
  }
})

test('what a report needs is shown as it is meant', () => {
  assert.deepEqual(typesOf('# A\n\nb **c** `d`\n\n1. e\n2. f\n\n> g\n\n```\nh\n```\n\n---'), [
    'h3',
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
    'code',
    'hr',
  ])
  assert.deepEqual(typesOf('a  \nb *c*'), ['p', 'br', 'em'])
  assert.deepEqual(typesOf('###### deep\n\n# high', 5), ['h5', 'h5'])
})

test('a link says where it leads', () => {
  assert.equal(textOf('[pay](https://evil.example/x)'), 'pay (evil.example)')
  assert.equal(
    textOf('[https://bank.example](https://evil.example)'),
    'https://bank.example (evil.example)',
  )
  assert.equal(textOf('<https://example.org/x>'), 'https://example.org/x')
  const link = harmless('[pay][1]\n\n[1]: https://evil.example').find(({ type }) => type === 'a')
  const { rel, target } = propsOf(link)
  assert.deepEqual({ rel, target }, { rel: 'noreferrer noopener', target: '_blank' })
})

test('hidden characters are shown, in text, code, links and pictures', () => {
  assert.equal(textOf('a\u202eb `c\u200bd`'), 'a[U+202E]b c[U+200B]d')
  assert.match(textOf('![a\u202e](https://t.example)'), /\[U\+202E\]/)
  assert.match(textOf('[x](javascript:\u202ealert)'), /%E2%80%AE|\[U\+202E\]/)
})

test('references to characters are shown as they were typed, and addresses keep their &', () => {
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
    const link = harmless(text).find(({ type }) => type === 'a')
    assert.equal(propsOf(link)['href'], 'https://example.org/?a=1&b=2')
  }
  assert.match(textOf('![a & b](https://t.example/?a&b)'), /a & b .*\?a&b\]/)
})

test('nothing that was written is lost', () => {
  for (const text of [
    'plain',
    '<b>bold</b>',
    '| a | b |',
    '[^1]',
    '[ref][nowhere]',
    '- [ ] task',
  ]) {
    const shown = textOf(text)
    for (const word of text.match(/[a-z]+/g) ?? [])
      assert.ok(shown.includes(word), `${text}: ${word}`)
  }
})

test('texts made to hold the page are shown as they were typed', () => {
  const attacks = [
    ...['>', '[', '- ', '*a_', 'a**b', '_a*b ', '<', '`a ', '* * * a\n', '- a\n', '[a]('].map(
      (bit) => bit.repeat(40_000 / bit.length),
    ),
    'x'.repeat(200_000),
  ]
  for (const attack of attacks) {
    const begin = performance.now()
    harmless(attack)
    const took = performance.now() - begin
    assert.ok(took < 1000, `${attack.slice(0, 3)} took ${String(took)} ms`)
  }
})

test('no text at all gives another element, another attribute or another address', () => {
  const bit = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constantFrom(...BITS))
  fc.assert(
    fc.property(fc.array(bit, { maxLength: 24 }), (bits) => {
      harmless(bits.join(''))
    }),
    { numRuns: 1500 },
  )
})

/** Every vnode of the text, checked against the closed lists. */
function harmless(text: string, level?: number): readonly VNode[] {
  const found = nodesIn(markdownNodes(text, level))
  for (const node of found.nodes) {
    assert.ok(
      typeof node.type === 'string' && ELEMENTS.has(node.type),
      `element ${String(node.type)}`,
    )
    const props = propsOf(node)
    for (const name of Object.keys(props)) assert.ok(PROPS.has(name), `attribute ${name}`)
    if (node.type === 'a') assert.match(String(props['href']), /^(https?:\/\/|mailto:)/)
    else assert.equal(props['href'], undefined)
  }
  assert.doesNotMatch(found.text, HIDDEN)
  return found.nodes
}

function typesOf(text: string, level?: number): readonly unknown[] {
  return harmless(text, level).map(({ type }) => type)
}

function textOf(text: string): string {
  harmless(text)
  return nodesIn(markdownNodes(text)).text
}

function nodesIn(children: ComponentChildren): {
  readonly nodes: readonly VNode[]
  readonly text: string
} {
  const nodes: VNode[] = []
  let text = ''
  const visit = (child: unknown): void => {
    if (Array.isArray(child)) for (const one of child) visit(one)
    else if (isValidElement(child)) {
      nodes.push(child)
      visit(propsOf(child)['children'])
    } else if (typeof child === 'string' || typeof child === 'number') text += String(child)
    else
      assert.ok(
        child === null || child === undefined || typeof child === 'boolean',
        'an object as text',
      )
  }
  visit(children)
  return { nodes, text: text.replaceAll(/\p{Extended_Pictographic}[\ufe0f\u200d]+/gu, '') }
}

function propsOf(node: VNode | undefined): Readonly<Record<string, unknown>> {
  return node?.props ?? {}
}
