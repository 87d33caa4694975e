import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startClock } from './demo-clock.ts'
import { member } from './demo-people.ts'
import { type DemoServer, isFree, startServer } from './demo-server.ts'
import { type FilledDesk, fillDesk, PASSPHRASE } from './fill-desk.ts'
import { AWAITED, inviteOne, keepAdmitting } from './keep-admitting.ts'

/*
 * bin/start --demo [--port 8080] [--data DIR] [--json]: an example foundation at every state. Real server,
 * real database, real client; only the first server's clock is moved, so that there is a past.
 */

process.umask(0o077)
const { values } = parseArgs({
  options: {
    demo: { type: 'boolean' },
    port: { type: 'string', default: '8080' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
const ending = new AbortController()
for (const word of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(word, () => ending.abort(new Error('ended')))

if (values.help === true) print('bin/start --demo [--port 8080] [--data DIR] [--json]')
else process.exitCode = await play(Number(values.port), values.data)

async function play(port: number, kept: string | undefined): Promise<number> {
  const url = `http://localhost:${port}`
  if (!Number.isInteger(port) || port < 1 || port > 65_535 || !(await isFree(port)))
    return refuse(`Port ${values.port} is taken or no port: choose another with --port.`)
  const folder = kept === undefined ? mkdtempSync(join(tmpdir(), 'postern-demo-')) : resolve(kept)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    return refuse('The folder of --data is not empty: give a new one.')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let server: DemoServer | undefined
  try {
    const start = Date.now()
    const data = join(folder, 'desk')
    say('An example foundation: ready in less than a minute. Ctrl-C ends it.')
    say('Starting a server whose clock stands in the past ...')
    // A socket of its own: nobody meets a desk that is half there.
    const socket = join(mkdtempSync(join(folder, 's-')), 'demo')
    server = await startServer({ data, url, at: { socket }, clock: 'moves' })
    const clock = startClock(server, Date.now)
    say('Six weeks of people and cases, each signed and sealed by the real client ...')
    const { setup } = server
    const { signal } = ending
    const filled = await fillDesk({ url, socket, setup, folder, clock, say, signal })
    await server.stop()
    rmSync(join(socket, '..'), { recursive: true, force: true })
    say('Starting it again, with the clock of today ...')
    signal.throwIfAborted()
    server = await startServer({ data, url, at: { port }, clock: 'real' })
    const place = { url, socket: undefined, clock: Date.now, desk: filled.desk }
    const first = member(place, 'Volunteer 1', filled.first)
    const invitation = await inviteOne(first, url)
    show({ url, invitation, filled, folder, kept, seconds: (Date.now() - start) / 1000 })
    const admitting = keepAdmitting(first, say, signal)
    const over = admitting.then(() => 0)
    const ended = await Promise.race([server.ended, raised(signal), over])
    ending.abort()
    await admitting
    return ended
  } catch (error) {
    if (!ending.signal.aborted) throw error
    return 0
  } finally {
    await server?.stop()
    if (kept === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    say(kept === undefined ? 'Everything is removed.' : `It is kept in ${folder}.`)
  }
}

type Shown = {
  readonly url: string
  readonly invitation: string
  readonly filled: FilledDesk
  readonly folder: string
  readonly kept: string | undefined
  readonly seconds: number
}

function show({ url, invitation, filled, folder, kept, seconds }: Shown): void {
  const { keyFile, cases, desk } = filled
  const followed = cases.get('long')
  const { number = '', words = '' } = followed ?? {}
  if (values.json) {
    const numbers = Object.fromEntries([...cases].map(([key, each]) => [key, each.number]))
    const receipt = { number, words }
    const way = { keyFile, passphrase: PASSPHRASE }
    print(JSON.stringify({ ready: true, url, desk, ...way, invitation, receipt, cases: numbers }))
    return
  }
  print(`
The example is ready (${Math.round(seconds)} s, ${cases.size} cases): ${url}

  Come in as Volunteer 1, a coordinator of Example Foundation:
    ${url}/desk, “Other ways”, “Use a key file”
    file        ${keyFile}
    passphrase  ${PASSPHRASE}

  Or join as ${AWAITED}, with a passkey of your own (give exactly this handle):
    ${invitation}
    This program holds the keys of Volunteer 1 and of the desk’s root, and admits ${AWAITED} as long as it
    runs. It compares nothing and signs that it did. Never do that at a real desk.

  Or look at a report as the one who sent it, ${number}:
    ${url}/follow
    ${words}

  Or send one: ${url}/report
${kept === undefined ? '\nCtrl-C ends it and removes everything.' : `\nCtrl-C ends it. Later: bin/start --data ${join(folder, 'desk')} --port ${values.port}`}`)
}

function raised(signal: AbortSignal): Promise<number> {
  return new Promise((done) => {
    if (signal.aborted) done(0)
    signal.addEventListener('abort', () => done(0))
  })
}

function refuse(why: string): number {
  process.stderr.write(`postern: ${why}\n`)
  return 2
}

/** Progress is for people: not in the way of whoever reads the answer. */
function say(line: string): void {
  process.stderr.write(`postern: ${line}\n`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
