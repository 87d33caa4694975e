import { bytesOfHex, type CaseState } from '#lexicon'
import { asksAgain, type CaseFold } from '#seal'
import type { Schema, Transaction } from '#store'
import { accessOf } from './case-access.ts'
import { askedIn, wordsOf } from './case-words.ts'

/** Writes what the queue sorts and filters by, from the fold, in the transaction that moved the chain. */
export async function projectCase(
  tx: Transaction<Schema>,
  before: CaseFold,
  after: CaseFold,
  accepted: Date,
): Promise<void> {
  const state = queueState(after)
  const closed = isClosed(state)
  await tx
    .updateTable('desk.case')
    .set({
      last_seq: after.head.seq,
      state,
      sort: after.sort,
      taken: after.taken === '' ? null : bytesOfHex(after.taken),
      ...(before.acknowledged !== after.acknowledged && { acknowledged: accepted }),
      ...(closed !== isClosed(queueState(before)) && { closed: closed ? accepted : null }),
      title_seq: after.titleSeq < 0 ? null : after.titleSeq,
      recent: JSON.stringify(wordsOf(after)),
      asked_seq: askedIn(after),
      // Whoever acts on a held one as on any other has freed it.
      ...((after.acknowledged !== '' || after.answers.length > 0) && { held: '' }),
    })
    .where('id', '=', bytesOfHex(after.id))
    .execute()
  if (before.circles !== after.circles) await projectReaders(tx, after)
}

/** A closed case in which somebody asks again stands where people look. The chain says that it is closed. */
function queueState(fold: CaseFold): CaseState {
  return asksAgain(fold) ? 'open' : fold.state
}

function isClosed(state: CaseState): boolean {
  return state === 'closed' || state === 'archived'
}

async function projectReaders(tx: Transaction<Schema>, fold: CaseFold): Promise<void> {
  const case_id = bytesOfHex(fold.id)
  await tx.deleteFrom('desk.reader').where('case_id', '=', case_id).execute()
  const rows = [...accessOf(fold).holders].flatMap(([name, persons]) => {
    const slash = name.lastIndexOf('/')
    const [circle, epoch] = [name.slice(0, slash), Number(name.slice(slash + 1))]
    return [...persons].map((who) => ({ case_id, circle, epoch, who: bytesOfHex(who) }))
  })
  if (rows.length > 0) await tx.insertInto('desk.reader').values(rows).execute()
}
