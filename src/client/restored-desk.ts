import { hexOfBytes } from '#lexicon'
import {
  coordinatorsOf,
  foldDesk,
  type DeskHead,
  type HeadOf,
  Refused,
  type Statement,
  statementId,
} from '#seal'
import { appendToRestoredDesk, type Composer } from './append.ts'
import { ClientError } from './client-error.ts'
import { type DeskDeps, type DeskView, readWholeDeskChain } from './desk-view.ts'
import { logIn } from './log-in.ts'
import type { Self } from './self.ts'

/**
 * The desk chain is never cut (PROTOCOL 9): a desk restored from a backup that is older than its newest
 * people gets the missing statements back from whoever remembers them. They are signed and linked, so
 * they fit exactly or not at all. The wraps that came with them are gone: a new desk key replaces them.
 */
export async function offerDeskChain(deps: DeskDeps, desk: string, self: Self): Promise<number> {
  const { api, memory, clock } = deps
  const { statements } = await memory.read(desk)
  const served = (await readWholeDeskChain(api)).map((entry) => entry.statement)
  const missing = statements.slice(served.length)
  const fits = served.every((statement, seq) => statement.head === statements[seq]?.head)
  if (missing.length === 0 || !fits) return 0
  await logIn({ api, clock, id: desk, directory: await foldDesk(served, desk) }, self)
  const batch = missing.map((statement) => ({ statement, blobs: [], uploads: [] }))
  await api.call('appendToDesk', { body: { batch } })
  return missing.length
}

/** What a restore took, as this machine remembers it: cases that are gone or end earlier than before. */
export async function lostCases(view: DeskView): Promise<readonly string[]> {
  const lost: string[] = []
  for (const [chain, mark] of Object.entries(view.remembered.marks)) {
    if (chain === view.id) continue
    const served = await statementAt(view, chain, mark.seq)
    if (served === undefined || statementId(served.head) !== mark.id) lost.push(chain)
  }
  return lost.sort()
}

/**
 * One of the two declarations that end the alarm after a restore. The first coordinator names the
 * restored ledger and what was lost; the second approves, if their machine misses nothing else. A lone
 * coordinator who gives the root's words signs both. Returns whether it counts now.
 */
export async function declareRestored(
  view: DeskView,
  self: Self,
  lost: readonly string[],
): Promise<{ readonly view: DeskView; readonly waits: boolean }> {
  const pending = pendingRestore(view)
  if (pending !== undefined) return approveRestore(view, self, pending, lost)
  const { root } = self
  const alone = root !== undefined && coordinatorsOf(view.directory.now).length < 2
  const declaration: Composer<DeskHead> = async (place) => ({
    signer: self.signer,
    head: {
      ...place(self.signer),
      type: 'desk.restored',
      size: view.checkpoint.size,
      root: hexOfBytes(view.checkpoint.root),
      lost,
    },
    blobs: [],
  })
  const approval: Composer<DeskHead> = async (place) => {
    const signer = root ?? self.signer
    const common = place(signer)
    return { signer, head: { ...common, type: 'approve', what: common.prev }, blobs: [] }
  }
  const next = await appendToRestoredDesk(view, alone ? [declaration, approval] : [declaration])
  return { view: next, waits: !alone }
}

async function approveRestore(
  view: DeskView,
  self: Self,
  [id, head]: readonly [string, HeadOf<'desk.restored'>],
  lost: readonly string[],
): Promise<{ readonly view: DeskView; readonly waits: boolean }> {
  if (head.by === self.signer.who) return { view, waits: true }
  const unnamed = lost.filter((chain) => !head.lost.includes(chain))
  if (unnamed.length > 0) {
    const count = `${unnamed.length} case${unnamed.length === 1 ? '' : 's'}`
    throw new Refused(
      'H1',
      `This machine knows of ${count} more that went back than the declaration names.`,
    )
  }
  const approval: Composer<DeskHead> = async (place) => ({
    signer: self.signer,
    head: { ...place(self.signer), type: 'approve', what: id },
    blobs: [],
  })
  return { view: await appendToRestoredDesk(view, [approval]), waits: false }
}

function pendingRestore(view: DeskView) {
  for (const [id, head] of view.directory.statements)
    if (head.type === 'desk.restored' && view.directory.pending.has(id)) return [id, head] as const
  return undefined
}

async function statementAt(
  view: DeskView,
  chain: string,
  seq: number,
): Promise<Statement | undefined> {
  try {
    const page = await view.api.call('readCaseChain', {
      params: { id: chain },
      query: { after: seq - 1 },
    })
    return page.statements[0]?.statement
  } catch (error) {
    if (error instanceof ClientError && error.code === 'not-found') return undefined
    throw error
  }
}
