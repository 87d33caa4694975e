import { type Bytes, bytesOfText, isProject } from '#lexicon'
import { DirectoryError } from './directory-error.ts'
import type { Fault } from './fault.ts'
import { canonical, jsonOf, type Project } from './project.ts'

/** All projects of a desk, by id, sorted by id. */
export type Directory = ReadonlyMap<string, Project>

/** Faults that no project has alone: ids twice, umbrellas that are not there or are parts themselves. */
export function faultsBetween(projects: readonly Project[]): readonly Fault[] {
  const faults: Fault[] = []
  const byId = new Map<string, Project>()
  for (const [n, project] of projects.entries()) {
    if (byId.has(project.id))
      faults.push({ at: ['projects', n, 'id'], says: 'Another project has this id already.' })
    byId.set(project.id, project)
  }
  for (const [n, { umbrella }] of projects.entries()) {
    if (umbrella === '') continue
    const above = byId.get(umbrella)
    if (above === undefined)
      faults.push({ at: ['projects', n, 'umbrella'], says: 'There is no project with this id.' })
    else if (above.umbrella !== '')
      faults.push({
        at: ['projects', n, 'umbrella'],
        says: 'This is itself a part of another: name the whole.',
      })
  }
  return faults
}

export function directoryOf(projects: readonly Project[]): Directory {
  return new Map(
    projects.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((each) => [each.id, each] as const),
  )
}

/** `directory/index.json`: which document of each project counts. One signature over it releases all. */
export function indexBytes(hashes: ReadonlyMap<string, string>): Bytes {
  return bytesOfText(canonical({ projects: Object.fromEntries(hashes), v: 1 }))
}

/** The hash of each project’s document, by id. Throws `DirectoryError`. */
export function indexOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  const value = jsonOf(bytes)
  const hashes = new Map<string, string>()
  const projects =
    typeof value === 'object' && value !== null && 'projects' in value ? value.projects : undefined
  for (const [id, sha256] of Object.entries(projects ?? {}))
    if (isProject(id) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))
      hashes.set(id, sha256)
  const again = indexBytes(hashes)
  if (again.length !== bytes.length || again.some((byte, n) => byte !== bytes[n]))
    throw new DirectoryError('not-canonical', 'This index of a directory is not in canonical form.')
  return hashes
}
