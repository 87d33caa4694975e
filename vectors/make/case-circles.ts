import { type Cast, standIn } from './actors.ts'
import { add, addToCase, type Fields, seeing, mixedWraps, wrapsTo } from './chains.ts'
import type { Shelf } from './shelf.ts'
import {
  acceptCase,
  answeredCase,
  caseStep,
  deskWith,
  epochOf,
  messageTo,
  openCase,
  rejectCase,
  smallDesk,
} from './steps.ts'

/** `case.key` and `case.grant`. */
export async function makeCircles(shelf: Shelf, people: Cast): Promise<void> {
  await firstEpochs(shelf, people)
  await nextEpochs(shelf, people)
  await grants(shelf, people)
  await grantsToTheDesk(shelf, people)
}

async function firstEpochs(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, m1, m2, stranger, server, root } = people
  const desk = await deskWith(people, 'm2')
  const opened = await openCase(desk, reporter)
  const readers = ['desk/1', reporter.who, m1.who]
  const to = (...names: string[]): Fields => ({ wraps: wrapsTo('all', 1, names) })
  await caseStep(shelf, opened, {
    name: 'key-first',
    why: 'a coordinator opens the general thread to any active readers',
    by: c1,
    type: 'case.key',
    fields: epochOf('all', 1, 'all-1', readers),
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'by-the-reporter', check: 'F5', what: 'by: with a reader more', by: reporter },
      { name: 'without-the-desk', check: 'F8', what: 'wraps', fields: to(reporter.who, m1.who) },
      {
        name: 'with-two-desk-keys',
        check: 'F8',
        what: 'wraps',
        fields: to('desk/1', 'desk/1', reporter.who),
      },
      {
        name: 'with-a-desk-key-that-is-not',
        check: 'F8',
        what: 'wraps',
        fields: to('desk/2', reporter.who),
      },
      {
        name: 'with-a-reader-twice',
        check: 'F8',
        what: 'wraps',
        fields: to('desk/1', m1.who, m1.who),
      },
      {
        name: 'with-a-stranger',
        check: 'F8',
        what: 'wraps (K2)',
        fields: to('desk/1', reporter.who, stranger.who),
      },
      { name: 'with-root', check: 'F8', what: 'wraps', fields: to('desk/1', root.who) },
      { name: 'with-the-server', check: 'F8', what: 'wraps', fields: to('desk/1', server.who) },
      {
        name: 'epoch-skipped',
        check: 'F8',
        what: 'epoch, also in wraps',
        fields: epochOf('all', 2, 'all-1', readers),
      },
      {
        name: 'wrap-of-another-epoch',
        check: 'F8',
        what: 'the epoch in wraps',
        fields: { wraps: wrapsTo('all', 2, readers) },
      },
      {
        name: 'one-wrap-of-another-epoch',
        check: 'F8',
        what: 'the epoch in the second of wraps',
        fields: { wraps: mixedWraps('all', 1, readers) },
      },
    ],
  })
  await caseStep(shelf, opened, {
    name: 'key-by-the-reporter',
    why: 'the reporter may open all/1 to the desk and themself',
    by: reporter,
    type: 'case.key',
    fields: epochOf('all', 1, 'all-1', ['desk/1', reporter.who]),
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'with-a-friend', check: 'F5', what: 'wraps', fields: to(...readers) },
      { name: 'without-themself', check: 'F5', what: 'wraps', fields: to('desk/1') },
      {
        name: 'of-a-project',
        check: 'F5',
        what: 'circle',
        fields: epochOf('p-numpy', 1, 'project-1', ['desk/1', reporter.who]),
      },
    ],
  })
  await caseStep(shelf, opened, {
    name: 'key-of-a-project',
    why: 'a thread for the maintainers of one project; the reporter is not in it',
    by: c2,
    type: 'case.key',
    fields: epochOf('p-numpy', 1, 'project-1', ['desk/1', m1.who]),
    wrong: [
      { name: 'by-its-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-another-maintainer', check: 'F5', what: 'by', by: m2 },
    ],
  })
}

async function nextEpochs(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, m1, m2 } = people
  const desk = await deskWith(people, 'm2')
  const within = await answeredCase(desk, people)
  const same = ['desk/1', reporter.who, m1.who]
  const readers = (...names: string[]): Fields => ({ wraps: wrapsTo('all', 2, names) })
  await caseStep(shelf, within, {
    name: 'key-renewed-by-a-maintainer',
    why: 'a reader renews the epoch for the same readers',
    by: m1,
    type: 'case.key',
    fields: epochOf('all', 2, 'all-2', same),
    wrong: [
      { name: 'by-another', check: 'F5', what: 'by reads nothing here', by: m2 },
      {
        name: 'without-the-reporter',
        check: 'F5',
        what: 'wraps: a reader is dropped (N23)',
        fields: readers('desk/1', m1.who),
      },
      {
        name: 'without-themself',
        check: 'F5',
        what: 'wraps',
        fields: readers('desk/1', reporter.who),
      },
      {
        name: 'with-a-friend',
        check: 'F5',
        what: 'wraps: a reader is added (N23)',
        fields: readers(...same, m2.who),
      },
      {
        name: 'epoch-repeated',
        check: 'F8',
        what: 'epoch, also in wraps',
        fields: epochOf('all', 1, 'all-2', same),
      },
      {
        name: 'epoch-skipped',
        check: 'F8',
        what: 'epoch, also in wraps',
        fields: epochOf('all', 3, 'all-2', same),
      },
    ],
  })
  await acceptCase(
    shelf,
    'key-renewed-by-the-reporter',
    'the reporter renews for the same readers',
    await addToCase(within, reporter, 'case.key', epochOf('all', 2, 'all-2', same)),
  )
  const removed = await caseStep(shelf, within, {
    name: 'key-without-a-maintainer',
    why: 'a coordinator removes a reader by an epoch without them',
    by: c1,
    type: 'case.key',
    fields: epochOf('all', 2, 'all-2', ['desk/1', reporter.who]),
  })
  await caseStep(shelf, removed, {
    name: 'message-in-the-newest-epoch',
    why: 'the newest epoch is written to',
    by: reporter,
    type: 'case.message',
    fields: messageTo('all/2', 'new epoch'),
    wrong: [
      { name: 'by-the-removed', check: 'F5', what: 'by', by: m1 },
      { name: 'or-an-older-one', check: 'F7', what: 'to (K7)', fields: { to: 'all/1' } },
      {
        name: 'or-an-older-one-by-the-removed',
        check: 'F7',
        what: 'by and to: who reads all/1 may write, but it is not the newest',
        by: m1,
        fields: { to: 'all/1' },
      },
      { name: 'or-one-that-is-not', check: 'F5', what: 'to', fields: { to: 'all/3' } },
    ],
  })
  const left = await add(desk, c1, 'member.revoke', { who: m1.who, reason: '' })
  await caseStep(shelf, seeing(within, left), {
    name: 'key-less-the-stale',
    why: 'the reporter renews for the same readers, less the one who left',
    by: reporter,
    type: 'case.key',
    fields: epochOf('all', 2, 'all-2', ['desk/1', reporter.who]),
    wrong: [{ name: 'with-the-stale', check: 'F8', what: 'wraps (N8)', fields: readers(...same) }],
  })
}

async function grants(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, m1, m2, stranger } = people
  const desk = await deskWith(people, 'm2')
  const within = await answeredCase(desk, people)
  const to = (who: string, epoch = 1): Fields => ({ wraps: wrapsTo('all', epoch, [who]) })
  const left = await add(desk, c1, 'member.revoke', { who: m2.who, reason: '' })
  const granted = await caseStep(shelf, within, {
    name: 'grant',
    why: 'a coordinator lets a member read an epoch that exists',
    by: c2,
    type: 'case.grant',
    fields: { circle: 'all', ...to(m2.who) },
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
      { name: 'to-a-stranger', check: 'F8', what: 'wraps', fields: to(stranger.who) },
      {
        name: 'to-a-revoked',
        check: 'F8',
        what: 'a member.revoke before it',
        after: seeing(within, left),
      },
      { name: 'of-an-epoch-that-is-not', check: 'F8', what: 'wraps', fields: to(m2.who, 2) },
      {
        name: 'of-a-circle-that-is-not',
        check: 'F8',
        what: 'circle',
        fields: { circle: 'p-scipy' },
      },
      { name: 'to-a-desk-key-that-is-not', check: 'F8', what: 'wraps', fields: to('desk/2') },
    ],
  })
  await caseStep(shelf, granted, {
    name: 'grant-then-write',
    why: 'who was granted the newest epoch writes in it',
    by: m2,
    type: 'case.message',
    fields: messageTo('all/1', 'looking'),
    wrong: [{ name: 'not-before', check: 'F5', what: 'no case.grant before it', after: within }],
  })
  const renewed = await addToCase(
    within,
    c1,
    'case.key',
    epochOf('all', 2, 'all-2', ['desk/1', reporter.who, m1.who]),
  )
  await acceptCase(
    shelf,
    'grant-of-two-epochs',
    'each wrap names its epoch: this is the history that was chosen',
    await addToCase(renewed, c1, 'case.grant', {
      circle: 'all',
      wraps: [
        { blob: standIn('grant 1'), epoch: 1, to: m2.who },
        { blob: standIn('grant 2'), epoch: 2, to: m2.who },
      ],
    }),
  )
  const old = await addToCase(renewed, c1, 'case.grant', { circle: 'all', ...to(m2.who) })
  await acceptCase(shelf, 'grant-of-an-old-epoch', 'only the past is granted', old)
  rejectCase(
    shelf,
    'grant-of-an-old-epoch-then-write',
    'F5',
    'grant-of-an-old-epoch',
    'one statement more: a message to the newest epoch',
    await addToCase(old, m2, 'case.message', messageTo('all/2', 'not mine')),
  )
}

/** After a new desk key, a coordinator may grant an old epoch to it; whoever renews has one desk key then. */
async function grantsToTheDesk(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, m1 } = people
  const desk = await smallDesk(people)
  const renewed = await add(desk, c1, 'desk.key', epochOf('desk', 2, 'desk-2', [c1.who, c2.who]))
  const within = seeing(await answeredCase(desk, people), renewed)
  const granted = await caseStep(shelf, within, {
    name: 'grant-to-the-newest-desk-key',
    why: 'an old epoch is wrapped to the newest desk key too',
    by: c1,
    type: 'case.grant',
    fields: { circle: 'all', wraps: wrapsTo('all', 1, ['desk/2']) },
    wrong: [
      {
        name: 'or-an-older-one',
        check: 'F8',
        what: 'wraps: to desk/1',
        fields: { wraps: wrapsTo('all', 1, ['desk/1']) },
      },
    ],
  })
  await caseStep(shelf, granted, {
    name: 'key-renewed-with-one-desk-key',
    why: 'a reader renews the epoch: the desk keys of before are one reader now',
    by: m1,
    type: 'case.key',
    fields: epochOf('all', 2, 'all-2', ['desk/2', reporter.who, m1.who]),
    wrong: [
      {
        name: 'or-the-old-one',
        check: 'F8',
        what: 'wraps',
        fields: { wraps: wrapsTo('all', 2, ['desk/1', reporter.who, m1.who]) },
      },
    ],
  })
}
