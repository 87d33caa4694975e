import { cases } from './case.ts'
import { claim } from './claim.ts'
import { desk } from './desk.ts'
import { directory } from './directory.ts'
import { endSessions } from './enter.ts'
import { exitOf } from './exit.ts'
import { follow } from './follow.ts'
import { help } from './help.ts'
import { init } from './init.ts'
import { mailKey } from './mail-key.ts'
import { members } from './member.ts'
import { publish } from './publish.ts'
import { queue } from './queue.ts'
import { release } from './release.ts'
import { report } from './report.ts'
import { securityTxt } from './security-txt.ts'
import { UsageError } from './usage.ts'

const COMMANDS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([
  ['init', init],
  ['report', report],
  ['follow', follow],
  ['claim', claim],
  ['queue', queue],
  ['case', cases],
  ['member', members],
  ['desk', desk],
  ['directory', directory],
  ['mail', mailKey],
  ['release', release],
  ['publish', publish],
  ['securitytxt', securityTxt],
  ['help', help],
  ['--help', help],
])

const [name, ...args] = process.argv.slice(2)
try {
  const command = COMMANDS.get(name ?? 'help')
  if (command === undefined)
    throw new UsageError(`There is no command “${name}”. Say “postern help” to see what there is.`)
  await command(args)
} catch (error) {
  const { code, sentence } = exitOf(error)
  process.stderr.write(`${sentence}\n`)
  process.exitCode = code
} finally {
  await endSessions()
}
