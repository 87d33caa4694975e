import { join } from 'node:path'
import { askDatabase } from '../stories/database.ts'
import { freePort, type OpenDesk, openDesk } from '../stories/stage.ts'
import { atLeast, atMost, type Measured, median, ROUNDS, type Row } from './bench.ts'
import { benchMail } from './bench-mail.ts'
import { memoryOf, processorTime } from './process-tree.ts'
import { sendMails } from './smtp-client.ts'
import { startWorkedChild } from './worked-child.ts'

export const name = 'A mail from SMTP to 250, in milliseconds of processor time'

/*
 * A real server takes mails of 5 kB over real connections: checked, sealed, signed, in the ledger, committed.
 * Against it a loop that encrypts the same with OpenPGP.js and inserts it, and no more. Both with their
 * PostgreSQL, by the time that their processes used. Eight connections at once, as a busy door has: what comes
 * at once is filed together. The mails carry no signature, so the checks read their heads alone; names are asked
 * of this machine's name server, and its speed is not ours.
 */

const ADDRESS = 'security@example.org'
const MAILS = 240
const CONNECTIONS = 8
const MIB = 2 ** 20
const LARGE = 25
/** How many cases the desk has before it is measured again. */
const MANY = 1_000_000

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const port = await freePort()
    const more = ['--mail-port', String(port), '--mail-address', ADDRESS]
    const desk = await openDesk(after, { more })
    const bare = await startWorkedChild(after, join(import.meta.dirname, 'bare-mail.ts'))
    const round = async () => ({
      ours: await costOf(desk.server.pid, () => deliver(port)),
      bare: await costOf(bare.pid, () => bare.work(String(MAILS))),
    })
    // The first ones compile what the others use.
    await round()
    const few = await rounds(round)
    const rows: Row[] = [
      atLeast('bare loop, against a mail to this desk', few.bare, few.ours, 0.4),
      await memoryFor(desk, port),
    ]
    await askDatabase(desk.server.data, copies())
    await askDatabase(desk.server.data, 'vacuum analyze')
    await round()
    const many = await rounds(round)
    // Each against the loop beside it: the machine may be another one by now.
    const grown = [many.ours / many.bare, few.ours / few.bare] as const
    rows.push(atMost('with 1,000,000 cases, against few, in bare loops', ...grown, 1.2))
    return { rows }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

type Round = { readonly ours: number; readonly bare: number }

async function rounds(round: () => Promise<Round>): Promise<Round> {
  const all: Round[] = []
  for (let n = 0; n < ROUNDS; n++) all.push(await round())
  return { ours: median(all.map(({ ours }) => ours)), bare: median(all.map(({ bare }) => bare)) }
}

/** Milliseconds for one of `MAILS`. */
async function costOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = processorTime(pid)
  await work()
  return (processorTime(pid) - before) / MAILS
}

async function deliver(port: number): Promise<void> {
  const each = Array.from({ length: MAILS / CONNECTIONS }, () => benchMail())
  const senders = Array.from({ length: CONNECTIONS }, () =>
    sendMails(
      port,
      ADDRESS,
      each.map(() => benchMail()),
    ),
  )
  const sent = await Promise.all(senders)
  const sum = sent.reduce((total, count) => total + count, 0)
  if (sum !== MAILS) throw new Error(`${sum} of ${MAILS} mails were taken`)
}

/** The most that the server held over what it held before, while a large mail came. In MiB. */
async function memoryFor({ server }: OpenDesk, port: number): Promise<Row> {
  const before = memoryOf(server.pid)
  await sendMails(port, ADDRESS, [benchMail(LARGE * MIB)])
  const { peak } = memoryOf(server.pid)
  return atMost(`memory over idle for a mail of ${LARGE} MiB`, peak - before.now, LARGE, 4)
}

/** Numbers count in the letters of case numbers; each copy has what the mail's own transaction looks at. */
function copies(): string {
  return `
  with template as (select * from desk."case" order by received limit 1),
  letters as (select '0123456789ABCDEFGHJKMNPQRSTVWXYZ' as all_of_them)
  insert into desk."case" (id, number, source, received, last_seq, state, sort, acknowledged, taken)
  select sha256(convert_to('copy ' || n, 'UTF8')),
    '2025-' || (select string_agg(substr(all_of_them, 1 + ((n >> (5 * digit)) & 31), 1), '' order by digit desc)
      from generate_series(0, 4) digit),
    source, received - n * interval '1 minute', last_seq, 'open', '',
    case when n % 7 = 0 then null else received end, null
  from template, letters, generate_series(1, ${MANY}) n`
}
