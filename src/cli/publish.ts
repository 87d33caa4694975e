import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { ClientError, verifyTree } from '#client'
import type { Bytes } from '#lexicon'
import { EXIT } from './exit.ts'
import { answer, createPrint, line } from './print.ts'
import { readFlags, UsageError, wordsAre } from './usage.ts'

const LOOK = join(import.meta.dirname, '../../dist/browser')
const MARK = join(import.meta.dirname, '../http/pages/mark.svg')

/** `postern publish verify DIR`: checks a public tree, without a server. `publish build` is the operator's. */
export async function publish(args: readonly string[]): Promise<void> {
  const [verb, ...rest] = args
  if (verb !== 'verify')
    throw new UsageError('Say “postern publish build” or “postern publish verify”.')
  const flags = readFlags(rest, { json: 'yes', desk: 'text', head: 'text' })
  const [folder] = wordsAre(flags.words, 'DIR')
  if (flags.desk !== undefined && !/^[0-9a-f]{64}$/.test(flags.desk))
    throw new UsageError('A desk id has 64 hex digits.')
  if (flags.head !== undefined && !/^[0-9a-f]{64}$/.test(flags.head))
    throw new UsageError('The id of a statement has 64 hex digits.')
  const tree = await readTree(folder)
  const look = await readLook()
  const { findings, desk, documents } = await verifyTree(tree, {
    now: Date.now(),
    desk: flags.desk,
    head: flags.head,
    look,
  })
  const print = createPrint(flags.json)
  answer(print, { findings, desk, documents, files: tree.size }, () => [
    ...findings.map(({ path, code, says }) => `${line(path)}: ${line(says)} (${code})`),
    ...(desk === undefined
      ? []
      : [
          `${line(desk.name)}, ${line(desk.url)}: ${documents} documents, ${tree.size} files.`,
          `Newest statement: ${desk.newest.id}, ${desk.newest.at}. A newer tree has it too: keep it for --head.`,
          ...(flags.desk === undefined
            ? ['Whose tree it is, only these words say; compare them with paper:', desk.words]
            : []),
        ]),
    findings.length === 0
      ? 'Every document was released by whom it must be, and every page is what this program makes of them.'
      : 'This tree does not verify.',
  ])
  if (findings.length > 0) process.exitCode = EXIT.refused
}

/** Every file; of a checkout of the history not what git keeps beside it. */
async function readTree(folder: string): Promise<ReadonlyMap<string, Bytes>> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true)
    throw new ClientError('not-found', `There is no folder ${line(folder)}.`)
  const tree = new Map<string, Bytes>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = relative(folder, file).split(sep).join('/')
    // A link is no file of a tree: where it leads is not published with it.
    if (entry.isDirectory() || path.startsWith('.git/')) continue
    tree.set(path, entry.isFile() ? new Uint8Array(await readFile(file)) : new Uint8Array(0))
  }
  return tree
}

/** Sheet, fonts and mark as this program has them. */
async function readLook(): Promise<ReadonlyMap<string, Bytes>> {
  const assets = await readTree(join(LOOK, 'assets')).catch(() => new Map<string, Bytes>())
  const look = new Map<string, Bytes>()
  for (const [path, bytes] of assets)
    if (/^(?:tree|atkinson)-[^/]+\.(?:css|woff2)$/.test(path)) look.set(`assets/${path}`, bytes)
  return look.set('mark.svg', new Uint8Array(await readFile(MARK)))
}
