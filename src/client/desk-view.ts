import { bytesOfHex, timeOf } from '#lexicon'
import {
  assertFreshDirectory,
  type Checkpoint,
  checkpointOrigin,
  type Directory,
  foldDesk,
  logMark,
  type Place,
  readLogMark,
  readCheckpoint,
  Refused,
  type SignedCheckpoint,
  type Statement,
  statementId,
  type VerifySignature,
} from '#seal'
import type { Api } from './api.ts'
import { ClientError } from './client-error.ts'
import { carryProofs, demandConsistent, proveAccepted, proveInLedger } from './ledger-proofs.ts'
import type { Memory, Remembered } from './memory.ts'

/** A desk as this machine verified it: its directory, the newest checkpoint, and what was remembered. */
export type DeskView = {
  readonly api: Api
  readonly memory: Memory
  readonly clock: () => number
  readonly verify?: VerifySignature | undefined
  readonly id: string
  readonly directory: Directory
  readonly checkpoint: SignedCheckpoint
  readonly remembered: Remembered
  /** The pin was not known before: say so, and remember it. */
  readonly firstSeen: boolean
}

export type DeskDeps = {
  readonly api: Api
  readonly memory: Memory
  readonly clock: () => number
  /** Verifies the signatures of long chains, where that is not done in this thread. */
  readonly verify?: VerifySignature | undefined
}

/**
 * Fetches and folds the desk chain from the pin, and checks H1, H2 and H3 against what this machine
 * remembers. `pin` is the desk id from paper or a link; without one the first desk seen at this
 * address is taken and kept. Throws `Refused`; then nothing was stored.
 */
export function openDesk(deps: DeskDeps, pin?: string): Promise<DeskView> {
  return open(deps, pin, 'alarm')
}

/**
 * For the two who declare a restore (PROTOCOL 9), and for nothing else: the ledger may have gone back.
 * The desk chain may not: it is never cut. Nothing is stored.
 */
export function openRestoredDesk(deps: DeskDeps, pin: string): Promise<DeskView> {
  return open(deps, pin, 'expected')
}

async function open(
  deps: DeskDeps,
  pin: string | undefined,
  rollback: 'alarm' | 'expected',
): Promise<DeskView> {
  const { api, memory } = deps
  const known = pin ?? (await memory.deskAt(api.origin))
  const page = await readWholeDeskChain(api)
  const [first] = page
  if (first === undefined)
    throw new ClientError('unavailable', 'This desk is not set up yet: nobody could read a report.')
  const id = known ?? statementId(first.statement.head)
  if (statementId(first.statement.head) !== id)
    throw new Refused('pin', 'Another desk answers at this address than the one you expect.')
  const statements = page.map((entry) => entry.statement)
  const directory = await foldDesk(statements, id)
  const remembered = await memory.read(id)
  const last = (page.at(-1) ?? first).accepted
  const seen = {
    ...deps,
    id,
    directory,
    statements,
    remembered,
    last,
    firstSeen: known === undefined,
  }
  await demandMark(seen)
  if (rollback === 'expected') {
    const view = { ...viewOf(seen), remembered, checkpoint: await readNewest(seen) }
    await proveAccepted(view, id, directory.head, last)
    return view
  }
  const view = await judge(seen, await readNewest(seen))
  if (pin === undefined || (await memory.deskAt(api.origin)) === undefined)
    await memory.pinDesk(api.origin, id)
  return view
}

/**
 * Reads what may have changed since: after a conflict, and after own statements. Only what follows the
 * newest statement that I know is folded. A desk that shows another statement in its place, or one that
 * does not follow, is read as a whole and judged as at the first time.
 */
export async function refreshDesk(view: DeskView): Promise<DeskView> {
  const { api, memory, id } = view
  const known = view.remembered.statements
  const [[last, ...more], note, remembered] = await Promise.all([
    readDeskChainAfter(api, view.directory.head.seq - 1),
    readNote(api),
    memory.read(id),
  ])
  const added = more.map((entry) => entry.statement)
  const same = last !== undefined && last.statement.head === known.at(-1)?.head
  const directory = same ? await foldedOn(view, added) : undefined
  if (last === undefined || directory === undefined) return openDesk(view, id)
  const newest = (more.at(-1) ?? last).accepted
  const seen = { ...view, directory, statements: [...known, ...added], remembered, last: newest }
  // A checkpoint that was read beside the chain may be older than what came with it.
  if (added.length > 0) return judge(seen, await readNewest(seen), view.checkpoint)
  const unchanged = note === view.checkpoint.note
  return judge(seen, unchanged ? view.checkpoint : await readSigned(seen, note), view.checkpoint)
}

async function foldedOn(
  { id, directory }: DeskView,
  added: readonly Statement[],
): Promise<Directory | undefined> {
  try {
    return await foldDesk(added, id, directory)
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

/** H1, H2 and H3; then all of it is remembered together. `held` is the checkpoint of this session so far. */
async function judge(
  seen: Seen,
  served: SignedCheckpoint,
  held?: SignedCheckpoint,
): Promise<DeskView> {
  const { memory, id, directory, remembered, statements, last } = seen
  await demandMark(seen)
  const checkpoint = await advanceCheckpoint(seen, served, held)
  const view = { ...viewOf(seen), checkpoint }
  await proveAccepted(view, id, directory.head, last)
  await demandSameLedgerInDesk(view, remembered)
  const next: Remembered = {
    ...remembered,
    statements,
    marks: { ...withoutLost(remembered.marks, directory, remembered), [id]: directory.head },
    checkpoint: checkpoint.note,
  }
  const stored =
    remembered.marks[id]?.id === directory.head.id &&
    remembered.checkpoint === checkpoint.note &&
    remembered.statements.length === statements.length
  if (!stored) await memory.update(id, (before) => newest(before, next, directory, remembered))
  return { ...view, remembered: next }
}

function viewOf({ api, memory, clock, verify, id, directory, firstSeen }: Seen) {
  return { api, memory, clock, verify, id, directory, firstSeen }
}

/** The 30-day rule, by the clock of this machine: see `assertFreshDirectory`. */
export function demandFreshDirectory({ directory, clock }: DeskView): void {
  assertFreshDirectory(directory, clock())
}

/** The fields that every head of this author has, at the place after `last`. */
export function commonHead(
  view: DeskView,
  chain: string,
  by: string,
  last: { readonly id: string; readonly seq: number } | undefined,
) {
  return {
    v: 1 as const,
    desk: view.id,
    chain,
    seq: last === undefined ? 0 : last.seq + 1,
    prev: last?.id ?? '',
    by,
    at: timeOf(view.clock()),
    dir: chain === view.id ? '' : view.directory.head.id,
    log: logMark(view.checkpoint),
  }
}

/**
 * H2 for a statement that was accepted just now: the newest checkpoint continues mine and holds it. A desk
 * that goes away behind a verified receipt takes nothing back: then this is left to the next visit.
 */
export async function proveJustAccepted(view: DeskView, id: string): Promise<void> {
  try {
    const checkpoint = await readNewest(view)
    await demandConsistent(view.api, view.checkpoint, checkpoint)
    await proveInLedger({ api: view.api, checkpoint }, id)
  } catch (error) {
    const away = error instanceof ClientError && ['unreachable', 'unavailable'].includes(error.code)
    if (!away) throw error
  }
}

/** A folded desk chain, before it is held against what this machine remembers and the ledger says. */
type Seen = Facts & {
  readonly statements: readonly Statement[]
  /** The ledger entry of the newest statement. */
  readonly last: Statement
  readonly firstSeen: boolean
}

type Facts = DeskDeps & { id: string; directory: Directory; remembered: Remembered }

type ByWhom = Pick<Facts, 'directory' | 'id'>

async function readNewest(facts: ByWhom & Pick<Facts, 'api'>): Promise<SignedCheckpoint> {
  return readSigned(facts, await readNote(facts.api))
}

async function readNote(api: Api): Promise<string> {
  return (await api.call('readCheckpoint', {})).note
}

function readSigned({ directory, id }: ByWhom, note: string): Promise<SignedCheckpoint> {
  return readCheckpoint(note, checkpointOrigin(directory.now.domain, id), directory.now.server)
}

/** H3: `checkpoint` continues the one that this machine remembers. */
async function advanceCheckpoint(
  facts: Facts,
  checkpoint: SignedCheckpoint,
  held: SignedCheckpoint | undefined,
): Promise<SignedCheckpoint> {
  const { api, directory, remembered, id, memory } = facts
  if (remembered.checkpoint === undefined || remembered.checkpoint === checkpoint.note)
    return checkpoint
  const origin = checkpointOrigin(directory.now.domain, id)
  const old =
    held?.note === remembered.checkpoint
      ? held
      : await rememberedCheckpoint(directory, origin, remembered.checkpoint)
  try {
    await demandConsistent(api, old, checkpoint)
    carryProofs(old, checkpoint)
  } catch (error) {
    const restored = restoredSince(directory, remembered)
    if (restored !== undefined && restored.size <= old.size) {
      const named = { size: restored.size, root: bytesOfHex(restored.root) }
      await demandConsistent(api, named, checkpoint)
      return checkpoint
    }
    if (error instanceof Refused) await keepBoth(memory, id, old.note, checkpoint.note)
    throw error
  }
  return checkpoint
}

/** The note was verified when it was stored, perhaps under an earlier server key. */
async function rememberedCheckpoint(directory: Directory, origin: string, note: string) {
  const servers = new Set([...directory.after.values()].map((state) => state.server))
  for (const server of servers) {
    try {
      return await readCheckpoint(note, origin, server)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  throw new Refused('checkpoint', 'The checkpoint remembered on this machine is damaged.')
}

/**
 * An approved `desk.restored` that is newer than what I remember (PROTOCOL 9). One that I knew when I
 * stored my checkpoint says nothing: else the server could roll back again under an old excuse (N22).
 */
function restoredSince(directory: Directory, remembered: Remembered) {
  const mark = remembered.marks[directory.desk]
  for (const [id, head] of directory.statements) {
    if (head.type !== 'desk.restored' || !directory.approved.has(id)) continue
    const approval = [...directory.statements.values()].find(
      (other) => other.type === 'approve' && other.what === id,
    )
    if (mark !== undefined && (approval?.seq ?? 0) > mark.seq) return head
  }
  return undefined
}

/** Another command of this person may have seen more meanwhile: what it stored is not lowered. */
function newest(
  before: Remembered,
  next: Remembered,
  directory: Directory,
  remembered: Remembered,
): Remembered {
  const ahead =
    restoredSince(directory, remembered) === undefined &&
    sizeOfNote(before.checkpoint) > sizeOfNote(next.checkpoint)
  return {
    ...next,
    statements: longer(before.statements, next.statements),
    marks: {
      ...withoutLost(before.marks, directory, remembered),
      [directory.desk]: later(before.marks[directory.desk], directory.head),
    },
    checkpoint: ahead ? before.checkpoint : next.checkpoint,
    compared: before.compared,
  }
}

function sizeOfNote(note: string | undefined): number {
  return Number(note?.split('\n')[1] ?? 0)
}

function longer<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return a.length > b.length ? a : b
}

/** The later of two places in one chain. */
export function later(a: Place | undefined, b: Place): Place {
  return a !== undefined && a.seq > b.seq ? a : b
}

/** What two coordinators declared lost is not expected again; every other mark stands. */
function withoutLost(marks: Remembered['marks'], directory: Directory, remembered: Remembered) {
  const lost = new Set(restoredSince(directory, remembered)?.lost)
  return Object.fromEntries(Object.entries(marks).filter(([chain]) => !lost.has(chain)))
}

async function demandMark({ memory, directory, remembered, statements }: Seen): Promise<void> {
  const mark = remembered.marks[directory.desk]
  if (mark === undefined) return
  const served = statements[mark.seq]
  if (served !== undefined && statementId(served.head) === mark.id) return
  await keepBoth(
    memory,
    directory.desk,
    JSON.stringify(remembered.statements.at(-1) ?? ''),
    JSON.stringify(statements.at(-1) ?? ''),
  )
  throw new Refused(
    'H1',
    'This desk shows an older or another past than before. Nothing is sent to it.',
  )
}

/**
 * H3 with gossip: what coordinators' beats and admissions say of the ledger must be the ledger that I see
 * (K5). What was checked before is not checked again, for checkpoints follow each other; what a declared
 * restore lost is excused.
 */
async function demandSameLedgerInDesk(
  view: Pick<DeskView, 'api' | 'directory' | 'checkpoint'>,
  remembered: Remembered,
): Promise<void> {
  const { directory } = view
  const checked = remembered.marks[directory.desk]?.seq ?? -1
  const largest = new Map<string, Checkpoint>()
  let restored = { seq: -1, size: 0 }
  for (const [id, head] of directory.statements)
    if (head.type === 'desk.restored' && directory.approved.has(id)) restored = head
  for (const head of directory.statements.values()) {
    const seen = readLogMark(head.log)
    if (seen === undefined || head.seq <= checked) continue
    if (head.seq < restored.seq && seen.size > restored.size) continue
    if ((largest.get(head.by)?.size ?? 0) < seen.size) largest.set(head.by, seen)
  }
  for (const seen of largest.values()) await demandConsistent(view.api, seen, view.checkpoint)
}

async function keepBoth(memory: Memory, desk: string, mine: string, theirs: string) {
  await memory.keepEvidence(desk, 'remembered', mine)
  await memory.keepEvidence(desk, 'served', theirs)
}

export function readWholeDeskChain(api: Api) {
  return readDeskChainAfter(api, -1)
}

async function readDeskChainAfter(api: Api, after: number) {
  const statements: { statement: Statement; accepted: Statement }[] = []
  for (let more = true; more;) {
    const query = { after: after + statements.length }
    const page = await api.call('readDeskChain', { query })
    statements.push(...page.statements)
    more = page.more && page.statements.length > 0
  }
  return statements
}
