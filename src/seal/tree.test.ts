import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Bytes } from '#lexicon'
import { sha256 } from './hash.ts'
import {
  consistencyRanges,
  cover,
  EMPTY_ROOT,
  inclusionRanges,
  leafHash,
  nodeHash,
  type Range,
  rootOfCover,
  verifyConsistency,
  verifyInclusion,
} from './tree.ts'

const LEAVES = Array.from({ length: 70 }, (_, n) => leafHash(sha256(Uint8Array.of(n))))

/** The root of a range by its definition (RFC 6962 2.1), apart from the code that is tested. */
function rootOf({ start, end }: Range): Bytes {
  const [first] = LEAVES.slice(start, start + 1)
  if (first === undefined || start === end) return EMPTY_ROOT
  if (end - start === 1) return first
  let half = 1
  while (half * 2 < end - start) half *= 2
  return nodeHash(rootOf({ start, end: start + half }), rootOf({ start: start + half, end }))
}

const whole = (size: number) => rootOf({ start: 0, end: size })

test('the root over complete subtrees is the root', () => {
  for (let size = 0; size <= 70; size++) {
    const nodes = cover(0, size).map(({ level, index }) =>
      rootOf({ start: index * 2 ** level, end: (index + 1) * 2 ** level }),
    )
    assert.deepEqual(rootOfCover(nodes), whole(size), String(size))
  }
})

test('a cover has the fewest nodes, and each is complete', () => {
  for (let size = 1; size <= 70; size++) {
    const nodes = cover(0, size)
    assert.equal(nodes.length, size.toString(2).replaceAll('0', '').length)
    let at = 0
    for (const { level, index } of nodes) {
      assert.equal(index * 2 ** level, at)
      at += 2 ** level
    }
    assert.equal(at, size)
  }
})

test('every entry of every tree is proved, and no other entry by the same proof', () => {
  for (let size = 1; size <= 40; size++)
    for (let index = 0; index < size; index++) {
      const proof = inclusionRanges(index, size).map(rootOf)
      const [leaf, other] = [LEAVES[index], LEAVES[index + 1]]
      if (leaf === undefined || other === undefined) continue
      assert.ok(verifyInclusion(leaf, index, size, proof, whole(size)))
      assert.ok(!verifyInclusion(other, index, size, proof, whole(size)))
      assert.ok(!verifyInclusion(leaf, index, size, proof, whole(size + 1)))
      if (size > 1) assert.ok(!verifyInclusion(leaf, index ^ 1, size, proof, whole(size)))
      assert.ok(!verifyInclusion(leaf, index, size, proof.slice(1), whole(size)) || size === 1)
      assert.ok(!verifyInclusion(leaf, index, size, [...proof, leaf], whole(size)))
    }
})

test('every tree is proved to be the beginning of every larger one, and of no other', () => {
  for (let size = 1; size <= 40; size++)
    for (let old = 0; old <= size; old++) {
      const proof = consistencyRanges(old, size).map(rootOf)
      const is = (oldRoot: Bytes, root: Bytes, hashes = proof) =>
        verifyConsistency(old, size, oldRoot, root, hashes)
      assert.ok(is(whole(old), whole(size)), `${old} of ${size}`)
      assert.ok(!is(whole(old + 1), whole(size)))
      // To "the ledger was empty" every ledger is a continuation.
      if (old > 0) assert.ok(!is(whole(old), whole(size + 1)))
      if (proof.length > 0) assert.ok(!is(whole(old), whole(size), proof.slice(1)))
      assert.ok(!is(whole(old), whole(size), [...proof, EMPTY_ROOT]))
    }
})

test('no altered, shortened, lengthened or reordered proof is believed', () => {
  const sizes = fc.integer({ min: 2, max: 64 })
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(7), (size, pick, where, bit) => {
      const index = pick % size
      const leaf = LEAVES[index]
      const proof = inclusionRanges(index, size).map(rootOf)
      const at = where % proof.length
      const bent = proof.map((hash) => hash.slice())
      const hash = bent[at]
      if (leaf === undefined || hash === undefined) return
      hash[where % 32] = (hash[where % 32] ?? 0) ^ (1 << bit)
      assert.ok(!verifyInclusion(leaf, index, size, bent, whole(size)))
      if (proof.length > 1)
        assert.ok(!verifyInclusion(leaf, index, size, proof.toReversed(), whole(size)))
    }),
  )
})

test('sizes that make no sense are not believed', () => {
  const [leaf] = LEAVES
  if (leaf === undefined) return
  assert.ok(!verifyInclusion(leaf, -1, 1, [], leaf))
  assert.ok(!verifyInclusion(leaf, 1, 1, [], leaf))
  assert.ok(!verifyInclusion(leaf, 0, 0, [], leaf))
  assert.ok(!verifyConsistency(2, 1, whole(2), whole(1), []))
  assert.ok(!verifyConsistency(1, 2, whole(1), whole(2), []))
  assert.ok(!verifyConsistency(3, 4, whole(3), whole(4), []))
})

test('a leaf cannot pass for a node, nor a node for a leaf', () => {
  const [a, b] = LEAVES
  if (a === undefined || b === undefined) return
  const both = new Uint8Array([...a, ...b])
  assert.notDeepEqual(leafHash(both), nodeHash(a, b))
})
