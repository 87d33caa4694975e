import { wordlist } from '@scure/bip39/wordlists/english.js'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInThisContext } from 'node:vm'
import { wordsModule } from './build-browser-script.ts'

test('the words of a code come out of a browser’s script as they are in the package, each in its place', () => {
  const module = wordsModule(wordlist)
  const made: unknown = runInThisContext(`${module.replace('export ', '')}; wordlist`)
  assert.equal(wordlist.length, 2048)
  assert.deepEqual(made, wordlist)
  assert.ok(module.length < wordlist.join('\n').length * 0.7)
})
