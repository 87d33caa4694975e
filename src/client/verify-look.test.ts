import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfText } from '#lexicon'
import { lookFindings } from './verify-look.ts'

const SHEET = 'assets/tree-1.css'
const OWN = new Map([
  [SHEET, bytesOfText('@font-face{src:url(/assets/a.woff2)}')],
  ['assets/a.woff2', bytesOfText('font')],
  ['mark.svg', bytesOfText('<svg/>')],
])

const found = (path: string, text: string, own = OWN) =>
  lookFindings(new Map([...OWN, [path, bytesOfText(text)]]), own).map((each) => [
    each.path,
    each.code,
  ])

test('the look of this program passes; another sheet, another mark or a second sheet does not', () => {
  assert.deepEqual(lookFindings(OWN, OWN), [])
  assert.deepEqual(found('mark.svg', '<svg><script/></svg>'), [['mark.svg', 'changed']])
  assert.deepEqual(found('assets/b.woff2', 'other'), [['assets/b.woff2', 'look']])
  const planted = 'assets/a.css'
  assert.deepEqual(found(planted, 'main{display:none}'), [
    [planted, 'look'],
    [planted, 'look'],
  ])
  // Even where the program has two of them: pages use one, and it is not left to a name which.
  const two = new Map([...OWN, [planted, bytesOfText('b{}')]])
  assert.deepEqual(found(planted, 'b{}', two), [[planted, 'look']])
})

test('a sheet names nothing elsewhere, whatever lies at that path here', () => {
  for (const to of [
    'https://evil.example/mark.svg',
    '//evil.example/mark.svg',
    '\\\\evil.example/mark.svg',
    'https://tree.invalid/mark.svg',
    'missing.woff2',
  ]) {
    const text = `b{background:url("${to}")}`
    const own = new Map([...OWN, [SHEET, bytesOfText(text)]])
    assert.deepEqual(found(SHEET, text, own), [[SHEET, 'link']], to)
  }
})
