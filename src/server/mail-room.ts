import type { MailRoom } from '#http'
import { examineMailOut } from './examine-mail-out.ts'
import { seenOfPull } from './examine-pull.ts'
import { bad, type Finding, good } from './finding.ts'
import type { CurrentDirectory } from '#ledger'
import type { House } from './house.ts'
import { seeQueue } from './mail-queue.ts'
import { ServerError } from './server-error.ts'
import { sendTest } from './test-mail.ts'

/** So many mails that were not sent are shown at the desk; `postern mail queue` shows more. */
const MOST = 50

/** The desk's mail as its coordinators see it. Nothing of it can be changed from there. */
export function openMailRoom(
  house: Pick<House, 'data' | 'settings' | 'database'>,
  {
    url,
    directory,
  }: {
    /** The public origin. */
    readonly url: string
    /** The name of the desk stands in it, as its people signed it. */
    readonly directory: CurrentDirectory
  },
): MailRoom {
  const { data, settings, database } = house
  const { addresses = [], from = '', port, host = '127.0.0.1' } = settings.mail ?? {}
  const { relay, dkim, pull } = settings.mail ?? {}
  return {
    addresses,
    taken: port !== undefined || pull !== undefined,
    read: async () => {
      const { counts, mails } = await seeQueue(database, MOST)
      const { waiting = 0, sent = 0, dead = 0, expired = 0, bounced = 0 } = counts
      return {
        addresses: [...addresses],
        from: from === '' ? (addresses[0] ?? '') : from,
        ...(port !== undefined && { door: { host, port } }),
        ...(pull !== undefined && {
          pull: { host: pull.host, folder: pull.folder, findings: seenOfPull(data.path, pull) },
        }),
        ...(relay !== undefined && {
          relay: {
            host: relay.host,
            port: relay.port,
            tls: relay.tls,
            login: relay.user !== undefined,
          },
        }),
        dkim: dkim?.domain ?? '',
        counts: { waiting, sent, dead, expired, bounced },
        mails: [...mails],
      }
    },
    test: async (to) => {
      const steps: string[] = []
      const name = (await directory())?.now.name ?? ''
      try {
        const { became } = await sendTest(
          { mail: settings.mail, name, url, to },
          (step) => void steps.push(step),
        )
        const sent = became === 'sent'
        const last = steps.pop() ?? ''
        const findings = [...steps.map(good), sent ? good(last) : bad(last, RELAY_TODO)]
        return { sent, findings: [...findings, ...(await others(house))] }
      } catch (error) {
        // What an operator must set first; everything else is unforeseen and goes on.
        if (!(error instanceof ServerError) || error.code !== 'usage') throw error
        return {
          sent: false,
          findings: [bad(error.message, OPERATOR_TODO), ...(await others(house))],
        }
      }
    },
  }
}

const RELAY_TODO = 'The operator looks at --mail-relay and at the log of that server.'
const OPERATOR_TODO = 'The operator sets this when the server is started.'

/** What the doctor sees besides; of the relay itself the test has said more. */
async function others(house: Pick<House, 'data' | 'settings' | 'database'>): Promise<Finding[]> {
  const findings = await examineMailOut(house)
  return findings.slice(1)
}
