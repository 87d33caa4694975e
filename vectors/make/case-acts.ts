import { type Cast, standIn } from './actors.ts'
import { addToCase, type Case, type Fields } from './chains.ts'
import type { Shelf } from './shelf.ts'
import {
  acceptCase,
  answeredCase,
  caseStep,
  deskWith,
  epochOf,
  messageTo,
  rejectCase,
  smallDesk,
} from './steps.ts'

/** What a coordinator decides about a case, and its states. */
export async function makeActs(shelf: Shelf, people: Cast): Promise<void> {
  await plainActs(shelf, people)
  await projectStates(shelf, people)
  await caseStates(shelf, people)
}

async function plainActs(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, server, c1, m1 } = people
  const within = await answeredCase(await smallDesk(people), people)
  const acts: { name: string; type: string; fields: Fields; why: string }[] = [
    { name: 'ack', type: 'case.ack', fields: {}, why: 'somebody looks at it' },
    ...[
      'vulnerability',
      'defence',
      'question',
      'invalid',
      'duplicate',
      'public',
      'not-security',
    ].map((sort) => ({
      name: `sort-${sort}`,
      type: 'case.sort',
      fields: { sort },
      why: `sorted as ${sort}`,
    })),
    ...['members', 'handoff', 'direct-expert', 'direct-silent'].map((how) => ({
      name: `route-${how}`,
      type: 'case.route',
      fields: { project: 'numpy', how },
      why: `routed by ${how}`,
    })),
    {
      name: 'embargo',
      type: 'case.embargo',
      fields: { until: '2027-02-20T12:00:00Z' },
      why: 'an embargo is agreed',
    },
    { name: 'embargo-lifted', type: 'case.embargo', fields: { until: '' }, why: 'and lifted' },
    ...['duplicate-of', 'part-of', 'see'].map((relation) => ({
      name: `link-${relation}`,
      type: 'case.link',
      fields: { other: standIn('other case'), relation },
      why: `linked: ${relation}`,
    })),
  ]
  const one = new Set(['ack', 'sort-question', 'route-members', 'embargo', 'link-see'])
  for (const act of acts)
    await caseStep(shelf, within, {
      ...act,
      by: c1,
      wrong: one.has(act.name)
        ? [
            { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
            { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
            { name: 'by-the-server', check: 'F5', what: 'by', by: server },
          ]
        : [],
    })
  rejectCase(
    shelf,
    'link-to-itself',
    'F8',
    'link-see',
    'other',
    await addToCase(within, c1, 'case.link', { other: within.chain.id, relation: 'see' }),
  )
  const twice = await addToCase(await addToCase(within, c1, 'case.ack'), people.c2, 'case.ack')
  await acceptCase(shelf, 'ack-twice', 'the first acknowledgement is the one that counts', twice)
}

async function projectStates(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, m1, m2 } = people
  const within = await answeredCase(await deskWith(people, 'm2'), people)
  const project = await addToCase(
    within,
    c1,
    'case.key',
    epochOf('p-numpy', 1, 'project-1', ['desk/1', m1.who]),
  )
  for (const state of ['not-looked', 'looking', 'affected', 'not-affected', 'fixed'])
    await caseStep(shelf, project, {
      name: `project-${state}`,
      why: `a maintainer who reads the thread of their project says: ${state}`,
      by: m1,
      type: 'case.state',
      fields: { state, project: 'numpy' },
      wrong:
        state === 'affected'
          ? [
              { name: 'by-another-maintainer', check: 'F5', what: 'by', by: m2 },
              { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
              {
                name: 'of-another-project',
                check: 'F5',
                what: 'project',
                fields: { project: 'scipy' },
              },
              {
                name: 'without-the-thread',
                check: 'F5',
                what: 'no case.key of p-numpy before it',
                after: within,
              },
              {
                name: 'as-a-state-of-the-case',
                check: 'F8',
                what: 'state',
                fields: { state: 'closed' },
              },
            ]
          : [],
    })
  await acceptCase(
    shelf,
    'project-state-by-a-coordinator',
    'a coordinator may say it for any project',
    await addToCase(within, c1, 'case.state', { state: 'not-looked', project: 'scipy' }),
  )
}

async function caseStates(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, m1 } = people
  const within = await answeredCase(await smallDesk(people), people)
  const state = (name: string): Fields => ({ state: name, project: '' })
  const move = (from: Case, name: string) => addToCase(from, c1, 'case.state', state(name))
  const say = (to: string, by = c1, from = within) =>
    addToCase(from, by, 'case.message', messageTo(to, 'words'))
  await caseStep(shelf, within, {
    name: 'state-waiting',
    why: 'the desk waits for somebody',
    by: c1,
    type: 'case.state',
    fields: state('waiting'),
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
      { name: 'as-a-state-of-a-project', check: 'F8', what: 'state', fields: state('fixed') },
    ],
  })
  const project = await addToCase(
    within,
    c1,
    'case.key',
    epochOf('p-numpy', 1, 'project-1', ['desk/1', m1.who]),
  )
  const answered = await say('all/1', m1)
  const closed = await caseStep(shelf, answered, {
    name: 'state-closed',
    why: 'closed after an answer of a member to the reporter',
    by: c1,
    type: 'case.state',
    fields: state('closed'),
    wrong: [
      { name: 'unanswered', check: 'F8', what: 'no case.message before it', after: within },
      {
        name: 'after-words-of-the-reporter',
        check: 'F8',
        what: 'the message before it is by the reporter',
        after: await say('all/1', reporter),
      },
      {
        name: 'after-words-in-a-project',
        check: 'F8',
        what: 'the message before it is in the thread of a project',
        after: await say('p-numpy/1', m1, project),
      },
      {
        name: 'after-a-note-of-another',
        check: 'F8',
        what: 'the message before it is a note of another coordinator',
        after: await say('desk/1', c2),
      },
      {
        name: 'after-a-note-not-just-before',
        check: 'F8',
        what: 'an acknowledgement between note and closing',
        after: await addToCase(await say('desk/1'), c1, 'case.ack'),
      },
    ],
  })
  await acceptCase(
    shelf,
    'state-closed-with-a-reason',
    'closed with a reason just before, by the same author',
    await move(await say('desk/1'), 'closed'),
  )
  const archived = await caseStep(shelf, closed, {
    name: 'state-archived',
    why: 'archived after closed',
    by: c2,
    type: 'case.state',
    fields: state('archived'),
    wrong: [
      { name: 'before-closed', check: 'F8', what: 'not closed before it', after: answered },
      {
        name: 'after-reopened',
        check: 'F8',
        what: 'opened again before it',
        after: await move(closed, 'open'),
      },
    ],
  })
  await acceptCase(
    shelf,
    'state-open-again',
    'an archived case opens again',
    await move(archived, 'open'),
  )
}
