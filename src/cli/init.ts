import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import {
  type Api,
  ClientError,
  closeKeyFile,
  logIn,
  logOut,
  newDeskSecrets,
  type NewSelf,
  noteAddress,
  openDesk,
  openNewDesk,
  prepareDesk,
} from '#client'
import { bytesOfHex, looksLikeAddress } from '#lexicon'
import { deskWords, signerOfSeed } from '#seal'
import { askNewPassphrase } from './ask.ts'
import { dropUnusedKeys, writeSecret } from './files.ts'
import { answer, createPrint } from './print.ts'
import { openStateFolder, stateFolder } from './state-folder.ts'
import { dial } from './transport.ts'
import { needed, readFlags, UsageError, wordsAre } from './usage.ts'

const DEFAULT_URL = 'http://localhost:8080'

/** `postern init --name N --domain D --coordinator EMAIL --key-out FILE` with `--data DIR`, or with `--to URL --setup SECRET`. */
export async function init(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    name: 'text',
    domain: 'text',
    coordinator: 'text',
    handle: 'text',
    'key-out': 'text',
    data: 'text',
    url: 'text',
    to: 'text',
    setup: 'text',
    state: 'text',
    json: 'yes',
  })
  wordsAre(flags.words)
  const name = needed(flags.name, '--name NAME')
  const domain = needed(flags.domain, '--domain DOMAIN')
  const address = needed(flags.coordinator, '--coordinator EMAIL')
  const path = needed(flags['key-out'], '--key-out FILE')
  if (!looksLikeAddress(address)) throw new UsageError('--coordinator is a mail address.')
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain))
    throw new UsageError('--domain is a mail domain in small letters, such as example.org.')
  if ((flags.data === undefined) === (flags.to === undefined))
    throw new UsageError('Give either --data DIR, or --to URL with --setup SECRET.')
  await demandAbsent(path)
  const passphrase = await askNewPassphrase()
  const print = createPrint(flags.json)
  const handle = flags.handle ?? 'Coordinator 1'
  const door =
    flags.data === undefined
      ? { api: dial(needed(flags.to, '--to URL')), secret: secretOf(flags.setup), close: nothing }
      : await startPrivately(flags.data, flags.url)
  try {
    const secrets = await newDeskSecrets()
    const deps = { api: door.api, clock: Date.now }
    const prepared = await prepareDesk(deps, { name, domain, handle }, secrets)
    const { desk } = prepared
    const { root, recovery, sign, key } = secrets
    const person = { sign, key }
    // The keys are on disk before the desk exists: a desk whose keys were lost at birth opens for nobody.
    await writeSecret(path, await closeKeyFile(desk, person, passphrase, recovery))
    await openNewDesk(door.api, door.secret, prepared).catch((error: unknown) =>
      dropUnusedKeys(path, error),
    )
    await noteFirstAddress({ api: door.api, state: flags.state, desk, person, address })
    const words = deskWords(bytesOfHex(desk))
    const shown = { desk, words, root: root.words, recovery: recovery.words, name: handle }
    answer(print, shown, () => [
      `${name} has a desk. Its id: ${desk}`,
      `Its words, to print and compare: ${words}`,
      '',
      'Root words. Write them down twice; two people keep them. No file holds them. They admit the next coordinator (--root):',
      '',
      `    ${root.words}`,
      '',
      'Your recovery words. They open your key file when the passphrase is lost:',
      '',
      `    ${recovery.words}`,
      '',
      'Neither is printed again. One coordinator alone is a risk: if these keys are lost, every case is lost.',
      'Invite two more now: postern member invite --role coordinator',
    ])
  } finally {
    await door.close()
  }
}

/** The first coordinator's first visit: verifies the new desk, remembers it, and says where notices go. */
async function noteFirstAddress(given: {
  readonly api: Api
  readonly state: string | undefined
  readonly desk: string
  readonly person: NewSelf
  readonly address: string
}): Promise<void> {
  const memory = openStateFolder(stateFolder(given.state))
  const view = await openDesk({ api: given.api, memory, clock: Date.now }, given.desk)
  const { sign, key } = given.person
  await logIn(view, { signer: await signerOfSeed(sign), key, root: undefined })
  await noteAddress(view, given.address)
  await logOut(view)
}

/** The secret of the set-up link, also when the whole link was pasted. */
function secretOf(given: string | undefined): string {
  const secret = needed(given, '--setup SECRET').replace(/^.*#/, '')
  if (!/^[0-9a-f]{64}$/.test(secret))
    throw new UsageError(
      'The set-up secret is what stands after # in the link that bin/start printed.',
    )
  return secret
}

/** No server runs yet: one is started on a private socket, for this command only. */
async function startPrivately(data: string, url: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'postern-'))
  const socket = join(folder, 'desk')
  const main = join(import.meta.dirname, '..', 'server', 'main.ts')
  const place = url === undefined ? [] : ['--url', url]
  const server = spawn(
    process.execPath,
    [
      ...process.execArgv,
      main,
      'serve',
      '--data',
      resolve(data),
      '--socket',
      socket,
      '--json',
      ...place,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const close = async () => {
    const gone = server.exitCode === null ? once(server, 'exit') : undefined
    server.kill('SIGTERM')
    await gone
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const link = await setupLink(server)
    const origin = link.startsWith('http') ? new URL(link).origin : (url ?? DEFAULT_URL)
    return { api: dial(origin, socket), secret: secretOf(link), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function setupLink(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new TypeError('the server has no output')
  for await (const text of createInterface({ input: server.stdout })) {
    const link = /https?:\/\/[^\s"]*#[0-9a-f]{64}/.exec(text)?.[0]
    if (link !== undefined) return link
    if (text.includes('"ready"')) break
  }
  throw new ClientError(
    'problem',
    'This data folder holds a desk already, or its server did not start.',
  )
}

async function demandAbsent(path: string): Promise<void> {
  const found = await stat(path).then(
    () => true,
    () => false,
  )
  if (found) throw new UsageError(`${path} exists already: a key file is never overwritten.`)
}

async function nothing(): Promise<void> {
  await Promise.resolve()
}
