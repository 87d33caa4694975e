import { type Actor, type Cast, joins, standIn } from './actors.ts'
import { add, type Chain, lastId } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { admission, approvalOf, deskStep, rejectDesk, smallDesk } from './steps.ts'

const INVITE = 'ab'.repeat(16)

/** `member.admit`, by whom and approved by whom. */
export async function makeAdmissions(shelf: Shelf, people: Cast): Promise<void> {
  await admits(shelf, people)
}

async function admits(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, c1, c2, c3, m1, m2, b1, stranger } = people
  const base = await smallDesk(people)
  const guest = await admission(base.id, m2, ['maintainer:scipy'], { met: 'none', invite: INVITE })
  const forged = await joins(m2, base.id, { handle: 'Somebody else', invite: INVITE })
  const seen = async (who: Actor) => admission(base.id, who, ['guest'], { met: 'none' })
  const admitted = await deskStep(shelf, base, {
    name: 'admit',
    why: 'one coordinator admits a maintainer by an invitation; it counts at once',
    by: c1,
    type: 'member.admit',
    fields: guest,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'by-a-stranger', check: 'F5', what: 'by', by: stranger },
      { name: 'own-key', check: 'F5', what: 'by is the one who joins', by: m2 },
      { name: 'of-a-member', check: 'F8', what: 'who is in the chain', fields: await seen(c2) },
      { name: 'of-the-root', check: 'F8', what: 'who is the root', fields: await seen(root) },
      { name: 'of-the-server', check: 'F8', what: 'who is the server', fields: await seen(server) },
      {
        name: 'join-for-another-handle',
        check: 'F8',
        what: 'join, over another handle',
        fields: { join: forged },
      },
      {
        name: 'handle-changed',
        check: 'F8',
        what: 'handle',
        fields: { handle: 'Maintainer 3' },
      },
      {
        name: 'certificate-swapped',
        check: 'F8',
        what: 'enc is another one (K1)',
        fields: { enc: stranger.pgp.cert },
      },
      {
        name: 'invitation-changed',
        check: 'F8',
        what: 'invite',
        fields: { invite: 'cd'.repeat(16) },
      },
    ],
  })
  const again = await admission(base.id, b1, ['guest'], { met: 'none', invite: INVITE })
  rejectDesk(
    shelf,
    'admit-by-a-used-invitation',
    'F8',
    'admit',
    'one statement more, with the same invite',
    await add(admitted, c2, 'member.admit', again),
  )

  const strong = await admission(base.id, c3, ['coordinator'], { met: 'seen' })
  const unmet = await admission(base.id, c3, ['coordinator'], { met: 'none' })
  const proposed = await deskStep(shelf, base, {
    name: 'admit-coordinator-waits',
    why: 'one coordinator proposes another: nobody is a member by it yet',
    by: c1,
    type: 'member.admit',
    fields: strong,
    wrong: [{ name: 'unmet', check: 'F8', what: 'met is none (N6)', fields: unmet }],
  })
  rejectDesk(
    shelf,
    'admit-coordinator-acts-before-approval',
    'F5',
    'admit-coordinator-waits',
    'one statement more, by the one who waits (N25)',
    await add(proposed, c3, 'desk.beat'),
  )
  rejectDesk(
    shelf,
    'admit-coordinator-approves-itself',
    'F5',
    'admit-coordinator-waits',
    'one statement more: the one who waits approves (N25)',
    await add(proposed, c3, 'approve', approvalOf(proposed)),
  )
  rejectDesk(
    shelf,
    'admit-while-it-waits',
    'F8',
    'admit-coordinator-waits',
    'one statement more: the same key as a guest',
    await add(
      proposed,
      c2,
      'member.admit',
      await admission(base.id, c3, ['guest'], { met: 'none' }),
    ),
  )
  const approved = await deskStep(shelf, proposed, {
    name: 'admit-coordinator-approved',
    why: 'a second coordinator approves',
    by: c2,
    type: 'approve',
    fields: approvalOf(proposed),
    wrong: [
      { name: 'by-the-same', check: 'F8', what: 'by is the author of what', by: c1 },
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
    ],
  })
  rejectDesk(
    shelf,
    'approve-twice',
    'F8',
    'admit-coordinator-approved',
    'one statement more: approved again',
    await add(approved, c3, 'approve', { what: lastId(proposed) }),
  )

  await deskStep(shelf, base, {
    name: 'admit-coordinator-by-root',
    why: 'root alone admits a coordinator',
    by: root,
    type: 'member.admit',
    fields: strong,
    wrong: [{ name: 'unmet', check: 'F8', what: 'met is none', fields: unmet }],
  })
  rejectDesk(
    shelf,
    'approve-after-its-author-left',
    'F8',
    'admit-coordinator-approved',
    'a member.revoke of the author before it: what they proposed left with them',
    await add(
      await add(proposed, root, 'member.revoke', { who: c1.who, reason: 'expelled' }),
      c2,
      'approve',
      approvalOf(proposed),
    ),
  )
  await stewards(shelf, people, base)
  const board = await add(base, c1, 'member.admit', await admission(base.id, b1, ['board']))
  await deskStep(shelf, board, {
    name: 'admit-board-approved',
    why: 'two coordinators admit a board member',
    by: c2,
    type: 'approve',
    fields: approvalOf(board),
  })
  await boardApproves(shelf, people, base)
}

/** A steward seconds destructions: one coordinator alone appoints none. */
async function stewards(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { c1, c2, m1, s1 } = people
  const proposed = await deskStep(shelf, base, {
    name: 'admit-steward-waits',
    why: 'one coordinator proposes a steward: nobody is one by it yet',
    by: c1,
    type: 'member.admit',
    fields: await admission(base.id, s1, ['steward'], { met: 'none' }),
  })
  await deskStep(shelf, proposed, {
    name: 'admit-steward-approved',
    why: 'a second coordinator approves',
    by: c2,
    type: 'approve',
    fields: approvalOf(proposed),
    wrong: [{ name: 'by-the-same', check: 'F8', what: 'by', by: c1 }],
  })
  await deskStep(shelf, base, {
    name: 'role-steward-waits',
    why: 'a member becomes a steward by two people as well',
    by: c1,
    type: 'member.role',
    fields: { who: m1.who, roles: ['maintainer:numpy', 'steward'] },
  })
}

/** A board member approves statements about members, and nothing else. */
async function boardApproves(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { root, c1, c3, b1, s1 } = people
  let desk = await add(base, root, 'member.admit', await admission(base.id, b1, ['board']))
  desk = await add(desk, root, 'member.admit', await admission(base.id, s1, ['steward']))
  const proposed = await add(
    desk,
    c1,
    'member.admit',
    await admission(base.id, c3, ['coordinator']),
  )
  await deskStep(shelf, proposed, {
    name: 'approve-by-board',
    why: 'a board member is a second person for statements about members',
    by: b1,
    type: 'approve',
    fields: approvalOf(proposed),
    wrong: [{ name: 'or-a-steward', check: 'F5', what: 'by is a steward', by: s1 }],
  })
  const rules = await add(desk, c1, 'desk.rules', { sha256: standIn('rules') })
  rejectDesk(
    shelf,
    'approve-by-board-of-rules',
    'F5',
    'approve-by-board',
    'what is a desk.rules',
    await add(rules, b1, 'approve', approvalOf(rules)),
  )
}
