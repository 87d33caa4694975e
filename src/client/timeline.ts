import { bytesOfBase64, type Source } from '#lexicon'
import { type Body, type CaseHead, type FileEntry, Refused, type RefusedCode } from '#seal'
import { type Opened, unsealBody } from '#unseal'
import { type CaseView, nameOf, shownTime } from './case-view.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
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
}

/** A body that failed a check: it is not shown; this says which and why (PROTOCOL 3). */
export type Broken = { readonly seq: number; readonly code: RefusedCode; readonly message: string }

export type Timeline = { readonly messages: readonly Message[]; readonly broken: readonly Broken[] }

const REPORTED: readonly Source[] = ['web', 'cli', 'api']

type SealedHead = Extract<CaseHead, { readonly body: string; readonly to: string }>

/** Opens what this person may read, in order. What was not sealed to them is simply absent. */
export async function openTimeline(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
): Promise<Timeline> {
  const messages: Message[] = []
  const broken: Broken[] = []
  for (const [id, head] of within.fold.statements) {
    if (!isMessage(head)) continue
    try {
      const body = await openBody(view, within, self, keyring, head)
      messages.push(messageOf(view, within, id, head, body))
    } catch (error) {
      if (error instanceof ClientError && error.code === 'no-reader') continue
      if (!(error instanceof Refused)) throw error
      broken.push({ seq: head.seq, code: error.code, message: error.message })
    }
  }
  return { messages, broken }
}

/** The body of one statement. Throws `Refused`, or `ClientError` no-reader. */
export async function openBody(
  view: DeskView,
  within: CaseView,
  self: Self,
  keyring: Keyring,
  head: SealedHead,
): Promise<Opened<Body>> {
  const key = isOwnReport(head, self) ? self.key : await keyring.keyOf(head.to, within)
  const params = { id: within.id, blob: head.body }
  const { bytes } = await view.api.call('readBlob', { params })
  return unsealBody(head, bytesOfBase64(bytes), key, recipientsOf(head))
}

/** A report is sealed to the desk and to its reporter; an assessment, and everything later, to one circle. */
export function recipientsOf(head: CaseHead | undefined): number {
  return head?.type === 'case.open' && head.enc !== '' ? 2 : 1
}

/** Sealed to my own key: I am the reporter who wrote it. */
export function isOwnReport(head: CaseHead | undefined, self: Self): boolean {
  return recipientsOf(head) === 2 && head?.by === self.signer.who
}

function isMessage(head: CaseHead): head is SealedHead {
  return (
    head.type === 'case.open' ||
    head.type === 'case.message' ||
    head.type === 'case.mail' ||
    head.type === 'case.handoff'
  )
}

function messageOf(
  view: DeskView,
  within: CaseView,
  id: string,
  head: SealedHead,
  body: Opened<Body>,
): Message {
  return {
    id,
    seq: head.seq,
    type: head.type,
    by: head.by,
    from: nameOf(view, head.by),
    at: shownTime(head.at, within.acceptedAt.get(id) ?? head.at),
    to: head.to,
    ...wordsOf(head, body),
    title: body.title,
    files: body.files,
  }
}

/** Only a report that its author's client sealed has facts: elsewhere such lines are words like others. */
function wordsOf(head: SealedHead, { text }: Opened<Body>) {
  const report = head.type === 'case.open' && REPORTED.includes(head.source)
  return report ? readFacts(text) : { text, facts: NO_FACTS }
}
