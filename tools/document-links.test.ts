import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

const pages = globSync('**/*.md', { exclude: ['node_modules*/**', 'data/**'] }).toSorted()
const help = readFileSync('src/cli/help.ts', 'utf8')

/** Their links lead into the public tree: publish-tree.test.ts follows them there. */
const isContent = (page: string) => page.startsWith('content/')

test('every link in every page leads to something', () => {
  assert.ok(pages.includes('README.md'))
  const here = pages.filter((page) => !isContent(page))
  const links = here.flatMap((page) => linksIn(textOf(page)).map((link) => ({ page, link })))
  assert.ok(links.length > 50, 'the check found no links')
  const dead = links.filter(({ page, link }) => !resolves(page, link))
  assert.deepEqual(dead, [])
})

test('the check sees a dead link, a dead heading and an empty folder', () => {
  assert.equal(resolves('README.md', 'ARCHITECTURE.md#the-rooms'), true)
  assert.equal(resolves('README.md', 'ARCHITECTURE.md#no-such-room'), false)
  assert.equal(resolves('README.md', 'NOWHERE.md'), false)
  assert.equal(resolves('docs/operate/README.md', '../../README.md'), true)
  assert.equal(resolves('docs/operate/README.md', '../../../outside.md'), false)
  assert.deepEqual(
    linksIn('[a](b.md) ![c](d.svg)\n<img src="e.svg" />\n```\n[x](y)\n```\n`[p](q)`'),
    ['b.md', 'd.svg', 'e.svg'],
  )
})

test('every command of ours in a page exists, with its flags', () => {
  const commands = pages.flatMap((page) => commandsIn(textOf(page)).map((line) => ({ page, line })))
  assert.ok(commands.length > 20, 'the check found no commands')
  const unknown = commands.filter(({ line }) => !isKnown(line))
  assert.deepEqual(unknown, [])
})

test('the check sees a command, a verb and a flag that do not exist', () => {
  assert.equal(isKnown('bin/postern queue --to URL --as KEYFILE'), true)
  assert.equal(isKnown('bin/postern case ack NUMBER --to URL --as KEYFILE'), true)
  assert.equal(isKnown('bin/postern quueue --to URL'), false)
  assert.equal(isKnown('bin/postern case eat NUMBER'), false)
  assert.equal(isKnown('bin/postern queue --sideways'), false)
  assert.equal(isKnown('bin/stop'), false)
})

function textOf(page: string): string {
  return readFileSync(page, 'utf8')
}

/** Targets within this repository. What stands in code is no link. */
function linksIn(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
  const pictures = [...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)]
  return [...inline, ...pictures]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^(?:https?|mailto):/.test(target))
}

function resolves(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), path))
  if (target.startsWith('..') || !existsSync(target)) return false
  // git keeps no empty folder: it would be missing in a fresh clone.
  if (statSync(target).isDirectory()) return readdirSync(target).length > 0
  return heading === undefined || headingsOf(target).includes(heading)
}

/** As the usual viewers name them: small letters, spaces to dashes, everything else away. */
function headingsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Lines in shell blocks that call `bin/…`, continued lines joined. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/^```(?:sh)?\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    (block ?? '')
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .flatMap((line) => /(?:^|[\s/(=])(bin\/[a-z]+\b.*)$/.exec(line)?.[1] ?? []),
  )
}

function isKnown(line: string): boolean {
  const [command = '', ...words] = line.replace(/\s#.*$/, '').split(/\s+/)
  if (!existsSync(command)) return false
  const flags = words.flatMap((word) => /^(--[a-z-]+)/.exec(word)?.[1] ?? [])
  if (!flags.every((flag) => flag === '--help' || knownFlags().has(flag))) return false
  if (command !== 'bin/postern') return true
  const [first = '', second = ''] = words
  if (first === 'help' || first === '--help') return true
  if (!new RegExp(`(?:^|\\n|· )\\s*${first}\\b`).test(help)) return false
  return !['case', 'member', 'desk'].includes(first) || verbsOf(first).includes(second)
}

/** From `case show|ack ID` and its neighbours. */
function verbsOf(noun: string): string[] {
  return [...help.matchAll(new RegExp(`^ {2}${noun} ([a-z|]+)`, 'gm'))].flatMap(([, verbs]) =>
    (verbs ?? '').split('|'),
  )
}

/** What help and the operator's usage name; a page may not speak of more. */
function knownFlags(): ReadonlySet<string> {
  const operators = readFileSync('src/server/arguments.ts', 'utf8')
  const demo = readFileSync('tools/demo/main.ts', 'utf8')
  return new Set(
    [...`${help}${operators}${demo}`.matchAll(/--[a-z][a-z-]*[a-z]/g)].map(([flag]) => flag),
  )
}
