import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { expected, judge, type Vector } from './judge.ts'
import { makeAll } from './make/all.ts'

const OWN = new URL('.', import.meta.url).pathname
const SHARED = new URL('../../shared/protocol/vectors/', import.meta.url).pathname

test('our code judges every vector as written, for the same check', async (t) => {
  const files = vectorsIn(OWN)
  assert.ok(files.length > 1000)
  assert.deepEqual(await disagreements(OWN, files), [])
  t.diagnostic(`${files.length} vectors of ${formatsOf(files).length} formats`)
})

test('our code judges every vector of the shared collection as written, for the same check', async (t) => {
  if (!existsSync(SHARED)) {
    t.skip('there is no ../shared/protocol/vectors beside this folder')
    return
  }
  const files = vectorsIn(SHARED)
  assert.equal(files.length, 121)
  assert.deepEqual(await disagreements(SHARED, files), [])
})

test('the committed vectors are exactly what the generator writes', async () => {
  const { files } = await makeAll()
  assert.deepEqual(vectorsIn(OWN), [...files.keys()].toSorted())
  const other = [...files].filter(([path, text]) => readFileSync(`${OWN}${path}`, 'utf8') !== text)
  assert.deepEqual(
    other.map(([path]) => path),
    [],
  )
})

test('every rejected vector names its check and the one thing changed against an accepted one', () => {
  for (const file of vectorsIn(OWN)) {
    const vector = read(OWN, file)
    const [format, verdict, name] = file.split('/')
    assert.deepEqual([vector.format, vector.expect], [format, verdict], file)
    if (verdict === 'accept') {
      assert.ok((vector.why ?? '') !== '' && vector.check === undefined, file)
      continue
    }
    const [against = ''] = (vector.changed ?? '').split(':')
    assert.ok((vector.check ?? '') !== '', file)
    assert.ok(existsSync(`${OWN}${format}/accept/${against}.json`), `${file}: ${against}, ${name}`)
  }
})

test('a reader in another language, which imports nothing of ours, agrees on every vector', async (t) => {
  const python = ['-B', `${OWN}reader.py`, OWN]
  const { stdout } = await promisify(execFile)('python3', python, { maxBuffer: 2 ** 26 })
  const lines = stdout.trimEnd().split('\n')
  assert.match(lines.at(-1) ?? '', /^\d+ as written, 0 not$/)
  for (const line of lines) t.diagnostic(line)
})

async function disagreements(root: string, files: readonly string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const file of files) {
    const vector = read(root, file)
    const verdict = await judge(vector).catch((error: unknown) => `crashed: ${String(error)}`)
    if (verdict !== expected(vector)) wrong.push(`${file}: ${verdict}, not ${expected(vector)}`)
  }
  return wrong
}

function read(root: string, file: string): Vector {
  return JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as Vector
}

function vectorsIn(root: string): readonly string[] {
  return globSync('*/{accept,reject}/*.json', { cwd: root }).toSorted()
}

function formatsOf(files: readonly string[]): readonly string[] {
  return [...new Set(files.map((file) => file.slice(0, file.indexOf('/'))))]
}
