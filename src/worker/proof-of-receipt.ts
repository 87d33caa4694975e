import {
  type CaseView,
  type DeskView,
  type FiledReport,
  readInclusion,
  verifyAcceptance,
} from '#client'
import { statementId } from '#seal'

const HOW = [
  'Each statement is {"head","sig"}; docs/formats/statements.md of Postern says how openssl verifies one.',
  '“filed” is what the reporter signed: it names the sealed report by its hash and holds no content.',
  '“accepted” is the desk’s signed receipt for it: of_id is the id of the statement, at the time.',
  'The server’s key stands in the desk chain, whose first statement hashes to the desk id.',
]

/** What proves that a report came in, right after it did. */
export function proofOf(view: DeskView, { number, received, proof }: FiledReport): string {
  return written(view, number, received, [{ filed: proof.filed, accepted: proof.receipt }])
}

/** The same later, with the acknowledgement where there is one, each proved to stand in the ledger. */
export async function proofOfCase(view: DeskView, within: CaseView): Promise<string> {
  const { fold, number, acceptedAt } = within
  const proved = within.statements
    .map((filed) => ({ filed, id: statementId(filed.head) }))
    .filter(({ id }) => id === fold.id || id === fold.acknowledged)
  const entries = []
  for (const { filed, id } of proved) {
    // A proof that does not prove would be found out only when it is needed.
    const { entry, index, proof } = await readInclusion(view, id)
    const head = fold.statements.get(id)
    await verifyAcceptance(view, fold.id, { id, seq: head?.seq ?? 0, dir: head?.dir ?? '' }, entry)
    entries.push({ filed, accepted: entry, index, inclusion: proof })
  }
  return written(view, number, acceptedAt.get(fold.id) ?? '', entries)
}

function written(
  view: DeskView,
  number: string,
  received: string,
  statements: readonly object[],
): string {
  const { now } = view.directory
  const facts = { number, received, desk: view.id, name: now.name, server: now.server }
  const checkpoint = view.checkpoint.note
  return `${JSON.stringify({ how: HOW, ...facts, statements, checkpoint }, null, 1)}\n`
}
