import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readyCluster } from './ready-cluster.ts'
import { runCommand } from './run-command.ts'
import { runTestFile } from './run-test-file.ts'
import { askForPackages, installPackages, missingPackages } from './system-packages.ts'
import { takeTurns } from './take-turns.ts'
import { lastLine, oneCheck, sum, type Tally } from './tally.ts'
import { filesOf, isTestStep, makesClusters, type TestFile } from './test-files.ts'

interface Result {
  readonly tally: Tally
  readonly output: string
  readonly note?: string
}

/** Of one piece of a step: when it had its turn, and when it was done. */
interface Piece extends Result {
  readonly began: number
  readonly ended: number
}

/** Each begins its pieces when it is called, in the order of the calls. */
type Step = () => readonly Promise<Piece>[]

const steps: Readonly<Record<string, Step>> = {
  packages: () => [inTurn(systemPackages)],
  format: () => [tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  types: checkTypes,
  lint: () => [tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings')],
  walls: () => [program(process.execPath, 'tools/walls.ts')],
  unused: () => [tool('knip/bin/knip.js', '--no-progress', '--no-config-hints')],
  licences: () => [program(process.execPath, 'tools/licences.ts')],
  unit: () => testsOf('unit'),
  vectors: () => [...testsOf('vectors'), ...otherReaders()],
  stories: () => testsOf('stories'),
}

/** Many small checks that count as one. */
const oneCheckEach = ['types']

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

/** Half of a test is waiting, for a browser or a server: three at a time keep two processors at work. */
const turn = takeTurns(Math.min(Math.ceil(1.5 * availableParallelism()), 8))
const scratch = mkdtempSync(join(tmpdir(), 'postern-test-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))

const tallies: Tally[] = []
if (runs('packages') || missing.length > 0) await finish('packages', steps['packages']?.() ?? [])

const wanted = Object.entries(steps).filter(([name]) => name !== 'packages' && runs(name))
const testSteps = wanted.map(([name]) => name).filter(isTestStep)
const cluster = testSteps.length > 0 ? readyCluster(scratch, process.env['PG_BIN']) : undefined
/** What only reads the tree comes first; then the tests of all steps in one row, which has one end. */
const readings = wanted.filter(([name]) => !isTestStep(name)).map(begin)
const tests = filesOf(testSteps).map((file) => ({ file, piece: tested(file) }))
for (const [name, pieces] of [
  ...readings,
  ...wanted.filter(([name]) => isTestStep(name)).map(begin),
])
  await finish(name, pieces)

const total = sum(tallies)
console.log(lastLine(total))
process.exitCode = total.failed === 0 ? 0 : 1

function begin([name, step]: readonly [string, Step]) {
  return [name, step()] as const
}

async function finish(name: string, begun: readonly Promise<Piece>[]): Promise<void> {
  const pieces = await Promise.all(begun)
  const counted = sum(pieces.map(({ tally }) => tally))
  const tally = oneCheckEach.includes(name) ? oneCheck(counted.failed === 0) : counted
  const only = pieces.length === 1 ? pieces[0]?.note : undefined
  const began = Math.min(...pieces.map((piece) => piece.began))
  const seconds = (Math.max(...pieces.map(({ ended }) => ended)) - began) / 1000
  const verdict = tally.failed === 0 ? 'ok    ' : 'FAILED'
  console.log(
    `${verdict} ${name.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${only ?? lastLine(tally)}`,
  )
  for (const { name: test, why } of tally.skipped) console.log(`       skipped: ${test} (${why})`)
  for (const piece of pieces) if (piece.tally.failed > 0) console.log(piece.output.trimEnd())
  tallies.push(tally)
}

function inTurn(work: () => Promise<Result>): Promise<Piece> {
  return turn(async () => {
    const began = performance.now()
    const result = await work()
    return { ...result, began, ended: performance.now() }
  })
}

function program(command: string, ...args: string[]): Promise<Piece> {
  return inTurn(async () => {
    const { ok, output } = await runCommand(command, args)
    const note = output.trimEnd().split('\n').at(-1) ?? ''
    return { tally: oneCheck(ok), output, ...(ok && note !== '' && { note }) }
  })
}

function tool(path: string, ...args: string[]): Promise<Piece> {
  return inTurn(async () => {
    const { ok, output } = await runCommand(process.execPath, [`node_modules/${path}`, ...args])
    return { tally: oneCheck(ok), output }
  })
}

async function systemPackages(): Promise<Result> {
  if (missing.length === 0) return { tally: oneCheck(true), output: '' }
  const { output } = await installPackages(missing)
  const still = missingPackages()
  const advice = still.length === 0 ? '' : `${askForPackages(still)}\n`
  return { tally: oneCheck(still.length === 0), output: `${output}${advice}` }
}

/** What runs in browsers is looked at twice: without a word of Node.js, and with the tests beside it. */
function checkTypes(): readonly Promise<Piece>[] {
  const parts = ['tsconfig.json', 'tsconfig.browser.json', 'src/worker', 'src/text', 'src/browser']
  return parts.map((part) => tool('typescript/bin/tsc', '-p', part))
}

function testsOf(step: TestFile['step']): readonly Promise<Piece>[] {
  return tests.filter(({ file }) => file.step === step).map(({ piece }) => piece)
}

function tested(file: TestFile): Promise<Piece> {
  return inTurn(async () => {
    // Hundreds of short processes load the same sources: compiled once for this run, and gone with it.
    const env = { NODE_COMPILE_CACHE: join(scratch, 'compiled') }
    const ready = makesClusters(file) ? undefined : await cluster
    return runTestFile(file.path, ready === undefined ? env : { ...env, PG_BIN: ready })
  })
}

/** Readers of our formats in another language. */
function otherReaders(): readonly Promise<Piece>[] {
  return globSync('vectors/*.py').map((reader) => program('python3', '-B', reader))
}
