import { bytesOfHex, DAY, millisecondsOf, timeOf } from '#lexicon'
import { fileBlobs, takeMailBody } from '#ledger'
import {
  appendToCase,
  blobHashOfPieces,
  type CaseFold,
  type Directory,
  isFresh,
  type MailBody,
  newestDeskKey,
  newestEpoch,
  pieceHashesByEngine,
  readCertificate,
  readHead,
  sealMail,
  type Signer,
  signStatement,
  slotOf,
  splitKeyName,
  type Statement,
  statementId,
} from '#seal'
import { bodySizes, type Schema, type Transaction } from '#store'
import type { DeskDeps } from './desk-deps.ts'
import { DeskError } from './desk-error.ts'
import { isTooMuch } from './demand-modest.ts'
import { projectCase } from './project-case.ts'

type Tx = Transaction<Schema>

export type MailDeskDeps = DeskDeps & {
  /** The server's key: a mail has no other author that could sign. */
  readonly signer: Signer
}

/** A mail that answers in a case. */
export type MailForCase = {
  readonly caseId: string
  readonly mail: MailBody
  /** Marks it as taken, first in the transaction; false when it was taken before. */
  readonly first: (tx: Tx) => Promise<boolean>
  /** It gives a mail of ours back. */
  readonly bounced: boolean
}

/** `no-case`: there is none, or nothing can follow in it; the mail must become a case of its own. */
export type MailAppended = 'appended' | 'known' | 'no-case'

/** People append now and then; nobody does it so often while one mail is sealed. */
const TRIES = 5

/**
 * Appends a mail to its case as `case.mail`, sealed whole as every mail is. It is durable when this returns,
 * once, however often the same mail comes. Throws `DeskError` not-open or conflict, and what the database throws.
 */
export async function appendMail(deps: MailDeskDeps, what: MailForCase): Promise<MailAppended> {
  for (let left = TRIES; ; left--) {
    const directory = await deps.directory()
    if (directory === undefined) throw new DeskError('not-open', 'This desk is not set up yet.')
    const fold = await soundFold(deps, what.caseId)
    if (fold === undefined || fold.shred !== '') return 'no-case'
    if (await isCrowded(fold, deps, what.mail)) return 'no-case'
    const sealed = await sealedMail(deps, fold, directory, what.mail)
    try {
      return await deps.db
        .transaction()
        .setIsolationLevel('read committed')
        .execute((tx) => append(tx, deps, what, sealed))
    } catch (error) {
      if (!(error instanceof DeskError && error.code === 'conflict') || left <= 1) throw error
    }
  }
}

/** A damaged chain is said elsewhere, and no reason to lose a mail. */
async function soundFold({ folds, db }: MailDeskDeps, caseId: string) {
  try {
    return await folds.newest(db, caseId)
  } catch (error) {
    if (error instanceof DeskError && error.code === 'damaged') return undefined
    throw error
  }
}

/** Mails of one case in a day, in bytes: whoever opens it opens all of them. */
const BYTES_A_DAY = 60 * 1024 * 1024

/** Whoever has the address of a case could fill its chain: what is too much for a day goes elsewhere. */
async function isCrowded(
  fold: CaseFold,
  { signer, clock, db }: MailDeskDeps,
  { raw }: MailBody,
): Promise<boolean> {
  const now = clock()
  if (isTooMuch(fold, signer.who, now, 1)) return true
  const today = [...fold.statements.values()].flatMap((head) =>
    head.type === 'case.mail' && millisecondsOf(head.at) >= now - DAY
      ? [bytesOfHex(head.body)]
      : [],
  )
  const sizes = await bodySizes(db, bytesOfHex(fold.id), today)
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, raw.length)
  return bytes > BYTES_A_DAY
}

type SealedMail = {
  readonly statement: Statement
  readonly head: ReturnType<typeof headFor> & { readonly body: string }
  readonly body: ReturnType<typeof takeMailBody>
}

async function sealedMail(
  { signer, clock }: MailDeskDeps,
  fold: CaseFold,
  directory: Directory,
  mail: MailBody,
): Promise<SealedMail> {
  const place = headFor(fold, directory, signer, clock())
  const reader = await readCertificate(certificateOf(fold, directory, place.to))
  const sealed = await sealMail(slotOf(place), mail, [reader])
  const pieceHashes = await pieceHashesByEngine(sealed)
  const head = { ...place, body: blobHashOfPieces(pieceHashes) }
  const body = takeMailBody(head, sealed, pieceHashes)
  return { statement: await signStatement(signer, head), head, body }
}

function headFor(fold: CaseFold, directory: Directory, signer: Signer, now: number) {
  const at = timeOf(now)
  const thread = newestEpoch(fold, 'all')
  const open = thread !== undefined && isFresh(fold, thread, directory.now, at)
  return {
    v: 1 as const,
    type: 'case.mail' as const,
    desk: directory.desk,
    chain: fold.id,
    seq: fold.head.seq + 1,
    prev: fold.head.id,
    by: signer.who,
    at,
    dir: directory.head.id,
    log: '',
    // A thread that went stale may have a reader who left: then the desk alone, until somebody renews it.
    to: open ? thread : newestDeskKey(directory.now),
    files: [],
  }
}

function certificateOf(fold: CaseFold, { now }: Directory, to: string): string {
  const { circle, epoch } = splitKeyName(to)
  const epochs = circle === 'desk' ? now.desk : fold.circles.get(circle)
  return epochs?.[epoch - 1]?.cert ?? ''
}

async function append(
  tx: Tx,
  deps: MailDeskDeps,
  { caseId, first, bounced }: MailForCase,
  { statement, head, body }: SealedMail,
): Promise<MailAppended> {
  // Before everything else: of two that are the same the second waits here, and holds up nobody.
  if (!(await first(tx))) return 'known'
  const storing = { now: deps.clock(), random: deps.random }
  await fileBlobs(tx, { chain: caseId, seq: head.seq }, [body], storing)
  // From here on nobody else appends anywhere: what is read now still holds at the commit.
  await deps.ledger.lock(tx)
  const directory = await deps.directory(tx)
  const fold = await deps.folds.newest(tx, caseId)
  const moved = fold?.head.id !== head.prev || directory?.head.id !== head.dir
  if (fold === undefined || directory === undefined || moved)
    throw new DeskError('conflict', 'The case moved while this mail was sealed.')
  const after = await appendToCase(fold, statement, caseId, directory, () => Promise.resolve(false))
  const id = statementId(statement.head)
  const place = { desk: directory.desk, dir: directory.head.id }
  const of = [{ chain: caseId, id, seq: head.seq, number: '' }]
  const note = { about: caseId, count: 1, note: '' }
  const came = { ...note, kind: 'mail-in' as const }
  const notes = bounced ? [came, { ...note, kind: 'bounce' as const }] : [came]
  const [receipt] = await deps.ledger.accept(tx, { ...place, of, notes })
  if (receipt === undefined) throw new RangeError('an acceptance without a receipt')
  const accepted = new Date(millisecondsOf(readHead(receipt, 'ledger').at))
  await tx
    .insertInto('desk.statement')
    .values({
      chain: bytesOfHex(caseId),
      seq: head.seq,
      id: bytesOfHex(id),
      type: head.type,
      head: statement.head,
      sig: bytesOfHex(statement.sig),
      accepted,
    })
    .execute()
  await projectCase(tx, fold, after, accepted)
  await tx
    .insertInto('post.outbox')
    .values({ kind: 'case-changed', about: bytesOfHex(caseId), written: accepted })
    .execute()
  return 'appended'
}
