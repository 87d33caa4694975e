import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { hostOf, type Piece, safeLink, saysWhere, type Tree } from '#text'
import { useTree } from '../read-text.ts'
import { visibleText } from '../visible-text.ts'

export type MarkdownProps = {
  readonly text: string
  /** The level of all its headings on the page. */
  readonly level?: number | undefined
}

/*
 * A sender's Markdown becomes vnodes of a closed list of elements, never a string of HTML: there is
 * nothing to sanitise. It is read in a thread of its own; until then it stands as it was typed. Nothing is
 * loaded: an image is its description and its address. All text goes through `visibleText` (R46).
 */
export function Markdown({ text, level = 3 }: MarkdownProps) {
  const tree = useTree(text)
  return useMemo(
    () => <div class="markdown">{tree === null ? asTyped(text) : markdownNodes(tree, level)}</div>,
    [text, tree, level],
  )
}

export function markdownNodes(tree: Tree, level = 3): ComponentChildren {
  return tree.map((piece, key) => nodeOf(piece, level, key))
}

function nodeOf(piece: Piece, level: number, key: number): ComponentChildren {
  if (typeof piece === 'string') return visibleText(piece)
  switch (piece.is) {
    case 'p':
    case 'li':
    case 'td': {
      const Name = piece.is
      return (
        <Name key={key} dir="auto">
          {markdownNodes(piece.inner, level)}
        </Name>
      )
    }
    case 'em':
    case 'strong':
    case 'del':
    case 'blockquote':
    case 'ul':
    case 'span':
    case 'tr': {
      const Name = piece.is
      return <Name key={key}>{markdownNodes(piece.inner, level)}</Name>
    }
    case 'heading': {
      const Name = HEADINGS[level - 2] ?? 'h6'
      return <Name key={key}>{markdownNodes(piece.inner, level)}</Name>
    }
    case 'ol':
      return (
        <ol key={key} start={piece.start}>
          {markdownNodes(piece.inner, level)}
        </ol>
      )
    case 'th':
      return (
        <th key={key} scope="col" dir="auto">
          {markdownNodes(piece.inner, level)}
        </th>
      )
    case 'table':
      return tableOf(piece.inner, level, key)
    case 'code':
      return <code key={key}>{visibleText(piece.text)}</code>
    case 'pre':
      return (
        <pre key={key} dir="ltr" tabIndex={0}>
          <code>{visibleText(piece.text)}</code>
        </pre>
      )
    case 'hr':
      return <hr key={key} />
    case 'br':
      return <br key={key} />
    case 'link':
      return linkTo(piece.url, piece.inner, level, key)
    case 'picture':
      // Never loaded: whoever sent it would see who reads, and when.
      return (
        <span key={key} class="picture">
          [Picture, not loaded: {visibleText(piece.alt)} <code>{visibleText(piece.url)}</code>]
        </span>
      )
    default:
      return null
  }
}

/** What is wider than the text moves in its own box, which the keyboard reaches. */
function tableOf([head, ...rows]: Tree, level: number, key: number): ComponentChildren {
  return (
    <div key={key} class="table" role="group" aria-label="Table" tabIndex={0}>
      <table>
        <thead>{head !== undefined && nodeOf(head, level, 0)}</thead>
        <tbody>{markdownNodes(rows, level)}</tbody>
      </table>
    </div>
  )
}

const HEADINGS = ['h2', 'h3', 'h4', 'h5', 'h6'] as const

/** The host stands beside the text, so that a name cannot hide where it leads. */
function linkTo(url: string, inner: Tree, level: number, key: number): ComponentChildren {
  const said = markdownNodes(inner, level)
  // The other thread looked already. Here is where it would do harm.
  const href = safeLink(url)
  if (href === undefined) return <span key={key}>{said}</span>
  return (
    <span key={key}>
      <a href={href} rel="noreferrer noopener" target="_blank">
        {said}
      </a>
      {!saysWhere(textOf(inner).trim(), href) && (
        <span class="host"> ({visibleText(hostOf(href))})</span>
      )}
    </span>
  )
}

function textOf(tree: Tree): string {
  return tree
    .map((piece) => {
      if (typeof piece === 'string') return piece
      if ('inner' in piece) return textOf(piece.inner)
      return 'text' in piece ? piece.text : ''
    })
    .join('')
}

function asTyped(text: string): ComponentChildren {
  return (
    <div class="as-typed" dir="auto">
      {visibleText(text)}
    </div>
  )
}
