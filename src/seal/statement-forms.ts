import {
  CASE_STATES,
  isBase64,
  isCaseNumber,
  isProject,
  isRole,
  isTime,
  LEDGER_EVENTS,
  LIMITS,
  MEETINGS,
  PROJECT_STATES,
  RELATIONS,
  REVIEW_DECISIONS,
  type Role,
  ROUTES,
  SORTS,
  SOURCES,
} from '#lexicon'
import {
  emptyOr,
  exactly,
  type Fields,
  type Form,
  line,
  listOf,
  matching,
  oneOf,
  type Shape,
  text,
} from './form.ts'
import { isPerson } from './person.ts'

export type ChainKind = 'desk' | 'case' | 'ledger'

const hash = matching(/^[0-9a-f]{64}$/)
const signature = matching(/^[0-9a-f]{128}$/)
const lookup = matching(/^[0-9a-f]{32}$/)
const keyName = matching(/^(?:desk|mail|all|p-[a-z0-9][a-z0-9-]{0,62})\/[1-9]\d{0,8}$/)
const caseCircle = matching(/^(?:all|p-[a-z0-9][a-z0-9-]{0,62})$/)
const deskKeyName = matching(/^desk\/[1-9]\d{0,8}$/)
const logMark = matching(/^(?:0|[1-9]\d{0,15}):[0-9a-f]{64}$/)
const domain = matching(
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
)

const whole: Form<number> = (value): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const epoch: Form<number> = (value): value is number => whole(value) && value >= 1
const certificate: Form<string> = (value): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  isBase64(value) &&
  (value.length / 4) * 3 - (value.match(/=/g)?.length ?? 0) <= LIMITS.certificate
const reader: Form<string> = (value): value is string => isPerson(value) || deskKeyName(value)
const roles: Form<readonly Role[]> = (value): value is readonly Role[] =>
  Array.isArray(value) && value.every(isRole) && new Set(value).size === value.length

const wrap = exactly({ blob: hash, epoch, to: reader })
const wraps = listOf(wrap)
const files = listOf(hash)

const SEALED = { to: keyName, body: hash, files } as const satisfies Fields
const TWO_PEOPLE = {
  approve: { what: hash },
  release: {
    path: line(1, 512),
    sha256: hash,
    licence: line(1, 64),
    not_before: isTime,
    doc: emptyOr(hash),
  },
  withdraw: { what: hash },
} as const satisfies Record<string, Fields>

/** Every head has these. */
const COMMON = {
  v: oneOf(1),
  type: text(1, 64),
  desk: emptyOr(hash),
  chain: emptyOr(hash),
  seq: whole,
  prev: emptyOr(hash),
  by: isPerson,
  at: isTime,
  dir: emptyOr(hash),
  log: emptyOr(logMark),
} as const satisfies Fields

/** What each type adds, exactly (PROTOCOL 5). The types of heads are derived from this table. */
const DESK = {
  'desk.open': { name: line(1, 200), domain, server: isPerson },
  'desk.server': { server: isPerson },
  'desk.key': { circle: oneOf('desk', 'mail'), epoch, cert: certificate, wraps },
  'desk.grant': { circle: oneOf('desk', 'mail'), wraps },
  'desk.beat': {},
  'desk.rules': { sha256: hash },
  'desk.restored': { size: whole, root: hash, lost: listOf(hash) },
  'member.admit': {
    who: isPerson,
    enc: certificate,
    handle: line(1, 100),
    roles,
    invite: emptyOr(lookup),
    join: signature,
    met: oneOf(...MEETINGS),
  },
  'member.role': { who: isPerson, roles },
  'member.rotate': { who: isPerson, enc: certificate, join: signature },
  'member.revoke': { who: isPerson, reason: text(0, 200) },
  ...TWO_PEOPLE,
} as const satisfies Record<string, Fields>

const CASE = {
  'case.open': { source: oneOf(...SOURCES), enc: emptyOr(certificate), ...SEALED },
  'case.key': { circle: caseCircle, epoch, cert: certificate, wraps },
  'case.grant': { circle: caseCircle, wraps },
  'case.message': { ...SEALED, reply: emptyOr(hash) },
  'case.mail': SEALED,
  'case.title': { label: exactly({ epoch, blob: hash }), to: keyName, body: hash },
  'case.ack': {},
  'case.take': { who: emptyOr(isPerson) },
  'case.sort': { sort: oneOf(...SORTS) },
  'case.state': {
    state: oneOf(...CASE_STATES, ...PROJECT_STATES),
    project: emptyOr(isProject),
  },
  'case.route': { project: isProject, how: oneOf(...ROUTES) },
  'case.handoff': { project: isProject, channel: line(1, 64), sha256: hash, ...SEALED },
  'case.embargo': { until: emptyOr(isTime) },
  'case.reporter': {
    who: emptyOr(isPerson),
    enc: emptyOr(certificate),
    join: emptyOr(signature),
    pgp: line(0, 256),
  },
  'case.link': { other: hash, relation: oneOf(...RELATIONS) },
  'case.review': { decision: oneOf(...REVIEW_DECISIONS), until: emptyOr(isTime) },
  'case.shred': { review: hash },
  ...TWO_PEOPLE,
} as const satisfies Record<string, Fields>

const LEDGER = {
  'ledger.open': {},
  'ledger.accept': { of_chain: hash, of_id: hash, of_seq: whole, number: emptyOr(isCaseNumber) },
  'ledger.event': {
    kind: oneOf(...LEDGER_EVENTS),
    about: line(0, 128),
    count: whole,
    note: line(0, 200),
  },
} as const satisfies Record<string, Fields>

type Forms = { desk: typeof DESK; case: typeof CASE; ledger: typeof LEDGER }
const FORMS: { readonly [K in ChainKind]: Readonly<Record<string, Fields>> } = {
  desk: DESK,
  case: CASE,
  ledger: LEDGER,
}

type Common = Omit<Shape<typeof COMMON>, 'type'>
type HeadOfKind<K extends ChainKind> = {
  [T in keyof Forms[K]]: Forms[K][T] extends Fields
    ? Common & { readonly type: T } & Shape<Forms[K][T]>
    : never
}[keyof Forms[K]]

export type DeskHead = HeadOfKind<'desk'>
export type CaseHead = HeadOfKind<'case'>
export type LedgerHead = HeadOfKind<'ledger'>
export type Heads = { desk: DeskHead; case: CaseHead; ledger: LedgerHead }
export type AnyHead = DeskHead | CaseHead | LedgerHead
export type HeadOf<T extends AnyHead['type']> = Extract<AnyHead, { type: T }>
export type Wrap = Shape<{ blob: typeof hash; epoch: typeof epoch; to: typeof reader }>

/** The form of a whole head of this type in this kind of chain; `undefined` for a type that it does not have. */
export function headForm<K extends ChainKind>(kind: K, type: string): Form<Heads[K]> | undefined {
  if (!Object.hasOwn(FORMS[kind], type)) return undefined
  const own = FORMS[kind][type]
  if (own === undefined) return undefined
  const form = exactly({ ...COMMON, ...own })
  return (value): value is Heads[K] => form(value)
}
