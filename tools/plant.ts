import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Rooms } from './rooms.ts'
import type { Law } from './source-law.ts'

/** A file that breaks a wall on purpose, and the rule that must name it. */
export interface Planted {
  readonly file: string
  readonly text: string
  readonly rule: string
}

/** npm packages, and how they are imported. */
const walled: Readonly<Record<string, string>> = {
  openpgp: 'openpgp',
  '@noble': '@noble/hashes/sha2.js',
  '@scure': '@scure/bip39',
  kysely: 'kysely',
  pg: 'pg',
  'pg-boss': 'pg-boss',
  hono: 'hono',
  '@hono/node-server': '@hono/node-server',
  '@hono/zod-openapi': '@hono/zod-openapi',
  zod: 'zod',
  typescript: 'typescript',
}

const configuration = ['rooms.json', '.dependency-cruiser.cjs', 'tsconfig.json']

/** A copy of the tree in a new folder, with a folder and a door for every room, later ones too. */
export function copyTree(rooms: Rooms): string {
  const root = mkdtempSync(join(tmpdir(), 'postern-walls-'))
  cpSync('src', join(root, 'src'), { recursive: true })
  for (const file of configuration) cpSync(file, join(root, file))
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  const door = (room: string) => [`#${room}`, `./src/${room}/index.ts`]
  const imports = Object.fromEntries([
    ...Object.keys(rooms).map(door),
    ['#unseal', './src/seal/unseal.ts'],
  ]) as Record<string, string>
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, imports }))
  for (const room of Object.values(imports)) {
    if (!existsSync(join(root, room))) write(root, room, 'export const empty = true\n')
  }
  return root
}

export function plant(root: string, planted: readonly Omit<Planted, 'rule'>[]): void {
  for (const { file, text } of planted) {
    write(root, file, text)
    // A circle is reported once, at the first of its files by name: this is its other file.
    const closing = file.replace('planted-circle.ts', 'planted-closes-circle.ts')
    if (closing !== file) write(root, closing, importText('./planted-circle.ts'))
  }
}

/** What stands beside the violations and is no violation: no rule may name one of these. */
export function allowances(rooms: Rooms): readonly Omit<Planted, 'rule'>[] {
  const allow = (room: string, name: string, from: string) => ({
    file: `src/${room}/planted-${name}.ts`,
    text: importText(from),
  })
  return Object.entries(rooms).flatMap(([room, { enters, npm, unseal, everywhere }]) => [
    ...enters.map((other) => allow(room, `visits-${other}`, `#${other}`)),
    ...npm
      .filter((name) => name in walled)
      .map((name) => allow(room, `works-${letters(name)}`, walled[name] ?? '')),
    ...(unseal === 'enters' ? [allow(room, 'opens', '#unseal')] : []),
    ...(everywhere === true ? [] : [allow(room, 'reads-disk', 'node:fs')]),
    ...(room === 'seal' ? [allow(room, 'opens.test', './unseal.ts')] : []),
    allow(room, 'tests.test', 'node:test'),
    allow(room, 'guesses.test', 'fast-check'),
  ])
}

/** Every way through a wall that we know of. */
export function violations(rooms: Rooms): readonly Planted[] {
  return [
    ...forbiddenRooms(rooms),
    ...forbiddenPackages(rooms),
    ...builtins(rooms),
    ...unsealing(rooms),
    ...oneWay(rooms),
    ...bypassedDoors(rooms),
    ...circlesAndStrays(rooms),
    ...silencedLaws(),
  ]
}

function forbiddenRooms(rooms: Rooms): Planted[] {
  const names = Object.keys(rooms)
  return Object.entries(rooms).flatMap(([from, { enters }]) =>
    names
      .filter((to) => to !== from && !enters.includes(to))
      .flatMap((to) => [
        importing(from, `enters-${to}`, `#${to}`, `walls-of-${from}`),
        importing(from, `enters-${to}.test`, `#${to}`, `walls-of-${from}`),
        importingType(from, `names-${to}`, `#${to}`, `walls-of-${from}`),
      ]),
  )
}

function forbiddenPackages(rooms: Rooms): Planted[] {
  return Object.entries(rooms).flatMap(([room, { npm }]) =>
    Object.entries(walled)
      .filter(([name]) => !npm.some((own) => name === own || name.startsWith(`${own}/`)))
      .flatMap(([name, entry]) => {
        const called = letters(name)
        return [
          importing(room, `npm-${called}`, entry, `packages-of-${room}`),
          importing(room, `npm-${called}.test`, entry, `packages-of-tests-in-${room}`),
        ]
      }),
  )
}

function builtins(rooms: Rooms): Planted[] {
  return Object.entries(rooms)
    .filter(([, { everywhere }]) => everywhere === true)
    .flatMap(([room]) => [
      importing(room, 'reads-disk', 'node:fs', 'runs-in-a-browser-too'),
      importing(room, 'hashes', 'crypto', 'runs-in-a-browser-too'),
    ])
}

function unsealing(rooms: Rooms): Planted[] {
  const openers = Object.keys(rooms).filter((room) => rooms[room]?.unseal === 'enters')
  return Object.entries(rooms).flatMap(([room, { unseal, enters }]) => {
    if (unseal === 'enters') return []
    const direct = [
      importing(room, 'opens', '#unseal', 'only-the-client-opens'),
      importingType(room, 'opens-a-type', '#unseal', 'only-the-client-opens'),
      ...(room === 'seal'
        ? []
        : [importing(room, 'opens.test', '#unseal', 'only-the-client-opens')]),
    ]
    if (unseal === 'reaches') return direct
    const reach = 'nobody-else-reaches-unseal'
    const guest = enters.find((other) => other !== 'lexicon')
    return [
      ...direct,
      importing(room, 'reaches', './planted-opens.ts', reach),
      importing(room, 'reaches-far', './planted-reaches.ts', reach),
      ...openers.map((other) =>
        importing(room, `reaches-${other}`, `../${other}/planted-opens.ts`, reach),
      ),
      lazily(room, 'reaches-lazily', '#unseal', reach),
      ...(guest === undefined
        ? []
        : [importing(room, `reaches-by-${guest}`, `../${guest}/planted-opens.ts`, reach)]),
    ]
  })
}

function oneWay(rooms: Rooms): Planted[] {
  return Object.entries(rooms).flatMap(([room, { never = [] }]) =>
    never.flatMap((other) => [
      importing(room, `back-to-${other}`, `#${other}`, `${room}-is-one-way`),
      importing(room, `far-to-${other}`, `./planted-back-to-${other}.ts`, `${room}-is-one-way`),
    ]),
  )
}

function bypassedDoors(rooms: Rooms): Planted[] {
  return Object.entries(rooms).flatMap(([room, { enters }]) =>
    enters.map((other) =>
      importing(room, `climbs-into-${other}`, `../${other}/index.ts`, 'enter-by-the-door'),
    ),
  )
}

function circlesAndStrays(rooms: Rooms): Planted[] {
  const each = Object.keys(rooms).flatMap((room) => [
    importing(room, 'circle', './planted-closes-circle.ts', 'no-cycles'),
    importing(room, 'dangles', './nowhere.ts', 'no-dangling'),
    importing(room, 'dangles-far', '#nowhere', 'no-dangling'),
    importing(room, 'uses-a-test', './planted-dangles.test.ts', 'nobody-imports-a-test'),
    importing(room, 'dangles.test', './nowhere.ts', 'no-dangling'),
  ])
  return [...each, importing('annex', 'no-room', '#lexicon', 'every-folder-is-a-room')]
}

function silencedLaws(): Planted[] {
  const text = (law: Law, name: string, words: string): Planted => ({
    file: `src/desk/planted-${name}.ts`,
    text: words,
    rule: law,
  })
  const opened = 'only-seal-says-opened-or-sealed'
  return [
    text(opened, 'cast', 'export const it = (x: object) => x as Opened<string>\n'),
    text(opened, 'cast-sealed', 'export const it = (x: object) => x as Sealed\n'),
    text(opened, 'cast-twice', 'export const it = (x: object) => x as unknown as Opened<string>\n'),
    text(opened, 'cast-within', 'export const it = (x: object) => x as { a: readonly Opened[] }\n'),
    text(opened, 'cast-far', 'export const it = (x: object) => x as import("#seal").Opened\n'),
    text(opened, 'cast-by-angle', 'export const it = (x: object) => <Opened<string>>x\n'),
    text('imports-are-written-out', 'hides', 'export const it = (x: string) => import(x)\n'),
    text('nothing-is-silenced', 'ignores', silencer('@ts', 'ignore')),
    text('nothing-is-silenced', 'disables', silencer('oxlint', 'disable')),
    {
      file: 'src/desk/planted/utils.ts',
      text: 'export const it = 1\n',
      rule: 'files-have-a-name' satisfies Law,
    },
  ]
}

// In two parts, so that this file silences nothing itself.
function silencer(tool: string, order: string): string {
  return `// ${tool}-${order}\nexport const it = 1\n`
}

function importing(room: string, name: string, from: string, rule: string): Planted {
  return { file: `src/${room}/planted-${name}.ts`, text: importText(from), rule }
}

function importingType(room: string, name: string, from: string, rule: string): Planted {
  const text = `import type * as it from '${from}'\nexport type Planted = typeof it\n`
  return { file: `src/${room}/planted-${name}.ts`, text, rule }
}

function lazily(room: string, name: string, from: string, rule: string): Planted {
  const text = `export const planted = () => import('${from}')\n`
  return { file: `src/${room}/planted-${name}.ts`, text, rule }
}

function letters(name: string): string {
  return name.replaceAll(/[^a-z]/g, '')
}

function importText(from: string): string {
  return `import * as it from '${from}'\nexport const planted = it\n`
}

function write(root: string, file: string, text: string): void {
  const path = join(root, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
