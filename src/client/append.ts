import type { MailOrder, NewStatement } from '#contract'
import { base64OfBytes, type Bytes } from '#lexicon'
import {
  type AnyHead,
  type CaseHead,
  type DeskHead,
  type Place,
  type Signer,
  signStatement,
  type Statement,
  statementId,
} from '#seal'
import { type CaseView, openCase } from './case-view.ts'
import { ClientError } from './client-error.ts'
import {
  commonHead,
  demandFreshDirectory,
  type DeskView,
  openRestoredDesk,
  refreshDesk,
} from './desk-view.ts'
import { proveAccepted, verifyAcceptance } from './ledger-proofs.ts'

/** A head with the small blobs that it names, and the uploads of its files. */
export type Draft<H extends AnyHead> = {
  readonly signer: Signer
  readonly head: H
  readonly blobs: readonly Bytes[]
  readonly uploads?: readonly { readonly blob: string; readonly upload: string }[]
}

/** The fields that every head at this place shares; the composer adds type and fields. */
export type Common = ReturnType<typeof commonHead>

/**
 * Composes one statement for its place. It is called again after a conflict, with the newer state: what
 * it seals, it seals to the readers of that moment. `undefined` leaves the statement out.
 */
export type Composer<H extends AnyHead> = (
  place: (signer: Signer) => Common,
) => Promise<Draft<H> | undefined>

/** How often a batch is composed anew when others append at the same time. */
const TRIES = 5

/** Appends a batch to a case, whole or not at all, and verifies its receipts. Returns the newer views. */
export async function appendToCase(
  view: DeskView,
  within: CaseView,
  compose: (view: DeskView, within: CaseView) => readonly Composer<CaseHead>[],
  /** What leaves by mail with the batch, made anew for each try. */
  mailsFor?: (within: CaseView) => Promise<MailOrder[]>,
): Promise<{ readonly view: DeskView; readonly within: CaseView }> {
  let desk = view
  let current = within
  for (let left = TRIES; ; left--) {
    demandFreshDirectory(desk)
    const drafts = await composeBatch(desk, current.id, current.fold.head, compose(desk, current))
    if (drafts.length === 0) return { view: desk, within: current }
    try {
      const batch = drafts.map((draft) => draft.wire)
      const mails = await mailsFor?.(current)
      const { accepted } = await desk.api.call('appendToCase', {
        params: { id: current.id },
        body: { batch, ...(mails && { mails }) },
      })
      await verifyAll(desk, current.id, drafts, accepted)
      desk = await refreshDesk(desk)
      await proveLast(desk, current.id, drafts, accepted)
      return { view: desk, within: await openCase(desk, current.id, current) }
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'conflict') || left <= 1) throw error
    }
    desk = await refreshDesk(desk)
    current = await openCase(desk, current.id, current)
  }
}

/** The same for the desk chain. Root may sign some of the statements. */
export async function appendToDesk(
  view: DeskView,
  compose: (view: DeskView) => readonly Composer<DeskHead>[],
  beating = false,
): Promise<DeskView> {
  let desk = view
  for (let left = TRIES; ; left--) {
    if (!beating) demandFreshDirectory(desk)
    const drafts = await composeBatch(desk, desk.id, desk.directory.head, compose(desk))
    if (drafts.length === 0) return desk
    try {
      const batch = drafts.map((draft) => draft.wire)
      const { accepted } = await desk.api.call('appendToDesk', { body: { batch } })
      await verifyAll(desk, desk.id, drafts, accepted)
      desk = await refreshDesk(desk)
      await proveLast(desk, desk.id, drafts, accepted)
      return desk
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'conflict') || left <= 1) throw error
    }
    desk = await refreshDesk(desk)
  }
}

/** For `desk.restored` and its approval only: the ledger went back, so nothing is proved by it yet. */
export async function appendToRestoredDesk(
  view: DeskView,
  composers: readonly Composer<DeskHead>[],
): Promise<DeskView> {
  const drafts = await composeBatch(view, view.id, view.directory.head, composers)
  const batch = drafts.map((draft) => draft.wire)
  const { accepted } = await view.api.call('appendToDesk', { body: { batch } })
  await verifyAll(view, view.id, drafts, accepted)
  return openRestoredDesk(view, view.id)
}

type Composed = { readonly place: Place; readonly wire: NewStatement }

/** Signs the drafts one after another, each naming the one before. */
async function composeBatch<H extends AnyHead>(
  view: DeskView,
  chain: string,
  last: Place | undefined,
  composers: readonly Composer<H>[],
): Promise<readonly Composed[]> {
  const composed: Composed[] = []
  let before = last
  for (const composer of composers) {
    const draft = await composer((signer) => commonHead(view, chain, signer.who, before))
    if (draft === undefined) continue
    const item = await composeOne(draft)
    composed.push(item)
    before = item.place
  }
  return composed
}

export async function composeOne(draft: Draft<AnyHead>): Promise<Composed> {
  const statement = await signStatement(draft.signer, draft.head)
  return {
    place: { id: statementId(statement.head), seq: draft.head.seq },
    wire: {
      statement,
      blobs: draft.blobs.map(base64OfBytes),
      uploads: [...(draft.uploads ?? [])],
    },
  }
}

async function verifyAll(
  view: DeskView,
  chain: string,
  drafts: readonly Composed[],
  accepted: readonly Statement[],
): Promise<void> {
  if (accepted.length !== drafts.length)
    throw new ClientError('answer', 'The desk did not give a receipt for each statement.')
  for (const [i, { place }] of drafts.entries()) {
    const receipt = accepted[i]
    if (receipt !== undefined) await verifyAcceptance(view, chain, place, receipt)
  }
}

/** An author is done only with a checkpoint that includes the last statement (PROTOCOL 3). */
async function proveLast(
  view: DeskView,
  chain: string,
  drafts: readonly Composed[],
  accepted: readonly Statement[],
): Promise<void> {
  const last = drafts.at(-1)
  const receipt = accepted.at(-1)
  if (last !== undefined && receipt !== undefined)
    await proveAccepted(view, chain, last.place, receipt)
}
