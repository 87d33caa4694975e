import { freePort, openDesk } from '../stories/stage.ts'
import { startMailSink } from '../stories/mail-sink.ts'
import { atLeast, type Measured, median, ROUNDS } from './bench.ts'
import { benchMail } from './bench-mail.ts'
import { processorTime } from './process-tree.ts'
import { LIST, PEOPLE, startSchleuder } from './schleuder.ts'
import { sendMails } from './smtp-client.ts'

export const name = 'Beside Schleuder 4, in milliseconds of processor time for a mail'

/*
 * Debian's Schleuder encrypts and signs a copy for each of five people and sends it; a process for each mail,
 * as it is meant to run. This desk seals the mail once, for all its people, and stores it: another job, with
 * the same end, that five people can read. Of Schleuder only what ended is counted, not its key daemon.
 */

const ADDRESS = 'security@example.org'
const MIB = 2 ** 20
const SMALL = 120
const LARGE = 6

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const port = await freePort()
    const more = ['--mail-port', String(port), '--mail-address', ADDRESS]
    const { server } = await openDesk(after, { more })
    const sink = await startMailSink()
    after(sink.close)
    const schleuder = await startSchleuder(after, sink.port)
    const ours = async (count: number, size: number) => {
      const mails = Array.from({ length: count }, () => benchMail(size))
      const before = processorTime(server.pid)
      await sendMails(port, ADDRESS, mails)
      return (processorTime(server.pid) - before) / count
    }
    const theirs = (size: number) => schleuder.work(benchMail(size, LIST))
    await ours(SMALL, 5000)
    await theirs(5000)
    const times = { small: noTimes(), large: noTimes() }
    for (let round = 0; round < ROUNDS; round++) {
      times.small.ours.push(await ours(SMALL, 5000))
      times.small.theirs.push(await theirs(5000))
      times.large.ours.push(await ours(LARGE, 7 * MIB))
      times.large.theirs.push(await theirs(7 * MIB))
    }
    const wanted = PEOPLE * (1 + 2 * ROUNDS)
    await sink.whenMails(wanted, 60_000)
    const row = (what: string, { ours: our, theirs: their }: Times, bound: number) =>
      atLeast(what, median(their), median(our), bound)
    return {
      rows: [
        row('a mail of 5 kB, sealed and stored', times.small, 150),
        row('a mail with a file of 5 MB, sealed and stored', times.large, 25),
      ],
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

type Times = { readonly ours: number[]; readonly theirs: number[] }

function noTimes(): Times {
  return { ours: [], theirs: [] }
}
