import { readFileSync, rmSync } from 'node:fs'
import { cruise } from './cruise.ts'
import { allowances, copyTree, plant, violations } from './plant.ts'
import { readRooms, wrongDoors } from './rooms.ts'
import { offencesIn } from './source-law.ts'

const rooms = readRooms()

console.log(`rooms: ${Object.keys(rooms).length}`)
const faults = [...wrongDoors(rooms, doors()), ...(await faultsOfTree()), ...(await missed())]
for (const fault of faults) console.log(fault)
console.log(faults.length === 0 ? 'the walls hold' : `${faults.length} faults in the walls`)
process.exitCode = faults.length === 0 ? 0 : 1

function doors(): Readonly<Record<string, unknown>> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    imports: Record<string, unknown>
  }
  return manifest.imports
}

async function faultsOfTree(): Promise<string[]> {
  const tree = await cruise('.')
  const { files, offences } = offencesIn('.')
  console.log(`modules looked at: ${tree.modules}, files read: ${files}`)
  return [
    ...tree.violations.map(({ from, to, rule }) => `${rule}: ${from} -> ${to}`),
    ...offences.map(({ file, line, law }) => `${law}: ${file}:${line}`),
  ]
}

/** A wall that nobody tried to break is not known to stand. */
async function missed(): Promise<string[]> {
  const planted = violations(rooms)
  const allowed = allowances(rooms)
  const root = copyTree(rooms)
  try {
    plant(root, [...planted, ...allowed])
    const tree = await cruise(root)
    const named = [
      ...tree.violations.map(({ from, rule }) => ({ file: from, rule })),
      ...offencesIn(root).offences.map(({ file, law }) => ({ file, rule: law })),
    ]
    const caught = new Set(named.map(({ file, rule }) => `${file} ${rule}`))
    const escaped = planted.filter(({ file, rule }) => !caught.has(`${file} ${rule}`))
    const innocent = new Set(allowed.map(({ file }) => file))
    const accused = named.filter(({ file }) => innocent.has(file))
    console.log(`violations planted: ${planted.length}, caught: ${planted.length - escaped.length}`)
    console.log(`allowed imports planted: ${allowed.length}, refused: ${accused.length}`)
    return [
      ...escaped.map(({ file, rule, text }) => `not caught by ${rule}: ${file}\n  ${text}`),
      ...accused.map(({ file, rule }) => `refused by ${rule} though allowed: ${file}`),
    ]
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
