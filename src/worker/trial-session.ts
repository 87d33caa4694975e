import { readFile } from 'node:fs/promises'
import { openOwnVault, readKeyFile } from '#client'
import { fileKey } from '#seal'
import { atWork, memoryOfOneProcess, type Meddle } from '../../stories/in-process.ts'
import { type Actor, type OpenDesk, PASSPHRASE } from '../../stories/stage.ts'
import type { Entered, MemberSession } from './member-session.ts'
import type { WorkerEvent } from './operations.ts'

/*
 * For tests: a member at a page against a real desk. The handlers of the worker get this session, without the
 * thread around them and without a shelf.
 */
export async function openTrialSession(
  desk: OpenDesk,
  actor: Actor,
  meddle?: Meddle,
  say: (event: WorkerEvent) => void = () => undefined,
) {
  const work = await atWork(desk, actor, memoryOfOneProcess(), meddle)
  const { vault: text } = readKeyFile(await readFile(actor.key, 'utf8'))
  const key = await fileKey(PASSPHRASE, desk.desk, text.who)
  const { vault } = await openOwnVault(desk.desk, text, { kind: 'file', id: '', key })
  const { view, self } = work
  const cases: Entered['cases'] = new Map()
  const entered: Entered = { view, self, vault, shelf: NO_SHELF, cases, titles: new Map() }
  let { api } = view
  const session: MemberSession = {
    deps: { say, clock: Date.now, wait: async () => undefined, send: notAsked },
    pin: () => ({ desk: desk.desk, origin: desk.server.url }),
    begin: () => undefined,
    api: () => api,
    open: () => entered,
    watched: () => undefined,
    enter: notAsked,
    forget: () => undefined,
    evidence: () => [],
  }
  return { ...work, session, carryCookieOf: (other: typeof api) => (api = other) }
}

const NO_SHELF: Entered['shelf'] = {
  read: async () => undefined,
  write: async () => undefined,
  remove: async () => undefined,
  secretName: (kind) => kind,
  alone: (_, work) => work(),
}

function notAsked(): never {
  throw new Error('not part of this test')
}
