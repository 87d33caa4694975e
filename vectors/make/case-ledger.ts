import type { LedgerProofs } from '../judge-ledger.ts'
import { type Actor, type Cast, joins, standIn } from './actors.ts'
import { add, addToCase, type Case, type Chain, lastId, newCase, signText } from './chains.ts'
import { acceptanceOf, accepting, entryFor, newLedger, proofsOf } from './ledgers.ts'
import type { Shelf } from './shelf.ts'
import { acceptCase, answeredCase, messageTo, rejectCase, smallDesk } from './steps.ts'

/** F6: what somebody wrote before their key ended stands, if the ledger proves the order. */
export async function makeLedgerVectors(shelf: Shelf, people: Cast): Promise<void> {
  await revokedAuthors(shelf, people)
  await authorsWhoLeft(shelf, people)
  await rotatedAuthors(shelf, people)
  await formerServers(shelf, people)
  await ledgerChains(shelf, people)
}

async function revokedAuthors(shelf: Shelf, people: Cast): Promise<void> {
  const { server, c1, c2, m1 } = people
  const desk = await smallDesk(people)
  let within = await answeredCase(desk, people)
  within = await addToCase(within, m1, 'case.message', messageTo('all/1', 'before'))
  const written = within.chain.statements.length - 1
  within = await addToCase(within, c2, 'case.ack')
  const revoked = await add(desk, c1, 'member.revoke', { who: m1.who, reason: 'left' })
  const ended = revoked.statements.length - 1
  const now: Case = { ...within, desk: revoked }

  const beginning = await accepting(await newLedger(desk, server), server, desk)
  const before = await accepting(beginning, server, within.chain)
  const ledger = await accepting(before, server, revoked, ended, lastId(desk))
  const proofs = (...places: readonly [Chain, number][]) =>
    proofsOf(
      ledger,
      server,
      desk.id,
      places.map(([chain, seq]) => entryFor(ledger, chain, seq)),
    )
  const both = await proofs([within.chain, written], [revoked, ended])
  await acceptCase(
    shelf,
    'revoked-proved',
    'two inclusion proofs: the message was accepted before the revocation of its author',
    now,
    both,
  )
  await acceptCase(
    shelf,
    'revoked-proved-by-a-later-statement',
    'a later statement of the chain carries the hash of the earlier ones: one pair suffices',
    now,
    await proofs([within.chain, written + 1], [revoked, ended]),
  )
  const no = (name: string, what: string, proved?: LedgerProofs) =>
    rejectCase(shelf, `revoked-${name}`, 'F6', 'revoked-proved', what, now, {
      failsAt: written,
      ...(proved !== undefined && { ledger: proved }),
    })
  no('unproved', 'no proofs')
  no('proved-by-half', 'the proof of the statement is gone', await proofs([revoked, ended]))
  no(
    'proved-without-the-end',
    'the proof of the revocation is gone',
    await proofs([within.chain, written]),
  )
  no(
    'proved-by-an-earlier-statement',
    'the first proof is of an earlier statement',
    await proofs([within.chain, written - 1], [revoked, ended]),
  )
  const [first, second] = both.entries
  if (first === undefined || second === undefined) return
  const bent = `${first.proof[0]?.slice(0, 63) ?? ''}${first.proof[0]?.endsWith('0') === true ? '1' : '0'}`
  no('proved-by-a-bent-path', 'the last digit of a hash in the first path', {
    ...both,
    entries: [{ ...first, proof: [bent, ...first.proof.slice(1)] }, second],
  })
  no('proved-by-an-unsigned-entry', 'the signature of the first entry', {
    ...both,
    entries: [{ ...first, entry: await signText(c1.signer, first.entry.head) }, second],
  })
  no('proved-by-an-unsigned-checkpoint', 'the checkpoint is signed by a coordinator', {
    ...both,
    checkpoint: (await proofsOf(ledger, c1, desk.id, [])).checkpoint,
  })

  const late = await accepting(beginning, server, revoked, ended)
  const reversed = await accepting(late, server, within.chain)
  no(
    'proved-to-be-late',
    'the ledger took the revocation first (N17)',
    await proofsOf(reversed, server, desk.id, [
      entryFor(reversed, within.chain, written),
      entryFor(reversed, revoked, ended),
    ]),
  )
  const forged = await addToCase(within, m1, 'case.message', messageTo('all/1', 'afterwards'))
  rejectCase(
    shelf,
    'revoked-then-writes',
    'F6',
    'revoked-proved',
    'one statement more, by the revoked, with the old dir (N17)',
    { ...forged, desk: revoked },
    { ledger: both },
  )
}

/** A review whose author left: the ledger proves that it stands, and nobody seconds it any more. */
async function authorsWhoLeft(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, c1, c2 } = people
  const desk = await smallDesk(people)
  const opened = await answeredCase(desk, people)
  const within = await addToCase(opened, c2, 'case.review', { decision: 'destroy', until: '' })
  const written = within.chain.statements.length - 1
  const longer = await add(desk, root, 'member.revoke', { who: c2.who, reason: 'left' })
  const ended = longer.statements.length - 1
  let ledger = await accepting(await newLedger(desk, server), server, desk)
  ledger = await accepting(ledger, server, within.chain)
  ledger = await accepting(ledger, server, longer, ended, lastId(desk))
  const both = await proofsOf(ledger, server, desk.id, [
    entryFor(ledger, within.chain, written),
    entryFor(ledger, longer, ended),
  ])
  const now: Case = { desk: longer, chain: { ...within.chain, dir: lastId(longer) } }
  await acceptCase(shelf, 'review-whose-author-left', 'it waits for good', now, both)
  const approved = await addToCase(now, c1, 'approve', { what: lastId(within.chain) })
  rejectCase(
    shelf,
    'review-whose-author-left-approved',
    'F8',
    'review-whose-author-left',
    'one statement more: another coordinator approves',
    approved,
    { ledger: both },
  )
}

async function rotatedAuthors(shelf: Shelf, people: Cast): Promise<void> {
  const { server, c2, c2new } = people
  const desk = await smallDesk(people)
  const within = await addToCase(await answeredCase(desk, people), c2, 'case.ack')
  const written = within.chain.statements.length - 1
  const rotated = await add(desk, c2, 'member.rotate', {
    who: c2new.who,
    enc: c2new.pgp.cert,
    join: await joins(c2new, desk.id, { handle: c2.name }),
  })
  const ended = rotated.statements.length - 1
  await proveOrder(shelf, 'rotated', server, { within, written, desk, longer: rotated, ended })
}

async function formerServers(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, server2 } = people
  const desk = await smallDesk(people)
  const open = { source: 'mail', enc: '', to: 'desk/1', body: standIn('mail'), files: [] }
  const within = await addToCase(newCase(desk), server, 'case.open', open)
  const renamed = await add(desk, root, 'desk.server', { server: server2.who })
  const ended = renamed.statements.length - 1
  await proveOrder(shelf, 'former-server', server, {
    within,
    written: 0,
    desk,
    longer: renamed,
    ended,
    signer: server2,
  })
}

type Order = {
  readonly within: Case
  readonly written: number
  readonly desk: Chain
  readonly longer: Chain
  readonly ended: number
  /** Who signs checkpoints now, where that is another key. */
  readonly signer?: Actor
}

async function proveOrder(
  shelf: Shelf,
  name: string,
  server: Actor,
  { within, written, desk, longer, ended, signer = server }: Order,
): Promise<void> {
  const now: Case = { ...within, desk: longer }
  let ledger = await accepting(await newLedger(desk, server), server, desk)
  ledger = await accepting(ledger, server, within.chain)
  ledger = await accepting(ledger, server, longer, ended, lastId(desk))
  const both = await proofsOf(ledger, signer, desk.id, [
    entryFor(ledger, within.chain, written),
    entryFor(ledger, longer, ended),
  ])
  await acceptCase(shelf, `${name}-proved`, 'written and accepted before the key ended', now, both)
  rejectCase(shelf, `${name}-unproved`, 'F6', `${name}-proved`, 'no proofs', now, {
    failsAt: written,
  })
}

/** The ledger as a chain of its own: by the server of that time, one acceptance per place, in order. */
async function ledgerChains(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, server2, c1 } = people
  const desk = await smallDesk(people)
  const within = await answeredCase(desk, people)
  const event = { kind: 'login', about: c1.who, count: 1, note: '' }
  const failing = (ledger: Chain, longer = desk) => ({
    fails_at: ledger.statements.length - 1,
    ...input(ledger, longer),
  })
  const input = (ledger: Chain, longer = desk) => ({
    kind: 'ledger',
    pin: { desk: desk.id, chain: ledger.id },
    desk_chain: longer.statements,
    statements: ledger.statements,
  })
  let ledger = await accepting(await newLedger(desk, server), server, desk)
  ledger = await add(ledger, server, 'ledger.event', event)
  const short = ledger
  ledger = await accepting(ledger, server, within.chain)
  shelf.accept('chain', 'ledger', 'opened, a desk chain, an event, a case', input(ledger))
  const no = async (
    name: string,
    check: string,
    what: string,
    next: Promise<Chain>,
    longer = desk,
  ) => {
    const chain = await next
    shelf.reject(
      'chain',
      `ledger-${name}`,
      check,
      { against: 'ledger', what },
      failing(chain, longer),
    )
  }
  const opening = acceptanceOf(within.chain, 0)
  const accept = (fields: typeof opening, by = server) => add(short, by, 'ledger.accept', fields)
  await no('by-a-coordinator', 'F5', 'by', accept(opening, c1))
  await no('without-a-number', 'F8', 'number', accept({ ...opening, number: '' }))
  await no('a-place-skipped', 'F8', 'of_seq', accept(acceptanceOf(within.chain, 1)))
  await no(
    'a-place-twice',
    'F8',
    'one statement more: the same place again (K5)',
    add(ledger, server, 'ledger.accept', acceptanceOf(within.chain, 1)),
  )
  await no(
    'a-number-for-the-desk',
    'F8',
    'number',
    add(await newLedger(desk, server), server, 'ledger.accept', {
      ...acceptanceOf(desk, 0),
      number: '2026-7F3KQ',
    }),
  )
  await no('dir-unknown', 'F4', 'dir', accept({ ...opening, dir: standIn('dir') }))
  await no('dir-goes-back', 'F4', 'dir', accept({ ...opening, dir: desk.id }))
  await no('opened-twice', 'F2', 'type', add(short, server, 'ledger.open'))
  const renamed = await add(desk, root, 'desk.server', { server: server2.who })
  const later = { ...short, dir: lastId(renamed) }
  shelf.accept(
    'chain',
    'ledger-by-the-new-server',
    'after desk.server the new key signs',
    input(await add(later, server2, 'ledger.event', event), renamed),
  )
  const old = await add(later, server, 'ledger.event', event)
  shelf.reject(
    'chain',
    'ledger-by-the-old-server',
    'F5',
    { against: 'ledger-by-the-new-server', what: 'by (N21)' },
    failing(old, renamed),
  )
}
