import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldCase } from './case-fold.ts'
import { foldDesk } from './desk-fold.ts'
import { Refused } from './refused.ts'
import type { Statement } from './statement.ts'

type Chain = {
  readonly name: string
  readonly statements: readonly Statement[]
  readonly fold: (statements: readonly Statement[]) => Promise<unknown>
}

/** Chains that are accepted, from the committed vectors. */
const CHAINS: readonly Chain[] = [
  'desk-revoke-then-next-epoch',
  'desk-restored-approved',
  'case-conversation',
  'case-shred-approved',
  'case-reporter-by-claim-writes',
].map(chainOf)

const chain = fc.constantFrom(...CHAINS)

test('the untouched chains, and every beginning of them, are accepted', async () => {
  for (const { statements, fold } of CHAINS)
    for (let length = 1; length <= statements.length; length++)
      await fold(statements.slice(0, length))
})

test('one character of any head or signature changed: refused at that statement', async () => {
  const place = fc.record({ chain, at: fc.nat(), field: fc.constantFrom('head', 'sig') })
  const letter = fc.oneof(
    fc.constantFrom(...'0123456789abcdef"{}:,\\ '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  await fc.assert(
    fc.asyncProperty(
      place,
      fc.nat(),
      letter,
      async ({ chain: { statements, fold }, at, field }, where, by) => {
        const n = at % statements.length
        const statement = statements[n]
        if (statement === undefined) return
        const text = field === 'head' ? statement.head : statement.sig
        const cut = where % text.length
        const bent = text.slice(0, cut) + by + text.slice(cut + 1)
        fc.pre(bent !== text)
        const other = field === 'head' ? { ...statement, head: bent } : { ...statement, sig: bent }
        await assert.rejects(fold(statements.with(n, other)), Refused)
        await assert.rejects(fold([...statements.slice(0, n), other]), Refused)
      },
    ),
    { numRuns: 400 },
  )
})

test('every single bit of the first and last signature counts', async () => {
  for (const { statements, fold } of CHAINS.slice(0, 2))
    for (const n of [0, statements.length - 1]) {
      const statement = statements[n]
      if (statement === undefined) continue
      for (let bit = 0; bit < 512; bit += 3) {
        const sig = flipped(statement.sig, bit)
        await assert.rejects(fold(statements.with(n, { ...statement, sig })), Refused)
      }
    }
})

test('reordered, cut, doubled, mixed with another chain: only beginnings of the original are accepted', async () => {
  const foreign = CHAINS.flatMap(({ statements }) => statements)
  const picks = fc.array(fc.nat({ max: 40 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(chain, picks, fc.boolean(), async ({ statements, fold }, indices, mixed) => {
      const pool = mixed ? [...statements, ...foreign] : statements
      const made = indices.map((i) => pool[i % pool.length]).filter((each) => each !== undefined)
      await assertBeginning(statements, made, fold)
    }),
    { numRuns: 300 },
  )
})

test('every statement left out, every two swapped, every one doubled: refused', async () => {
  for (const { statements, fold } of CHAINS)
    for (const [n, statement] of statements.entries()) {
      await assertBeginning(statements, statements.toSpliced(n, 1), fold)
      await assertBeginning(statements, statements.toSpliced(n, 0, statement), fold)
      const next = statements[n + 1]
      if (next !== undefined)
        await assertBeginning(statements, statements.with(n, next).with(n + 1, statement), fold)
    }
})

test('heads and signatures paired otherwise are refused', async () => {
  for (const { statements, fold } of CHAINS)
    for (const [n, statement] of statements.entries()) {
      const { sig } = statements[(n + 1) % statements.length] ?? statement
      await assert.rejects(fold(statements.with(n, { ...statement, sig })), Refused)
    }
})

/** Accepted if and only if it is a beginning of the original, and not empty. */
async function assertBeginning(
  original: readonly Statement[],
  made: readonly Statement[],
  fold: Chain['fold'],
): Promise<void> {
  // By what is signed: two chains of one desk begin with the same statement.
  const same = (each: Statement, i: number) =>
    each.head === original[i]?.head && each.sig === original[i]?.sig
  const beginning = made.length > 0 && made.every(same)
  if (beginning) await fold(made)
  else await assert.rejects(fold(made), Refused)
}

function flipped(hex: string, bit: number): string {
  const at = bit >> 2
  const digit = Number.parseInt(hex[at] ?? '0', 16) ^ (1 << (bit & 3))
  return hex.slice(0, at) + digit.toString(16) + hex.slice(at + 1)
}

function chainOf(name: string): Chain {
  const file = new URL(`../../vectors/chain/accept/${name}.json`, import.meta.url)
  const vector = JSON.parse(readFileSync(file, 'utf8')) as {
    pin: { desk: string; chain: string }
    desk_chain?: readonly Statement[]
    statements: readonly Statement[]
  }
  const { pin, desk_chain, statements } = vector
  const fold = async (made: readonly Statement[]): Promise<unknown> => {
    if (desk_chain === undefined) return foldDesk(made, pin.desk)
    const directory = await foldDesk(desk_chain, pin.desk)
    return foldCase(made, pin.chain, directory, () => Promise.resolve(false))
  }
  return { name, statements, fold }
}
