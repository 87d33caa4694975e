import { bytesOfHex, hexOfBytes, timeOf } from '#lexicon'
import { type QueuedMail, readMailQueue } from '#post'
import type { Place } from './arguments.ts'
import { openDataFolder } from './data-folder.ts'
import { enterHouse, type House } from './house.ts'

/** A line of the queue: for which case (`""` for none), and what became of it so far. Never for whom. */
export type QueueLine = {
  readonly kind: string
  readonly case: string
  readonly state: string
  readonly tries: number
  readonly answer: string
  readonly at: string
  /** When it is tried next; `""` when it is not. */
  readonly next: string
}

export type QueueSeen = {
  readonly counts: Readonly<Record<string, number>>
  readonly mails: readonly QueueLine[]
}

/** What waits to be sent and what could not be sent, the newest first. */
export async function mailQueue(place: Place, say: (step: string) => void): Promise<QueueSeen> {
  const data = openDataFolder(place.data)
  const { databaseUrl } = place
  const house = await enterHouse({ data, databaseUrl, unsafe: true, say }, 'mail')
  try {
    return await seeQueue(house.database)
  } finally {
    await house.close()
  }
}

/** The same on a database that is open already. */
export async function seeQueue(database: House['database'], most?: number): Promise<QueueSeen> {
  const { counts, mails } = await readMailQueue(database.logins.post, most)
  const numbers = await numbersOf(database, mails)
  return { counts, mails: mails.map((mail) => lineOf(mail, numbers)) }
}

export function wordsOfQueue({ counts, mails }: QueueSeen): string[] {
  const { waiting = 0, sent = 0, dead = 0, expired = 0, bounced = 0 } = counts
  const back = bounced === 0 ? '' : ` ${bounced} came back.`
  return [
    `${waiting} wait, ${sent} were sent, ${dead} were refused, ${expired} were given up.${back}`,
    ...mails.map(({ kind, state, tries, answer, at, next, ...mail }) =>
      [
        ...(mail.case === '' ? [] : [mail.case]),
        kind,
        state,
        at,
        `tries ${tries}`,
        ...(answer === '' ? [] : [`answer ${answer}`]),
        ...(next === '' ? [] : [`next ${next}`]),
      ].join('  '),
    ),
  ]
}

/** Post may not look at cases; the login of the desk may. */
async function numbersOf(
  database: House['database'],
  mails: readonly QueuedMail[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(mails.map(({ about }) => hexOfBytes(about)))]
  if (ids.length === 0) return new Map()
  const rows = await database.logins.desk
    .selectFrom('desk.case')
    .select(['id', 'number'])
    .where('id', 'in', ids.map(bytesOfHex))
    .execute()
  return new Map(rows.map(({ id, number }) => [hexOfBytes(id), number]))
}

function lineOf(
  { kind, about, state, tries, answer, at, due }: QueuedMail,
  numbers: ReadonlyMap<string, string>,
): QueueLine {
  const id = hexOfBytes(about)
  const next = due === null ? '' : timeOf(due.getTime())
  return {
    kind,
    // A notice is about a member, and belongs to no case.
    case: kind === 'change' || kind === 'held' ? '' : (numbers.get(id) ?? id),
    state,
    tries,
    answer,
    at: timeOf(at.getTime()),
    next,
  }
}
