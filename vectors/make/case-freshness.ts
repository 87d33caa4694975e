import { DAY, millisecondsOf, SECOND, timeOf } from '#lexicon'
import { type Cast, joins } from './actors.ts'
import { add, addToCase, type Case, type Chain, type Fields, seeing } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { testKey } from './test-keys.ts'
import {
  acceptCase,
  answeredCase,
  caseStep,
  epochOf,
  messageTo,
  rejectCase,
  smallDesk,
} from './steps.ts'

/** What F7 says of epochs: who left, what was renewed, how old they are. */
export async function makeFreshness(shelf: Shelf, people: Cast): Promise<void> {
  await staleEpochs(shelf, people)
  await oldEpochs(shelf, people)
}

/** Readers who left, new keys of readers, another desk key: F7 for whoever writes next. */
async function staleEpochs(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, c2new, m1, m1new } = people
  const desk = await smallDesk(people)
  const within = await answeredCase(desk, people)
  const rotated = async (by: typeof m1, next: typeof m1): Promise<Chain> =>
    add(desk, by, 'member.rotate', {
      who: next.who,
      enc: next.pgp.cert,
      join: await joins(next, desk.id, { handle: by.name }),
    })
  const renewed = await add(desk, c1, 'desk.key', epochOf('desk', 2, 'desk-2', [c1.who, c2.who]))
  const maintainerGone = await add(desk, c1, 'member.revoke', { who: m1.who, reason: '' })
  const coordinatorGone = await add(desk, c2, 'member.revoke', { who: c2.who, reason: '' })
  const demoted = await add(
    await add(desk, c1, 'member.role', { who: c2.who, roles: ['guest'] }),
    people.root,
    'member.role',
    { who: c2.who, roles: ['guest'] },
  )
  const stale = (name: string, what: string, chain: Chain) => ({
    name,
    check: 'F7',
    what,
    after: seeing(within, chain),
  })
  await caseStep(shelf, within, {
    name: 'message-while-fresh',
    why: 'every reader of all/1 is active with the same certificate',
    by: reporter,
    type: 'case.message',
    fields: messageTo('all/1', 'fresh'),
    wrong: [
      stale('after-a-maintainer-left', 'a member.revoke of a reader (N8)', maintainerGone),
      stale('after-a-maintainer-rotated', 'a member.rotate of a reader', await rotated(m1, m1new)),
      stale('after-a-coordinator-left', 'a member.revoke: desk/1 is stale', coordinatorGone),
      stale('after-a-coordinator-rotated', 'a member.rotate: desk/1', await rotated(c2, c2new)),
      stale('after-a-coordinator-fell', 'a member.role by root: desk/1 is stale', demoted),
      stale('after-a-new-desk-key', 'a desk.key: desk/1 is not the newest', renewed),
    ],
  })
  await caseStep(shelf, within, {
    name: 'note-while-fresh',
    why: 'a team note, sealed to the newest desk key',
    by: c1,
    type: 'case.message',
    fields: messageTo('desk/1', 'note'),
    wrong: [
      stale('after-a-coordinator-left', 'a member.revoke of a coordinator', coordinatorGone),
      stale('after-a-new-desk-key', 'a desk.key before it', renewed),
      { name: 'to-one-that-is-not', check: 'F7', what: 'to', fields: { to: 'desk/2' } },
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
    ],
  })
  await acceptCase(shelf, 'message-judged-by-its-dir', 'a maintainer left after it was written', {
    ...(await addToCase(within, reporter, 'case.message', messageTo('all/1', 'before'))),
    desk: maintainerGone,
  })
  const certificate = testKey('claimant').cert
  const renewedReporter = await addToCase(within, c1, 'case.reporter', {
    who: reporter.who,
    enc: certificate,
    join: await joins(reporter, desk.id, { handle: '', invite: within.chain.id, enc: certificate }),
    pgp: '',
  })
  const threaded = await addToCase(
    within,
    c1,
    'case.key',
    epochOf('p-numpy', 1, 'project-1', ['desk/1', m1.who]),
  )
  await acceptCase(
    shelf,
    'message-in-a-project-after-the-reporter-changed-keys',
    'the reporter is no reader there',
    await addToCase(
      await addToCase(threaded, c1, 'case.reporter', {
        who: reporter.who,
        enc: certificate,
        join: await joins(reporter, desk.id, {
          handle: '',
          invite: within.chain.id,
          enc: certificate,
        }),
        pgp: '',
      }),
      m1,
      'case.message',
      messageTo('p-numpy/1', 'fresh still'),
    ),
  )
  rejectCase(
    shelf,
    'message-after-the-reporter-changed-keys',
    'F7',
    'message-while-fresh',
    'a case.reporter before it: the same person with another certificate',
    await addToCase(renewedReporter, m1, 'case.message', messageTo('all/1', 'stale')),
  )
}

/** 180 days, counted by `at` from the `case.key`. */
async function oldEpochs(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1 } = people
  const desk = await smallDesk(people)
  const within: Case = await answeredCase(desk, people)
  const key = within.chain.statements.at(-1)
  const { at } = JSON.parse(key?.head ?? '{}') as { at: string }
  const after = (milliseconds: number): Fields => ({
    at: timeOf(millisecondsOf(at) + milliseconds),
  })
  await caseStep(shelf, within, {
    name: 'message-one-second-before-180-days',
    why: 'an epoch is fresh for 180 days less one second',
    by: reporter,
    type: 'case.message',
    fields: messageTo('all/1', 'late', after(180 * DAY - SECOND)),
    wrong: [
      {
        name: 'or-at-180-days',
        check: 'F7',
        what: 'at, one second later',
        fields: after(180 * DAY),
      },
    ],
  })
  await acceptCase(
    shelf,
    'note-after-180-days',
    'a desk key has no such age: the desk renews it when a coordinator goes, and yearly',
    await addToCase(within, c1, 'case.message', messageTo('desk/1', 'late note', after(200 * DAY))),
  )
  await acceptCase(
    shelf,
    'key-renewed-after-180-days',
    'whoever writes next makes the epoch',
    await addToCase(within, reporter, 'case.key', {
      ...epochOf('all', 2, 'all-2', ['desk/1', reporter.who, people.m1.who]),
      ...after(181 * DAY),
    }),
  )
}
