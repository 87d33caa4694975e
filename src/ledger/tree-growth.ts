import type { Bytes } from '#lexicon'
import { nodeHash, type TreeNode } from '#seal'

/** The root of a complete subtree. */
export type HashedNode = TreeNode & { readonly hash: Bytes }

/** The complete subtrees that a tree consists of, from left to right, and how many leaves they have. */
export type Frontier = { readonly size: number; readonly nodes: readonly HashedNode[] }

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] }

/** Adds one leaf on the right. `grown` are the subtrees that became complete by it, the leaf first. */
export function growTree(
  { size, nodes }: Frontier,
  leaf: Bytes,
): { readonly frontier: Frontier; readonly grown: readonly HashedNode[] } {
  const left = [...nodes]
  let node: HashedNode = { level: 0, index: size, hash: leaf }
  const grown = [node]
  for (let twin = left.at(-1); twin?.level === node.level; twin = left.at(-1)) {
    left.pop()
    // Not a shift: 2^31 entries are no limit of the log.
    const index = (node.index - 1) / 2
    node = { level: node.level + 1, index, hash: nodeHash(twin.hash, node.hash) }
    grown.push(node)
  }
  return { frontier: { size: size + 1, nodes: [...left, node] }, grown }
}
