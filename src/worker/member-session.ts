import {
  type AheadApi,
  beatWeekly,
  createApi,
  createKeyring,
  type Desk,
  type DeskView,
  type Keyring,
  openDesk,
  type OpenVault,
  type OwnVault,
  refreshDesk,
  type Self,
  type Send,
  withAhead,
} from '#client'
import {
  coordinatorsOf,
  isCoordinator,
  keyWords,
  memberOf,
  Refused,
  type VerifySignature,
} from '#seal'
import { Locked } from './failure-of.ts'
import type { Failure, Pin } from './operations.ts'
import { openShelf, type Shelf } from './sealed-shelf.ts'
import type { Say } from './serve-page.ts'
import { shelfMemory } from './shelf-memory.ts'
import type { OpenedCase } from './show-case.ts'
import { deskShown } from './show-desk.ts'
import type { MeShown } from './shown.ts'
import type { Watched } from './watch-ledger.ts'

export type MemberDeps = {
  readonly say: Say
  readonly clock: () => number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly send: Send
  readonly verify?: VerifySignature
}

/** A member whose keys are open. Lives in this worker's memory and nowhere else. */
export type Entered = {
  view: DeskView
  self: Self
  readonly vault: OpenVault
  readonly shelf: Shelf
  ring?: { readonly epochs: number; readonly keyring: Keyring }
  /** Cases that were opened since unlocking: searched, saved from, shown again. */
  readonly cases: Map<string, OpenedCase>
  /** What the page read in mails, by entry: searched, and nothing else. */
  readonly mailTexts: Map<string, string>
  /** Where chains end, as the queue has it: so many pages are asked for at once. */
  readonly ends: Map<string, number>
  /** Titles of rows that were opened. */
  readonly titles: Map<string, { readonly number: string; readonly title: string }>
}

export type MemberSession = {
  readonly deps: MemberDeps
  /** The pin of the page, or of the desk that was opened here just now. */
  readonly pin: () => Pin
  readonly begin: (pin: Pin) => void
  readonly api: () => AheadApi
  /** Throws `Locked`. */
  readonly open: () => Entered
  /** While the desk is open. */
  readonly watched: () => Watched | undefined
  readonly enter: (own: OwnVault) => Promise<MeShown>
  readonly forget: () => void
  readonly evidence: () => Failure['evidence']
}

export function newMemberSession(deps: MemberDeps): MemberSession {
  let pin: Pin = { desk: '', origin: '' }
  let api: AheadApi | undefined
  let entered: Entered | undefined
  let from = 0
  let evidence: () => Failure['evidence'] = () => []
  const dial = (): AheadApi => {
    api ??= withAhead(createApi({ origin: pin.origin, send: deps.send }))
    return api
  }
  return {
    deps,
    pin: () => pin,
    begin: (next) => {
      // What a session signs names the origin: an API that was dialled before knows another one.
      if (next.origin !== pin.origin) api = undefined
      pin = next
    },
    api: dial,
    open: () => {
      if (entered === undefined) throw new Locked()
      return entered
    },
    watched: () => entered && { api: entered.view.api, from },
    enter: async ({ self, seed, vault }) => {
      const shelf = await openShelf(seed, pin.desk)
      const memory = shelfMemory(shelf)
      ;({ evidence } = memory)
      const { clock, verify } = deps
      let view = await openDesk({ api: dial(), memory, clock, verify }, pin.desk)
      demandOwnKeys(view, self)
      if (isCoordinator(view.directory.now, self.signer.who)) view = await beatWeekly(view, self)
      from = view.checkpoint.size
      const none = { cases: new Map(), titles: new Map(), mailTexts: new Map(), ends: new Map() }
      entered = { view, self, vault, shelf, ...none }
      return meShown(entered)
    },
    forget: () => {
      entered = undefined
      api = undefined
    },
    evidence: () => evidence(),
  }
}

/** Reads the desk again; what is shown next stands on it. */
export async function refreshed(entered: Entered): Promise<DeskView> {
  entered.view = await refreshDesk(entered.view)
  return entered.view
}

/** What the acts of the client need at hand. */
export function deskOf(session: MemberSession, operation: string): Desk {
  const { view, self } = session.open()
  const { say, wait } = session.deps
  const progress = (file: string, done: number, total: number) =>
    say({ event: 'progress', id: `${operation} ${file}`, done, total })
  return { view, self, wait, progress }
}

/** Keys that were unwrapped stay unwrapped; a new desk key makes a new ring. */
export function keyringOf(entered: Entered): Keyring {
  const epochs = entered.view.directory.now.desk.length
  if (entered.ring?.epochs !== epochs)
    entered.ring = { epochs, keyring: createKeyring(entered.view, entered.self) }
  return entered.ring.keyring
}

export function meShown({ view, self }: Entered): MeShown {
  const { now } = view.directory
  const { who } = self.signer
  const member = memberOf(now, who)
  return {
    who,
    handle: member?.handle ?? '',
    roles: member?.roles ?? [],
    coordinator: isCoordinator(now, who),
    root: self.root !== undefined,
    keyWords: keyWords(view.id, who, self.key.cert),
    desk: deskShown(view),
    coordinators: coordinatorsOf(now).length,
  }
}

/** The vault that the server handed out holds the keys that the desk chain knows of this person (K11). */
function demandOwnKeys(view: DeskView, { signer, key }: Self): void {
  const member = memberOf(view.directory.now, signer.who)
  if (member?.active === true && member.enc === key.cert) return
  throw new Refused(
    'vault',
    'These keys are not those of an active member of this desk. Ask a coordinator.',
  )
}
