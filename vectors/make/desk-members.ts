import { type Actor, type Cast, joins } from './actors.ts'
import { add, type Chain, lastId } from './chains.ts'
import type { Shelf } from './shelf.ts'
import {
  acceptDesk,
  admission,
  approvalOf,
  deskStep,
  deskWith,
  epochOf,
  rejectDesk,
  smallDesk,
} from './steps.ts'

/** `member.role`, `member.rotate`, `member.revoke`. */
export async function makeMemberVectors(shelf: Shelf, people: Cast): Promise<void> {
  await roles(shelf, people)
  await rotations(shelf, people)
  await revocations(shelf, people)
}

async function roles(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, m1, m2, stranger } = people
  const base = await smallDesk(people)
  const revoked = await add(base, c1, 'member.revoke', { who: m1.who, reason: 'left' })
  await deskStep(shelf, base, {
    name: 'role',
    why: 'one coordinator changes plain roles; it counts at once',
    by: c1,
    type: 'member.role',
    fields: { who: m1.who, roles: ['guest', 'maintainer:scipy'] },
    wrong: [
      { name: 'by-oneself', check: 'F5', what: 'by is the member', by: m1 },
      { name: 'of-a-stranger', check: 'F8', what: 'who', fields: { who: m2.who } },
      { name: 'of-the-root', check: 'F8', what: 'who is the root', fields: { who: root.who } },
      { name: 'of-a-revoked', check: 'F8', what: 'a member.revoke before it', after: revoked },
      { name: 'by-a-stranger', check: 'F5', what: 'by', by: stranger },
    ],
  })
  await deskStep(shelf, base, {
    name: 'role-none-left',
    why: 'a member may have no role at all',
    by: c1,
    type: 'member.role',
    fields: { who: m1.who, roles: [] },
  })
  // Somebody whose key words were compared, unlike the maintainer of the small desk.
  const known = await deskWith(people, 'm2')
  await deskStep(shelf, known, {
    name: 'role-by-root',
    why: 'root alone makes a coordinator',
    by: root,
    type: 'member.role',
    fields: { who: m2.who, roles: ['coordinator'] },
    wrong: [
      {
        name: 'unmet',
        check: 'F8',
        what: 'who was admitted with met none (N6)',
        fields: { who: m1.who },
      },
    ],
  })
  const rise = await deskStep(shelf, known, {
    name: 'role-coordinator-waits',
    why: 'one coordinator proposes a coordinator: the roles are the old ones',
    by: c1,
    type: 'member.role',
    fields: { who: m2.who, roles: ['coordinator', 'maintainer:scipy'] },
  })
  rejectDesk(
    shelf,
    'role-coordinator-acts-before-approval',
    'F5',
    'role-coordinator-waits',
    'one statement more, by the member',
    await add(rise, m2, 'desk.beat'),
  )
  await deskStep(shelf, rise, {
    name: 'role-coordinator-approved',
    why: 'a second coordinator approves the role',
    by: c2,
    type: 'approve',
    fields: approvalOf(rise),
    wrong: [
      { name: 'by-the-same', check: 'F8', what: 'by', by: c1 },
      { name: 'by-the-risen', check: 'F5', what: 'by is the one who rises', by: m2 },
    ],
  })
  const fall = await deskStep(shelf, base, {
    name: 'role-taken-waits',
    why: 'to take the role of a coordinator needs two people too (N24)',
    by: c1,
    type: 'member.role',
    fields: { who: c2.who, roles: ['guest'] },
  })
  await deskStep(shelf, fall, {
    name: 'role-taken-still-acts',
    why: 'until it is approved the coordinator is one',
    by: c2,
    type: 'desk.beat',
  })
  const gone = await add(rise, root, 'member.revoke', { who: m2.who, reason: 'left' })
  rejectDesk(
    shelf,
    'role-approved-after-revoked',
    'F8',
    'role-coordinator-approved',
    'a member.revoke of the one who rises before the approval',
    await add(gone, c2, 'approve', { what: lastId(rise) }),
  )
}

async function rotations(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, c3, c1new, m1, m1new, stranger } = people
  const base = await smallDesk(people)
  const rotation = async (next: Actor, handle: string) => ({
    who: next.who,
    enc: next.pgp.cert,
    join: await joins(next, base.id, { handle }),
  })
  const fields = await rotation(m1new, m1.name)
  const rotated = await deskStep(shelf, base, {
    name: 'rotate',
    why: 'a new key takes over roles and handle; the old one ends',
    by: m1,
    type: 'member.rotate',
    fields,
    wrong: [
      { name: 'by-a-coordinator', check: 'F8', what: 'by: the handle signed is another', by: c1 },
      { name: 'by-root', check: 'F5', what: 'by is no member', by: root },
      { name: 'by-a-stranger', check: 'F5', what: 'by', by: stranger },
      { name: 'to-a-seen-key', check: 'F8', what: 'who', fields: await rotation(c2, m1.name) },
      {
        name: 'join-for-another-handle',
        check: 'F8',
        what: 'join, over another handle',
        fields: { join: await joins(m1new, base.id, { handle: 'Maintainer 2' }) },
      },
      {
        name: 'certificate-swapped',
        check: 'F8',
        what: 'enc',
        fields: { enc: c1.pgp.cert },
      },
    ],
  })
  rejectDesk(
    shelf,
    'rotate-old-key-rotates-again',
    'F5',
    'rotate',
    'one statement more, by the old key',
    await add(rotated, m1, 'member.rotate', await rotation(stranger, m1.name)),
  )
  await deskStep(shelf, base, {
    name: 'rotate-coordinator',
    why: 'a coordinator rotates: desk/1 is stale until the next epoch',
    by: c1,
    type: 'member.rotate',
    fields: await rotation(c1new, c1.name),
  })
  const proposed = await add(
    base,
    c1,
    'member.admit',
    await admission(base.id, c3, ['coordinator']),
  )
  const renewed = await add(proposed, c1, 'member.rotate', await rotation(c1new, c1.name))
  await deskStep(shelf, renewed, {
    name: 'rotate-then-second-approves',
    why: 'what the old key proposed, a second person approves',
    by: c2,
    type: 'approve',
    fields: { what: lastId(proposed) },
    wrong: [
      {
        name: 'refused-for-the-new-key',
        check: 'F8',
        what: 'by is the key that the author rotated to: the same person (5.3)',
        by: c1new,
      },
      { name: 'refused-for-the-old-key', check: 'F8', what: 'by is the author of what', by: c1 },
    ],
  })
}

/** What waits against somebody: they neither take it back nor escape it by a new key. */
async function undecided(shelf: Shelf, people: Cast, proposed: Chain): Promise<void> {
  const { root, c1, c2, c2new, c3, b1 } = people
  const withdrawal = { what: lastId(proposed) }
  const rotation = {
    who: c2new.who,
    enc: c2new.pgp.cert,
    join: await joins(c2new, proposed.id, { handle: c2.name }),
  }
  const rotated = await add(proposed, c2, 'member.rotate', rotation)
  await deskStep(shelf, proposed, {
    name: 'revoke-withdrawn',
    why: 'the coordinator who proposed it withdraws it',
    by: c1,
    type: 'withdraw',
    fields: withdrawal,
    wrong: [
      { name: 'by-the-one-concerned', check: 'F5', what: 'by is who of what', by: c2 },
      {
        name: 'by-their-new-key',
        check: 'F5',
        what: 'by is the key that who of what was rotated to',
        by: c2new,
        after: rotated,
      },
    ],
  })
  const third = await admission(proposed.id, c3, ['coordinator'])
  await acceptDesk(
    shelf,
    'revoke-withdrawn-by-another',
    'so may any other coordinator',
    await add(await add(proposed, root, 'member.admit', third), c3, 'withdraw', withdrawal),
  )
  const board = await admission(proposed.id, b1, ['board'])
  await acceptDesk(
    shelf,
    'revoke-follows-a-rotation',
    'approved after a rotation it ends the new key: that is no way out',
    await add(await add(rotated, root, 'member.admit', board), b1, 'approve', withdrawal),
  )
  const base = { ...proposed, statements: proposed.statements.slice(0, -1) }
  const fall = await add(base, c1, 'member.role', { who: c2.who, roles: ['guest'] })
  const renewed = await add(fall, c2, 'member.rotate', rotation)
  await acceptDesk(
    shelf,
    'role-follows-a-rotation',
    'so does a change of roles',
    await add(await add(renewed, root, 'member.admit', board), b1, 'approve', {
      what: lastId(fall),
    }),
  )
}

async function revocations(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, c1, c2, m1, m2, b1 } = people
  const base = await smallDesk(people)
  const gone = await deskStep(shelf, base, {
    name: 'revoke',
    why: 'one coordinator revokes a maintainer; it counts at once',
    by: c1,
    type: 'member.revoke',
    fields: { who: m1.who, reason: 'left the project' },
    wrong: [
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'of-a-stranger', check: 'F8', what: 'who', fields: { who: m2.who } },
    ],
  })
  rejectDesk(
    shelf,
    'revoke-twice',
    'F8',
    'revoke',
    'one statement more: revoked again',
    await add(gone, c2, 'member.revoke', { who: m1.who, reason: '' }),
  )
  rejectDesk(
    shelf,
    'revoke-then-admitted-again',
    'F8',
    'revoke',
    'one statement more: the same key comes again',
    await add(gone, c2, 'member.admit', await admission(base.id, m1, ['guest'], { met: 'none' })),
  )
  await deskStep(shelf, base, {
    name: 'revoke-oneself',
    why: 'anybody leaves by a statement of their own, coordinators too',
    by: c2,
    type: 'member.revoke',
    fields: { who: c2.who, reason: 'I leave' },
    wrong: [{ name: 'by-a-maintainer', check: 'F5', what: 'by is not who', by: m1 }],
  })
  await deskStep(shelf, base, {
    name: 'revoke-coordinator-by-root',
    why: 'root alone expels a coordinator',
    by: root,
    type: 'member.revoke',
    fields: { who: c2.who, reason: 'expelled' },
  })
  const proposed = await deskStep(shelf, base, {
    name: 'revoke-coordinator-waits',
    why: 'one coordinator alone expels nobody (N24): the other acts on',
    by: c1,
    type: 'member.revoke',
    fields: { who: c2.who, reason: 'expelled' },
  })
  const board = await add(base, root, 'member.admit', await admission(base.id, b1, ['board']))
  const asked = await add(board, c1, 'member.revoke', { who: c2.who, reason: 'expelled' })
  const expelled = await deskStep(shelf, asked, {
    name: 'revoke-coordinator-approved-by-board',
    why: 'a coordinator and a board member expel a coordinator',
    by: b1,
    type: 'approve',
    fields: approvalOf(asked),
    wrong: [{ name: 'by-the-same', check: 'F8', what: 'by', by: c1 }],
  })
  rejectDesk(
    shelf,
    'revoke-approved-then-acts',
    'F5',
    'revoke-coordinator-approved-by-board',
    'one statement more, by the expelled',
    await add(expelled, c2, 'desk.beat'),
  )
  await undecided(shelf, people, proposed)
  await acceptDesk(
    shelf,
    'revoke-approved-by-the-revoked',
    'the one who is asked to go may agree',
    await add(proposed, c2, 'approve', approvalOf(proposed)),
  )
  const key = epochOf('desk', 2, 'desk-2', [c1.who])
  await acceptDesk(
    shelf,
    'revoke-then-next-epoch',
    'after a coordinator left, the remaining one makes desk/2 and mail/2',
    await add(
      await add(
        await add(base, c2, 'member.revoke', { who: c2.who, reason: '' }),
        c1,
        'desk.key',
        key,
      ),
      c1,
      'desk.key',
      epochOf('mail', 2, 'mail-1', ['desk/2']),
    ),
  )
}
