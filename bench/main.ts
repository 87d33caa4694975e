import { globSync } from 'node:fs'
import { basename } from 'node:path'
import * as attachment from './attachment.bench.ts'
import type { Bench, Row } from './bench.ts'
import * as directorySearch from './directory-search.bench.ts'
import * as mailIn from './mail-in.bench.ts'
import * as openCase from './open-case.bench.ts'
import * as pageWeight from './page-weight.bench.ts'
import * as publish from './publish.bench.ts'
import * as queue from './queue.bench.ts'
import * as schleuder from './schleuder.bench.ts'

/*
 * `npm run bench`: every bench, one after the other, in one table. Ends with 1 where a bound is broken or a
 * bench did not come to its end. Names of benches as arguments run only those.
 */

const BENCHES: Readonly<Record<string, Bench>> = {
  attachment,
  directorySearch,
  mailIn,
  openCase,
  pageWeight,
  publish,
  queue,
  schleuder,
}
const benches = Object.entries(BENCHES).map(
  ([name, bench]) => [name.replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`), bench] as const,
)

const known = benches.map(([name]) => name)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}. Benches: ${known.join(' ')}`)
  process.exit(2)
}
const files = globSync('*.bench.ts', { cwd: import.meta.dirname })
const forgotten = files.filter((file) => !known.includes(basename(file, '.bench.ts')))
if (forgotten.length > 0) throw new Error(`Not in the list of benches: ${forgotten.join(', ')}`)

let broken = 0
for (const [name, bench] of benches) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const began = performance.now()
  console.log(`\n${bench.name}`)
  try {
    const { rows } = await bench.run()
    print(rows)
    broken += rows.filter(({ ok }) => !ok).length
    // A bench that measured nothing has proved nothing.
    if (rows.length === 0) throw new Error('It measured nothing.')
  } catch (error) {
    broken += 1
    console.log(
      `  did not come to its end: ${error instanceof Error ? error.stack : String(error)}`,
    )
  }
  console.log(`  ${((performance.now() - began) / 1000).toFixed(0)} s`)
}
console.log(broken === 0 ? '\nEvery bound holds.' : `\n${broken} beyond its bound.`)
process.exitCode = broken === 0 ? 0 : 1

function print(rows: readonly Row[]): void {
  const cells = rows.map(({ what, value, against, ratio, bound, ok }) => [
    ok ? 'ok' : 'BEYOND',
    what,
    number(value),
    number(against),
    number(ratio),
    number(bound),
  ])
  const table = [['', 'what', 'value', 'against', 'ratio', 'bound'], ...cells]
  const wide = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0))
  for (const row of table) {
    const line = row.map((cell, n) => (n < 2 ? cell.padEnd(wide(n)) : cell.padStart(wide(n))))
    console.log(`  ${line.join('  ').trimEnd()}`)
  }
}

function number(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return Number(value.toPrecision(3)).toString()
}
