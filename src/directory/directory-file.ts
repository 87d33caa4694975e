import { stringify } from 'yaml'
import { type Directory, directoryOf, faultsBetween } from './directory.ts'
import { formError } from './directory-error.ts'
import type { Fault } from './fault.ts'
import { exactly, line, list, member, record } from './form.ts'
import { faultOfDate } from './plain-words.ts'
import { project, type Project } from './project.ts'
import { readYaml } from './strict-yaml.ts'

/** A directory as one file that a person edits and reviews in git. */
export type DirectoryFile = {
  /** Where its facts come from, and when they were read. */
  readonly source: string
  readonly read: string
  readonly projects: Directory
}

type Written = {
  readonly v: 1
  readonly source: string
  readonly read: string
  readonly projects: readonly Project[]
}

const written = record<Written>('a directory', {
  v: member(exactly(1)),
  source: member(line(1000), ''),
  read: member(
    line(10, (text) => (text === '' ? undefined : faultOfDate(text))),
    '',
  ),
  projects: member(list('projects', project, 20_000)),
})

/** Reads YAML or JSON. Throws `DirectoryError` with every fault and its line. */
export function readDirectoryFile(text: string): DirectoryFile {
  const { value, lineAt } = readYaml(text)
  const faults: Fault[] = []
  const read = written(value, [], faults)
  if (read !== undefined) faults.push(...faultsBetween(read.projects))
  if (read === undefined || faults.length > 0)
    throw formError(
      'This file',
      faults.map((one) => ({ ...one, line: lineAt(one.at) })),
    )
  return { source: read.source, read: read.read, projects: directoryOf(read.projects) }
}

/** The same directory gives the same bytes, sorted by id. What is empty is left out. */
export function writeDirectoryFile(file: DirectoryFile, as: 'yaml' | 'json'): string {
  const value = {
    v: 1,
    ...(file.source === '' ? {} : { source: file.source }),
    ...(file.read === '' ? {} : { read: file.read }),
    projects: [...file.projects.values()].map(withoutEmpty),
  }
  if (as === 'json') return `${JSON.stringify(value, null, 2)}\n`
  return stringify(value, {
    version: '1.2',
    schema: 'core',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'PLAIN',
    indentSeq: true,
  })
}

const ORDER =
  'id name status umbrella homepage repositories packages imports languages channels kind value key key_at personal consent where when differs evidence verified next says'.split(
    ' ',
  )

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => !isEmpty(inner))
      .toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .map(([name, inner]) => [name, withoutEmpty(inner)]),
  )
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === false || (Array.isArray(value) && value.length === 0)
}
