import { type Cast, standIn } from './actors.ts'
import { add, type Chain, lastId, NO_DESK } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { acceptDesk, admission, approvalOf, deskStep, rejectDesk, smallDesk } from './steps.ts'

const RELEASE = {
  path: 'advisories/2026/EXAMPLE-2026-0001.json',
  sha256: standIn('document'),
  licence: 'CC-BY-4.0',
  not_before: '2026-12-01T12:00:00Z',
  doc: '',
}

/** `desk.rules`, `desk.restored`, `approve`, `release`, `withdraw`; chains that are cut, swapped or forked. */
export async function makeDeskVectors(shelf: Shelf, people: Cast): Promise<void> {
  await beginnings(shelf, people)
  await twoPersonActs(shelf, people)
  await restoredAlone(shelf, people)
  await releases(shelf, people)
  await lateApprovals(shelf, people)
}

async function beginnings(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, m1, server } = people
  const base = await smallDesk(people)
  const opening = { name: 'Example Foundation', domain: 'security.example.org', server: server.who }
  await acceptDesk(
    shelf,
    'open',
    'the first statement alone',
    await add(NO_DESK, root, 'desk.open', opening),
  )
  await acceptDesk(shelf, 'small', 'root, two coordinators, a maintainer, both keys, a beat', base)
  const beaten = await deskStep(shelf, base, {
    name: 'beat',
    why: 'a coordinator says that somebody is here',
    by: c1,
    type: 'desk.beat',
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by: root is no coordinator', by: root },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'seq-skipped', check: 'F2', what: 'seq + 1', fields: { seq: 8 } },
      { name: 'seq-repeated', check: 'F2', what: 'seq − 1', fields: { seq: 6 } },
      { name: 'prev-of-another', check: 'F2', what: 'prev', fields: { prev: standIn('prev') } },
      { name: 'names-a-dir', check: 'F4', what: 'dir is not empty', fields: { dir: base.id } },
      {
        name: 'is-a-second-open',
        check: 'F2',
        what: 'type and its fields',
        by: root,
        type: 'desk.open',
        fields: opening,
      },
    ],
  })
  const [first, second, third, ...rest] = beaten.statements
  if (first === undefined || second === undefined || third === undefined) return
  const bent = (
    name: string,
    what: string,
    statements: Chain['statements'],
    failsAt: number,
    id = base.id,
  ) => rejectDesk(shelf, `beat-${name}`, 'F2', 'beat', what, { ...beaten, statements, id }, failsAt)
  bent('without-the-first', 'the first statement is gone', beaten.statements.slice(1), 0)
  bent('with-one-dropped', 'the second statement is gone', [first, third, ...rest], 1)
  bent('with-two-swapped', 'the second and third are swapped', [first, third, second, ...rest], 1)
  bent('with-one-repeated', 'the second comes twice', [first, second, second, third, ...rest], 2)
  bent('of-another-desk', 'the pin', beaten.statements, 0, standIn('another desk'))
  bent('empty', 'no statement at all', [], 0)
  const forked = await add(
    { ...base, statements: base.statements.slice(0, -1) },
    c2,
    'desk.rules',
    {
      sha256: standIn('fork'),
    },
  )
  const fork = forked.statements.at(-1)
  if (fork !== undefined)
    bent('with-a-fork', 'two statements for one place', [...base.statements, fork], 7)
}

async function twoPersonActs(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, m1, server } = people
  const base = await smallDesk(people)
  const acts = [
    { type: 'desk.rules', name: 'rules', fields: { sha256: standIn('rules') } },
    {
      type: 'desk.restored',
      name: 'restored',
      fields: { size: 12, root: standIn('restored root'), lost: [standIn('lost case')] },
    },
  ]
  for (const { type, name, fields } of acts) {
    const waits = await deskStep(shelf, base, {
      name: `${name}-waits`,
      why: `${type} by one coordinator has no effect yet`,
      by: c1,
      type,
      fields,
      wrong: [
        { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
        { name: 'by-root', check: 'F5', what: 'by: root alone does not suffice', by: root },
        { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      ],
    })
    const done = await deskStep(shelf, waits, {
      name: `${name}-approved`,
      why: `${type} approved by a second coordinator`,
      by: c2,
      type: 'approve',
      fields: approvalOf(waits),
      wrong: [
        { name: 'by-the-same', check: 'F8', what: 'by', by: c1 },
        { name: 'or-root', check: 'F5', what: 'by', by: root },
        { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
        { name: 'names-nothing', check: 'F8', what: 'what', fields: { what: standIn('nothing') } },
        {
          name: 'names-a-beat',
          check: 'F8',
          what: 'what is a desk.beat',
          fields: { what: lastId(base) },
        },
      ],
    })
    rejectDesk(
      shelf,
      `${name}-approved-twice`,
      'F8',
      `${name}-approved`,
      'one statement more: approved again',
      await add(done, c2, 'approve', { what: lastId(waits) }),
    )
  }
}

/** A desk with one coordinator left would stay shut after a restore: root is their second person for that alone. */
async function restoredAlone(shelf: Shelf, people: Cast): Promise<void> {
  const { root, server, c1, c2, m1 } = people
  const both = await smallDesk(people)
  const base = await add(both, c2, 'member.revoke', { who: c2.who, reason: '' })
  const restored = { size: 12, root: standIn('restored root'), lost: [] }
  const waits = await add(base, c1, 'desk.restored', restored)
  const rules = await add(base, c1, 'desk.rules', { sha256: standIn('rules') })
  const among = await add(both, c1, 'desk.restored', restored)
  await deskStep(shelf, waits, {
    name: 'restored-approved-by-root',
    why: 'root is the second person where one coordinator is left',
    by: root,
    type: 'approve',
    fields: approvalOf(waits),
    wrong: [
      { name: 'or-by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'or-by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      {
        name: 'among-two',
        check: 'F5',
        what: 'no member.revoke before it: two coordinators are active',
        after: among,
        fields: approvalOf(among),
      },
      {
        name: 'that-is-a-rule',
        check: 'F5',
        what: 'what is a desk.rules',
        after: rules,
        fields: approvalOf(rules),
      },
    ],
  })
}

async function releases(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, m1 } = people
  const base = await smallDesk(people)
  const waits = await deskStep(shelf, base, {
    name: 'release-waits',
    why: 'a document that belongs to no case; one coordinator alone publishes nothing',
    by: c1,
    type: 'release',
    fields: RELEASE,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
    ],
  })
  const what = { what: lastId(waits) }
  const released = await deskStep(shelf, waits, {
    name: 'release-approved',
    why: 'a second coordinator approves',
    by: c2,
    type: 'approve',
    fields: what,
    wrong: [{ name: 'by-the-same', check: 'F8', what: 'by', by: c1 }],
  })
  const withdrawn = await deskStep(shelf, waits, {
    name: 'withdraw',
    why: 'a coordinator withdraws what waits, the own author too',
    by: c1,
    type: 'withdraw',
    fields: what,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
      { name: 'names-nothing', check: 'F8', what: 'what', fields: { what: standIn('nothing') } },
      {
        name: 'names-a-beat',
        check: 'F8',
        what: 'what is a desk.beat',
        fields: { what: lastId(base) },
      },
    ],
  })
  const after = (name: string, text: string, chain: Chain) =>
    rejectDesk(shelf, name, 'F8', 'withdraw', text, chain)
  after('withdraw-twice', 'one statement more: again', await add(withdrawn, c2, 'withdraw', what))
  after(
    'withdraw-then-approve',
    'one statement more: an approval',
    await add(withdrawn, c2, 'approve', what),
  )
  await acceptDesk(
    shelf,
    'withdraw-a-release',
    'a release is withdrawn after its approval too, as long as the valve did not write it',
    await add(released, c1, 'withdraw', what),
  )
  const rules = await add(base, c1, 'desk.rules', { sha256: standIn('rules') })
  const ruled = await add(rules, c2, 'approve', approvalOf(rules))
  after(
    'withdraw-what-counts',
    'what is a desk.rules that was approved',
    await add(ruled, c1, 'withdraw', { what: lastId(rules) }),
  )
}

/** What counted without a second person never waited: a later approval must not bring it to life again. */
async function lateApprovals(shelf: Shelf, people: Cast): Promise<void> {
  const { root, c1, c2, c3, m1, server2 } = people
  const base = await smallDesk(people)
  const late = async (name: string, against: string, text: string, first: Chain, then: Chain) =>
    rejectDesk(
      shelf,
      `late-approval-${name}`,
      'F8',
      against,
      text,
      await add(then, c2, 'approve', { what: lastId(first) }),
    )
  const admitted = await add(
    base,
    root,
    'member.admit',
    await admission(base.id, c3, ['coordinator']),
  )
  const expelled = await add(admitted, root, 'member.revoke', { who: c3.who, reason: 'expelled' })
  await acceptDesk(shelf, 'late-none', 'root admits a coordinator, who is revoked', expelled)
  await late(
    'of-an-admission-by-root',
    'late-none',
    'one statement more: a coordinator approves the old admission',
    admitted,
    expelled,
  )
  const role = await add(base, c1, 'member.role', { who: m1.who, roles: ['maintainer:scipy'] })
  const back = await add(role, c1, 'member.role', { who: m1.who, roles: [] })
  await acceptDesk(shelf, 'late-roles', 'plain roles change twice', back)
  await late(
    'of-a-plain-role',
    'late-roles',
    'one statement more: the first is approved',
    role,
    back,
  )
  const named = await add(base, root, 'desk.server', { server: server2.who })
  await late(
    'of-a-server-by-root',
    'server-by-root',
    'one statement more: a coordinator approves what counts',
    named,
    named,
  )
  const left = await add(base, m1, 'member.revoke', { who: m1.who, reason: '' })
  await late('of-a-revocation', 'revoke', 'one statement more: it is approved', left, left)
}
