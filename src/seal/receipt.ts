import type { Person } from './person.ts'
import { demand } from './refused.ts'
import {
  beginCheck,
  type Begun,
  type Checked,
  checkStatement,
  type Statement,
} from './statement.ts'
import type { HeadOf } from './statement-forms.ts'

/** What a receipt must speak of: the statement whose id the client computed itself (N10). */
export type Accepted = {
  readonly desk: string
  readonly chain: string
  readonly id: string
  readonly seq: number
}

/**
 * Verifies that the server accepted exactly this statement (PROTOCOL 5.4: `ledger.accept` is the
 * receipt). Its place in the ledger is proved apart. Throws `Refused` F1, F3, by or of.
 */
export async function verifyReceipt(
  receipt: Statement | Begun<'ledger'>,
  server: Person,
  accepted: Accepted,
): Promise<Checked<HeadOf<'ledger.accept'>>> {
  const begun = 'read' in receipt ? receipt : beginCheck(receipt, 'ledger')
  const head = begun.read()
  const place = { id: head.prev, seq: head.seq - 1 }
  const pin = { desk: accepted.desk, chain: head.chain }
  const { id } = await checkStatement(begun, 'ledger', pin, place)
  demand(head.by === server, 'by', 'Somebody else than the desk’s server signed this receipt.')
  demand(head.type === 'ledger.accept', 'of', 'This ledger entry is no receipt.')
  const same =
    head.of_chain === accepted.chain && head.of_id === accepted.id && head.of_seq === accepted.seq
  demand(same, 'of', 'This receipt speaks of another statement.')
  demand(
    (head.number !== '') === (head.of_seq === 0 && isCase(accepted)),
    'of',
    'This receipt has no number, or one too many.',
  )
  return { id, head, statement: begun.statement }
}

/** A case is numbered when it opens; the desk chain and later statements are not. */
function isCase({ chain, desk }: Accepted): boolean {
  return chain !== desk
}
