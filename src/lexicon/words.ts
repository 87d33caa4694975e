/** The closed word lists of the protocol (PROTOCOL 5). Each list is the truth for types, folds, wire and screens. */

export const SOURCES = ['web', 'cli', 'api', 'assessment', 'mail', 'pgp', 'import'] as const
export type Source = (typeof SOURCES)[number]

/** Sources whose `case.open` the server signs: the sender has no key of ours. */
export const SERVER_SOURCES: readonly Source[] = ['mail', 'pgp', 'import']

/** Nobody waits for a first answer: a coordinator opened the case, or it came with an old mailbox. */
export const UNHURRIED_SOURCES: readonly Source[] = ['assessment', 'import']

/**
 * Why a case that came by mail is held: a list or bulk mail, an automatic answer, a bounce or report of DMARC
 * that is for nothing of ours, a mail of our own, a From that its domain disowns, a mark of a spam filter.
 */
export const HELD_REASONS = [
  'list',
  'auto-reply',
  'bounce',
  'dmarc-report',
  'loop',
  'forged',
  'spam',
] as const
/** `""`: it is not held. */
export type HeldReason = (typeof HELD_REASONS)[number] | ''

/**
 * How a mail found its case: it began one; a token in the address that it was for; the address where one
 * mail of ours comes back (`returned`); a Message-ID of ours that it answers. `unknown`: it names a token or
 * a Message-ID of our form that we never gave, and began a case.
 */
export const MAIL_THREADS = ['new', 'token', 'returned', 'reference', 'unknown'] as const
export type MailThread = (typeof MAIL_THREADS)[number]

/** How a mail came: over SMTP, out of a mailbox that the desk reads, or with an old mailbox. */
export const MAIL_WAYS = ['smtp', 'imap', 'import'] as const

/** What a check of mail authentication found (RFC 8601, 2.7). `skipped`: nobody asked, for what was imported. */
export const VERDICTS = [
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'policy',
  'temperror',
  'permerror',
  'skipped',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** What a reporter says that a report is. It stands in the sealed text only. */
export const REPORT_KINDS = ['vulnerability', 'exploited', 'takeover', 'question'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

export const SORTS = [
  'vulnerability',
  'defence',
  'question',
  'invalid',
  'duplicate',
  'public',
  'not-security',
] as const
export type Sort = (typeof SORTS)[number]

/** A hand-off through a public channel and a plain-text reply exist only for these. */
export const HARMLESS_SORTS: readonly string[] = [
  'question',
  'invalid',
  'duplicate',
  'public',
  'not-security',
]

/** A mail that everybody on its way can read leaves only for these. A duplicate may be one of something open. */
export const PLAIN_REPLY_SORTS: readonly string[] = [
  'question',
  'invalid',
  'public',
  'not-security',
]

export const CASE_STATES = ['open', 'waiting', 'closed', 'archived'] as const
export type CaseState = (typeof CASE_STATES)[number]

export const PROJECT_STATES = [
  'not-looked',
  'looking',
  'affected',
  'not-affected',
  'fixed',
] as const
export type ProjectState = (typeof PROJECT_STATES)[number]

export const ROUTES = ['members', 'handoff', 'direct-expert', 'direct-silent'] as const
export const RELATIONS = ['duplicate-of', 'part-of', 'see'] as const
export type Relation = (typeof RELATIONS)[number]
export const REVIEW_DECISIONS = ['release', 'keep', 'destroy'] as const
export const MEETINGS = ['words', 'seen', 'none'] as const
export type Meeting = (typeof MEETINGS)[number]
export const LEDGER_EVENTS = [
  'login',
  'clock-warning',
  'clock-breach',
  'mail-in',
  'mail-out',
  'bounce',
  'backup',
  'restore',
  'destroyed',
  'export',
  'recovery',
  'claim',
  'refused',
] as const
export type LedgerEvent = (typeof LEDGER_EVENTS)[number]

/** How a member wants to be told that something changed: at once, in a daily digest, or not at all. */
export const NOTICE_WISHES = ['once', 'daily', 'mute'] as const
export type NoticeWish = (typeof NOTICE_WISHES)[number]

const PLAIN_ROLES = ['coordinator', 'board', 'steward', 'operator', 'guest'] as const

/** `coordinator`, `board`, … or `maintainer:<project>`. */
export type Role = string

/** The short name of a project, as it stands in roles and circles. */
export function isProject(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)
}

export function isRole(role: unknown): role is Role {
  if (typeof role !== 'string') return false
  if ((PLAIN_ROLES as readonly string[]).includes(role)) return true
  return role.startsWith('maintainer:') && isProject(role.slice('maintainer:'.length))
}

const STRONG_ROLES: readonly Role[] = ['coordinator', 'board', 'steward']

/** Roles that change who may read, decide or destroy: two people, or root, give and take them. A steward is among them, or one coordinator could appoint the second person for a destruction (N1). */
export function isStrong(roles: readonly Role[]): boolean {
  return STRONG_ROLES.some((role) => roles.includes(role))
}
