import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Bytes, bytesOfText, millisecondsOf, SECOND } from '#lexicon'
import type { BuiltTree } from './build-tree.ts'
import { type Git, openGit } from './git.ts'

export const BRANCH = 'refs/heads/main'

/** The bare repository of the public tree, made if there is none. */
export async function openHistory(folder: string, signal?: AbortSignal): Promise<Git> {
  const git = openGit(folder, signal)
  if (existsSync(join(folder, 'HEAD'))) return git
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await git.ask(['init', '--quiet', '--bare', '--initial-branch=main'])
  return git
}

/**
 * One commit for a tree that differs from the last one, without a work tree. Author, dates and words come from
 * the tree alone: the same trees in the same order give the same ids. Returns the newest commit.
 */
export async function commitTree(
  git: Git,
  tree: Pick<BuiltTree, 'files' | 'at' | 'head' | 'author'>,
): Promise<string> {
  const parent = await newestCommit(git)
  const before = parent === '' ? new Map<string, string>() : await blobsOf(git, parent)
  const changes = changesOf(tree.files, before)
  if (changes.length === 0) return parent
  const seconds = millisecondsOf(tree.at) / SECOND
  const words = `The public tree of ${tree.at}\n\nDesk statement: ${tree.head}\n`
  const head = [
    `commit ${BRANCH}`,
    `committer ${plain(tree.author.name)} <postern@${plain(tree.author.domain)}> ${seconds} +0000`,
    `data ${bytesOfText(words).length}`,
    words,
    ...(parent === '' ? [] : [`from ${parent}`]),
    '',
  ].join('\n')
  await git.feed(['fast-import', '--quiet'], Buffer.concat([bytesOfText(head), ...changes]))
  return newestCommit(git)
}

/** `""` before the first one. */
export async function newestCommit(git: Git, ref = BRANCH): Promise<string> {
  return (await git.ask(['for-each-ref', '--format=%(objectname)', ref])).trim()
}

export async function pathsOf(git: Git, commit: string): Promise<readonly string[]> {
  return [...(await blobsOf(git, commit)).keys()]
}

/** Path and blob of every file of a commit. */
async function blobsOf(git: Git, commit: string): Promise<ReadonlyMap<string, string>> {
  const listed = await git.ask(['ls-tree', '-r', '-z', '--full-tree', commit])
  const blobs = new Map<string, string>()
  for (const entry of listed.split('\0')) {
    const [, blob, path] = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? []
    if (blob !== undefined && path !== undefined) blobs.set(path, blob)
  }
  return blobs
}

function changesOf(
  files: ReadonlyMap<string, Bytes>,
  before: ReadonlyMap<string, string>,
): Bytes[] {
  const parts: Bytes[] = []
  for (const path of before.keys())
    if (!files.has(path)) parts.push(bytesOfText(`D ${plain(path)}\n`))
  for (const [path, bytes] of files) {
    if (before.get(path) === blobId(bytes)) continue
    parts.push(bytesOfText(`M 100644 inline ${plain(path)}\ndata ${bytes.length}\n`), bytes)
    parts.push(bytesOfText('\n'))
  }
  return parts
}

function blobId(bytes: Bytes): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** What stands between the words of fast-import must not become one: no line end, no angle, no quote. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}<>"\\]/gu, ' ').trim()
}
