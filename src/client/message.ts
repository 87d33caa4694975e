import type { Source } from '#lexicon'
import type { Body, CaseHead, FileEntry, RefusedCode } from '#seal'
import type { Opened } from '#unseal'
import { type CaseView, nameOf, shownTime } from './case-view.ts'
import type { DeskView } from './desk-view.ts'
import type { Mail } from './mail.ts'
import { NO_FACTS, readFacts, type ReportFacts } from './report-facts.ts'
import type { Self } from './self.ts'

/** One opened message of a case. */
export type Message = {
  readonly id: string
  readonly seq: number
  readonly type: CaseHead['type']
  readonly by: string
  readonly from: string
  readonly at: string
  /** The key that it is sealed to: `desk/1`, `all/2`, `p-numpy/1`. */
  readonly to: string
  /** Without the facts of a report, which stand apart. */
  readonly text: string
  readonly facts: ReportFacts
  readonly title: string
  readonly files: readonly FileEntry[]
  /** What came by mail: text and attachments are in the mail, read by whoever shows it. */
  readonly mail: Mail | undefined
}

/** A body that failed a check: it is not shown; this says which and why (PROTOCOL 3). */
export type Broken = { readonly seq: number; readonly code: RefusedCode; readonly message: string }

/** The head of a statement that has a message sealed under it. */
export type SealedHead = Extract<CaseHead, { readonly body: string; readonly to: string }>

export function isMessage(head: CaseHead): head is SealedHead {
  return (
    head.type === 'case.open' ||
    head.type === 'case.message' ||
    head.type === 'case.mail' ||
    head.type === 'case.handoff'
  )
}

/** A report is sealed to the desk and to its reporter; an assessment, and everything later, to one circle. */
export function recipientsOf(head: CaseHead | undefined): number {
  return head?.type === 'case.open' && head.enc !== '' ? 2 : 1
}

/** Sealed to my own key: I am the reporter who wrote it. */
export function isOwnReport(head: CaseHead | undefined, self: Self): boolean {
  return recipientsOf(head) === 2 && head?.by === self.signer.who
}

export function messageOf(
  view: DeskView,
  within: CaseView,
  id: string,
  head: SealedHead,
  body: Opened<Body> | Mail,
): Message {
  return {
    id,
    seq: head.seq,
    type: head.type,
    by: head.by,
    from: nameOf(view, head.by),
    at: shownTime(head.at, within.acceptedAt.get(id) ?? head.at),
    to: head.to,
    ...('sender' in body ? mailed(body) : written(head, body)),
  }
}

function written(head: SealedHead, body: Opened<Body>) {
  return { ...wordsOf(head, body), title: body.title, files: body.files, mail: undefined }
}

function mailed(mail: Mail) {
  return { text: '', facts: NO_FACTS, title: '', files: [], mail }
}

/** With the time to show, now that its receipt was verified (F9). */
export function timed({ fold, acceptedAt }: CaseView, message: Message): Message {
  const at = fold.statements.get(message.id)?.at ?? message.at
  return { ...message, at: shownTime(at, acceptedAt.get(message.id) ?? at) }
}

const REPORTED: readonly Source[] = ['web', 'cli', 'api']

function wordsOf(head: SealedHead, { text }: Opened<Body>) {
  return hasFacts(head) ? readFacts(text) : { text, facts: NO_FACTS }
}

/** Only a report that its author's client sealed has facts: elsewhere such lines are words like others. */
export function hasFacts(head: CaseHead): boolean {
  return head.type === 'case.open' && REPORTED.includes(head.source)
}
