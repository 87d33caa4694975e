import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfHex } from '#lexicon'
import { readCbor, readCborMap } from './strict-cbor.ts'

const read = (hex: string) => readCbor(bytesOfHex(hex))

/** From RFC 8949, appendix A. */
const EXAMPLES: readonly (readonly [string, unknown])[] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['20', -1],
  ['3903e7', -1000],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['40', new Uint8Array()],
  ['4401020304', Uint8Array.of(1, 2, 3, 4)],
  ['60', ''],
  ['62c3bc', 'ü'],
  ['80', []],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['a0', new Map()],
  [
    'a201020304',
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  ['a16161a1616203', new Map([['a', new Map([['b', 3]])]])],
]

test('what passkeys are made of is read as the RFC shows it', () => {
  for (const [hex, value] of EXAMPLES) assert.deepEqual(read(hex), value, hex)
})

test('one byte more or less is refused, wherever it is', () => {
  for (const [hex] of EXAMPLES) {
    assert.throws(() => read(`${hex}00`), hex)
    for (let end = 0; end < hex.length; end += 2)
      assert.throws(() => read(hex.slice(0, end)), `${hex} ends at ${end}`)
  }
  assert.equal(readCborMap(bytesOfHex('00a1010200'), 1).end, 4)
})

test('what no passkey has is refused', () => {
  const strange = {
    'a fraction': 'f93c00',
    undefined: 'f7',
    'a tag': 'c074323031332d30332d32315432303a30343a30305a',
    'endless bytes': '5f42010243030405ff',
    'an endless map': 'bf61610161629f0203ffff',
    'a break': 'ff',
    'a number of 64 bits': '1b000000e8d4a51000',
    'a key twice': 'a201020103',
    'a list as a key': 'a1800102',
    'a text that is not UTF-8': '61ff',
    'a list that announces a billion': '9a3b9aca00',
    'a deep nest': '81'.repeat(100) + '00',
  }
  for (const [what, hex] of Object.entries(strange)) assert.throws(() => read(hex), what)
})
