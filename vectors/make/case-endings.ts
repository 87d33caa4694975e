import { type Cast, standIn } from './actors.ts'
import { addToCase, type Case, type Fields, lastId } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { acceptCase, caseStep, deskWith, messageTo, openCase, rejectCase } from './steps.ts'

/** Reviews, the end of a case, and what is published of it. */
export async function makeEndings(shelf: Shelf, people: Cast): Promise<void> {
  await reviews(shelf, people)
  await shreds(shelf, people)
  await releases(shelf, people)
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
  const fact = {
    path: '.well-known/security.txt',
    sha256: standIn('contact fact'),
    licence: 'CC0-1.0',
    not_before: '2027-02-20T12:00:00Z',
    doc: '',
  }
  const inCase = await addToCase(within, c1, 'release', fact)
  await acceptCase(
    shelf,
    'release-of-a-contact-fact-waits',
    'in a case nothing counts by one',
    inCase,
  )
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
