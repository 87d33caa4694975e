import { type Cast, standIn } from './actors.ts'
import { add, addToCase, type Fields, lastId, newCase, seeing } from './chains.ts'
import type { Shelf } from './shelf.ts'
import {
  acceptCase,
  admission,
  answeredCase,
  caseStep,
  deskWith,
  epochOf,
  messageTo,
  rejectCase,
  smallDesk,
} from './steps.ts'

/** Who looks after a case, and cases that a coordinator opens by themself. */
export async function makeCare(shelf: Shelf, people: Cast): Promise<void> {
  await takes(shelf, people)
  await takesAndTheDirectory(shelf, people)
  await assessments(shelf, people)
}

async function takes(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, server, c1, c2, m1, s1, root, stranger } = people
  const within = await answeredCase(await deskWith(people, 's1'), people)
  const who = (each: { readonly who: string }) => ({ who: each.who })
  const taken = await caseStep(shelf, within, {
    name: 'take',
    why: 'a coordinator says: I look after it',
    by: c1,
    type: 'case.take',
    fields: who(c1),
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-a-steward', check: 'F5', what: 'by', by: s1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'for-a-maintainer', check: 'F8', what: 'who reads, and is none', fields: who(m1) },
      { name: 'for-a-steward', check: 'F8', what: 'who', fields: who(s1) },
      { name: 'for-the-reporter', check: 'F8', what: 'who', fields: who(reporter) },
      { name: 'for-root', check: 'F8', what: 'who', fields: who(root) },
      { name: 'for-a-stranger', check: 'F8', what: 'who', fields: who(stranger) },
    ],
  })
  await caseStep(shelf, within, {
    name: 'take-for-another',
    why: 'one coordinator says that another looks after it',
    by: c1,
    type: 'case.take',
    fields: who(c2),
  })
  await caseStep(shelf, taken, {
    name: 'take-over',
    why: 'the last one counts',
    by: c2,
    type: 'case.take',
    fields: who(c2),
  })
  await caseStep(shelf, taken, {
    name: 'take-given-back',
    why: 'nobody looks after it any more; another coordinator may say so too',
    by: c2,
    type: 'case.take',
    fields: { who: '' },
    wrong: [{ name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 }],
  })
}

async function takesAndTheDirectory(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, c3 } = people
  const base = await smallDesk(people)
  const within = await answeredCase(base, people)
  const admitted = await add(
    base,
    root,
    'member.admit',
    await admission(base.id, c3, ['coordinator']),
  )
  await caseStep(shelf, seeing(within, admitted), {
    name: 'take-for-a-coordinator-at-dir',
    why: 'who is a coordinator is read from the directory at dir',
    by: c1,
    type: 'case.take',
    fields: { who: c3.who },
    wrong: [
      {
        name: 'not-yet',
        check: 'F8',
        what: 'dir is the one before the admission',
        fields: { dir: lastId(base) },
      },
    ],
  })
  const gone = await add(base, root, 'member.revoke', { who: c2.who, reason: '' })
  const taken = await addToCase(within, c1, 'case.take', { who: c2.who })
  await acceptCase(
    shelf,
    'take-for-one-who-left-since',
    'they were a coordinator at dir: the chain stands, and says who it was',
    { ...taken, desk: gone },
  )
  rejectCase(
    shelf,
    'take-for-one-who-left-before',
    'F8',
    'take-for-one-who-left-since',
    'dir is the one after they left',
    await addToCase(seeing(within, gone), c1, 'case.take', { who: c2.who }),
  )
}

async function assessments(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, reporter, c1, c2, m1, s1, b1 } = people
  const desk = await deskWith(people, 's1', 'b1')
  const fields: Fields = {
    source: 'assessment',
    enc: '',
    to: 'desk/1',
    body: standIn('assessment'),
    files: [],
  }
  const left = await add(desk, root, 'member.revoke', { who: c2.who, reason: '' })
  const renewed = await add(left, c1, 'desk.key', epochOf('desk', 2, 'desk-2', [c1.who]))
  const opened = await caseStep(shelf, newCase(desk), {
    name: 'open-assessment',
    why: 'a coordinator opens a case by themself: it has no reporter',
    by: c1,
    type: 'case.open',
    fields,
    wrong: [
      { name: 'by-a-reporter', check: 'F5', what: 'by is a fresh key', by: reporter },
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-a-steward', check: 'F5', what: 'by', by: s1 },
      { name: 'by-a-board-member', check: 'F5', what: 'by', by: b1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'with-a-key', check: 'F5', what: 'enc', fields: { enc: c1.pgp.cert } },
      { name: 'to-a-key-that-is-not', check: 'F7', what: 'to', fields: { to: 'desk/2' } },
      { name: 'to-a-circle', check: 'F7', what: 'to', fields: { to: 'all/1' } },
      {
        name: 'by-one-who-left',
        check: 'F6',
        what: 'by left before it, and dir says so',
        by: c2,
        after: newCase(renewed),
        fields: { to: 'desk/2' },
      },
    ],
  })
  for (const source of ['web', 'mail'])
    rejectCase(
      shelf,
      `open-assessment-as-${source}`,
      'F5',
      'open-assessment',
      'source',
      await addToCase(newCase(desk), c1, 'case.open', { ...fields, source }),
    )
  const shared = await caseStep(shelf, opened, {
    name: 'assessment-shared',
    why: 'a maintainer is asked: all/1 has no reporter among its readers',
    by: c2,
    type: 'case.key',
    fields: epochOf('all', 1, 'all-1', ['desk/1', m1.who]),
    wrong: [
      {
        name: 'by-a-maintainer',
        check: 'F5',
        what: 'by: there is no reporter who may open all/1',
        by: m1,
      },
    ],
  })
  const said = await addToCase(shared, m1, 'case.message', messageTo('all/1', 'not affected'))
  await acceptCase(
    shelf,
    'assessment-closed',
    'an answer of a member, and the case is closed like every other',
    await addToCase(said, c1, 'case.state', { state: 'closed', project: '' }),
  )
}
