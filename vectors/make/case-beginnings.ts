import { statementId } from '#seal'
import { type Cast, standIn } from './actors.ts'
import { add, addToCase, type Case, type Chain, lastId, newCase, seeing } from './chains.ts'
import type { Shelf } from './shelf.ts'
import {
  acceptCase,
  admission,
  answeredCase,
  caseStep,
  epochOf,
  messageTo,
  rejectCase,
  reportOf,
  smallDesk,
} from './steps.ts'

/** How cases are born, and chains that are cut, swapped or judged by another directory. */
export async function makeBeginnings(shelf: Shelf, people: Cast): Promise<void> {
  const base = await smallDesk(people)
  await reports(shelf, people, base)
  await mailBorn(shelf, people, base)
  await staleLetterbox(shelf, people, base)
  await bentChains(shelf, people, base)
  await directories(shelf, people, base)
}

async function reports(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { reporter, c1, m1, root, server } = people
  const fresh = newCase(base)
  await caseStep(shelf, fresh, {
    name: 'open-web',
    why: 'a report with a fresh key of the reporter',
    by: reporter,
    type: 'case.open',
    fields: reportOf(reporter),
    wrong: [
      { name: 'by-a-coordinator', check: 'F5', what: 'by is a member', by: c1 },
      { name: 'by-a-maintainer', check: 'F5', what: 'by is a member', by: m1 },
      { name: 'by-root', check: 'F5', what: 'by', by: root },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'to-a-key-that-is-not', check: 'F7', what: 'to', fields: { to: 'desk/2' } },
      { name: 'to-a-circle', check: 'F7', what: 'to', fields: { to: 'all/1' } },
      { name: 'to-the-mail-key', check: 'F7', what: 'to', fields: { to: 'mail/1' } },
      { name: 'without-a-way-back', check: 'F8', what: 'enc is empty', fields: { enc: '' } },
    ],
  })
  for (const source of ['cli', 'api'])
    await caseStep(shelf, fresh, {
      name: `open-${source}`,
      why: `the same with source ${source}`,
      by: reporter,
      type: 'case.open',
      fields: reportOf(reporter, source),
      wrong: [{ name: 'by-the-server', check: 'F5', what: 'by', by: server }],
    })
  await caseStep(shelf, fresh, {
    name: 'open-api-without-a-way-back',
    why: 'a program may report without a key for the answer',
    by: reporter,
    type: 'case.open',
    fields: { ...reportOf(reporter, 'api'), enc: '' },
  })
  await caseStep(shelf, fresh, {
    name: 'open-with-files',
    why: 'the head names the sealed files in order',
    by: reporter,
    type: 'case.open',
    fields: { ...reportOf(reporter), files: [standIn('file 1'), standIn('file 2')] },
  })
}

async function mailBorn(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { server, server2, reporter, c1, m1, root } = people
  const renamed = await add(base, root, 'desk.server', { server: server2.who })
  const more = [
    { name: 'by-a-coordinator', check: 'F5', what: 'by', by: c1 },
    { name: 'with-a-key', check: 'F5', what: 'enc', fields: { enc: reporter.pgp.cert } },
    { name: 'to-a-key-that-is-not', check: 'F7', what: 'to', fields: { to: 'desk/2' } },
    {
      name: 'by-the-former-server',
      check: 'F6',
      what: 'a desk.server before it, in dir too (N21)',
      after: newCase(renamed),
    },
  ]
  for (const source of ['mail', 'pgp', 'import']) {
    const fields = { source, enc: '', to: 'desk/1', body: standIn(`${source} body`), files: [] }
    const opened = await caseStep(shelf, newCase(base), {
      name: `open-${source}`,
      why: `the server files what came by ${source}; nobody can be answered by it yet`,
      by: server,
      type: 'case.open',
      fields,
      wrong: [
        { name: 'by-a-reporter', check: 'F5', what: 'by', by: reporter },
        ...(source === 'mail' ? more : []),
      ],
    })
    if (source === 'import') continue
    const answered = await addToCase(
      await addToCase(opened, c1, 'case.key', epochOf('all', 1, 'all-1', ['desk/1', m1.who])),
      c1,
      'case.message',
      messageTo('all/1', 'answer by mail'),
    )
    await acceptCase(
      shelf,
      `open-${source}-answered`,
      'the sealed copy of an answer that went out by mail',
      await addToCase(answered, c1, 'case.state', { state: 'closed', project: '' }),
    )
  }
}

async function staleLetterbox(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { reporter, c1, c2 } = people
  const fields = reportOf(reporter)
  const renewed = await add(base, c1, 'desk.key', epochOf('desk', 2, 'desk-2', [c1.who, c2.who]))
  const gone = await add(base, c2, 'member.revoke', { who: c2.who, reason: '' })
  await caseStep(shelf, newCase(renewed), {
    name: 'open-to-the-newest-desk-key',
    why: 'desk/2 is the newest at dir',
    by: reporter,
    type: 'case.open',
    fields: { ...fields, to: 'desk/2' },
    wrong: [
      { name: 'or-an-older-one', check: 'F7', what: 'to (K7)', fields: { to: 'desk/1' } },
      {
        name: 'or-a-stale-one',
        check: 'F7',
        what: 'to, and a coordinator left before it (N8)',
        after: newCase(gone),
        fields: { to: 'desk/1' },
      },
    ],
  })
  await acceptCase(
    shelf,
    'open-judged-by-its-dir',
    'sealed to desk/1 at a dir where that was the newest; the directory went on since',
    { ...(await addToCase(newCase(base), reporter, 'case.open', fields)), desk: renewed },
  )
}

async function bentChains(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { reporter, c1, c2 } = people
  let within = await answeredCase(base, people)
  within = await addToCase(within, c1, 'case.message', messageTo('all/1', 'answer'))
  within = await addToCase(within, reporter, 'case.message', messageTo('all/1', 'thanks'))
  within = await addToCase(within, c2, 'case.ack')
  await acceptCase(
    shelf,
    'conversation',
    'a report, its key, two messages, an acknowledgement',
    within,
  )
  const { statements, id } = within.chain
  const [first, second, third, ...rest] = statements
  if (first === undefined || second === undefined || third === undefined) return
  const bent = (
    name: string,
    what: string,
    list: Chain['statements'],
    failsAt: number,
    pin: Readonly<Record<string, string>> = {},
  ) =>
    rejectCase(
      shelf,
      `conversation-${name}`,
      'F2',
      'conversation',
      what,
      { ...within, chain: { ...within.chain, statements: list, id } },
      { failsAt, pin },
    )
  bent('without-the-first', 'the first statement is gone', statements.slice(1), 0)
  bent('with-one-dropped', 'the second statement is gone (K4)', [first, third, ...rest], 1)
  bent('with-two-swapped', 'the second and third are swapped', [first, third, second, ...rest], 1)
  bent('with-one-repeated', 'the second comes twice', [first, second, second, third, ...rest], 2)
  bent('asked-for-another', 'the chain in the pin', statements, 0, { chain: standIn('case') })
  bent('empty', 'no statement at all', [], 0)
  const sig = third.sig.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  rejectCase(
    shelf,
    'conversation-signature-altered',
    'F3',
    'conversation',
    'the first digit of the third signature',
    {
      ...within,
      chain: { ...within.chain, statements: [first, second, { ...third, sig }, ...rest] },
    },
    { failsAt: 2 },
  )
  const forged = await addToCase(within, { who: c1.who, signer: c2.signer }, 'case.ack')
  rejectCase(
    shelf,
    'conversation-forged',
    'F3',
    'conversation',
    'one statement more: signed by another than by',
    forged,
  )
  const again = await addToCase(within, reporter, 'case.open', {
    ...reportOf(reporter),
    desk: base.id,
    chain: id,
  })
  rejectCase(
    shelf,
    'conversation-opened-twice',
    'F2',
    'conversation',
    'one statement more: case.open',
    again,
  )
  const moved = await openElsewhere(base, people)
  const foreign = moved.chain.statements.at(-1)
  if (foreign === undefined) return
  rejectCase(
    shelf,
    'conversation-statement-of-another-case',
    'F2',
    'conversation',
    'one statement more, signed for another case (K3)',
    { ...within, chain: { ...within.chain, statements: [...statements, foreign] } },
  )
}

/** Another case of the same length, whose last statement fits in place but not in chain. */
async function openElsewhere(base: Chain, people: Cast): Promise<Case> {
  const { claimant, c1 } = people
  let other = await addToCase(newCase(base), claimant, 'case.open', reportOf(claimant))
  for (let i = 0; i < 5; i++) other = await addToCase(other, c1, 'case.ack')
  return other
}

async function directories(shelf: Shelf, people: Cast, base: Chain): Promise<void> {
  const { c1, c2, c3, root } = people
  const within = await answeredCase(base, people)
  const later = await add(base, c1, 'desk.beat')
  const first = base.statements[1]
  const early = first === undefined ? '' : statementId(first.head)
  await caseStep(shelf, seeing(within, later), {
    name: 'newer-dir',
    why: 'dir moves on with the desk chain',
    by: c2,
    type: 'case.ack',
    wrong: [
      { name: 'unknown', check: 'F4', what: 'dir (N19)', fields: { dir: standIn('dir') } },
      { name: 'empty', check: 'F4', what: 'dir', fields: { dir: '' } },
      { name: 'goes-back', check: 'F4', what: 'dir is an older one (N17)', fields: { dir: early } },
    ],
  })
  const admitted = await add(
    later,
    root,
    'member.admit',
    await admission(base.id, c3, ['coordinator']),
  )
  await caseStep(shelf, seeing(within, admitted), {
    name: 'coordinator-at-dir',
    why: 'who may is read from the directory at dir: the third coordinator is in it',
    by: c3,
    type: 'case.ack',
    wrong: [
      {
        name: 'not-yet',
        check: 'F5',
        what: 'dir is the one before the admission',
        fields: { dir: lastId(later) },
      },
    ],
  })
}
