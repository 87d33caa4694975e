import { type Bytes, sameBytes } from '#lexicon'
import { sha256 } from './hash.ts'

/** RFC 6962 2.1: leaves and nodes are hashed under different first bytes, so neither can pass for the other. */
export function leafHash(entry: Uint8Array): Bytes {
  return sha256(Uint8Array.of(0), entry)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(Uint8Array.of(1), left, right)
}

/** The root of the tree without leaves. */
export const EMPTY_ROOT: Bytes = sha256(new Uint8Array(0))

/** A complete subtree: `level` 0 is a leaf, `index` counts from the left. */
export type TreeNode = { readonly level: number; readonly index: number }

/** Complete subtrees that cover the leaves `start` to `end`, from left to right. `start` is a multiple of the first one's width. */
export function cover(start: number, end: number): readonly TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = start; at < end;) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++
    nodes.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return nodes
}

/** The root over complete subtrees from left to right (RFC 6962 2.1: the left part is the largest power of two). */
export function rootOfCover(hashes: readonly Bytes[]): Bytes {
  if (hashes.length === 0) return EMPTY_ROOT
  return hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** A step of a proof: the range of leaves whose root it is. */
export type Range = { readonly start: number; readonly end: number }

/** The ranges whose roots prove that leaf `index` is in the tree of `size` (RFC 6962 2.1.1), nearest first. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const walk = (start: number, end: number): Range[] => {
    if (end - start <= 1) return []
    const middle = start + split(end - start)
    return index < middle
      ? [...walk(start, middle), { start: middle, end }]
      : [...walk(middle, end), { start, end: middle }]
  }
  return walk(0, size)
}

/** The ranges whose roots prove that the tree of `old` is the beginning of the tree of `size` (RFC 6962 2.1.2). */
export function consistencyRanges(old: number, size: number): readonly Range[] {
  const walk = (start: number, end: number, whole: boolean): Range[] => {
    if (old === end) return whole ? [] : [{ start, end }]
    const middle = start + split(end - start)
    return old <= middle
      ? [...walk(start, middle, whole), { start: middle, end }]
      : [...walk(middle, end, false), { start, end: middle }]
  }
  return old === 0 || old === size ? [] : walk(0, size, true)
}

/** RFC 9162 2.1.3.2. False for any malformed proof. */
export function verifyInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
  root: Bytes,
): boolean {
  if (index < 0 || index >= size) return false
  let position = index
  let last = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else hash = nodeHash(hash, sibling)
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameBytes(hash, root)
}

/** RFC 9162 2.1.4.2: the tree of `old` with `oldRoot` is the beginning of the tree of `size` with `root`. */
export function verifyConsistency(
  old: number,
  size: number,
  oldRoot: Bytes,
  root: Bytes,
  proof: readonly Bytes[],
): boolean {
  if (old > size) return false
  if (old === size) return proof.length === 0 && sameBytes(oldRoot, root)
  if (old === 0) return proof.length === 0 && sameBytes(oldRoot, EMPTY_ROOT)
  const [first, ...rest] = isPowerOfTwo(old) ? [oldRoot, ...proof] : proof
  if (first === undefined) return false
  let position = old - 1
  let last = size - 1
  while (position % 2 === 1) {
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  let before = first
  let after = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      before = nodeHash(sibling, before)
      after = nodeHash(sibling, after)
      while (position % 2 === 0 && position !== 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else after = nodeHash(after, sibling)
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameBytes(before, oldRoot) && sameBytes(after, root)
}

/** The largest power of two below `count`. */
function split(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1))
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count))
}
