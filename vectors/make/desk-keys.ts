import type { Cast } from './actors.ts'
import { add, NO_DESK, mixedWraps, wrapsTo } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { admission, approvalOf, deskStep, epochOf, rejectDesk, smallDesk } from './steps.ts'

/** `desk.key`, `desk.grant`, `desk.server`. */
export async function makeDeskKeys(shelf: Shelf, people: Cast): Promise<void> {
  await keys(shelf, people)
  await grants(shelf, people)
  await servers(shelf, people)
}

async function keys(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, c1, c2, m1 } = people
  const base = await smallDesk(people)
  const both = [c1.who, c2.who]
  const desk2 = epochOf('desk', 2, 'desk-2', both)
  const gone = await add(base, c2, 'member.revoke', { who: c2.who, reason: '' })
  const next = await deskStep(shelf, base, {
    name: 'key',
    why: 'a new epoch of the desk, for exactly the active coordinators',
    by: c1,
    type: 'desk.key',
    fields: desk2,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      {
        name: 'epoch-skipped',
        check: 'F8',
        what: 'epoch, also in wraps',
        fields: { epoch: 3, wraps: wrapsTo('desk', 3, both) },
      },
      {
        name: 'epoch-repeated',
        check: 'F8',
        what: 'epoch, also in wraps',
        fields: { epoch: 1, wraps: wrapsTo('desk', 1, both) },
      },
      {
        name: 'without-a-coordinator',
        check: 'F8',
        what: 'wraps: one coordinator is missing',
        fields: { wraps: wrapsTo('desk', 2, [c1.who]) },
      },
      {
        name: 'with-a-maintainer',
        check: 'F8',
        what: 'wraps: a maintainer more (K2)',
        fields: { wraps: wrapsTo('desk', 2, [...both, m1.who]) },
      },
      {
        name: 'with-one-twice',
        check: 'F8',
        what: 'wraps: one coordinator twice',
        fields: { wraps: wrapsTo('desk', 2, [c1.who, c1.who, c2.who]) },
      },
      {
        name: 'wrap-of-another-epoch',
        check: 'F8',
        what: 'wraps: the epoch of each',
        fields: { wraps: wrapsTo('desk', 1, both) },
      },
      {
        name: 'one-wrap-of-another-epoch',
        check: 'F8',
        what: 'wraps: the epoch of the second',
        fields: { wraps: mixedWraps('desk', 2, both) },
      },
      { name: 'for-a-revoked', check: 'F8', what: 'a member.revoke before it', after: gone },
    ],
  })
  const early = await add(NO_DESK, root, 'desk.open', {
    name: 'Example Foundation',
    domain: 'security.example.org',
    server: server.who,
  })
  const bare = await add(
    early,
    root,
    'member.admit',
    await admission(early.id, c1, ['coordinator']),
  )
  await deskStep(shelf, next, {
    name: 'key-of-mail',
    why: 'a new epoch of the mail key, wrapped to the newest desk key alone',
    by: c1,
    type: 'desk.key',
    fields: epochOf('mail', 2, 'mail-1', ['desk/2']),
    wrong: [
      {
        name: 'to-an-old-desk-key',
        check: 'F8',
        what: 'wraps: to desk/1',
        fields: { wraps: wrapsTo('mail', 2, ['desk/1']) },
      },
      {
        name: 'to-a-person',
        check: 'F8',
        what: 'wraps: to a coordinator',
        fields: { wraps: wrapsTo('mail', 2, [c1.who]) },
      },
      {
        name: 'before-a-desk-key',
        check: 'F1',
        what: 'a chain without desk.key before it: desk/0 is no name',
        after: bare,
        fields: epochOf('mail', 1, 'mail-1', ['desk/0']),
      },
      {
        name: 'to-nobody-before-a-desk-key',
        check: 'F8',
        what: 'a chain without desk.key before it, and no wraps',
        after: bare,
        fields: epochOf('mail', 1, 'mail-1', []),
      },
    ],
  })
}

async function grants(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c3, m1 } = people
  const base = await smallDesk(people)
  const fields = { circle: 'desk', wraps: wrapsTo('desk', 1, [c3.who]) }
  const third = await add(base, root, 'member.admit', await admission(base.id, c3, ['coordinator']))
  await deskStep(shelf, third, {
    name: 'grant',
    why: 'a coordinator admitted later gets the epochs that exist',
    by: c1,
    type: 'desk.grant',
    fields,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
      { name: 'before-admitted', check: 'F8', what: 'no member.admit before it', after: base },
      {
        name: 'to-a-maintainer',
        check: 'F8',
        what: 'wraps: to a maintainer',
        fields: { wraps: wrapsTo('desk', 1, [m1.who]) },
      },
      {
        name: 'to-a-desk-key',
        check: 'F8',
        what: 'wraps: to desk/1',
        fields: { wraps: wrapsTo('desk', 1, ['desk/1']) },
      },
      {
        name: 'of-an-epoch-that-is-not',
        check: 'F8',
        what: 'wraps: epoch 2',
        fields: { wraps: wrapsTo('desk', 2, [c3.who]) },
      },
    ],
  })
}

async function servers(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, server2, c1, c2, m1 } = people
  const base = await smallDesk(people)
  await deskStep(shelf, base, {
    name: 'server-by-root',
    why: 'root alone names a new server key (N21)',
    by: root,
    type: 'desk.server',
    fields: { server: server2.who },
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-old-server', check: 'F5', what: 'by', by: server },
      { name: 'by-the-new-server', check: 'F5', what: 'by', by: server2 },
      {
        name: 'is-the-same',
        check: 'F8',
        what: 'server is the present one',
        fields: { server: server.who },
      },
      { name: 'is-a-member', check: 'F8', what: 'server is a member', fields: { server: m1.who } },
      {
        name: 'is-the-root',
        check: 'F8',
        what: 'server is the root',
        fields: { server: root.who },
      },
    ],
  })
  const waits = await deskStep(shelf, base, {
    name: 'server-waits',
    why: 'one coordinator proposes a server key: the old one stands',
    by: c1,
    type: 'desk.server',
    fields: { server: server2.who },
  })
  rejectDesk(
    shelf,
    'server-that-waits-is-admitted',
    'F8',
    'server-waits',
    'one statement more: the key that waits to be the server joins as a member',
    await add(
      waits,
      c2,
      'member.admit',
      await admission(base.id, server2, ['guest'], { met: 'none' }),
    ),
  )
  await deskStep(shelf, waits, {
    name: 'server-approved',
    why: 'a second coordinator approves: the new key is the server',
    by: c2,
    type: 'approve',
    fields: approvalOf(waits),
    wrong: [{ name: 'by-the-same', check: 'F8', what: 'by', by: c1 }],
  })
}
