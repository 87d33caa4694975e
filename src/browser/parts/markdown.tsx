import { fromMarkdown } from 'mdast-util-from-markdown'
import type { ComponentChildren, VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { visibleText } from '../visible-text.ts'
import { isTooMuch } from './markdown-cost.ts'
import { hostOf, safeLink } from './safe-link.ts'

export type MarkdownProps = {
  readonly text: string
  /** The level of all its headings on the page. */
  readonly level?: number | undefined
}

/*
 * A sender's Markdown becomes vnodes of a closed list of elements, never a string of HTML: there is
 * nothing to sanitise. Nothing is loaded: an image is its description and its address. All text goes
 * through `visibleText` (R46).
 */
export function Markdown({ text, level = 3 }: MarkdownProps) {
  return useMemo(() => <div class="markdown">{markdownNodes(text, level)}</div>, [text, level])
}

type Root = ReturnType<typeof fromMarkdown>
type Nodes = Root | Root['children'][number]
type Parents = Extract<Nodes, { children: unknown }>
type Definition = Extract<Nodes, { type: 'definition' }>

/** Deeper than anybody writes; what is below is shown as one text. */
const DEEPEST = 40

export function markdownNodes(text: string, level = 3): ComponentChildren {
  if (isTooMuch(text)) return plain(text)
  const root = parse(text)
  if (root === undefined) return plain(text)
  return childrenOf(root, { level, definitions: definitionsIn(root), depth: 0 })
}

const AND = '&#38;'

/*
 * The parser asks the browser for the meaning of `&name;` by `innerHTML`, which trusted types refuse: one
 * such word of a stranger would end the page. So it sees no named reference; all are shown as typed.
 */
function parse(text: string): Root | undefined {
  try {
    return fromMarkdown(text.replaceAll('&', AND))
  } catch {
    // Whatever a stranger writes, the page goes on.
    return undefined
  }
}

/** Where the parser leaves references alone, in code and addresses, ours are undone here. */
function asTyped(text: string): string {
  return text.replaceAll(AND, '&')
}

function shown(text: string): string {
  return visibleText(asTyped(text))
}

type Context = {
  readonly level: number
  readonly definitions: ReadonlyMap<string, string>
  readonly depth: number
}

function nodeOf(node: Nodes, context: Context, key: number): ComponentChildren {
  switch (node.type) {
    case 'root':
      return childrenOf(node, context)
    case 'paragraph':
      return (
        <p key={key} dir="auto">
          {childrenOf(node, context)}
        </p>
      )
    case 'heading':
      // A stranger's text has no say in the order of the page's headings: all of its own are one level.
      return heading(context.level, childrenOf(node, context), key)
    case 'text':
      return shown(node.value)
    case 'emphasis':
      return <em key={key}>{childrenOf(node, context)}</em>
    case 'strong':
      return <strong key={key}>{childrenOf(node, context)}</strong>
    case 'delete':
      return <del key={key}>{childrenOf(node, context)}</del>
    case 'inlineCode':
      return <code key={key}>{shown(node.value)}</code>
    case 'code':
    case 'html':
    case 'yaml':
      return node.type === 'html' && context.depth > 1 ? (
        <code key={key}>{shown(node.value)}</code>
      ) : (
        <pre key={key} dir="ltr" tabIndex={0}>
          <code>{shown(node.value)}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote key={key}>{childrenOf(node, context)}</blockquote>
    case 'list':
      return node.ordered === true ? (
        <ol key={key} start={node.start ?? 1}>
          {childrenOf(node, context)}
        </ol>
      ) : (
        <ul key={key}>{childrenOf(node, context)}</ul>
      )
    case 'listItem':
      return (
        <li key={key} dir="auto">
          {childrenOf(node, context)}
        </li>
      )
    case 'thematicBreak':
      return <hr key={key} />
    case 'break':
      return <br key={key} />
    case 'link':
      return linkTo(asTyped(node.url), childrenOf(node, context), asTyped(textOf(node)), key)
    case 'linkReference': {
      const url = context.definitions.get(node.identifier)
      const said = childrenOf(node, context)
      return url === undefined ? said : linkTo(url, said, asTyped(textOf(node)), key)
    }
    case 'image':
      return picture(node.alt, asTyped(node.url), key)
    case 'imageReference':
      return picture(node.alt, context.definitions.get(node.identifier) ?? '', key)
    case 'table':
    case 'tableRow':
    case 'tableCell':
    case 'footnoteDefinition':
      return <p key={key}>{childrenOf(node, context)}</p>
    case 'definition':
    case 'footnoteReference':
      return null
  }
}

function childrenOf(node: Parents, context: Context): ComponentChildren {
  if (context.depth >= DEEPEST) return shown(textOf(node))
  const inner = { ...context, depth: context.depth + 1 }
  return node.children.map((child, n) => nodeOf(child, inner, n))
}

function heading(level: number, children: ComponentChildren, key: number): VNode {
  switch (level) {
    case 2:
      return <h2 key={key}>{children}</h2>
    case 3:
      return <h3 key={key}>{children}</h3>
    case 4:
      return <h4 key={key}>{children}</h4>
    case 5:
      return <h5 key={key}>{children}</h5>
    default:
      return <h6 key={key}>{children}</h6>
  }
}

/** The host stands beside the text, so that a name cannot hide where it leads. */
function linkTo(url: string, children: ComponentChildren, said: string, key: number) {
  const href = safeLink(url)
  if (href === undefined) {
    return (
      <span key={key}>
        {children} <code>{visibleText(url)}</code>
      </span>
    )
  }
  const host = hostOf(href)
  return (
    <span key={key}>
      <a href={href} rel="noreferrer noopener" target="_blank">
        {children}
      </a>
      {said.trim() !== url && <span class="host"> ({visibleText(host)})</span>}
    </span>
  )
}

/** Never loaded: whoever sent it would see who reads, and when. */
function picture(alt: string | null | undefined, url: string, key: number) {
  return (
    <span key={key} class="picture">
      [Picture, not loaded: {shown(alt ?? '')} <code>{visibleText(url)}</code>]
    </span>
  )
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

/** Without recursion: what is nested too deep is shown by this. */
function textOf(node: Nodes): string {
  const waiting: Nodes[] = [node]
  let text = ''
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ('value' in next) text += next.value
    else if ('children' in next) for (const child of next.children.toReversed()) waiting.push(child)
  }
  return text
}

function plain(text: string): VNode {
  return (
    <div class="as-typed" dir="auto">
      {visibleText(text)}
    </div>
  )
}
