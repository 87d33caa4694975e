import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { expected, judge, type Vector } from './judge.ts'

const OWN = new URL('.', import.meta.url).pathname
const SHARED = new URL('../../shared/protocol/vectors/', import.meta.url).pathname

test('our code judges every vector of the shared collection as written, for the same check', async (t) => {
  if (!existsSync(SHARED)) {
    t.skip('there is no ../shared/protocol/vectors beside this folder')
    return
  }
  const files = vectorsIn(SHARED)
  assert.equal(files.length, 121)
  assert.deepEqual(await disagreements(SHARED, files), [])
})

async function disagreements(root: string, files: readonly string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const file of files) {
    const vector = JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as Vector
    const verdict = await judge(vector).catch((error: unknown) => `crashed: ${String(error)}`)
    if (verdict !== expected(vector)) wrong.push(`${file}: ${verdict}, not ${expected(vector)}`)
  }
  return wrong
}

function vectorsIn(root: string): readonly string[] {
  return globSync('*/{accept,reject}/*.json', { cwd: root }).toSorted()
}
