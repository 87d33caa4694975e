import { setTimeout as pause } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { type Bytes, LIMITS, MINUTE, SECOND } from '#lexicon'

/** What becomes of a mail in its mailbox once it is taken. */
export type PullThen = 'keep' | 'delete' | { readonly move: string }

export type MailboxPlace = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly folder: string
  readonly afterwards: PullThen
  /** PEM of an authority of one's own; else those that Node.js knows. */
  readonly ca: string | undefined
  /** Read anew at each log-in: tokens last an hour, and passwords change. */
  readonly secret: () => Promise<PullSecret>
}

export type PullSecret = { readonly password: string } | { readonly token: string }

/** Why nothing is pulled. The other side's own words may hold an address, and are not kept. */
export type PullTrouble =
  'login' | 'secret' | 'tls' | 'unreachable' | 'late' | 'folder' | 'marks' | 'broken'

export type WaitingMail = {
  readonly uid: number
  readonly size: number
  /** When the mailbox got it, in milliseconds. */
  readonly arrived: number
}

/** A mailbox that is logged in to and selected. Every act may throw when the line breaks. */
export type Mailbox = {
  /** Numbers of mails count only together with it (RFC 3501, 2.3.1.1). */
  readonly validity: string
  /** The mails that were not taken, oldest first. */
  readonly waiting: () => Promise<readonly number[]>
  readonly look: (uids: readonly number[]) => Promise<readonly WaitingMail[]>
  /** `undefined` when it is gone meanwhile. */
  readonly fetch: (uid: number) => Promise<Bytes | undefined>
  /** Only after the mail is durable. False when the mailbox refuses. */
  readonly settle: (uid: number) => Promise<boolean>
  /** Until something new comes, the line breaks, or this time is over. */
  readonly rest: (most: number, stopping: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}

/** Our mark in a mailbox whose mails stay. */
const MARK = '$Postern'
/** Besides the mail itself in one answer. */
const FRAMING = 1024 * 1024

/** Logs in over TLS with a certificate that verifies, and selects the folder. Never throws. */
export async function openMailbox(place: MailboxPlace): Promise<Mailbox | PullTrouble> {
  let secret: PullSecret
  try {
    secret = await place.secret()
  } catch {
    return 'secret'
  }
  const client = await clientOf(place, secret)
  // What it tells here it tells again by the next act.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    client.close()
    return troubleOf(error)
  }
  try {
    return await selected(client, place)
  } catch (error) {
    client.close()
    return troubleOf(error)
  }
}

/** What broke, in a word of ours. */
export function troubleOf(error: unknown): PullTrouble {
  if (!(error instanceof Error)) return 'broken'
  if ('authenticationFailed' in error) return 'login'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/CERT|^UNABLE_TO_|^ERR_(?:TLS|SSL)_|^EPROTO$/.test(code)) return 'tls'
  if (/TIMEOUT$|^ETIMEDOUT$/.test(code)) return 'late'
  return UNREACHABLE.has(code) ? 'unreachable' : 'broken'
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

async function clientOf(
  { host, port, user, ca }: MailboxPlace,
  secret: PullSecret,
): Promise<ImapFlow> {
  // Not before it is needed: most desks pull nothing, and it is a tenth of a second of every start.
  const { ImapFlow } = await import('imapflow')
  return new ImapFlow({
    host,
    port,
    secure: true,
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    auth: {
      user,
      ...('token' in secret ? { accessToken: secret.token } : { pass: secret.password }),
    },
    // Its log would hold addresses and subjects.
    logger: false,
    clientInfo: { name: 'Postern' },
    disableAutoIdle: true,
    disableCompression: true,
    disableBinary: true,
    connectionTimeout: 20 * SECOND,
    greetingTimeout: 20 * SECOND,
    socketTimeout: 2 * MINUTE,
    maxLiteralSize: LIMITS.mail,
    maxLineLength: 16 * FRAMING,
    maxResponseSize: LIMITS.mail + 16 * FRAMING,
  })
}

async function selected(client: ImapFlow, place: MailboxPlace): Promise<Mailbox | PullTrouble> {
  const { folder, afterwards } = place
  const box = await client.mailboxOpen(folder).catch(refusedAs('folder', client))
  if (typeof box === 'string') return box
  const { permanentFlags } = box
  const keeps = permanentFlags === undefined || permanentFlags.has('\\*')
  // Without a mark of ours a mail that a person has read could not be told from one that was taken.
  if (box.readOnly === true || (afterwards === 'keep' && !keeps && !permanentFlags.has(MARK))) {
    client.close()
    return 'marks'
  }
  if (!removesOne(client, afterwards)) {
    client.close()
    return 'marks'
  }
  if (typeof afterwards === 'object') {
    const made = await client.mailboxCreate(afterwards.move).catch(refusedAs('folder', client))
    if (typeof made === 'string') return made
  }
  const bell = bellOf(client)
  return {
    validity: String(box.uidValidity),
    waiting: () => {
      bell.hush()
      return search(client, afterwards)
    },
    look: (uids) => look(client, uids),
    fetch: (uid) => fetchWhole(client, uid),
    settle: (uid) => settle(client, afterwards, uid),
    rest: (most, stopping) => rest(client, bell, most, stopping),
    close: () => leave(client),
  }
}

/** Without UIDPLUS a mailbox erases only everything that anybody marked as deleted (RFC 4315, 2.1). */
function removesOne({ capabilities }: ImapFlow, afterwards: PullThen): boolean {
  const moves = typeof afterwards === 'object' && capabilities.has('MOVE')
  return afterwards === 'keep' || moves || capabilities.has('UIDPLUS')
}

/** A tagged NO is an answer about the folder; anything else is about the line. */
function refusedAs(trouble: PullTrouble, client: ImapFlow) {
  return (error: unknown): PullTrouble => {
    const refused = error instanceof Error && 'responseStatus' in error
    client.close()
    return refused ? trouble : troubleOf(error)
  }
}

async function search(client: ImapFlow, afterwards: PullThen): Promise<number[]> {
  // What somebody marked as deleted is for its owner to decide.
  const open = afterwards === 'keep' ? { unKeyword: MARK } : {}
  const found = await client.search({ deleted: false, ...open }, { uid: true })
  if (Array.isArray(found)) return found.toSorted((a, b) => a - b)
  throw new RangeError('the mailbox did not answer what it holds')
}

async function look(client: ImapFlow, uids: readonly number[]): Promise<WaitingMail[]> {
  if (uids.length === 0) return []
  const query = { uid: true, size: true, internalDate: true }
  const found = await client.fetchAll(uids.join(','), query, { uid: true })
  return found.map(({ uid, size = 0, internalDate }) => ({
    uid,
    size,
    arrived: internalDate === undefined ? 0 : new Date(internalDate).getTime() || 0,
  }))
}

async function fetchWhole(client: ImapFlow, uid: number): Promise<Bytes | undefined> {
  const found = await client.fetchOne(String(uid), { uid: true, source: true }, { uid: true })
  if (!found || found.source === undefined) return undefined
  return new Uint8Array(found.source)
}

async function settle(client: ImapFlow, afterwards: PullThen, uid: number): Promise<boolean> {
  // The library tells a refusal and a broken line in the same way: by a word that is easily passed over.
  const done = await putAway(client, afterwards, String(uid))
  if (!done && !client.usable) throw new RangeError('the line broke while a mail was put away')
  return Boolean(done)
}

function putAway(client: ImapFlow, afterwards: PullThen, which: string) {
  const by = { uid: true }
  if (afterwards === 'keep') return client.messageFlagsAdd(which, ['\\Seen', MARK], by)
  if (afterwards === 'delete') return client.messageDelete(which, by)
  return client.messageMove(which, afterwards.move, by)
}

/** Rings for what comes, also while something else is being done: that is told once. */
function bellOf(client: ImapFlow) {
  let rang = false
  let wake = (): void => undefined
  const ring = (): void => {
    rang = true
    wake()
  }
  client.on('exists', ring)
  client.on('close', ring)
  return {
    hush: () => {
      rang = false
    },
    heard: () =>
      new Promise<void>((go) => {
        wake = go
        if (rang) go()
      }),
  }
}

async function rest(
  client: ImapFlow,
  bell: ReturnType<typeof bellOf>,
  most: number,
  stopping: AbortSignal,
): Promise<void> {
  // The next act ends it; whoever has no IDLE is asked every two minutes by the library.
  client.idle().catch(() => undefined)
  const over = new AbortController()
  const stopped = AbortSignal.any([stopping, over.signal])
  await Promise.race([
    bell.heard(),
    pause(most, undefined, { signal: stopped }).catch(() => undefined),
  ])
  over.abort()
}

/** Politely, and not for long. */
async function leave(client: ImapFlow): Promise<void> {
  const late = new Promise<void>((go) => setTimeout(go, 2 * SECOND).unref())
  await Promise.race([client.logout().catch(() => undefined), late])
  client.close()
}
