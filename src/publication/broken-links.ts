import { textOfBytes } from '#lexicon'
import type { Tree } from './tree.ts'

export type BrokenLink = { readonly page: string; readonly to: string }

/** Links of the pages of a tree to a place in it that is not there, an anchor of a page included. */
export function brokenLinks(tree: Tree): readonly BrokenLink[] {
  const anchors = new Map<string, ReadonlySet<string>>()
  const pages = [...tree].filter(([path]) => path.endsWith('.html'))
  const texts = new Map(pages.map(([path, bytes]) => [path, textOfBytes(bytes)]))
  for (const [path, text] of texts)
    anchors.set(path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)))
  return [...texts].flatMap(([page, text]) =>
    [...text.matchAll(/ (?:href|src)="([^"]*)"/g)].flatMap(([, to = '']) =>
      leads(tree, anchors, page, to) ? [] : [{ page, to }],
    ),
  )
}

function leads(
  tree: Tree,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
  page: string,
  to: string,
): boolean {
  if (/^(?:https?|mailto):/.test(to)) return true
  const [place = '', anchor = ''] = to.split('#')
  const path =
    place === '' ? page : place.endsWith('/') ? `${place.slice(1)}index.html` : place.slice(1)
  if (place !== '' && !place.startsWith('/')) return false
  if (!tree.has(path)) return false
  return anchor === '' || (anchors.get(path)?.has(anchor) ?? false)
}
