import { askDatabase } from './database.ts'

/* What stands in the record of a desk, read behind everybody's back: heads are public, bodies are sealed. */

export type SignedHead = {
  readonly type: string
  readonly by: string
  readonly [field: string]: unknown
}

/** What was done, in the words of the head: `case.sort question`, `case.ack`. */
export function actOf({ type, sort, state, relation, circle }: SignedHead): string {
  const what = [sort, state, relation, circle].find((each) => typeof each === 'string')
  return typeof what === 'string' ? `${type} ${what}` : type
}

/** The chain of a case from its first statement on, by its number. */
export async function headsOfCase(data: string, number: string): Promise<readonly SignedHead[]> {
  const rows = await askDatabase<{ head: string }>(
    data,
    `select head from desk.statement
     where chain = (select id from desk."case" where number = '${number}') order by seq`,
  )
  return rows.map(({ head }) => JSON.parse(head) as SignedHead)
}

/** The desk's own chain: people, roles, approvals. */
export async function headsOfDesk(data: string): Promise<readonly SignedHead[]> {
  const rows = await askDatabase<{ head: string }>(
    data,
    'select head from identity.statement order by seq',
  )
  return rows.map(({ head }) => JSON.parse(head) as SignedHead)
}

/** R20 counts from the last touch: all of them were six minutes ago. */
export async function letTouchesAge(data: string): Promise<void> {
  await askDatabase(data, `update identity.session set proved = proved - interval '6 minutes'`)
}
