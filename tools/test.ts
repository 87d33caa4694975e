import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { askForPackages, installPackages, missingPackages } from './system-packages.ts'
import { takeTurns } from './take-turns.ts'
import { lastLine, nothing, oneCheck, sum, tallyFrom, type Tally } from './tally.ts'

interface Result {
  readonly tally: Tally
  readonly output: string
  readonly note?: string
}

type Step = () => Promise<Result>

const steps: Readonly<Record<string, Step>> = {
  packages: systemPackages,
  format: () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  types: checkTypes,
  lint: () => tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
  walls: () => program(process.execPath, 'tools/walls.ts'),
  unused: () => tool('knip/bin/knip.js', '--no-progress', '--no-config-hints'),
  licences: () => program(process.execPath, 'tools/licences.ts'),
  unit: () => tests(2, 'src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'),
  vectors: checkVectors,
  // Half of a story is waiting, for a browser or a server: three keep two processors at work.
  stories: () => tests(3, 'stories/**/*.test.ts'),
}

const perTest = '--test-timeout=600000'

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(' ')}`)
  process.exit(2)
}

const runs = (name: string) => asked.length === 0 || asked.includes(name)
const callPrograms = ['packages', 'unit', 'vectors', 'stories']
const missing = callPrograms.some(runs) ? missingPackages() : []
if (missing.length > 0 && process.getuid?.() !== 0) {
  console.error(askForPackages(missing))
  process.exit(2)
}

/** These read the tree and nothing else, one thread each: two at a time. */
const besideEachOther = ['format', 'types', 'lint', 'walls', 'unused', 'licences']

const tallies: Tally[] = []
const turn = takeTurns(2)
const wanted = Object.entries(steps).filter(
  ([name]) => runs(name) || (name === 'packages' && missing.length > 0),
)
const begun = new Map<string, Promise<Timed>>()
for (const [name, step] of wanted) {
  if (besideEachOther.includes(name) && begun.size === 0)
    for (const [other, read] of wanted)
      if (besideEachOther.includes(other))
        begun.set(
          other,
          turn(() => timed(read)),
        )
  const { result, seconds } = await (begun.get(name) ?? timed(step))
  report(name, result, seconds)
  tallies.push(result.tally)
}
const total = sum(tallies)
console.log(lastLine(total))
process.exitCode = total.failed === 0 ? 0 : 1

function report(name: string, { tally, output, note }: Result, seconds: number): void {
  const verdict = tally.failed === 0 ? 'ok    ' : 'FAILED'
  const said = note ?? lastLine(tally)
  console.log(`${verdict} ${name.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${said}`)
  for (const { name: test, why } of tally.skipped) console.log(`       skipped: ${test} (${why})`)
  if (tally.failed > 0) console.log(output.trimEnd())
}

type Timed = { readonly result: Result; readonly seconds: number }

async function timed(step: Step): Promise<Timed> {
  const began = performance.now()
  const result = await step()
  return { result, seconds: (performance.now() - began) / 1000 }
}

async function program(command: string, ...args: string[]): Promise<Result> {
  const { ok, output } = await runCommand(command, args)
  const note = output.trimEnd().split('\n').at(-1) ?? ''
  return { tally: oneCheck(ok), output, ...(ok && note !== '' && { note }) }
}

async function tool(path: string, ...args: string[]): Promise<Result> {
  const { ok, output } = await runCommand(process.execPath, [`node_modules/${path}`, ...args])
  return { tally: oneCheck(ok), output }
}

async function systemPackages(): Promise<Result> {
  if (missing.length === 0) return { tally: oneCheck(true), output: '' }
  const { output } = await installPackages(missing)
  const still = missingPackages()
  const advice = still.length === 0 ? '' : `${askForPackages(still)}\n`
  return { tally: oneCheck(still.length === 0), output: `${output}${advice}` }
}

/** What runs in browsers is looked at twice: without a word of Node.js, and with the tests beside it. */
async function checkTypes(): Promise<Result> {
  const parts = ['tsconfig.json', 'tsconfig.browser.json', 'src/worker', 'src/text', 'src/browser']
  const results: Result[] = []
  for (const part of parts) results.push(await tool('typescript/bin/tsc', '-p', part))
  const failed = sum(results.map((result) => result.tally)).failed
  return { ...together(results), tally: oneCheck(failed === 0) }
}

async function checkVectors(): Promise<Result> {
  const ours = await tests(2, 'vectors/*.test.ts')
  const readers = globSync('vectors/*.py').toSorted()
  const theirs: Result[] = []
  for (const reader of readers) theirs.push(await program('python3', '-B', reader))
  return together([ours, ...theirs])
}

/** The step fails if one part does, and says how many single tests ran. */
async function tests(atOnce: number, ...patterns: string[]): Promise<Result> {
  const files = globSync(patterns).toSorted()
  if (files.length === 0) return { tally: nothing, output: '', note: 'nothing here yet' }
  const scratch = mkdtempSync(join(tmpdir(), 'postern-test-'))
  const counts = join(scratch, 'counts')
  try {
    const flags = [
      '--disable-warning=ExperimentalWarning',
      '--test',
      `--test-concurrency=${atOnce}`,
      perTest,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=./tools/reporter.ts',
      `--test-reporter-destination=${counts}`,
    ]
    // Hundreds of short processes load the same sources: compiled once for this run, and gone with it.
    const env = { NODE_COMPILE_CACHE: join(scratch, 'compiled') }
    const { ok, output } = await runCommand(process.execPath, [...flags, ...files], { env })
    return { tally: tallyFrom(readFileSync(counts, { encoding: 'utf8' }), ok), output }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function together(results: readonly Result[]): Result {
  const tally = sum(results.map((result) => result.tally))
  const only = results.length === 1 ? results[0]?.note : undefined
  const failed = results.filter((result) => result.tally.failed > 0)
  return {
    tally,
    output: failed.map((result) => result.output).join('\n'),
    ...(only !== undefined && { note: only }),
  }
}
