import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

type Scheme = 'light' | 'dark'

const sheet = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const sheets = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.css'))
const tokens = new Map(
  [
    ...sheet('tokens.css').matchAll(
      /--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g,
    ),
  ].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]),
)

/** What is written on what, and how much contrast it must have: 4.5 for text, 3 for edges and marks (WCAG 1.4.3, 1.4.11). */
const PAIRS: readonly (readonly [on: string, over: readonly string[], least: number])[] = [
  ['ink', ['paper', 'wall', 'sunk', 'accent-wash', 'due-wash', 'late-wash'], 7],
  ['ink-2', ['paper', 'wall', 'sunk', 'accent-wash', 'due-wash', 'late-wash'], 7],
  ['ink-3', ['paper', 'wall', 'sunk'], 4.5],
  ['accent', ['paper', 'wall', 'sunk', 'accent-wash', 'due-wash', 'late-wash'], 4.5],
  ['accent-deep', ['paper', 'wall', 'sunk', 'accent-wash'], 7],
  ['on-accent', ['accent', 'accent-deep'], 7],
  ['due', ['paper', 'wall', 'sunk', 'accent-wash', 'due-wash'], 4.5],
  ['late', ['paper', 'wall', 'sunk', 'accent-wash', 'late-wash'], 4.5],
  ['edge', ['paper', 'wall', 'sunk'], 3],
]

/** The figures of the design's own table: on paper, rounded. */
const PROMISED: Readonly<Record<string, readonly [light: number, dark: number]>> = {
  ink: [17.9, 15.5],
  'ink-2': [8.8, 10.0],
  'ink-3': [6.0, 7.1],
  accent: [7.5, 9.5],
  'accent-deep': [10.4, 11.9],
  due: [7.4, 10.1],
  late: [7.1, 9.1],
  edge: [4.3, 5.0],
}

for (const scheme of ['light', 'dark'] as const) {
  test(`what is written can be read in ${scheme}`, () => {
    for (const [on, over, least] of PAIRS) {
      for (const ground of over) {
        const ratio = contrast(colour(on, scheme), colour(ground, scheme))
        assert.ok(ratio >= least, `${on} on ${ground}: ${ratio.toFixed(2)}, needs ${String(least)}`)
      }
    }
  })
}

test('on paper the contrasts are those that the design promises', () => {
  for (const [name, [light, dark]] of Object.entries(PROMISED)) {
    for (const [scheme, promised] of [
      ['light', light],
      ['dark', dark],
    ] as const) {
      const ratio = contrast(colour(name, scheme), colour('paper', scheme))
      assert.ok(Math.abs(ratio - promised) < 0.1, `${name} ${scheme}: ${ratio.toFixed(2)}`)
    }
  }
})

test('every colour comes from the tokens', () => {
  for (const name of sheets.filter((one) => one !== 'tokens.css' && one !== 'print.css')) {
    const found = sheet(name).match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\((?!0 0 0 \/)/gi)
    assert.equal(found, null, `${name}: ${String(found)}`)
  }
})

test('no sheet loads anything but the one font', () => {
  for (const name of sheets) {
    for (const [address] of sheet(name).matchAll(/url\([^)]*\)/g)) {
      assert.equal(address, "url('/assets/atkinson.woff2')", name)
    }
  }
})

test('every token that is used exists', () => {
  const all = sheets.map(sheet).join('\n')
  const known = new Set([...all.matchAll(/(--[a-z0-9-]+):/g)].map(([, name]) => name))
  for (const [, name] of all.matchAll(/var\((--[a-z0-9-]+)/g)) assert.ok(known.has(name), name)
})

test('the entries hold every sheet, or say why not by leaving it to another', () => {
  const entries = ['public.css', 'desk.css', 'tree.css']
  const named = entries.flatMap((entry) =>
    [...sheet(entry).matchAll(/@import '\.\/([a-z-]+\.css)'/g)].map(([, name]) => name),
  )
  const parts = sheets.filter((name) => !entries.includes(name))
  assert.deepEqual(
    parts.filter((name) => !named.includes(name)),
    [],
  )
})

function colour(name: string, scheme: Scheme): string {
  const found = tokens.get(name)
  assert.ok(found !== undefined, `no token --${name}`)
  return found[scheme]
}

/** WCAG 2.2, relative luminance. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
