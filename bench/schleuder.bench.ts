import { join } from 'node:path'
import { freePort, type OpenDesk, openDesk, queueOf } from '../stories/stage.ts'
import { type MailSink, startMailSink } from '../stories/mail-sink.ts'
import { atLeast, type Measured, median, ROUNDS } from './bench.ts'
import { benchMail } from './bench-mail.ts'
import { processorTime } from './process-tree.ts'
import { LIST, PEOPLE, startSchleuder } from './schleuder.ts'
import { sendMails } from './smtp-client.ts'
import { startWorkedChild } from './worked-child.ts'

export const name = 'Beside Schleuder 4, in milliseconds of processor time for a mail'

/*
 * Debian's Schleuder encrypts and signs a copy for each of five people and sends it; a process for each mail,
 * as it is meant to run. This desk seals the mail once, for all its people, and stores it: another job, with
 * the same end, that five people can read. Of Schleuder only what ended is counted, not its key daemon.
 * The third row is Schleuder's own job: five mails, each encrypted to one person and signed. With us a member's
 * client makes them, which stays open while somebody works, and the server carries them; counted are both, with
 * what Schleuder does not do: the answer is sealed into its case and stands in the ledger.
 */

const ADDRESS = 'security@example.org'
const MIB = 2 ** 20
const SMALL = 120
const LARGE = 6
const ANSWERS = 8

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const port = await freePort()
    const more = ['--mail-port', String(port), '--mail-address', ADDRESS]
    const sink = await startMailSink()
    after(sink.close)
    const relay = await startMailSink()
    after(relay.close)
    const through = ['--mail-relay', `127.0.0.1:${relay.port}`]
    const house = await openDesk(after, { more: [...more, ...through] })
    const { server } = house
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
    const answers = await startAnswers(after, house, schleuder.certificates, relay)
    await answers(ANSWERS)
    const times = { small: noTimes(), large: noTimes(), five: noTimes() }
    for (let round = 0; round < ROUNDS; round++) {
      times.small.ours.push(await ours(SMALL, 5000))
      times.five.ours.push(await answers(ANSWERS))
      const their = await theirs(5000)
      // The same mail to the same five: with us there are two ways to have them read it.
      times.small.theirs.push(their)
      times.five.theirs.push(their)
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
        row('a text of 5 kB, encrypted and signed for each of five and sent', times.five, 60),
      ],
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/**
 * What a member's client and the server use together for an answer that leaves as five PGP mails: sealed into the
 * case, signed and encrypted for each of the five with OpenPGP.js, accepted, queued sealed, sent.
 */
async function startAnswers(
  after: (end: () => Promise<void>) => void,
  { server, first, folder }: OpenDesk,
  certificates: readonly string[],
  relay: MailSink,
): Promise<(count: number) => Promise<number>> {
  const [row] = await queueOf(first, ['--all'])
  const id = row?.id ?? ''
  const state = join(folder, 'state-of-the-bench')
  const member = await startWorkedChild(after, join(import.meta.dirname, 'answering-member.ts'), [
    server.url,
    first.key,
    state,
    id,
    ADDRESS,
    ...certificates,
  ])
  const used = () => processorTime(server.pid) + processorTime(member.pid)
  return async (count) => {
    const sent = relay.mails.length
    const before = used()
    for (let left = count; left > 0; left--) await member.work('')
    await relay.whenMails(sent + count * PEOPLE, 60_000)
    return (used() - before) / count
  }
}

type Times = { readonly ours: number[]; readonly theirs: number[] }

function noTimes(): Times {
  return { ours: [], theirs: [] }
}
