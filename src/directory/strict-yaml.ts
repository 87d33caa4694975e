import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { DirectoryError } from './directory-error.ts'
import type { Fault, Place } from './fault.ts'

export type ReadYaml = {
  readonly value: unknown
  /** The line on which the value at a place stands, or the nearest around it. */
  readonly lineAt: (at: Place) => number
}

/** More than 20,000 projects fill. */
const LARGEST = 8 * 1024 * 1024
/** What a directory needs is 6. A parser that calls itself ends somewhere else on each machine. */
const DEEPEST = 16

/**
 * Reads the part of YAML 1.2 that a directory is written in: maps, lists and plain values. JSON is a part of it.
 * Refused: anchors and aliases (one line that stands for a billion), tags, directives, several documents, keys
 * that are no text, a key twice, deep nesting, and large texts before any of them is looked at.
 */
export function readYaml(text: string): ReadYaml {
  if (text.length > LARGEST)
    throw new DirectoryError('too-large', 'This file is larger than 8 MiB: a directory is not.')
  if (!isShallow(text)) throw yamlError('This file nests deeper than a directory does.')
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    // We look ourselves: the library compares each key with every other one.
    uniqueKeys: false,
    strict: true,
    logLevel: 'silent',
    prettyErrors: false,
    lineCounter: lines,
  })
  const [document] = documents
  if (!Array.isArray(documents) || document === undefined)
    throw yamlError('There is nothing in this file.')
  if (documents.length > 1) throw yamlError('There is more than one document in this file.')
  const lineOf = (offset: number) => lines.linePos(offset).line
  const [wrong] = [...document.errors, ...document.warnings]
  if (wrong !== undefined)
    throw yamlError(
      `This is neither YAML nor JSON: ${plainWords(wrong.message)}`,
      lineOf(wrong.pos[0]),
    )
  if (
    document.directives.yaml.explicit === true ||
    Object.keys(document.directives.tags).length > 1
  )
    throw yamlError('A line that begins with % is not read here.', 1)
  const starts = new Map<string, number>()
  const value = plainValue(document.contents, [], { starts, lineOf })
  return {
    value,
    lineAt: (at) => {
      for (let length = at.length; length > 0; length--) {
        const line = starts.get(JSON.stringify(at.slice(0, length)))
        if (line !== undefined) return line
      }
      return 1
    },
  }
}

type Notes = {
  readonly starts: Map<string, number>
  readonly lineOf: (offset: number) => number
}

function plainValue(node: Node | null, at: Place, notes: Notes): unknown {
  if (node === null) return null
  const line = notes.lineOf(node.range?.[0] ?? 0)
  if (at.length > 0) notes.starts.set(JSON.stringify(at), line)
  if (isAlias(node)) throw yamlError('An alias (*) is not read here: write it out.', line)
  if ('anchor' in node && node.anchor !== undefined)
    throw yamlError('An anchor (&) is not read here: write it out.', line)
  if (node.tag !== undefined) throw yamlError('A tag (!) is not read here.', line)
  if (isScalar(node)) return node.value
  if (isSeq(node))
    return node.items.map((item, n) => plainValue(item as Node | null, [...at, n], notes))
  if (!isMap(node)) throw yamlError('This is neither a map, a list nor a value.', line)
  const read: [string, unknown][] = []
  const names = new Set<string>()
  for (const { key, value } of node.items) {
    if (isAlias(key) || !isScalar(key) || typeof key.value !== 'string')
      throw yamlError('The name of a member is a text.', line)
    const keyLine = notes.lineOf(key.range?.[0] ?? 0)
    if (key.anchor !== undefined || key.tag !== undefined)
      throw yamlError('An anchor or a tag is not read here.', keyLine)
    if (names.has(key.value)) throw yamlError('This name stands here twice.', keyLine)
    names.add(key.value)
    read.push([key.value, plainValue(value as Node | null, [...at, key.value], notes)])
  }
  return Object.fromEntries(read)
}

/**
 * The parser calls itself for each level. Brackets count wherever they stand, in texts too: a directory has few. In block
 * style a level costs its width at the start of a line: indentation, or “- - - -”.
 */
function isShallow(text: string): boolean {
  let open = 0
  for (const line of text.split('\n')) {
    const start = /^[\s?:-]*/.exec(line)?.[0] ?? ''
    if (start.length > 4 * DEEPEST) return false
    for (const sign of line) {
      if (sign === '[' || sign === '{') open++
      else if ((sign === ']' || sign === '}') && open > 0) open--
      if (open > DEEPEST) return false
    }
  }
  return true
}

function yamlError(says: string, line?: number): DirectoryError {
  const fault: Fault = line === undefined ? { at: [], says } : { at: [], says, line }
  const where = line === undefined ? '' : ` (line ${line})`
  return new DirectoryError('yaml', `${says.replace(/\.$/, '')}${where}.`, [fault])
}

/** Of the library’s words only letters: they may quote the file. */
function plainWords(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
