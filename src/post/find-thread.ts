import {
  type Bytes,
  headerValues,
  hexOfBytes,
  type MailHeaders,
  type MailThread,
  mailboxOf,
  readMailHeaders,
} from '#lexicon'
import type { MailFacts } from '#seal'
import type { Kysely, Schema } from '#store'
import { type ThreadKey, threadMark, tokenIn } from './thread-address.ts'

/** What a mail that comes is an answer to. */
export type FoundThread = {
  readonly thread: MailThread
  /** What the mail that it answers was about; `undefined` where nothing of ours was found. */
  readonly about: Bytes | undefined
  /** The number of the mail that it came back for, where it is for the sender of that one. */
  readonly mail: number | undefined
  /** It is a mail of ours itself. */
  readonly ours: boolean
}

/**
 * Finds what a mail answers, by a token in an address that it is for, or by a Message-ID of ours. Either
 * was given to those alone whom we wrote to, and to whom they showed it: it finds a case and proves nobody
 * (R47). One question, of so many words at most, however many the mail holds. With the login of intake.
 */
export async function findThread(
  db: Kysely<Schema>,
  key: ThreadKey,
  { facts, raw }: { readonly facts: Pick<MailFacts, 'to'>; readonly raw: Bytes },
  own: readonly string[],
): Promise<FoundThread> {
  const headers = readMailHeaders(raw)
  const tokens = tokensFor(headers, facts.to, [...own, key.from])
  const references = referencesIn(headers)
  const ownId = headerValues(headers, 'message-id').filter(isOwnForm).slice(0, 1)
  const words = [...tokens, ...references, ...ownId]
  const rows = await known(db, key, words)
  const row = (word: string) => rows.get(hexOfBytes(threadMark(key, word)))
  const ours = ownId.some((id) => row(id) !== undefined)
  for (const [thread, some] of [
    ['token', tokens],
    ['reference', references],
  ] as const)
    for (const word of some) {
      const found = row(word)
      if (found === undefined) continue
      const mail = found.mail ?? undefined
      return { thread: mail === undefined ? thread : 'returned', about: found.about, mail, ours }
    }
  // What we never gave, at our own domain: somebody made it up, or it is older than a backup.
  const domains = new Set([...own, key.from].map(domainOf))
  const unknown =
    tokens.length > 0 || references.some((id) => domains.has(domainOf(id.slice(0, -1))))
  return { thread: unknown ? 'unknown' : 'new', about: undefined, mail: undefined, ours }
}

const MOST_TOKENS = 20
const MOST_REFERENCES = 40

type Known = { readonly about: Bytes; readonly mail: number | null }

async function known(
  db: Kysely<Schema>,
  key: ThreadKey,
  words: readonly string[],
): Promise<ReadonlyMap<string, Known>> {
  if (words.length === 0) return new Map()
  const rows = await db
    .selectFrom('intake.thread')
    .select(['mark', 'about', 'mail'])
    .where(
      'mark',
      'in',
      words.map((word) => threadMark(key, word)),
    )
    .execute()
  return new Map(rows.map(({ mark, about, mail }) => [hexOfBytes(mark), { about, mail }]))
}

/**
 * Where it was sent to, of the envelope first: a forward may have changed that, and then the head still
 * says it. Tokens in addresses of other desks are theirs.
 */
function tokensFor(
  headers: MailHeaders,
  to: readonly string[],
  own: readonly string[],
): readonly string[] {
  const mailboxes = new Set(own.map(mailboxOf))
  const named = ['delivered-to', 'x-original-to', 'to', 'cc']
    .flatMap((name) => headerValues(headers, name))
    .flatMap((value) => value.split(/[\s<>()[\]",;:]+/))
  const tokens = new Set<string>()
  for (const address of [...to, ...named]) {
    const token = tokenIn(address)
    if (token === undefined || !mailboxes.has(mailboxOf(address))) continue
    tokens.add(token)
    if (tokens.size === MOST_TOKENS) break
  }
  return [...tokens]
}

/** Message-IDs of our form, the one that is answered first and then the newest: programs cut old ones. */
function referencesIn(headers: MailHeaders): readonly string[] {
  const ids = (name: string) =>
    headerValues(headers, name).flatMap((value) => value.split(/[\s,]+/).filter(isOwnForm))
  const found = new Set<string>()
  for (const id of [...ids('in-reply-to'), ...ids('references').reverse()]) {
    found.add(id)
    if (found.size === MOST_REFERENCES) break
  }
  return [...found]
}

/** As `messageIdOf` makes them. */
function isOwnForm(id: string): boolean {
  return id.length <= 320 && /^<[a-z-]{1,20}\.[0-9a-f]{40}@[^@<>\s]+>$/.test(id)
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
