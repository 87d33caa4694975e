import type { Cast } from './actors.ts'
import { standIn } from './actors.ts'
import { addToCase, type Case, type Fields, lastId } from './chains.ts'
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

/** What a coordinator decides about a case, its states, and its end. */
export async function makeActs(shelf: Shelf, people: Cast): Promise<void> {
  await plainActs(shelf, people)
  await projectStates(shelf, people)
  await caseStates(shelf, people)
  await reviews(shelf, people)
  await shreds(shelf, people)
  await releases(shelf, people)
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

async function reviews(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, s1, b1, m1 } = people
  const within = await openCase(await deskWith(people, 'b1', 's1'), reporter)
  for (const decision of ['release', 'keep', 'destroy'])
    await caseStep(shelf, within, {
      name: `review-${decision}-waits`,
      why: `a steward reviews: ${decision}`,
      by: s1,
      type: 'case.review',
      fields: { decision, until: decision === 'keep' ? '2031-11-21T12:00:00Z' : '' },
      wrong:
        decision === 'destroy'
          ? [
              { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
              { name: 'by-a-board-member', check: 'F5', what: 'by', by: b1 },
              { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
            ]
          : [],
    })
  const review = { decision: 'destroy', until: '' }
  const proposed = await addToCase(within, c1, 'case.review', review)
  const what = { what: lastId(proposed.chain) }
  const approved = await caseStep(shelf, proposed, {
    name: 'review-approved',
    why: 'a steward approves what a coordinator decided',
    by: s1,
    type: 'approve',
    fields: what,
    wrong: [
      { name: 'by-the-same', check: 'F8', what: 'by', by: c1 },
      { name: 'by-a-board-member', check: 'F5', what: 'by', by: b1 },
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
      { name: 'names-nothing', check: 'F8', what: 'what', fields: { what: standIn('nothing') } },
      { name: 'names-the-report', check: 'F8', what: 'what', fields: { what: within.chain.id } },
    ],
  })
  rejectCase(
    shelf,
    'review-approved-twice',
    'F8',
    'review-approved',
    'one statement more: approved again',
    await addToCase(approved, c2, 'approve', what),
  )
  const withdrawn = await caseStep(shelf, proposed, {
    name: 'review-withdrawn',
    why: 'a coordinator withdraws a review that waits',
    by: c2,
    type: 'withdraw',
    fields: what,
    wrong: [
      { name: 'by-a-steward', check: 'F5', what: 'by', by: s1 },
      { name: 'after-approval', check: 'F8', what: 'an approve before it', after: approved },
      { name: 'names-nothing', check: 'F8', what: 'what', fields: { what: standIn('nothing') } },
    ],
  })
  rejectCase(
    shelf,
    'review-withdrawn-then-approved',
    'F8',
    'review-withdrawn',
    'one statement more: approved',
    await addToCase(withdrawn, s1, 'approve', what),
  )
}

async function shreds(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, s1, b1, m1 } = people
  const within = await openCase(await deskWith(people, 'b1', 's1'), reporter)
  const reviewed = async (decision: string, approve = true) => {
    const proposed = await addToCase(within, c1, 'case.review', { decision, until: '' })
    const review = lastId(proposed.chain)
    const done = approve ? await addToCase(proposed, s1, 'approve', { what: review }) : proposed
    return { done, review }
  }
  const destroy = await reviewed('destroy')
  const keep = await reviewed('keep')
  const alone = await reviewed('destroy', false)
  const shredded = await caseStep(shelf, destroy.done, {
    name: 'shred-waits',
    why: 'after an approved review that says destroy',
    by: c2,
    type: 'case.shred',
    fields: { review: destroy.review },
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-a-board-member', check: 'F5', what: 'by', by: b1 },
      { name: 'without-a-review', check: 'F8', what: 'no review before it', after: within },
      {
        name: 'after-keep',
        check: 'F8',
        what: 'the review before it says keep',
        after: keep.done,
        fields: { review: keep.review },
      },
      {
        name: 'after-an-unapproved-review',
        check: 'F8',
        what: 'the review before it is not approved',
        after: alone.done,
      },
      { name: 'of-nothing', check: 'F8', what: 'review', fields: { review: standIn('nothing') } },
    ],
  })
  const what = { what: lastId(shredded.chain) }
  const gone = await caseStep(shelf, shredded, {
    name: 'shred-approved',
    why: 'approved by a second person: the end of the chain',
    by: s1,
    type: 'approve',
    fields: what,
    wrong: [
      { name: 'by-the-same', check: 'F8', what: 'by', by: c2 },
      { name: 'by-a-board-member', check: 'F5', what: 'by', by: b1 },
    ],
  })
  const after = async (name: string, from: Case, type: string, fields: Fields, by = c1) =>
    rejectCase(
      shelf,
      name,
      'F8',
      'shred-approved',
      `${from === gone ? 'one statement more' : 'instead of the approval'}: ${type}`,
      await addToCase(from, by, type, fields),
    )
  await after('shred-then-ack', shredded, 'case.ack', {})
  await after('shred-then-withdraw', shredded, 'withdraw', what)
  await after('shred-then-message', shredded, 'case.message', messageTo('desk/1', 'late'))
  await after('shred-done-then-ack', gone, 'case.ack', {})
  await after('shred-done-then-approved-again', gone, 'approve', what)
  const release = await addToCase(destroy.done, c1, 'case.review', { decision: 'keep', until: '' })
  const shred = await addToCase(release, c2, 'case.shred', { review: destroy.review })
  await after('shred-then-another-approval', shred, 'approve', { what: lastId(release.chain) }, s1)
}

async function releases(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2, s1, b1, m1 } = people
  const within = await openCase(await deskWith(people, 'b1', 's1'), reporter)
  const waits = await caseStep(shelf, within, {
    name: 'release-waits',
    why: 'one coordinator alone publishes nothing',
    by: c1,
    type: 'release',
    fields: {
      path: 'advisories/2026/EXAMPLE-2026-0002.json',
      sha256: standIn('advisory'),
      licence: 'CC-BY-4.0',
      not_before: '2027-02-20T12:00:00Z',
      doc: '',
    },
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-a-steward', check: 'F5', what: 'by', by: s1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
    ],
  })
  const what = { what: lastId(waits.chain) }
  const released = await caseStep(shelf, waits, {
    name: 'release-approved',
    why: 'a second coordinator approves',
    by: c2,
    type: 'approve',
    fields: what,
    wrong: [
      { name: 'by-the-same', check: 'F8', what: 'by', by: c1 },
      { name: 'by-a-board-member', check: 'F5', what: 'by', by: b1 },
      { name: 'by-a-steward', check: 'F5', what: 'by', by: s1 },
    ],
  })
  await caseStep(shelf, released, {
    name: 'release-withdrawn',
    why: 'a release is withdrawn after its approval too',
    by: c1,
    type: 'withdraw',
    fields: what,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      {
        name: 'twice',
        check: 'F8',
        what: 'a withdraw before it',
        after: await addToCase(released, c2, 'withdraw', what),
      },
    ],
  })
}
