import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeMissingKeys } from './test-keys.ts'

/*
 * Writes vectors/<format>/{accept,reject}/*.json. Run it with node after a change here; a second run
 * changes nothing. Keys and blobs come from keys.json and sealed.json, for nobody can draw them again.
 */

const ROOT = new URL('../', import.meta.url).pathname

const keys = await makeMissingKeys()
const { makeAll } = await import('./all.ts')
const { files, saveBlobs } = await makeAll()
const blobs = saveBlobs()
let written = 0
for (const [path, text] of files) {
  mkdirSync(dirname(`${ROOT}${path}`), { recursive: true })
  if (readOr(`${ROOT}${path}`) === text) continue
  writeFileSync(`${ROOT}${path}`, text)
  written++
}
const gone = globSync('*/{accept,reject}/*.json', { cwd: ROOT }).filter((path) => !files.has(path))
for (const path of gone) rmSync(`${ROOT}${path}`)
process.stdout.write(
  `${files.size} vectors, ${written} written, ${gone.length} removed, ${keys} keys and ${blobs} blobs made\n`,
)

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
