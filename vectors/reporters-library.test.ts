import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { neverLoaded, reportersOpenpgp } from '../tools/build-browser-openpgp.ts'
import type { Vector } from './judge.ts'

/*
 * The browser of a reporter gets OpenPGP.js without what version 6 never uses. Here everything is judged
 * with that one: what it says otherwise than the whole library is a short list, and nothing that is
 * refused elsewhere is accepted by it.
 */

const LIBRARY = new URL('../node_modules/openpgp/dist/lightweight/openpgp.mjs', import.meta.url)

registerHooks({
  resolve(name, context, next) {
    if (name !== 'openpgp') return next(name, context)
    return { url: LIBRARY.href, format: 'module', shortCircuit: true }
  },
  load(url, context, next) {
    if (!url.includes('/openpgp/dist/lightweight/')) return next(url, context)
    const path = fileURLToPath(url)
    const source = neverLoaded(path) ?? reportersOpenpgp(readFileSync(path, 'utf8'))
    return { source, format: 'module', shortCircuit: true }
  },
})
const { expected, judge } = await import('./judge.ts')

/** Keys of version 4, which no reporter meets. */
const OTHERWISE = [
  'sealing/accept/certificate-in-the-old-packet-format.json',
  'sealing/accept/certificate-v4.json',
  'wrap/accept/of-the-mail-key.json',
  'wrap/accept/to-a-gpg-member.json',
  'wrap/reject/to-a-gpg-member-altered.json',
  'wrap/reject/to-a-gpg-member-under-version-2.json',
  'wrap/reject/to-a-gpg-member-with-a-version-2-key-packet.json',
]

test('the library of a reporter’s browser judges every vector as the whole one, but for keys of version 4', async () => {
  const otherwise: string[] = []
  const files = globSync('*/{accept,reject}/*.json', { cwd: import.meta.dirname })
  assert.ok(files.length > 1000)
  for (const file of files.toSorted()) {
    const vector = JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as Vector
    const said = await judge(vector).catch((error: unknown) => `crashed: ${String(error)}`)
    if (said === expected(vector)) continue
    assert.notEqual(said, 'accept', file)
    otherwise.push(file)
  }
  assert.deepEqual(otherwise, OTHERWISE)
})
