import { type Source, timeOf } from '#lexicon'
import { takeMailBody } from '#ledger'
import {
  blobHashOfPieces,
  type Directory,
  type MailBody,
  newestDeskKey,
  pieceHashesByEngine,
  readCertificate,
  sealMail,
  type Signer,
  signStatement,
  slotOf,
  statementId,
} from '#seal'
import type { CheckedReport } from '../check-report.ts'
import { IntakeError } from '../intake-error.ts'

/**
 * The report that a mail becomes (PROTOCOL 6, b and c): sealed whole to the desk's newest key, in memory,
 * and signed by the server, which says by it no more than that this came. Nobody is promised a way back.
 */
export async function sealReport(
  { source, ...body }: MailBody & { readonly source: Source },
  { desk, head, now: state }: Directory,
  signer: Signer,
  now: number,
): Promise<CheckedReport> {
  const cert = state.desk.at(-1)?.cert
  if (cert === undefined) throw new IntakeError('not-open', 'This desk has no key yet.')
  const open = {
    v: 1 as const,
    type: 'case.open' as const,
    desk,
    chain: '',
    seq: 0,
    prev: '',
    by: signer.who,
    at: timeOf(now),
    dir: head.id,
    log: '',
    source,
    enc: '',
    to: newestDeskKey(state),
    files: [],
  }
  const sealed = await sealMail(slotOf(open), body, [await readCertificate(cert)])
  const pieceHashes = await pieceHashesByEngine(sealed)
  const named = { ...open, body: blobHashOfPieces(pieceHashes) }
  const statement = await signStatement(signer, named)
  return {
    id: statementId(statement.head),
    head: named,
    statement,
    taken: [takeMailBody(named, sealed, pieceHashes)],
    vault: undefined,
  }
}
