import { wordlist } from '@scure/bip39/wordlists/english.js'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsModule } from './build-browser-script.ts'

test('the words of a code come out of a browser’s script as they are in the package, each in its place', async () => {
  const module = wordsModule(wordlist)
  const made = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
    readonly wordlist: readonly string[]
  }
  assert.equal(wordlist.length, 2048)
  assert.deepEqual(made.wordlist, wordlist)
  assert.ok(module.length < wordlist.join('\n').length * 0.7)
})
