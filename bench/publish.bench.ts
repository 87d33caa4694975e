import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { micromark } from 'micromark'
import { publishTree, type Released, type Tree, TreeMemory } from '../src/publication/index.ts'
import { TRIAL_SITE, trialGuide, trialProject } from '../src/publication/trial-tree.ts'
import { atLeast, atMost, type Measured, median, ROUNDS } from './bench.ts'

export const name =
  'The public tree of 10,000 projects and 10,000 documents, in milliseconds of processor time'

/*
 * A build of everything with every file written, against the least that anybody could do: each text through the
 * renderer, each project through JSON, and the same bytes written by a loop. And one changed document against
 * the build of all, with what the last run left in memory. Processor time: a disk that others use says nothing of us.
 */

const PROJECTS = 10_000
const DOCUMENTS = 10_000
const CHAIN = { statements: [] }

export async function run(): Promise<Measured> {
  await Promise.resolve()
  const documents = [
    ...Array.from({ length: PROJECTS }, (_, n) => trialProject(n)),
    ...Array.from({ length: DOCUMENTS }, (_, n) => trialGuide(n)),
  ]
  const tree = publishTree(TRIAL_SITE, documents, CHAIN)
  const folder = mkdtempSync(join(tmpdir(), 'postern-publish-'))
  let build = 0
  let whole = 0
  let plain = 0
  try {
    plain = timed(() => {
      for (const document of documents) render(document)
      writeAll(tree, join(folder, 'plain'))
    })
    let built = tree
    build = timed(() => (built = publishTree(TRIAL_SITE, documents, CHAIN)))
    whole = build + timed(() => writeAll(built, join(folder, 'ours')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const memory = new TreeMemory()
  publishTree(TRIAL_SITE, documents, CHAIN, { memory })
  const changes = Array.from({ length: ROUNDS }, (_, n) => {
    const changed = documents.with(5000 + n, trialProject(5000 + n, { name: `Changed ${n}` }))
    return timed(() => publishTree(TRIAL_SITE, changed, CHAIN, { memory }))
  })
  return {
    rows: [
      atLeast('a plain loop of rendering and writing, against ours', plain, whole, 0.5),
      atMost('one changed document, against a build of all', median(changes), build, 0.02),
    ],
  }
}

function render({ path, bytes }: Released): unknown {
  const text = new TextDecoder().decode(bytes)
  return path.endsWith('.md') ? micromark(text) : JSON.parse(text)
}

function writeAll(tree: Tree, folder: string): void {
  for (const [path, bytes] of tree) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
}

function timed(act: () => unknown): number {
  const began = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}
