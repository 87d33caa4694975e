import { type Bytes, textOfBytes } from '#lexicon'
import type { Tree } from '#publication'
import type { TreeFinding } from './tree-finding.ts'

/**
 * Nobody releases sheet, font and mark, and a sheet can hide a page or put other words on it: only those that this
 * program has may stand in a tree.
 */
export function lookFindings(tree: Tree, own: ReadonlyMap<string, Bytes>): readonly TreeFinding[] {
  const findings: TreeFinding[] = []
  const sheets = [...tree.keys()].filter((path) => isLook(path) && path.endsWith('.css'))
  for (const path of sheets.slice(1))
    findings.push({ path, code: 'look', says: 'A tree has one sheet.' })
  for (const [path, bytes] of tree) {
    if (!isLook(path)) continue
    const known = own.get(path)
    if (known === undefined)
      findings.push({
        path,
        code: 'look',
        says: 'This program does not have it: check with the version that built the tree.',
      })
    else if (!isSame(known, bytes))
      findings.push({ path, code: 'changed', says: 'This program has it otherwise.' })
    if (path.endsWith('.css')) findings.push(...wrongInSheet(tree, path, bytes))
  }
  return findings
}

/** Sheet, font and mark: made by the program, not released. */
export function isLook(path: string): boolean {
  return path === 'mark.svg' || /^assets\/[a-z0-9]+[\w.-]*\.(?:css|woff2)$/i.test(path)
}

/** What a sheet names lies beside it: nothing elsewhere, which would see every reader. */
function wrongInSheet(tree: Tree, path: string, bytes: Bytes): readonly TreeFinding[] {
  return [...textOfBytes(bytes).matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/gi)].flatMap(
    ([, to = '']): TreeFinding[] => {
      if (to.startsWith('data:')) return []
      if (/^[a-z][a-z0-9+.-]*:|^[\\/]{2}/i.test(to))
        return [{ path, code: 'link', says: `It loads ${to}, which is elsewhere.` }]
      const { pathname } = new URL(to, `https://tree.invalid/${path}`)
      if (tree.has(pathname.slice(1))) return []
      return [{ path, code: 'link', says: `It links to ${to}, which is not here.` }]
    },
  )
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
