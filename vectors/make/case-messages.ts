import { type Cast, joins, standIn } from './actors.ts'
import { add, addToCase, type Fields, lastId, newCase, seeing } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { testKey } from './test-keys.ts'
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

/** What carries a body: messages, mail, titles, hand-offs; and who the reporter is. */
export async function makeMessages(shelf: Shelf, people: Cast): Promise<void> {
  await messages(shelf, people)
  await mail(shelf, people)
  await titles(shelf, people)
  await handOffs(shelf, people)
  await reporters(shelf, people)
}

async function messages(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, server, c1, c2, m1, m2, b1, stranger } = people
  const desk = await deskWith(people, 'm2', 'b1')
  const within = await answeredCase(desk, people)
  const project = await addToCase(
    within,
    c1,
    'case.key',
    epochOf('p-numpy', 1, 'project-1', ['desk/1', m1.who]),
  )
  await caseStep(shelf, project, {
    name: 'message-by-a-coordinator',
    why: 'a coordinator writes in every circle; this is an answer',
    by: c2,
    type: 'case.message',
    fields: messageTo('all/1', 'answer'),
    wrong: [
      { name: 'not-by-the-server', check: 'F5', what: 'by (N21)', by: server },
      { name: 'not-by-a-stranger', check: 'F5', what: 'by', by: stranger },
      { name: 'not-by-another-maintainer', check: 'F5', what: 'by', by: m2 },
      { name: 'not-by-a-board-member', check: 'F5', what: 'by', by: b1 },
      {
        name: 'replying-to-nothing',
        check: 'F8',
        what: 'reply',
        fields: { reply: standIn('nothing') },
      },
      { name: 'to-an-epoch-that-is-not', check: 'F7', what: 'to', fields: { to: 'all/2' } },
      { name: 'to-a-circle-that-is-not', check: 'F7', what: 'to', fields: { to: 'p-scipy/1' } },
      { name: 'to-the-mail-key', check: 'F7', what: 'to', fields: { to: 'mail/1' } },
    ],
  })
  await caseStep(shelf, project, {
    name: 'message-in-a-project',
    why: 'a maintainer writes in the thread of their project: no answer to the reporter',
    by: m1,
    type: 'case.message',
    fields: messageTo('p-numpy/1', 'patch'),
    wrong: [
      { name: 'not-by-the-reporter', check: 'F5', what: 'by', by: reporter },
      { name: 'not-by-another-maintainer', check: 'F5', what: 'by', by: m2 },
    ],
  })
  await caseStep(shelf, within, {
    name: 'message-with-files-and-reply',
    why: 'a reply to an earlier statement, with two files',
    by: reporter,
    type: 'case.message',
    fields: messageTo('all/1', 'files', {
      files: [standIn('file 1'), standIn('file 2')],
      reply: within.chain.id,
    }),
  })
  await acceptCase(
    shelf,
    'note-by-a-coordinator',
    'a team note is no answer',
    await addToCase(within, c1, 'case.message', messageTo('desk/1', 'note')),
  )
}

async function mail(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, root, server, server2, c1, c2, m1 } = people
  const desk = await smallDesk(people)
  const open = { source: 'mail', enc: '', to: 'desk/1', body: standIn('mail'), files: [] }
  const born = await addToCase(newCase(desk), server, 'case.open', open)
  const fields = (to: string): Fields => ({ to, body: standIn(`mail to ${to}`), files: [] })
  await caseStep(shelf, born, {
    name: 'mail-before-any-thread',
    why: 'while there is no all/n, mail goes to the desk key',
    by: server,
    type: 'case.mail',
    fields: fields('desk/1'),
    wrong: [
      { name: 'not-by-a-coordinator', check: 'F5', what: 'by', by: c1 },
      { name: 'to-a-thread-that-is-not', check: 'F7', what: 'to', fields: { to: 'all/1' } },
    ],
  })
  const answered = await addToCase(
    born,
    c1,
    'case.key',
    epochOf('all', 1, 'all-1', ['desk/1', m1.who]),
  )
  const project = await addToCase(
    answered,
    c1,
    'case.key',
    epochOf('p-numpy', 1, 'project-1', ['desk/1', m1.who]),
  )
  await caseStep(shelf, project, {
    name: 'mail-to-a-fresh-thread',
    why: 'all/1 is fresh: mail goes there',
    by: server,
    type: 'case.mail',
    fields: fields('all/1'),
    wrong: [
      { name: 'not-by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'not-by-a-coordinator', check: 'F5', what: 'by', by: c2 },
      { name: 'not-by-a-stranger', check: 'F5', what: 'by', by: reporter },
      { name: 'not-to-a-project', check: 'F8', what: 'to', fields: { to: 'p-numpy/1' } },
      {
        name: 'not-to-the-desk',
        check: 'F8',
        what: 'to: all/1 is fresh',
        fields: { to: 'desk/1' },
      },
    ],
  })
  const gone = await add(desk, c1, 'member.revoke', { who: m1.who, reason: '' })
  await caseStep(shelf, seeing(answered, gone), {
    name: 'mail-while-the-thread-is-stale',
    why: 'a reader of all/1 left: mail goes to the desk key',
    by: server,
    type: 'case.mail',
    fields: fields('desk/1'),
    wrong: [{ name: 'not-there', check: 'F7', what: 'to', fields: { to: 'all/1' } }],
  })
  const renamed = await add(desk, root, 'desk.server', { server: server2.who })
  const web = await answeredCase(desk, people)
  await caseStep(shelf, seeing(web, renamed), {
    name: 'mail-by-the-new-server',
    why: 'after desk.server the new key files mail',
    by: server2,
    type: 'case.mail',
    fields: fields('all/1'),
    wrong: [
      { name: 'not-by-the-old', check: 'F6', what: 'by (N21)', by: server },
      {
        name: 'not-by-the-old-under-an-old-dir',
        check: 'F6',
        what: 'by, and dir is the one where that was the server',
        by: server,
        fields: { dir: lastId(desk) },
      },
    ],
  })
}

async function titles(shelf: Shelf, people: Cast): Promise<void> {
  const { c1, c2, m1, server } = people
  const desk = await smallDesk(people)
  const within = await answeredCase(desk, people)
  const renewed = await add(desk, c1, 'desk.key', epochOf('desk', 2, 'desk-2', [c1.who, c2.who]))
  const label = (epoch: number): Fields => ({ label: { epoch, blob: standIn(`label ${epoch}`) } })
  const fields = { ...label(1), to: 'desk/1', body: standIn('title') }
  await caseStep(shelf, within, {
    name: 'title',
    why: 'a title is sealed and labelled under the newest desk key',
    by: c1,
    type: 'case.title',
    fields,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'labelled-for-another-epoch', check: 'F8', what: 'label', fields: label(2) },
      { name: 'in-a-thread', check: 'F8', what: 'to', fields: { to: 'all/1' } },
      {
        name: 'under-an-old-desk-key',
        check: 'F7',
        what: 'a desk.key before it',
        after: seeing(within, renewed),
      },
      {
        name: 'labelled-under-an-old-desk-key',
        check: 'F8',
        what: 'a desk.key before it; to is the newest, label is not',
        after: seeing(within, renewed),
        fields: { to: 'desk/2' },
      },
    ],
  })
  await acceptCase(
    shelf,
    'title-again',
    'a title may change; the newest counts',
    await addToCase(await addToCase(within, c1, 'case.title', fields), c2, 'case.title', fields),
  )
}

async function handOffs(shelf: Shelf, people: Cast): Promise<void> {
  const { c1, m1, reporter } = people
  const desk = await smallDesk(people)
  const within = await answeredCase(desk, people)
  const handOff = {
    project: 'numpy',
    channel: 'security@example.org',
    sha256: standIn('what left'),
    to: 'all/1',
    body: standIn('body of what left'),
    files: [],
  }
  const sorted = (sort: string) => addToCase(within, c1, 'case.sort', { sort })
  await caseStep(shelf, within, {
    name: 'handoff',
    why: 'what left the desk, byte for byte, in the body',
    by: c1,
    type: 'case.handoff',
    fields: handOff,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-reporter', check: 'F5', what: 'by', by: reporter },
      { name: 'to-an-epoch-that-is-not', check: 'F7', what: 'to', fields: { to: 'all/2' } },
      { name: 'in-public-unsorted', check: 'F8', what: 'channel', fields: { channel: 'public' } },
      {
        name: 'in-public-spelled-otherwise',
        check: 'F8',
        what: 'channel',
        fields: { channel: ' Public' },
      },
    ],
  })
  await caseStep(shelf, await sorted('question'), {
    name: 'handoff-in-public',
    why: 'a report that is no vulnerability may go to a public channel',
    by: c1,
    type: 'case.handoff',
    fields: { ...handOff, channel: 'public' },
    wrong: [
      {
        name: 'of-a-vulnerability',
        check: 'F8',
        what: 'the sort before it',
        after: await sorted('vulnerability'),
      },
      {
        name: 'of-a-defence',
        check: 'F8',
        what: 'the sort before it',
        after: await sorted('defence'),
      },
    ],
  })
}

async function reporters(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, claimant, server, c1, m1, stranger } = people
  const desk = await smallDesk(people)
  const open = { source: 'mail', enc: '', to: 'desk/1', body: standIn('mail'), files: [] }
  const born = await addToCase(newCase(desk), server, 'case.open', open)
  const pgp = { who: '', enc: '', join: '', pgp: `${'AB'.repeat(20)} ${standIn('certificate')}` }
  const pinned = await caseStep(shelf, born, {
    name: 'reporter-by-pgp-key',
    why: 'a reporter by mail is pinned by the fingerprint of their key and the hash of its certificate',
    by: c1,
    type: 'case.reporter',
    fields: pgp,
    wrong: [
      { name: 'by-a-maintainer', check: 'F5', what: 'by', by: m1 },
      { name: 'by-the-server', check: 'F5', what: 'by', by: server },
      { name: 'that-names-nobody', check: 'F8', what: 'pgp', fields: { pgp: '' } },
      { name: 'with-a-certificate', check: 'F8', what: 'enc', fields: { enc: claimant.pgp.cert } },
      { name: 'with-a-signature', check: 'F8', what: 'join', fields: { join: 'ab'.repeat(64) } },
    ],
  })
  const claim = async (who = claimant, invite = born.chain.id, handle = ''): Promise<Fields> => ({
    who: who.who,
    enc: who.pgp.cert,
    join: await joins(who, desk.id, { handle, invite }),
    pgp: '',
  })
  const claimed = await caseStep(shelf, born, {
    name: 'reporter-by-claim',
    why: 'a reporter by mail made keys and signed a claim for this case',
    by: c1,
    type: 'case.reporter',
    fields: await claim(),
    wrong: [
      { name: 'by-the-claimant', check: 'F5', what: 'by', by: claimant },
      {
        name: 'of-another-case',
        check: 'F8',
        what: 'join: over another case id',
        fields: { join: (await claim(claimant, standIn('case'))).join ?? '' },
      },
      {
        name: 'with-a-handle',
        check: 'F8',
        what: 'join: over a handle',
        fields: { join: (await claim(claimant, born.chain.id, 'Reporter')).join ?? '' },
      },
      { name: 'of-another-person', check: 'F8', what: 'who', fields: { who: stranger.who } },
      {
        name: 'with-another-certificate',
        check: 'F8',
        what: 'enc',
        fields: { enc: testKey('reporter').cert },
      },
      { name: 'without-a-certificate', check: 'F8', what: 'enc', fields: { enc: '' } },
      { name: 'without-a-signature', check: 'F8', what: 'join', fields: { join: '' } },
      { name: 'by-a-member', check: 'F8', what: 'who is a member', fields: await claim(m1) },
      {
        name: 'by-the-desk-server',
        check: 'F8',
        what: 'who is the server',
        fields: await claim(server),
      },
    ],
  })
  const epoch = epochOf('all', 1, 'all-1', ['desk/1', claimant.who])
  const threaded = await caseStep(shelf, claimed, {
    name: 'reporter-by-claim-reads',
    why: 'from the claim on the reporter can be a reader',
    by: c1,
    type: 'case.key',
    fields: epoch,
    wrong: [{ name: 'not-before', check: 'F8', what: 'no case.reporter before it', after: born }],
  })
  await acceptCase(
    shelf,
    'reporter-by-claim-writes',
    'and writes',
    await addToCase(threaded, claimant, 'case.message', messageTo('all/1', 'hello')),
  )
  await acceptCase(
    shelf,
    'reporter-by-pgp-key-then-claim',
    'a claim replaces a pinned key',
    await addToCase(pinned, c1, 'case.reporter', await claim()),
  )
  const web = await answeredCase(desk, people)
  const replaced = await caseStep(shelf, web, {
    name: 'reporter-replaced',
    why: 'the new reporter replaces the earlier one, whose key goes stale',
    by: c1,
    type: 'case.reporter',
    fields: await claim(claimant, web.chain.id),
  })
  const after = async (
    name: string,
    check: string,
    what: string,
    by: typeof reporter,
    fields: Fields,
    type = 'case.message',
  ) =>
    rejectCase(
      shelf,
      name,
      check,
      'reporter-replaced',
      what,
      await addToCase(replaced, by, type, fields),
    )
  const write = messageTo('all/1', 'late')
  await after(
    'reporter-replaced-then-writes',
    'F7',
    'one statement more, by the earlier one',
    reporter,
    write,
  )
  await after(
    'reporter-not-yet-granted-writes',
    'F5',
    'one statement more, by the new one',
    claimant,
    write,
  )
  await after(
    'reporter-replaced-then-renews',
    'F8',
    'one statement more: the earlier one keeps themself as a reader',
    reporter,
    epochOf('all', 2, 'all-2', ['desk/1', reporter.who, m1.who]),
    'case.key',
  )
}
