import {
  ACKNOWLEDGE_WITHIN,
  bytesOfBase64,
  millisecondsOf,
  timeOf,
  UNHURRIED_SOURCES,
} from '#lexicon'
import {
  asksAgain,
  currentKeyOf,
  isCoordinator,
  type Person,
  readLabel,
  Refused,
  slotOf,
} from '#seal'
import { openLabel } from '#unseal'
import { type CaseView, openCase } from './case-view.ts'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
import { listCaseIds } from './list-case-ids.ts'
import { labelCase } from './title-case.ts'
import type { Desk } from './desk.ts'

/** A row of the queue, from the verified chain. */
export type QueueRow = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly state: string
  readonly sort: string
  /** The coordinator who looks after it, by the newest key; `""` is nobody. */
  readonly taken: string
  readonly received: string
  /** When the acknowledgement is due; `""` once it was given, and where none is owed. */
  readonly due: string
  readonly lane: Lane
}

/** Where a case stands for the person who looks: new, in work, waiting for somebody, done; held, by the server's word. */
export type Lane = 'new' | 'open' | 'waiting' | 'closed' | 'held'

export type Queue = {
  readonly rows: readonly QueueRow[]
  /** Cases whose chain failed a check: shown as such, never as a row. */
  readonly broken: readonly {
    readonly id: string
    readonly number: string
    readonly error: Refused
  }[]
}

/** Chains opened at the same time: each costs a round trip. */
const AT_ONCE = 8

/**
 * The cases of this person, due first. The server's rows say only which cases there are; every shown
 * word comes from the folded chain and the opened label. Coordinators label what has no title yet.
 */
export async function openQueue(desk: Desk, keyring: Keyring, all: boolean): Promise<Queue> {
  const ids = await listCaseIds(desk.view, all ? ['all', 'held', 'closed'] : ['all', 'held'])
  const rows: QueueRow[] = []
  const broken: { id: string; number: string; error: Refused }[] = []
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const group = ids.slice(at, at + AT_ONCE).map(async ({ id, number, held }) => {
      try {
        const row = await openRow(desk, keyring, id)
        rows.push(held && row.lane === 'new' ? { ...row, lane: 'held' } : row)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        broken.push({ id, number, error })
      }
    })
    await Promise.all(group)
  }
  return { rows: rows.sort(dueFirst), broken }
}

/** The queue's row of one opened case. */
export function rowOf(view: DeskView, within: CaseView, title: string): QueueRow {
  const { fold } = within
  const received = within.acceptedAt.get(fold.id) ?? ''
  const lane = laneOf(within)
  const owed = lane !== 'closed' && owesAcknowledgement(within)
  return {
    id: fold.id,
    number: within.number,
    title,
    state: fold.state,
    sort: fold.sort,
    taken: takerOf(view, within),
    received,
    due: owed ? timeOf(millisecondsOf(received) + ACKNOWLEDGE_WITHIN) : '',
    lane,
  }
}

/** The title in the newest label, for coordinators; `""` where there is none, or it is not for this person. */
export async function openTitle(desk: Desk, keyring: Keyring, within: CaseView): Promise<string> {
  const head = [...within.fold.statements.values()].find(
    (each) => each.seq === within.fold.titleSeq,
  )
  const mine = isCoordinator(desk.view.directory.now, desk.self.signer.who)
  if (head?.type !== 'case.title' || !mine) return ''
  const params = { id: within.id, blob: head.label.blob }
  const { bytes } = await desk.view.api.call('readBlob', { params })
  const label = readLabel(bytesOfBase64(bytes), head.label.blob)
  const key = await keyring.labelKeyOf(head.label.epoch)
  const { title } = await openLabel(key, slotOf(head), label)
  return title
}

async function openRow(desk: Desk, keyring: Keyring, id: string): Promise<QueueRow> {
  let within = await openCase(desk.view, id)
  const mine = isCoordinator(desk.view.directory.now, desk.self.signer.who)
  if (mine && within.fold.titleSeq < 0 && within.fold.shred === '')
    within = await labelCase(desk, within, keyring)
  return rowOf(desk.view, within, await openTitle(desk, keyring, within))
}

/** The coordinator who looks after a case, under their key of today; `""` when they left. */
function takerOf({ directory }: DeskView, { fold }: CaseView): Person | '' {
  const who = currentKeyOf(directory.now, fold.taken) ?? ''
  return isCoordinator(directory.now, who) ? who : ''
}

function owesAcknowledgement({ fold }: CaseView): boolean {
  return fold.acknowledged === '' && !UNHURRIED_SOURCES.includes(fold.source)
}

function laneOf(within: CaseView): Lane {
  const { fold } = within
  const closed = fold.state === 'closed' || fold.state === 'archived'
  if (closed) return asksAgain(fold) ? 'open' : 'closed'
  if (owesAcknowledgement(within)) return 'new'
  return fold.state === 'waiting' ? 'waiting' : 'open'
}

function dueFirst(a: QueueRow, b: QueueRow): number {
  const rank = (row: QueueRow) => (row.due === '' ? `1 ${row.received}` : `0 ${row.due}`)
  const [one, other] = [`${rank(a)} ${a.id}`, `${rank(b)} ${b.id}`]
  return one < other ? -1 : 1
}
