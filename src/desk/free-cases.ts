import { bytesOfHex } from '#lexicon'
import { isCoordinator } from '#seal'
import type { DeskDeps, Party } from './desk-deps.ts'

/**
 * Takes cases out of the lane of held mail: they stand among the new ones from then on, with the clock that
 * runs since they came. Which lane a case stands in is a hint of the server and no statement, so nothing is
 * signed; what a coordinator does with the case is. Returns how many were held; the others stay as they are.
 */
export async function freeCases(
  { db, directory, clock }: Pick<DeskDeps, 'db' | 'directory' | 'clock'>,
  party: Party,
  ids: readonly string[],
): Promise<number | null> {
  const now = (await directory())?.now
  if (now === undefined || party.kind !== 'member' || !isCoordinator(now, party.who)) return null
  return db.transaction().execute(async (tx) => {
    const freed = await tx
      .updateTable('desk.case')
      .set({ held: '' })
      .where('id', 'in', ids.map(bytesOfHex))
      .where('held', '<>', '')
      .returning('id')
      .execute()
    const written = new Date(clock())
    const author = bytesOfHex(party.who)
    const told = freed.map(({ id }) => ({ kind: 'report-received', about: id, written, author }))
    if (told.length > 0) await tx.insertInto('post.outbox').values(told).execute()
    return freed.length
  })
}
