import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableIn } from './table-in.ts'

test('names, dashes and cells, with or without bars at the ends', () => {
  const rows = [
    ['a', 'b'],
    ['1', '2'],
  ]
  for (const text of [
    '| a | b |\n|---|:-:|\n| 1 | 2 |',
    'a | b\n--- | ---\n1 | 2',
    '|a|b\n-|-\n1|2|',
    '> | a | b |\n> |-|-|\n> | 1 | 2',
    'a|b\r\n-|-\r\n1|2',
  ])
    assert.deepEqual(tableIn(text), { before: '', rows }, text)
})

test('what stands above it in the same paragraph is kept apart', () => {
  assert.equal(tableIn('one\ntwo\na|b\n-|-')?.before, 'one\ntwo')
})

test('a bar behind a backslash is text, and the backslash behind a backslash is none of it', () => {
  assert.deepEqual(tableIn('a|b\n-|-\n1 \\| 2|3')?.rows[1], ['1 | 2', '3'])
  assert.deepEqual(tableIn('a|b\n-|-\n1\\\\|2\\')?.rows[1], ['1\\\\', '2\\'])
})

test('each row is as long as the first, and nothing of it is lost', () => {
  assert.deepEqual(tableIn('|a|b|\n|-|-|\n|1|\n|1|2|3|4|\n||5|')?.rows.slice(1), [
    ['1', ''],
    ['1', '2 | 3 | 4'],
    ['', '5'],
  ])
})

test('a paragraph that only has pipes and dashes is none', () => {
  for (const text of ['a | b', 'a | b\nc | d', '|-|-|', 'a|b\n---', 'a|b\n-|-|-', 'a\n- | x', ''])
    assert.equal(tableIn(text), undefined, text)
})

test('a table that is too large is none', () => {
  const row = (cell: string, columns: number) => `|${`${cell}|`.repeat(columns)}`
  assert.ok(tableIn(`${row('a', 40)}\n${row('-', 40)}`))
  assert.equal(tableIn(`${row('a', 41)}\n${row('-', 41)}`), undefined)
  assert.equal(tableIn(`a|b\n-|-${'\n1|2'.repeat(501)}`), undefined)
})
