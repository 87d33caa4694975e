import type { CaseRow } from '#contract'
import { bytesOfBase64, bytesOfHex, type Sort } from '#lexicon'
import {
  demand,
  type HeadOf,
  isCoordinator,
  readHead,
  readLabel,
  Refused,
  slotOf,
  statementId,
  verifySignature,
} from '#seal'
import { importLabelKey, openLabel } from '#unseal'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
import type { Desk } from './desk.ts'

/**
 * A row of the queue before its chain is folded (PROTOCOL 2.3). The title is proved: a coordinator signed
 * it and a holder of the desk's key sealed it, for this case. All in `hints` is the server's word (K6), and
 * so is the number: an act needs the folded case.
 */
export type PageRow = {
  readonly id: string
  readonly number: string
  /** `""` where there is none yet, or none that opens and verifies. */
  readonly title: string
  readonly hints: Pick<
    CaseRow,
    | 'source'
    | 'received'
    | 'due'
    | 'state'
    | 'sort'
    | 'taken'
    | 'acknowledged'
    | 'last'
    | 'heard'
    | 'asked'
    | 'held'
    | 'claimed'
  >
}

export type PageQuery = {
  readonly lane: 'all' | 'new' | 'mine' | 'waiting' | 'closed' | 'held'
  readonly sort?: Sort | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

const WHOLE_PAGE = 1000

/** One page of a lane, as the server orders it, with the titles that this coordinator opens. */
export async function openQueuePage(
  { view }: Pick<Desk, 'view'>,
  keyring: Keyring,
  { lane, sort, after, limit = WHOLE_PAGE }: PageQuery,
): Promise<{ readonly rows: readonly PageRow[]; readonly next: string | undefined }> {
  const query = { lane, sort, after, limit }
  const { cases, next } = await view.api.call('listCases', { query })
  const titles = await openTitles(view, keyring, cases)
  const rows = cases.map((row, n) => {
    const { id, number, title: _, ...hints } = row
    return { id, number, title: titles[n] ?? '', hints }
  })
  return { rows, next }
}

/** The titles of these rows, in their order; `""` where there is none that holds. */
export async function openTitles(
  view: Pick<DeskView, 'id' | 'directory'>,
  keyring: Keyring,
  rows: readonly Pick<CaseRow, 'id' | 'title'>[],
): Promise<readonly string[]> {
  const keys = new Map<number, ReturnType<typeof importLabelKey>>()
  const keyOf = (epoch: number) => {
    const known = keys.get(epoch) ?? keyring.labelKeyOf(epoch).then(importLabelKey)
    keys.set(epoch, known)
    return known
  }
  return Promise.all(
    rows.map(async ({ id, title }) => {
      if (title === undefined) return ''
      try {
        const head = await checkTitle(view, id, title.statement)
        const label = readLabel(bytesOfBase64(title.label), head.label.blob)
        return (await openLabel(await keyOf(head.label.epoch), slotOf(head), label)).title
      } catch (error) {
        // A key that this coordinator was never given is no fault of the row.
        if (error instanceof Refused || error instanceof ClientError) return ''
        throw error
      }
    }),
  )
}

/** Form, case, signature, and a coordinator as author: what can be known without the chain around it. */
async function checkTitle(
  { id: desk, directory }: Pick<DeskView, 'id' | 'directory'>,
  caseId: string,
  statement: NonNullable<CaseRow['title']>['statement'],
): Promise<HeadOf<'case.title'>> {
  const head = readHead(statement, 'case')
  const state = directory.after.get(head.dir)
  if (head.type !== 'case.title' || head.desk !== desk || head.chain !== caseId)
    throw new Refused('F2', 'This is no title of this case.')
  const able = state !== undefined && isCoordinator(state, head.by)
  demand(able, 'F5', 'No coordinator signed this title.')
  const id = bytesOfHex(statementId(statement.head))
  const signed = await verifySignature(head.by, id, statement.sig)
  demand(signed, 'F3', 'The signature does not fit this title.')
  return head
}
