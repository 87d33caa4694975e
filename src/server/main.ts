import {
  type Command,
  COMMANDS,
  type MailCommand,
  readFileArguments,
  readMailCommand,
  readPlaceArguments,
  readPublishCommand,
  readServeArguments,
  USAGE,
} from './arguments.ts'
import { backUp } from './backup.ts'
import { examine } from './doctor.ts'
import { endOf, EXIT } from './exit-code.ts'
import { createLog, tracesOf } from './log.ts'
import { importMail, type ImportSeen, wordsOfImport, wordsOfProgress } from './import-mail.ts'
import { mailQueue, wordsOfQueue } from './mail-queue.ts'
import { publishBuild } from './publish-build.ts'
import { restore } from './restore.ts'
import { type Ready, serve } from './serve.ts'
import { testMail } from './test-mail.ts'
import { testMailIn } from './test-mail-in.ts'
import { verify } from './verify-all.ts'

/*
 * The operator's commands. Each says what it does in plain lines on stdout, or in one JSON line at its
 * end with --json; what went wrong is one sentence on stderr and an exit code.
 */

// Nothing that we make is for others to read.
process.umask(0o077)

// Whoever read our output may go away: that is no reason to stop serving.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)
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
    case 'backup': {
      const parsed = readFileArguments(args)
      return sayResult(parsed.json, await backUp(parsed, sayerFor(parsed.json)))
    }
    case 'restore': {
      const parsed = readFileArguments(args)
      return sayResult(parsed.json, await restore(parsed, sayerFor(parsed.json)))
    }
    case 'verify': {
      const place = readPlaceArguments(args)
      const verified = await verify(place, sayerFor(place.json))
      if (!place.json) print('Everything verifies.')
      return sayResult(place.json, verified)
    }
    case 'doctor': {
      const place = readPlaceArguments(args)
      const findings = await examine(place, place.json ? sayerFor(true) : () => undefined)
      if (place.json) print(JSON.stringify({ findings }))
      else
        for (const { level, what, todo } of findings) print(`${level.padEnd(4)}  ${what} ${todo}`)
      return findings.some(({ level }) => level === 'bad') ? EXIT.refused : EXIT.done
    }
    case 'publish': {
      const asked = readPublishCommand(args)
      return sayResult(asked.json, await publishBuild(asked, sayerFor(asked.json)))
    }
    case 'mail': {
      const asked = readMailCommand(args)
      return playMail(asked, asked.json ? sayerFor(true) : () => undefined)
    }
  }
}

async function playMail(asked: MailCommand, quiet: (step: string) => void): Promise<number> {
  const { json } = asked
  if (asked.act === 'import') {
    const imported = await importMail(asked, {
      say: quiet,
      progress: progressFor(json),
      failed: (error) => log({ event: 'mail-not-taken', ...tracesOf(error) }),
    })
    if (!json) for (const line of wordsOfImport(imported)) print(line)
    sayResult(json, imported)
    return imported.failed + imported.tooLarge > 0 ? EXIT.refused : EXIT.done
  }
  if (asked.act === 'queue') {
    const seen = await mailQueue(asked, quiet)
    if (!json) for (const line of wordsOfQueue(seen)) print(line)
    return sayResult(json, seen)
  }
  if (asked.to === undefined) {
    const seen = await testMailIn(asked, sayerFor(json))
    sayResult(json, seen)
    return seen.works ? EXIT.done : EXIT.refused
  }
  const tested = await testMail({ data: asked.data, to: asked.to }, sayerFor(json))
  sayResult(json, tested)
  return tested.became === 'sent' ? EXIT.done : EXIT.refused
}

async function serveUntilStopped(args: readonly string[]): Promise<number> {
  const parsed = readServeArguments(args)
  const { promise: signalled, resolve: signal } = Promise.withResolvers<string>()
  process.once('SIGTERM', signal)
  process.once('SIGINT', signal)
  const ready = await serve(parsed, { say: sayerFor(parsed.json), log, fail: die })
  announce(ready, parsed.json)
  const why = await signalled
  log({ event: 'stopping', why })
  await ready.stop()
  return EXIT.done
}

function announce({ url, desk, setup, mail }: Ready, json: boolean): void {
  if (json) {
    const more = { ...(mail && { mail }), ...(setup && { setup }) }
    print(JSON.stringify({ ready: true, url, desk, pid: process.pid, ...more }))
    return
  }
  print(`\nPostern is ready: ${url}`)
  if (setup === undefined) return
  print('\nThis desk is not set up yet. Open this link, once, within seven days:')
  print(`  ${setup.link}\n`)
}

/** Steps are for whoever watches: on stdout, or in the log when stdout is for a program. */
function sayerFor(json: boolean): (step: string) => void {
  return json ? (step) => log({ event: 'step', step }) : print
}

/** A line that is written over on a terminal; lines of the log where a program reads; else nothing. */
function progressFor(json: boolean): (seen: ImportSeen) => void {
  if (json) return (seen) => log({ event: 'import', ...seen })
  if (!process.stdout.isTTY) return () => undefined
  return (seen) => process.stdout.write(`\r${wordsOfProgress(seen)}\x1b[K${seen.done ? '\n' : ''}`)
}

function sayResult(json: boolean, result: object): number {
  if (json) print(JSON.stringify(result))
  return EXIT.done
}

/** Nobody knows what state this process is in: it ends, and whoever watches it starts it again. */
function die(error: unknown): void {
  log({ event: 'failed', ...tracesOf(error) })
  const { code, message } = endOf(error)
  if (message !== undefined) tell(`postern: ${message}`)
  process.exit(code === EXIT.done ? EXIT.unforeseen : code)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
