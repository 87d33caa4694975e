import { fromMarkdown } from 'mdast-util-from-markdown'
import { safeLink } from './safe-link.ts'
import { tableIn } from './table-in.ts'
import type { Holder, Piece, Tree } from './tree.ts'

type Root = ReturnType<typeof fromMarkdown>
type Nodes = Root | Root['children'][number]
type Parents = Extract<Nodes, { children: unknown }>
type Definition = Extract<Nodes, { type: 'definition' }>
type Options = Extract<Parameters<typeof fromMarkdown>[1], object>

/** Deeper than anybody writes; what is below becomes one text. */
const DEEPEST = 40
/** A page that shows more than this stands still, however quick the parser was. */
const MOST_PIECES = 6000
/** Of all tables of a text. What is more stays lines of pipes. */
const MOST_CELLS = 2000

/** The Markdown of a stranger; `null` where it is better shown as it was typed. It may take long: see text-main.ts. */
export function treeOf(text: string): Tree | null {
  const source = text.replaceAll('&', AND)
  const root = parse(source)
  if (root === undefined || isTooMuch(root)) return null
  const definitions = definitionsIn(root)
  return innerOf(root, {
    source,
    definitions,
    depth: 0,
    tables: { cells: MOST_CELLS, nodes: MOST_PIECES },
  })
}

const AND = '&#38;'

/*
 * References as `&name;` are shown as they were typed: the parser's form for browsers asks innerHTML for
 * their meaning, which trusted types refuse, and its other form brings a table of two thousand names. So
 * it sees none.
 */
function parse(source: string, options?: Options): Root | undefined {
  try {
    return fromMarkdown(source, options)
  } catch {
    // Whatever a stranger writes, the page goes on.
    return undefined
  }
}

/** Where the parser leaves references alone, in code and addresses, ours are undone here. */
function asTyped(text: string): string {
  return text.replaceAll(AND, '&')
}

type Context = {
  /** What was parsed; nodes know their places in it. */
  readonly source: string
  readonly definitions: ReadonlyMap<string, string>
  readonly depth: number
  /** What tables may still have, counted down for the whole text. */
  readonly tables: { cells: number; nodes: number }
}

function piecesOf(node: Nodes, context: Context): Tree {
  const holding = (is: Holder): Tree => [{ is, inner: innerOf(node as Parents, context) }]
  switch (node.type) {
    case 'text':
      return [asTyped(node.value)]
    case 'paragraph':
      return tableOf(node, context) ?? holding('p')
    // A stranger's text has no say in the order of the page's headings: all of its own are one level.
    case 'heading':
      return holding('heading')
    case 'emphasis':
      return holding('em')
    case 'strong':
    case 'blockquote':
      return holding(node.type)
    case 'delete':
      return holding('del')
    case 'listItem':
      return holding('li')
    case 'list':
      if (node.ordered !== true) return holding('ul')
      return [{ is: 'ol', start: node.start ?? 1, inner: innerOf(node, context) }]
    case 'inlineCode':
      return [{ is: 'code', text: asTyped(node.value) }]
    case 'html':
      return [{ is: context.depth > 1 ? 'code' : 'pre', text: asTyped(node.value) }]
    case 'code':
    case 'yaml':
      return [{ is: 'pre', text: asTyped(node.value) }]
    case 'thematicBreak':
      return [{ is: 'hr' }]
    case 'break':
      return [{ is: 'br' }]
    case 'link':
      return [linkTo(asTyped(node.url), innerOf(node, context))]
    case 'linkReference': {
      const url = context.definitions.get(node.identifier)
      const inner = innerOf(node, context)
      return url === undefined ? inner : [linkTo(url, inner)]
    }
    case 'image':
      return [picture(node.alt, asTyped(node.url))]
    case 'imageReference':
      return [picture(node.alt, context.definitions.get(node.identifier) ?? '')]
    case 'root':
    case 'table':
    case 'tableRow':
    case 'tableCell':
    case 'footnoteDefinition':
      return holding('p')
    case 'definition':
    case 'footnoteReference':
      return []
  }
}

function innerOf(node: Parents, context: Context): Tree {
  if (context.depth >= DEEPEST) return [asTyped(textOf(node))]
  const inner = { ...context, depth: context.depth + 1 }
  return node.children.flatMap((child) => piecesOf(child, inner))
}

/** A paragraph of pipes as the table that it means. */
function tableOf({ position }: Nodes, context: Context): Tree | undefined {
  const table = tableIn(context.source.slice(position?.start.offset, position?.end.offset))
  if (table === undefined) return undefined
  const cells = table.rows.flat().length
  if (cells > context.tables.cells) return undefined
  context.tables.cells -= cells
  const lineOf = (source: string) => lineTree(source, context)
  const rows = table.rows.map((row, n): Piece => {
    const inner = row.map((cell): Piece => {
      const said = lineOf(cell)
      // A column without a name has no head: an empty one would be read aloud as nothing.
      return { is: n === 0 && said.length > 0 ? 'th' : 'td', inner: said }
    })
    return { is: 'tr', inner }
  })
  const before: Tree = table.before === '' ? [] : [{ is: 'p', inner: lineOf(table.before) }]
  if (context.tables.nodes < 0) return undefined
  return [...before, { is: 'table', inner: rows }]
}

/** In one line there are no headings, lists and the like. */
const ONE_LINE: Options = {
  extensions: [
    {
      disable: {
        null: [
          'blockQuote',
          'codeFenced',
          'codeIndented',
          'definition',
          'headingAtx',
          'htmlFlow',
          'list',
          'setextUnderline',
          'thematicBreak',
        ],
      },
    },
  ],
}

function lineTree(source: string, context: Context): Tree {
  if (source === '' || context.tables.nodes < 0) return []
  const root = parse(source, ONE_LINE)
  if (root === undefined) return [asTyped(source)]
  // A cell alone may hold thousands of nodes that were one piece of code in the whole paragraph.
  for (const _ of nodesIn(root)) context.tables.nodes--
  const inner = { ...context, source, depth: context.depth + 2 }
  return root.children.flatMap((child) =>
    'children' in child ? innerOf(child, inner) : piecesOf(child, inner),
  )
}

function linkTo(url: string, inner: Tree): Piece {
  if (safeLink(url) !== undefined) return { is: 'link', url, inner }
  return { is: 'span', inner: [...inner, ' ', { is: 'code', text: url }] }
}

function picture(alt: string | null | undefined, url: string): Piece {
  return { is: 'picture', alt: asTyped(alt ?? ''), url }
}

function definitionsIn(root: Root): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const visit = (node: Nodes, depth: number): void => {
    // The first definition counts, as CommonMark has it.
    if (node.type === 'definition') addDefinition(found, node)
    else if ('children' in node && depth < DEEPEST)
      for (const child of node.children) visit(child, depth + 1)
  }
  visit(root, 0)
  return found
}

function addDefinition(found: Map<string, string>, { identifier, url }: Definition): void {
  if (!found.has(identifier)) found.set(identifier, asTyped(url))
}

function isTooMuch(root: Root): boolean {
  let count = 0
  for (const _ of nodesIn(root)) if (++count > MOST_PIECES) return true
  return false
}

function textOf(node: Nodes): string {
  let text = ''
  for (const one of nodesIn(node)) if ('value' in one) text += one.value
  return text
}

/** Without recursion: what is nested too deep is read by this. */
function* nodesIn(node: Nodes): Generator<Nodes> {
  const waiting: Nodes[] = [node]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next
    if ('children' in next) for (const child of next.children.toReversed()) waiting.push(child)
  }
}
