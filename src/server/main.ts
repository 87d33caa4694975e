import { createLog, type Log, tracesOf } from './log.ts'
import {
  type Command,
  COMMANDS,
  readFileArguments,
  readPlaceArguments,
  readServeArguments,
  USAGE,
} from './arguments.ts'
import { endOf, EXIT } from './exit-code.ts'
import { type Ready, serve } from './serve.ts'

/*
 * The operator's commands. Each says what it does in plain lines on stdout, or one JSON line at its end
 * with --json; what went wrong is one sentence on stderr and an exit code.
 */

// Nothing that we make is for others to read.
process.umask(0o077)

const log = createLog((line) => process.stderr.write(line), Date.now)
const [word = '', ...args] = process.argv.slice(2)
process.on('uncaughtException', die)
process.on('unhandledRejection', die)
await run(word, args)

async function run(word: string, args: readonly string[]): Promise<void> {
  const command = COMMANDS.find((known) => known === word)
  if (command === undefined) {
    tell(`postern: there is no command “${word}” here; there are ${COMMANDS.join(', ')}.`)
    process.exitCode = EXIT.usage
    return
  }
  if (args.includes('--help') || args.includes('-h')) {
    print(USAGE[command])
    return
  }
  try {
    process.exitCode = await play(command, args)
  } catch (error) {
    const { code, message } = endOf(error)
    if (message === undefined) log({ event: 'failed', command, ...tracesOf(error) })
    tell(`postern: ${message ?? 'Something unforeseen went wrong; the line above names it.'}`)
    process.exitCode = code
  }
}

async function play(command: Command, args: readonly string[]): Promise<number> {
  switch (command) {
    case 'start':
    case 'serve':
      return serveUntilStopped(args)
    case 'backup':
    case 'restore':
    case 'verify':
    case 'doctor':
      void readFileArguments
      void readPlaceArguments
      return EXIT.unforeseen
  }
}

async function serveUntilStopped(args: readonly string[]): Promise<number> {
  const parsed = readServeArguments(args)
  const { promise: signalled, resolve: signal } = Promise.withResolvers<string>()
  process.once('SIGTERM', signal)
  process.once('SIGINT', signal)
  const say = parsed.json ? stepLog(log) : print
  const ready = await serve(parsed, { say, log, fail: die })
  announce(ready, parsed.json)
  const why = await signalled
  log({ event: 'stopping', why })
  await ready.stop()
  return EXIT.done
}

function announce({ url, desk, setup }: Ready, json: boolean): void {
  if (json) {
    print(JSON.stringify({ ready: true, url, desk, pid: process.pid, ...(setup && { setup }) }))
    return
  }
  print(`\nPostern is ready: ${url}`)
  if (setup === undefined) return
  print('\nThis desk is not set up yet. Open this link, once, within seven days:')
  print(`  ${setup.link}\n`)
}

function stepLog(log: Log): (step: string) => void {
  return (step) => log({ event: 'step', step })
}

/** Nobody knows what state this process is in: it ends, and whoever watches it starts it again. */
function die(error: unknown): void {
  log({ event: 'failed', ...tracesOf(error) })
  const { code, message } = endOf(error)
  if (message !== undefined) tell(`postern: ${message}`)
  process.exit(code)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
