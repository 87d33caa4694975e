import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { run } from 'node:test'
import { spec, type TestEvent } from 'node:test/reporters'
import { type Tally, tallyOf } from './tally.ts'

export interface TestedFile {
  readonly tally: Tally
  /** What a person reads; only of a file in which something failed. */
  readonly output: string
}

/** No single test takes longer; a file may hold some that do wait. */
const A_TEST = 600_000
const A_FILE = 3 * A_TEST

/** One file of tests in a process of its own. `env` is added to ours. */
export async function runTestFile(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<TestedFile> {
  const events: TestEvent[] = []
  const stream = run({
    files: [file],
    timeout: A_FILE,
    execArgv: ['--disable-warning=ExperimentalWarning', `--test-timeout=${A_TEST}`],
    env: { ...process.env, ...env },
  })
  for await (const event of stream) events.push(event as TestEvent)
  const tally = tallyOf(events)
  if (tally.failed === 0) return { tally, output: '' }
  const printer = new spec()
  return { tally, output: await text(Readable.from(events).pipe(printer)) }
}
