import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { safeName } from './save-file.ts'

test('a name loses its folders and what hides or turns characters round', () => {
  const names = [
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Users\\x\\a.txt', 'C__Users_x_a.txt'],
    ['gpj.\u202Eexe.txt', 'gpj._exe.txt'],
    ['a\u200Bb\u0000c\nd', 'a_b_c_d'],
    ['.bashrc', 'bashrc'],
    ['…', '…'],
    ['...', 'attachment'],
    ['', 'attachment'],
    [' \t', '_'],
    ['données.zip', 'données.zip'],
  ]
  for (const [given, safe] of names) assert.equal(safeName(given ?? ''), safe)
})

test('a long name keeps its end', () => {
  const safe = safeName(`${'x'.repeat(400)}.tar.gz`)
  assert.equal([...safe].length, 150)
  assert.ok(safe.endsWith('.tar.gz'))
})

test('no name whatever leads out of the folder of downloads', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeName(name)
      assert.doesNotMatch(safe, /[\p{Cc}\p{Cf}/\\]|^\./u)
      assert.ok(safe !== '' && [...safe].length <= 150 && safe.isWellFormed())
    }),
  )
})
