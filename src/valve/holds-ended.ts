import { createHash } from 'node:crypto'
import { documentKind } from '#lexicon'
import { type Directory, releasesAt } from '#seal'
import { newestCommit, pathsOf } from './commit-tree.ts'
import type { Git } from './git.ts'

/**
 * Does the newest state in the history hold a document that was withdrawn or replaced? Asked of its bytes, so that
 * it is known after a restart too, and when nothing can be built.
 */
export async function holdsEnded(git: Git, directory: Directory, now: number): Promise<boolean> {
  const commit = await newestCommit(git)
  if (commit === '') return false
  const { now: effective } = releasesAt(directory, now)
  for (const path of await pathsOf(git, commit)) {
    const kind = documentKind(path)
    // A project stands there by its index, which is looked at itself.
    if (kind === undefined || kind === 'project') continue
    const text = await git.ask(['show', `${commit}:${path}`])
    const sha256 = createHash('sha256').update(text).digest('hex')
    if (effective.get(path)?.sha256 !== sha256) return true
  }
  return false
}
