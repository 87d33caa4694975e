import { bytesOfHex, timeOf } from '#lexicon'
import {
  assertFreshDirectory,
  type Checkpoint,
  checkpointOrigin,
  type Directory,
  foldDesk,
  leafHash,
  logMark,
  type Place,
  readLogMark,
  readCheckpoint,
  Refused,
  type SignedCheckpoint,
  type Statement,
  statementId,
  verifyConsistency,
  verifyInclusion,
  verifyReceipt,
} from '#seal'
import type { Api } from './api.ts'
import { ClientError } from './client-error.ts'
import type { Memory, Remembered } from './memory.ts'

/** A desk as this machine verified it: its directory, the newest checkpoint, and what was remembered. */
export type DeskView = {
  readonly api: Api
  readonly memory: Memory
  readonly clock: () => number
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
  await demandMark(deps, directory, remembered, statements)
  const last = page.at(-1) ?? first
  const facts = { ...deps, id, directory, remembered }
  const checkpoint = rollback === 'alarm' ? await advanceCheckpoint(facts) : await readNewest(facts)
  const view = { ...deps, id, directory, checkpoint, firstSeen: known === undefined }
  await proveAccepted({ ...view, remembered }, id, directory.head, last.accepted)
  if (rollback === 'expected') return { ...view, remembered }
  await demandSameLedgerInDesk(view, remembered)
  const next: Remembered = {
    ...remembered,
    statements,
    marks: { ...withoutLost(remembered.marks, directory, remembered), [id]: directory.head },
    checkpoint: checkpoint.note,
  }
  await memory.update(id, (before) => newest(before, next, directory, remembered))
  if (pin === undefined || (await memory.deskAt(api.origin)) === undefined)
    await memory.pinDesk(api.origin, id)
  return { ...view, remembered: next }
}

/** Reads again what may have changed since: after a conflict, and after own statements. */
export function refreshDesk(view: DeskView): Promise<DeskView> {
  return openDesk(view, view.id)
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

/** A receipt for this statement, and its place in the newest checkpoint (H2). Returns the ledger's time. */
export async function proveAccepted(
  view: DeskView,
  chain: string,
  place: { readonly id: string; readonly seq: number },
  receipt: Statement,
): Promise<string> {
  const { head } = await verifyAcceptance(view, chain, place, receipt)
  await proveInLedger(view, place.id)
  return head.at
}

/** The receipt alone: who accepted it, and when. */
export function verifyAcceptance(
  view: Pick<DeskView, 'id' | 'directory'>,
  chain: string,
  place: { readonly id: string; readonly seq: number; readonly dir?: string },
  receipt: Statement,
) {
  const named: unknown = JSON.parse(receipt.head)
  const dir = typeof named === 'object' && named !== null && 'dir' in named ? String(named.dir) : ''
  // The server's key may have changed since: the entry names the directory under which it was signed.
  const state = view.directory.after.get(dir) ?? view.directory.now
  // A key that was replaced signs nothing new (N21): the entry cannot be older than what the author knew.
  const known = view.directory.after.get(place.dir ?? '')
  if (known !== undefined && state.seq < known.seq)
    throw new Refused(
      'by',
      'This receipt was signed under an older state of the desk than its statement.',
    )
  const { server } = state
  return verifyReceipt(receipt, server, { desk: view.id, chain, id: place.id, seq: place.seq })
}

/** H2 for one statement: its entry is in the tree of my newest checkpoint. Returns the entry's index. */
export async function proveInLedger(
  view: Pick<DeskView, 'api' | 'checkpoint'>,
  id: string,
): Promise<number> {
  const { size, root } = view.checkpoint
  const { entry, index, proof } = await view.api.call('proveInclusion', { query: { of: id, size } })
  const named: unknown = JSON.parse(entry.head)
  const same =
    typeof named === 'object' &&
    named !== null &&
    'of_id' in named &&
    named.of_id === id &&
    'seq' in named &&
    named.seq === index
  const leaf = leafHash(bytesOfHex(statementId(entry.head)))
  const included = same && verifyInclusion(leaf, index, size, proof.map(bytesOfHex), root)
  if (!included) throw new Refused('H2', 'The ledger does not hold a statement that it must hold.')
  return index
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

/** H3: the ledger that I know is the beginning of this one. */
export async function demandConsistent(
  api: Api,
  old: Checkpoint,
  checkpoint: Checkpoint,
): Promise<void> {
  const broken = () =>
    new Refused(
      'H3',
      'The desk’s ledger was rewritten or went back: it is not the one seen before.',
    )
  if (old.size > checkpoint.size) throw broken()
  const { proof } = await api.call('proveConsistency', {
    query: { old: old.size, size: checkpoint.size },
  })
  const hashes = proof.map(bytesOfHex)
  if (!verifyConsistency(old.size, checkpoint.size, old.root, checkpoint.root, hashes))
    throw broken()
}

type Facts = DeskDeps & { id: string; directory: Directory; remembered: Remembered }

async function readNewest({ api, directory, id }: Facts): Promise<SignedCheckpoint> {
  const { note } = await api.call('readCheckpoint', {})
  return readCheckpoint(note, checkpointOrigin(directory.now.domain, id), directory.now.server)
}

async function advanceCheckpoint(facts: Facts): Promise<SignedCheckpoint> {
  const { api, directory, remembered, id, memory } = facts
  const checkpoint = await readNewest(facts)
  const origin = checkpointOrigin(directory.now.domain, id)
  if (remembered.checkpoint === undefined) return checkpoint
  const old = await rememberedCheckpoint(directory, origin, remembered.checkpoint)
  try {
    await demandConsistent(api, old, checkpoint)
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

async function demandMark(
  { memory }: DeskDeps,
  directory: Directory,
  remembered: Remembered,
  statements: readonly Statement[],
): Promise<void> {
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

export async function readWholeDeskChain(api: Api) {
  const statements: { statement: Statement; accepted: Statement }[] = []
  for (let more = true; more;) {
    const page = await api.call('readDeskChain', { query: { after: statements.length - 1 } })
    statements.push(...page.statements)
    more = page.more && page.statements.length > 0
  }
  return statements
}
