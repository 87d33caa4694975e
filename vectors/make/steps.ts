import { foldCase, foldDesk, type Json, statementId } from '#seal'
import { proofsFrom, type LedgerProofs } from '../judge-ledger.ts'
import { summaryOfCase, summaryOfDesk } from '../summary.ts'
import { type Actor, type Cast, joins, standIn } from './actors.ts'
import {
  add,
  addToCase,
  type Case,
  type Chain,
  type Fields,
  lastId,
  newCase,
  NO_DESK,
  wrapsTo,
} from './chains.ts'
import { testKey } from './test-keys.ts'
import type { Shelf } from './shelf.ts'

type Signing = Pick<Actor, 'who' | 'signer'>

/** One statement that is accepted, and what must be refused in its place. */
export type Step<C> = {
  readonly name: string
  readonly why: string
  readonly by: Signing
  readonly type: string
  readonly fields?: Fields
  readonly wrong?: readonly Wrong<C>[]
}

/** The same statement with one thing changed. */
export type Wrong<C> = {
  readonly name: string
  readonly check: string
  /** The change in words. */
  readonly what: string
  readonly by?: Signing
  readonly type?: string
  readonly fields?: Fields
  /** Another chain before it. */
  readonly after?: C
}

/** Puts a desk chain with one more statement on the shelf, and its wrong siblings; returns the chain. */
export async function deskStep(shelf: Shelf, base: Chain, step: Step<Chain>): Promise<Chain> {
  const { name, why, by, type, fields = {}, wrong = [] } = step
  const chain = await add(base, by, type, fields)
  await acceptDesk(shelf, name, why, chain)
  for (const each of wrong) {
    const chosen = { ...fields, ...each.fields }
    const other = await add(each.after ?? base, each.by ?? by, each.type ?? type, chosen)
    rejectDesk(shelf, `${name}-${each.name}`, each.check, name, each.what, other)
  }
  return chain
}

export async function acceptDesk(
  shelf: Shelf,
  name: string,
  why: string,
  chain: Chain,
): Promise<void> {
  const directory = await foldDesk(chain.statements, chain.id).catch((cause: unknown) => {
    throw new Error(`${name} is not accepted`, { cause })
  })
  shelf.accept('chain', `desk-${name}`, why, {
    ...deskInput(chain),
    state: summaryOfDesk(directory),
  })
}

/** `failsAt` is the place of the statement that must be refused: the last one, if nothing is said. */
export function rejectDesk(
  shelf: Shelf,
  name: string,
  check: string,
  against: string,
  what: string,
  chain: Chain,
  failsAt = chain.statements.length - 1,
): void {
  const input = { fails_at: failsAt, ...deskInput(chain) }
  shelf.reject('chain', `desk-${name}`, check, { against: `desk-${against}`, what }, input)
}

/** The same for a case. */
export async function caseStep(shelf: Shelf, base: Case, step: Step<Case>): Promise<Case> {
  const { name, why, by, type, fields = {}, wrong = [] } = step
  const within = await addToCase(base, by, type, fields)
  await acceptCase(shelf, name, why, within)
  for (const each of wrong) {
    const chosen = { ...fields, ...each.fields }
    const after = each.after ?? base
    const other = await addToCase(after, each.by ?? by, each.type ?? type, chosen)
    rejectCase(shelf, `${name}-${each.name}`, each.check, name, each.what, other)
  }
  return within
}

export async function acceptCase(
  shelf: Shelf,
  name: string,
  why: string,
  within: Case,
  ledger?: LedgerProofs,
): Promise<void> {
  const { desk, chain } = within
  const directory = await foldDesk(desk.statements, desk.id)
  const ids = chain.statements.map(({ head }) => statementId(head))
  const before =
    ledger === undefined
      ? () => Promise.resolve(false)
      : proofsFrom(ledger, chain.id, ids, directory)
  const fold = await foldCase(chain.statements, chain.id, directory, before).catch(
    (cause: unknown) => {
      throw new Error(`${name} is not accepted`, { cause })
    },
  )
  const state = summaryOfCase(fold)
  shelf.accept('chain', `case-${name}`, why, { ...caseInput(within, ledger), state })
}

export function rejectCase(
  shelf: Shelf,
  name: string,
  check: string,
  against: string,
  what: string,
  within: Case,
  more: { readonly failsAt?: number; readonly ledger?: LedgerProofs; readonly pin?: Fields } = {},
): void {
  const { failsAt = within.chain.statements.length - 1, ledger, pin } = more
  const input = { fails_at: failsAt, ...caseInput(within, ledger, pin) }
  shelf.reject('chain', `case-${name}`, check, { against: `case-${against}`, what }, input)
}

function deskInput(chain: Chain) {
  return {
    kind: 'desk',
    pin: { desk: chain.id, chain: chain.id },
    statements: chain.statements,
  }
}

function caseInput({ desk, chain }: Case, ledger?: LedgerProofs, pin: Fields = {}) {
  return {
    kind: 'case',
    pin: { desk: desk.id, chain: chain.id, ...pin },
    desk_chain: desk.statements,
    ...(ledger !== undefined && { ledger }),
    statements: chain.statements,
  }
}

export type Admission = {
  readonly handle?: string
  readonly met?: string
  readonly invite?: string
}

/** The fields of a `member.admit`, with the signature of who joins. */
export async function admission(
  desk: string,
  who: Actor,
  roles: readonly string[],
  { handle = who.name, met = 'words', invite = '' }: Admission = {},
): Promise<Fields> {
  const join = await joins(who, desk, { handle, invite })
  return { who: who.who, enc: who.pgp.cert, handle, roles: roles as Json, invite, join, met }
}

/** The fields of a `desk.key` or `case.key`. */
export function epochOf(
  circle: string,
  epoch: number,
  key: Parameters<typeof testKey>[0],
  readers: readonly string[],
): Fields {
  return { circle, epoch, cert: testKey(key).cert, wraps: wrapsTo(circle, epoch, readers) }
}

/** root, two coordinators, a maintainer of numpy, desk/1, mail/1, a beat. */
export async function smallDesk(people: Cast): Promise<Chain> {
  const { root, server, c1, c2, m1 } = people
  let desk = await add(NO_DESK, root, 'desk.open', {
    name: 'Example Foundation',
    domain: 'security.example.org',
    server: server.who,
  })
  desk = await add(desk, root, 'member.admit', await admission(desk.id, c1, ['coordinator']))
  desk = await add(desk, root, 'member.admit', await admission(desk.id, c2, ['coordinator']))
  const maintainer = await admission(desk.id, m1, ['maintainer:numpy'], { met: 'none' })
  desk = await add(desk, c1, 'member.admit', maintainer)
  desk = await add(desk, c1, 'desk.key', epochOf('desk', 1, 'desk-1', [c1.who, c2.who]))
  desk = await add(desk, c1, 'desk.key', epochOf('mail', 1, 'mail-1', ['desk/1']))
  return add(desk, c2, 'desk.beat')
}

/** The small desk and more members: a board member, a steward, a maintainer of scipy. */
export async function deskWith(
  people: Cast,
  ...more: readonly ('b1' | 's1' | 'm2')[]
): Promise<Chain> {
  const { root, c1, b1, s1, m2 } = people
  let desk = await smallDesk(people)
  const admit = async (by: Actor, who: Actor, role: string) =>
    add(desk, by, 'member.admit', await admission(desk.id, who, [role]))
  if (more.includes('b1')) desk = await admit(root, b1, 'board')
  if (more.includes('s1')) desk = await admit(root, s1, 'steward')
  if (more.includes('m2')) desk = await admit(c1, m2, 'maintainer:scipy')
  return desk
}

/** The fields of a `case.open` by a reporter who can be answered. */
export function reportOf(reporter: Actor, source = 'web'): Fields {
  return { source, enc: reporter.pgp.cert, to: 'desk/1', body: standIn('report'), files: [] }
}

export async function openCase(desk: Chain, reporter: Actor): Promise<Case> {
  return addToCase(newCase(desk), reporter, 'case.open', reportOf(reporter))
}

/** A report with all/1 for the desk, the reporter and a maintainer. */
export async function answeredCase(desk: Chain, people: Cast): Promise<Case> {
  const opened = await openCase(desk, people.reporter)
  const readers = ['desk/1', people.reporter.who, people.m1.who]
  return addToCase(opened, people.c1, 'case.key', epochOf('all', 1, 'all-1', readers))
}

export function messageTo(to: string, what: string, more: Fields = {}): Fields {
  return { to, body: standIn(`body: ${what}`), files: [], reply: '', ...more }
}

/** Approves the last statement of a chain. */
export function approvalOf(chain: Chain): Fields {
  return { what: lastId(chain) }
}
