import { setTimeout as pause } from 'node:timers/promises'
import type { QueueMails } from '#desk'
import type { AnswerRoom } from '#http'
import { type IdentityDeps, noteMailsOut, restoredAt } from '#identity'
import { type MailDeps, senderNetworks } from '#intake'
import { bytesOfHex, SECOND } from '#lexicon'
import type { CurrentDirectory } from '#ledger'
import {
  deliveriesOf,
  lookUpKey,
  openReceiptPace,
  openRelay,
  postKeysOf,
  queueAnswers,
  queueReceipt,
  receiptQuestions,
  replyAddress,
  sendWaiting,
  tellMembers,
  USUAL_LOOK_UP,
} from '#post'
import { deriveBeforeDesk, type MailFacts } from '#seal'
import { isDatabaseAway } from '#store'
import { addressesFor } from './ask-dns.ts'
import { claimLinks } from './claim-links.ts'
import type { House } from './house.ts'
import { type Log, tracesOf } from './log.ts'
import { keepPostKey } from './post-key.ts'
import { relayOf } from './relay-of.ts'
import { clock } from './rooms.ts'
import { threadKeyOf } from './thread-key.ts'

/** What the server writes by itself. Mail that a person writes has its entry in the ledger from when it is queued. */
const OF_THE_SERVER = ['receipt', 'change', 'held']

export type PostOffice = {
  /** For the letterbox: the receipts of mails that are just taken. */
  readonly receipts: NonNullable<MailDeps['receipts']>
  /** For the desk: what leaves with a message of a case. */
  readonly queueMails: QueueMails
  readonly room: AnswerRoom
  /** Queues what members are to be told; comes back every minute. */
  readonly tell: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** How often it looks for what is due, over the nudge after each receipt. */
const LOOK_EVERY = 3 * SECOND
/** The transaction that queued a receipt has committed by then; if not, the next look finds it. */
const COMMITTED_WITHIN = 200
const FINISH_WITHIN = 5 * SECOND

/** Everything about outgoing mail of this process. Without mail settings there is none. */
export function openPostOffice(
  house: Pick<House, 'data' | 'settings' | 'database' | 'signer'>,
  { origin, directory, identity, say, log }: PostOfficeDeps,
): PostOffice | undefined {
  const { data, settings, database } = house
  const { mail } = settings
  const from = mail?.from ?? mail?.addresses[0]
  if (mail === undefined || from === undefined) return undefined
  const keys = postKeysOf(keepPostKey(data.path))
  const messageIds = deriveBeforeDesk(data.seed, 'message ids')
  const threads = threadKeyOf(data.seed, mail)
  const settled = relayOf(mail, origin, process.env)
  const relay = settled && openRelay(settled)
  if (settled !== undefined) say(`Mail goes out as ${from}, through ${settled.host}.`)
  else
    say('MAIL IS NOT SENT: there is no relay, and receipts wait in the queue. Give --mail-relay.')
  const stopping = new AbortController()
  const pace = openReceiptPace(clock)
  // What a mailbox gives is of many senders, as what a forwarder carries on.
  const networks = senderNetworks(mail.forwarders ?? [])
  const networkOf = ({ way, client }: MailFacts) => (way === 'smtp' ? networks(client.ip) : '')
  const failed = (error: unknown): void => log({ event: 'mail-failed', ...tracesOf(error) })
  const claimLink = claimLinks(house.signer, directory, origin, failed)

  let running: Promise<void> | undefined
  const send = async (): Promise<void> => {
    if (relay === undefined) return
    try {
      const db = database.logins.post
      let alone = 0
      const left = (kind: string): void => {
        if (OF_THE_SERVER.includes(kind)) alone += 1
      }
      const sent = await sendWaiting({ db, keys, relay, clock, stopping: stopping.signal, left })
      if (alone > 0) await noteMailsOut(identity(), alone)
      if (sent.sent + sent.later + sent.dead > 0) log({ event: 'mail-out', ...sent })
    } catch (error) {
      // The database is away and says so elsewhere: what waits is there when it is back.
      if (!isDatabaseAway(error) && !stopping.signal.aborted) failed(error)
    }
  }
  /** One run at a time: a second would only wait for the same rows. */
  const run = (): void => {
    if (stopping.signal.aborted) return
    running ??= send().finally(() => (running = undefined))
  }
  const timer = setInterval(run, LOOK_EVERY)
  const runSoon = (): void => void setTimeout(run, COMMITTED_WITHIN).unref()
  // In the transaction: another connection might wait for one that waits for this one's lock.
  const letterheadIn = async (tx: Parameters<QueueMails>[0]) => {
    const { name = '', mail: mailKeys = [] } = (await directory(tx))?.now ?? {}
    const key = mailKeys.at(-1)?.cert
    return { name, from, url: origin, ...(key !== undefined && { key }) }
  }
  return {
    queueMails: async (tx, mailing) => {
      const letterhead = await letterheadIn(tx)
      await queueAnswers(tx, mailing, { keys, messageIds, threads, letterhead })
      runSoon()
    },
    room: {
      deliveriesOf: async (caseId) => ({
        from,
        relay: relay !== undefined,
        reply_to: replyAddress(threads, bytesOfHex(caseId)),
        deliveries: await deliveriesOf(database.logins.post, bytesOfHex(caseId)),
      }),
      lookUpKey: (address) => lookUpKey(address, { ...USUAL_LOOK_UP, resolve: addressesFor(mail) }),
    },
    receipts: {
      questions: (mails) =>
        receiptQuestions(mails, {
          keys,
          letterhead: { from },
          own: mail.addresses,
          pace,
          networkOf,
        }),
      write: async (tx, mails) => {
        const letterhead = await letterheadIn(tx)
        const { addresses: own } = mail
        const shared = { keys, messageIds, threads, letterhead, own, pace, networkOf }
        const deps = { ...shared, claimLink, failed }
        for (const taken of mails) if (await queueReceipt(tx, taken, deps)) runSoon()
      },
    },
    tell: async () => {
      const db = database.logins.post
      const known = await directory()
      // A restored copy only reads, and what stands in it was told before.
      if (known === undefined || (await restoredAt(identity().db)) !== undefined) return
      const letterhead = { name: known.now.name, from, url: origin }
      const own = [...mail.addresses, from]
      const told = await tellMembers({
        db,
        keys,
        messageIds,
        threads,
        letterhead,
        own,
        state: known.now,
        clock,
      })
      if (told > 0) log({ event: 'told', told })
    },
    stop: async () => {
      stopping.abort()
      clearInterval(timer)
      // What is on its way then is tried again later, under its Message-ID.
      await Promise.race([running, pause(FINISH_WITHIN, undefined, { ref: false })])
    },
  }
}

type PostOfficeDeps = {
  /** The public origin. */
  readonly origin: string
  /** The name of the desk stands in its chain, as its people signed it. */
  readonly directory: CurrentDirectory
  /** The room that writes to the ledger what left. Asked when it is needed: it stands later than this. */
  readonly identity: () => Pick<IdentityDeps, 'db' | 'ledger' | 'deskChain'>
  readonly say: (step: string) => void
  readonly log: Log
}
