import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import {
  beatWeekly,
  ClientError,
  createKeyring,
  type Desk,
  type DeskView,
  type Keyring,
  logIn,
  logOut,
  offerDeskChain,
  openDesk,
  openKeyFile,
  openRestoredDesk,
  type Progress,
  readKeyFile,
  withRoot,
} from '#client'
import { askRoot, askWay } from './ask.ts'
import { createPrint, line, type Print } from './print.ts'
import { openStateFolder, stateFolder } from './state-folder.ts'
import { dial } from './transport.ts'
import { needed, UsageError } from './usage.ts'

/** Flags of every command that speaks to a desk. */
export const DESK_FLAGS = { to: 'text', state: 'text', desk: 'text', json: 'yes' } as const
/** … and of those that only members may use. `--root` asks for the desk's root words. */
export const MEMBER_FLAGS = { ...DESK_FLAGS, as: 'text', root: 'yes' } as const

type DeskFlags = {
  readonly to: string | undefined
  readonly state: string | undefined
  readonly desk: string | undefined
  readonly json: boolean
}

/** A desk that was verified, for somebody without a key file. */
export type Visit = { readonly view: DeskView; readonly print: Print }

/** A member at work. */
export type Shift = Desk & { readonly keyring: Keyring; readonly print: Print }

/** Opens a desk from its pin: `--desk`, a key file, or the first one seen here, which is said and remembered. */
export async function visit(flags: DeskFlags, pin?: string): Promise<Visit> {
  const print = createPrint(flags.json)
  const api = dial(needed(flags.to, '--to URL'))
  const memory = openStateFolder(stateFolder(flags.state))
  const given = pin ?? readPin(flags.desk)
  const view = await openDesk({ api, memory, clock: Date.now }, given)
  if (view.firstSeen)
    print.say(
      `First visit to ${line(view.directory.now.name)} (desk ${view.id}). This machine remembers it; compare it with the desk’s security page, or give --desk ID.`,
    )
  return { view, print }
}

/** After a restore, for `desk restored` only: the ledger may have gone back, the desk chain may not. */
export async function enterRestored(flags: MemberFlags): Promise<Shift> {
  const file = readKeyFile(await readFile(needed(flags.as, '--as KEYFILE'), 'utf8'))
  const print = createPrint(flags.json)
  const api = dial(needed(flags.to, '--to URL'))
  const deps = { api, memory: openStateFolder(stateFolder(flags.state)), clock: Date.now }
  const own = await openKeyFile(file, await askWay())
  const offered = await offerDeskChain(deps, file.desk, own)
  if (offered > 0)
    print.say(`The desk was missing ${offered} of its own statements; this machine gave them back.`)
  const view = await openRestoredDesk(deps, file.desk)
  const self = flags.root ? await withRoot(view, own, await askRoot()) : own
  await logIn(view, self)
  entered.push(view)
  return { view, self, keyring: createKeyring(view, self), print, wait: pause, progress }
}

type MemberFlags = DeskFlags & { readonly as: string | undefined; readonly root: boolean }

/** Opens the desk that the key file belongs to, and logs in. */
export async function enter(flags: MemberFlags): Promise<Shift> {
  const file = readKeyFile(await readFile(needed(flags.as, '--as KEYFILE'), 'utf8'))
  const given = readPin(flags.desk)
  if (given !== undefined && given !== file.desk)
    throw new UsageError('This key file belongs to another desk than --desk names.')
  const { view, print } = await visit(flags, file.desk)
  const own = await openKeyFile(file, await askWay())
  const self = flags.root ? await withRoot(view, own, await askRoot()) : own
  await logIn(view, self)
  entered.push(view)
  const fresh = await beatWeekly(view, self)
  const keyring = createKeyring(fresh, self)
  return { view: fresh, self, keyring, print, wait: pause, progress }
}

/** Ends the sessions of this command at the desk: a session that nobody needs is one to steal. */
export async function endSessions(): Promise<void> {
  for (const view of entered.splice(0)) {
    try {
      await logOut(view)
    } catch (error) {
      // The desk ends idle sessions by itself; what this command did is done.
      if (!(error instanceof ClientError)) throw error
    }
  }
}

const entered: DeskView[] = []

export async function pause(milliseconds: number): Promise<void> {
  await wait(milliseconds)
}

/** Progress of uploads, for a person at a terminal only. */
export const progress: Progress = (name, sent, size) => {
  if (!process.stderr.isTTY) return
  const percent = size === 0 ? 100 : Math.floor((100 * sent) / size)
  process.stderr.write(`\r${line(name)} ${percent} %${sent >= size ? '\n' : ''}`)
}

function readPin(desk: string | undefined): string | undefined {
  if (desk === undefined || /^[0-9a-f]{64}$/.test(desk)) return desk
  throw new UsageError('A desk id has 64 hex digits.')
}
