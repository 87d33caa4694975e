import {
  type Attachment,
  attachToDraft,
  type CaseView,
  createApi,
  createKeyring,
  type DeskView,
  fetchFile,
  fileDraft,
  followReport,
  isFact,
  type Keyring,
  type Memory,
  openCase,
  openDesk,
  type Opening,
  openNewestFirst,
  openReportDraft,
  refreshDesk,
  removeFromDraft,
  type ReportDraft,
  type ReportFacts,
  type Self,
  sendMessage,
  type Send,
} from '#client'
import { ACKNOWLEDGE_WITHIN, millisecondsOf, REPORT_KINDS, timeOf } from '#lexicon'
import { failureOf } from './failure-of.ts'
import { blobOf, sourceOf } from './file-source.ts'
import type { ReporterOperations } from './operations.ts'
import { proofOf, proofOfCase } from './proof-of-receipt.ts'
import type { Handlers, Say } from './serve-page.ts'
import { type OpenedCase, showOpening } from './show-case.ts'
import { deskShown } from './show-desk.ts'
import type { Watched } from './watch-ledger.ts'

export type ReporterDeps = {
  readonly say: Say
  readonly memory: Memory
  readonly clock: () => number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly send: Send
}

type Held = {
  readonly cancel: AbortController
  attachment: Attachment | undefined
}

/** Who came back with their words, the keys that they unwrapped, and what they have read. */
type Followed = { readonly self: Self; readonly keyring: Keyring; readonly opened: OpenedCase }

/** Somebody without an account: writes one report, or comes back to one. Everything dies with the page. */
export function reporterHandlers(deps: ReporterDeps): {
  readonly handlers: Handlers<ReporterOperations>
  /** To watch for changes, while a case is followed. */
  readonly watched: () => Watched | undefined
} {
  let view: DeskView | undefined
  let draft: Promise<ReportDraft> | undefined
  let followed: Followed | undefined
  let from = 0
  const held = new Map<string, Held>()

  const desk = (): DeskView => present(view)
  const current = () => present(followed)
  const ownDraft = (): Promise<ReportDraft> => {
    draft ??= openReportDraft(desk(), { wait: deps.wait })
    return draft
  }
  /** What was opened before in this visit is not opened again. */
  const show = async (
    { self, keyring, opened }: Omit<Followed, 'opened'> & Partial<Followed>,
    within: CaseView,
    seen: number,
  ) => {
    let whole: Opening | undefined
    for await (const part of openNewestFirst(desk(), within, self, keyring, opened?.timeline))
      whole = part
    const now = showOpening(desk(), self, present(whole), '', seen)
    followed = { self, keyring, opened: now }
    return now.shown
  }

  const handlers: Handlers<ReporterOperations> = {
    openDesk: async (pin) => {
      const api = createApi({ origin: pin.origin, send: deps.send })
      const { memory, clock } = deps
      view = await openDesk({ api, memory, clock }, pin.desk)
      return deskShown(view)
    },
    attach: async ({ id, file }) => {
      const cancel = new AbortController()
      const entry: Held = { cancel, attachment: undefined }
      held.set(id, entry)
      const progress = (_: string, done: number, total: number) =>
        deps.say({ event: 'progress', id, done, total })
      const sending = async () => {
        try {
          entry.attachment = await attachToDraft(
            await ownDraft(),
            sourceOf(file),
            progress,
            cancel.signal,
          )
          deps.say({ event: 'attached', id, failure: undefined })
        } catch (error) {
          held.delete(id)
          if (cancel.signal.aborted) return
          deps.say({ event: 'attached', id, failure: failureOf(error, []) })
        }
      }
      void sending()
      return {}
    },
    removeAttachment: async ({ id }) => {
      const entry = held.get(id)
      held.delete(id)
      entry?.cancel.abort()
      if (entry?.attachment !== undefined) removeFromDraft(await ownDraft(), entry.attachment)
      return {}
    },
    fileReport: async ({ text, ...facts }) => {
      const own = await ownDraft()
      const words = { text, facts: factsOf(facts), source: 'web' as const }
      const filed = await fileDraft(own, words)
      view = own.view
      // The words belong to this report: the next one has its own.
      draft = undefined
      held.clear()
      return {
        number: filed.number,
        received: filed.received,
        acknowledgeBy: timeOf(millisecondsOf(filed.received) + ACKNOWLEDGE_WITHIN),
        words: filed.words,
        statement: filed.sha256,
        deskName: view.directory.now.name,
        proof: proofOf(view, filed),
      }
    },
    follow: async ({ words }) => {
      view = await refreshDesk(desk())
      from = view.checkpoint.size
      const { self, within } = await followReport(view, words)
      return show({ self, keyring: createKeyring(view, self) }, within, -1)
    },
    refresh: async () => {
      const known = current()
      const { within } = known.opened
      view = await refreshDesk(desk())
      return show(known, await openCase(view, within.id, within), within.fold.head.seq)
    },
    reply: async ({ text, files }) => {
      const known = current()
      const { self, opened } = known
      const progress = (id: string, done: number, total: number) =>
        deps.say({ event: 'progress', id, done, total })
      const writing = { view: desk(), self, wait: deps.wait, progress }
      const given = { text, files: files.map(sourceOf) }
      const within = await sendMessage(writing, opened.within, 'all', given)
      view = await refreshDesk(desk())
      return show(known, within, within.fold.head.seq)
    },
    readFollowedFile: async ({ entry, n }) => {
      const { self, keyring, opened } = current()
      const message = opened.timeline.messages.find((each) => each.id === entry)
      const file = message?.files[n]
      if (message === undefined || file === undefined) throw new RangeError('No such file.')
      const content = fetchFile(desk(), opened.within, self, keyring, message, file)
      const id = `${entry}/${String(n)}`
      return blobOf(content, (done) => deps.say({ event: 'progress', id, done, total: file.size }))
    },
    proof: async () => {
      const { opened } = current()
      const { within } = opened
      return {
        name: `postern-${within.number}-proof.json`,
        text: await proofOfCase(desk(), within),
      }
    },
    leave: async () => {
      for (const { cancel } of held.values()) cancel.abort()
      held.clear()
      draft = undefined
      followed = undefined
      view?.api.carry(undefined)
      return {}
    },
  }
  const watched = () => followed && view && { api: view.api, from }
  return { handlers, watched }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('Asked in the wrong order.')
  return value
}

type TypedFacts = Readonly<Record<keyof ReportFacts, string>>

/** A page gives text; only what the form of facts allows goes on. */
function factsOf({ project, kind, name, contact }: TypedFacts): ReportFacts {
  const line = (text: string) => (isFact(text.trim()) ? text.trim() : text)
  const known = REPORT_KINDS.find((each) => each === kind) ?? ''
  return { project: line(project), kind: known, name: line(name), contact: line(contact) }
}
