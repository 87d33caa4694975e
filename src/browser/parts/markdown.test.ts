import '../../../tools/tsx-hook.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isValidElement, type ComponentChildren, type VNode } from 'preact'
import type { Piece, Tree } from '#text'

const { markdownNodes } = await import('./markdown.tsx')

const ELEMENTS = new Set(
  'p h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li hr br a span div table thead tbody tr th td'.split(
    ' ',
  ),
)
const PROPS = new Set(
  'children dir start href rel target class tabIndex role aria-label scope'.split(' '),
)
const HIDDEN = /(?![\n\t])[\p{Cf}\p{Cc}]/u

test('each piece has its element', () => {
  const tree: Tree = [
    { is: 'heading', inner: ['A'] },
    { is: 'p', inner: ['b ', { is: 'strong', inner: ['c'] }, { is: 'code', text: 'd' }] },
    { is: 'ol', start: 3, inner: [{ is: 'li', inner: ['e'] }] },
    { is: 'blockquote', inner: [{ is: 'em', inner: ['g'] }] },
    { is: 'pre', text: 'h' },
    { is: 'hr' },
    { is: 'br' },
  ]
  const types = [
    'h3',
    'p',
    'strong',
    'code',
    'ol',
    'li',
    'blockquote',
    'em',
    'pre',
    'code',
    'hr',
    'br',
  ]
  assert.deepEqual(
    harmless(tree).map(({ type }) => type),
    types,
  )
  const list = harmless(tree).find(({ type }) => type === 'ol')
  assert.equal(propsOf(list)['start'], 3)
})

test('a table has a head, and a box of its own that the keyboard reaches', () => {
  const nodes = harmless([
    {
      is: 'table',
      inner: [
        { is: 'tr', inner: [{ is: 'th', inner: ['a'] }] },
        { is: 'tr', inner: [{ is: 'td', inner: ['1'] }] },
      ],
    },
  ])
  const types = nodes.map(({ type }) => type)
  assert.deepEqual(types, ['div', 'table', 'thead', 'tr', 'th', 'tbody', 'tr', 'td'])
  assert.equal(propsOf(nodes[0])['tabIndex'], 0)
  assert.equal(propsOf(nodes[4])['scope'], 'col')
})

test('all headings of a text are on the level that the page gives them', () => {
  const types = harmless([{ is: 'heading', inner: ['a'] }], 5).map(({ type }) => type)
  assert.deepEqual(types, ['h5'])
  assert.equal(harmless([{ is: 'heading', inner: [] }], 9)[0]?.type, 'h6')
})

test('a link says where it leads', () => {
  assert.equal(textOf([link('https://evil.example/x', 'pay')]), 'pay (evil.example)')
  assert.equal(
    textOf([link('https://evil.example', 'https://bank.example')]),
    'https://bank.example (evil.example)',
  )
  assert.equal(
    textOf([link('https://example.org/x', 'https://example.org/x')]),
    'https://example.org/x',
  )
  const anchor = harmless([link('https://evil.example', 'pay')]).find(({ type }) => type === 'a')
  const { rel, target } = propsOf(anchor)
  assert.deepEqual({ rel, target }, { rel: 'noreferrer noopener', target: '_blank' })
})

test('an address that leads elsewhere is no link here, whatever the other thread says', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '/desk/people', '//evil.example']) {
    const nodes = harmless([link(url, 'x')])
    assert.ok(nodes.length > 0 && !nodes.some(({ type }) => type === 'a'), url)
  }
})

test('hidden characters are shown, in text, code, links and pictures', () => {
  assert.equal(textOf(['a\u202eb ', { is: 'code', text: 'c\u200bd' }]), 'a[U+202E]b c[U+200B]d')
  assert.match(
    textOf([{ is: 'picture', alt: 'a\u202e', url: 'https://t.example/\u200b' }]),
    /a\[U\+202E\] .*\[U\+200B\]/,
  )
  assert.match(textOf([link('https://t.example', 'a\u202e')]), /^a\[U\+202E\] \(t\.example\)$/)
})

test('no tree at all gives another element, another attribute or another address', () => {
  const string = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constant('javascript:x'))
  const holders = [
    'p',
    'heading',
    'em',
    'strong',
    'del',
    'blockquote',
    'ul',
    'li',
    'span',
    'table',
    'tr',
    'th',
    'td',
  ] as const
  const { tree } = fc.letrec<{ tree: Tree; piece: Piece }>((tie) => ({
    tree: fc.array(tie('piece'), { maxLength: 4, depthIdentifier: 'tree' }),
    piece: fc.oneof(
      { depthSize: 'small', depthIdentifier: 'tree' },
      string,
      fc.record({ is: fc.constantFrom('code' as const, 'pre' as const), text: string }),
      fc.record({ is: fc.constant('picture' as const), alt: string, url: string }),
      fc.record({ is: fc.constantFrom('hr' as const, 'br' as const) }),
      fc.record({ is: fc.constantFrom(...holders), inner: tie('tree') }),
      fc.record({ is: fc.constant('ol' as const), start: fc.nat(), inner: tie('tree') }),
      fc.record({ is: fc.constant('link' as const), url: string, inner: tie('tree') }),
    ),
  }))
  fc.assert(
    fc.property(tree, (given) => {
      harmless(given)
    }),
    { numRuns: 1500 },
  )
})

function link(url: string, said: string): Piece {
  return { is: 'link', url, inner: [said] }
}

/** Every vnode of the tree, checked against the closed lists. */
function harmless(tree: Tree, level?: number): readonly VNode[] {
  const found = nodesIn(markdownNodes(tree, level))
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

function textOf(tree: Tree): string {
  harmless(tree)
  return nodesIn(markdownNodes(tree)).text
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
