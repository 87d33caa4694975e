import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  addReader,
  type CaseView,
  changeRoles,
  circleOf,
  ClientError,
  type Desk,
  type Keyring,
  memberNamed,
  openCase,
  openTimeline,
  projectsOf,
  readersAfterRoute,
  revoke,
  routeCase,
  sendMessage,
  setProjectState,
  type Thread,
} from '#client'
import { readBodiesPage } from '#contract'
import { type ProjectState, timeOf } from '#lexicon'
import { isFresh, logMark, newestEpoch, readCertificate, signStatement, splitKeyName } from '#seal'
import { appendToCase } from '../src/client/append.ts'
import { messageTo } from '../src/client/write-case.ts'
import { sayHowFar } from '../src/worker/route-projects.ts'
import { atWork, type Meddle } from './in-process.ts'
import {
  type Actor,
  addMember,
  file,
  type Filed,
  follow,
  type OpenDesk,
  openDesk,
  play,
  postern,
} from './stage.ts'
import { openAll, stealEverything } from './thief.ts'

/*
 * One report, two projects, a maintainer of each. The server is asked for everything with their sessions, and
 * the whole database is tried with their keys: the thread of the other project opens to nobody of the first.
 */

const ARRAYS = 'example-arrays'
const PLOTS = 'example-plots'
const MAPS = 'example-maps'

type Seat = Desk & { readonly keyring: Keyring; readonly within: CaseView }
type Shown = {
  readonly projects: readonly { project: string; state: string; how: string; people: string[] }[]
  readonly messages: readonly { to: string; text: string }[]
}

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let arrays: Actor
let plots: Actor
let filed: Filed

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  arrays = await addMember(desk, 'Maintainer 1', `maintainer:${ARRAYS}`)
  plots = await addMember(desk, 'Maintainer 2', `maintainer:${PLOTS}`)
  filed = await file(desk, '# A crafted header\n\nIt hits two projects.\n')
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

const ofCase = (verb: string, ...more: readonly string[]) => ['case', verb, filed.number, ...more]

async function seat(who: Actor): Promise<Seat> {
  const at = await atWork(desk, who)
  return { ...at, within: await openCase(at.view, filed.sha256) }
}

async function say(who: Actor, thread: Thread, text: string): Promise<void> {
  const at = await seat(who)
  await sendMessage(at, at.within, thread, { text, files: [] })
}

async function textsOf(who: Actor): Promise<readonly string[]> {
  const { view, within, self, keyring } = await seat(who)
  const { messages, broken } = await openTimeline(view, within, self, keyring)
  assert.deepEqual(broken, [])
  return messages.map(({ text }) => text)
}

const isProblem = (code: string, said: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ClientError, String(error))
  assert.equal(error.code, code)
  assert.match(error.message, said)
  return true
}

test('one act brings the report to both; each project writes in a thread of its own', async () => {
  await say(desk.first, 'all', 'Before anybody came.')
  const both = ['--project', ARRAYS, '--project', PLOTS, '--quote']
  const routed = await play<Shown>([...ofCase('route', ...both), ...desk.first.flags])
  assert.deepEqual(routed.projects, [
    { project: ARRAYS, state: 'not-looked', how: 'members', people: ['Maintainer 1'] },
    { project: PLOTS, state: 'not-looked', how: 'members', people: ['Maintainer 2'] },
  ])
  const replied = ofCase('reply', '--text', '-', '--project', ARRAYS)
  await play([...replied, ...arrays.flags], { input: 'Among arrays.' })
  await say(plots, `p-${PLOTS}`, 'Among plots.')
  await say(desk.first, 'all', 'To both, and to the reporter.')
})

test('no such name, nobody there, there already: each is one sentence, and nothing is signed', async () => {
  const at = await seat(desk.first)
  const route = (...projects: readonly string[]) =>
    routeCase(at, at.within, { projects, from: 'now' })
  await assert.rejects(route('No Such'), isProblem('problem', /named in small letters/))
  const nobody = /^Nobody who maintains nobody-here is a member .* hand the case off/
  await assert.rejects(route('nobody-here'), isProblem('unknown-member', nobody))
  await assert.rejects(route(PLOTS), isProblem('problem', /went to example-plots already/))
  await assert.rejects(route(), isProblem('problem', /Name a project/))
  // A page names whom it showed: whom the server brings in behind it gets nothing (K2).
  const words = { project: PLOTS, state: 'affected', text: 'Yes.', general: true } as const
  const widened = sayHowFar(at, at.within, { ...words, readers: [at.self.signer.who] })
  await assert.rejects(widened, isProblem('problem', /Who reads this thread changed/))
  assert.equal((await seat(desk.first)).within.fold.head.id, at.within.fold.head.id)
})

test('each reads General from then on and its own thread, the desk all of it, the reporter no project', async () => {
  const quote = `The report of ${filed.number}, quoted:\n\n> # A crafted header\n>\n> It hits two projects.\n`
  const both = 'To both, and to the reporter.'
  assert.deepEqual(await textsOf(arrays), [quote, 'Among arrays.', both])
  assert.deepEqual(await textsOf(plots), [quote, 'Among plots.', both])
  const whole = ['Before anybody came.', quote, quote, 'Among arrays.', 'Among plots.', both]
  assert.deepEqual((await textsOf(desk.first)).slice(1), whole)
  const { messages } = await follow(desk, filed.receipt)
  const reported = messages.slice(1).map(({ text }) => text)
  assert.deepEqual(reported, ['Before anybody came.', both])
  // The heads of the other project are seen: who, when, what kind (PROTOCOL 5.2).
  const seen = projectsOf((await seat(arrays)).within).map(({ project }) => project)
  assert.deepEqual(seen, [ARRAYS, PLOTS])
})

test('the server hands out nothing of the other thread, and the key of it is wrapped to nobody there', async () => {
  const { view, within, keyring } = await seat(arrays)
  const theirs = [...within.fold.statements.values()].filter(
    (head) => 'to' in head && head.to.startsWith(`p-${PLOTS}/`),
  )
  assert.equal(theirs.length, 2)
  const params = { id: within.id }
  const blobs = [...within.fold.statements.values()].flatMap((head) => {
    if ('circle' in head && head.circle === `p-${PLOTS}`) return head.wraps.map(({ blob }) => blob)
    return theirs.includes(head) && 'body' in head ? [head.body] : []
  })
  assert.equal(blobs.length, 4)
  for (const blob of blobs)
    await assert.rejects(
      view.api.call('readBlob', { params: { ...params, blob } }),
      (error: unknown) => error instanceof ClientError && error.code === 'not-found',
    )
  const query = { from: 0, to: within.fold.head.seq }
  const { bodies } = readBodiesPage(await view.api.call('readBodies', { params, query }))
  const circles = bodies.map(({ seq }) => {
    const head = [...within.fold.statements.values()][seq]
    return head !== undefined && 'to' in head ? head.to : ''
  })
  assert.deepEqual([...new Set(circles)].sort(), ['all/2', `p-${ARRAYS}/1`])
  await assert.rejects(
    keyring.keyOf(`p-${PLOTS}/1`, within),
    (error: unknown) => error instanceof ClientError && error.code === 'no-reader',
  )
})

test('with the whole database in hand their key opens their own thread and General, no other', async () => {
  const loot = await stealEverything(desk.server.data)
  const circles = async (who: Actor) => {
    const { self } = await atWork(desk, who)
    const { opened } = await openAll(loot, [self.key.secret])
    return [...new Set([...opened].map(({ to }) => splitKeyName(to).circle))].sort()
  }
  assert.deepEqual(await circles(arrays), ['all', `p-${ARRAYS}`])
  assert.deepEqual(await circles(plots), ['all', `p-${PLOTS}`])
  // The thief of the same test opens all with a coordinator's key, so they looked properly.
  assert.ok((await circles(desk.first)).includes(`p-${PLOTS}`))
})

test('a maintainer says how far their own project is; of the other, and of ways, they say nothing', async () => {
  const path = join(desk.folder, 'statement.txt')
  await writeFile(path, 'Versions before 2 have it.')
  const affected = ofCase('project', 'affected', '--project', ARRAYS, '--text', path)
  await play([...affected, ...arrays.flags])
  const set = async (who: Actor, project: string, state: ProjectState) => {
    const at = await seat(who)
    return setProjectState(at, at.within, { project, state })
  }
  await set(plots, PLOTS, 'not-affected')
  const shown = await play<Shown>([...ofCase('show'), ...desk.first.flags])
  const states = shown.projects.map(({ project, state }) => [project, state])
  assert.deepEqual(states, [
    [ARRAYS, 'affected'],
    [PLOTS, 'not-affected'],
  ])
  assert.equal(shown.messages.at(-1)?.text, 'Versions before 2 have it.')
  assert.equal(shown.messages.at(-1)?.to, `p-${ARRAYS}/1`)
  assert.ok(!(await textsOf(plots)).includes('Versions before 2 have it.'))
  const foreign = isProblem('no-reader', /Only a coordinator, or a maintainer of example-plots/)
  await assert.rejects(set(arrays, PLOTS, 'fixed'), foreign)
  const elsewhere = isProblem('not-found', /did not go to example-maps/)
  await assert.rejects(set(desk.first, 'example-maps', 'fixed'), elsewhere)
  const wrong = ofCase('project', 'mended', '--project', PLOTS)
  assert.equal((await postern([...wrong, ...desk.first.flags])).code, 2)

  // A client of their own signs it all the same: the server folds first (F5).
  const { view, self, within } = await seat(arrays)
  const common = {
    v: 1 as const,
    desk: view.id,
    chain: within.id,
    seq: within.fold.head.seq + 1,
    prev: within.fold.head.id,
    by: self.signer.who,
    at: timeOf(Date.now()),
    dir: view.directory.head.id,
    log: logMark(view.checkpoint),
  }
  const lies = [
    { ...common, type: 'case.state' as const, project: PLOTS, state: 'fixed' },
    { ...common, type: 'case.route' as const, project: 'example-maps', how: 'members' },
  ]
  for (const head of lies) {
    const statement = await signStatement(self.signer, head as Parameters<typeof signStatement>[1])
    const batch = [{ statement, blobs: [], uploads: [] }]
    await assert.rejects(
      view.api.call('appendToCase', { params: { id: within.id }, body: { batch } }),
      (error: unknown) => error instanceof ClientError && error.problem?.check === 'F5',
    )
  }
})

test('of two who say it at the same time the second is told, and what was said is not said twice', async () => {
  const [one, two] = [await seat(desk.first), await seat(arrays)]
  const said = { project: ARRAYS, state: 'fixed' } as const
  const done = await setProjectState(one, one.within, said)
  const late = setProjectState(two, two.within, { project: ARRAYS, state: 'looking' })
  await assert.rejects(late, /Somebody set example-arrays to fixed meanwhile/)
  const fresh = await seat(desk.first)
  const same = await setProjectState(fresh, fresh.within, said)
  assert.equal(same.fold.head.seq, done.fold.head.seq)
})

test('whoever comes between what was shown and the signature gets no key, and no quote', async () => {
  const { sha256, number } = await file(desk, '# A third\n\nIt hits maps.\n')
  const { view, self } = await atWork(desk, desk.first)
  const [one, two] = ['Maintainer 1', 'Maintainer 2'].map((each) =>
    memberNamed(view.directory, each),
  )
  assert.ok(one !== undefined && two !== undefined)
  await changeRoles(view, self, one, [`maintainer:${ARRAYS}`, `maintainer:${MAPS}`])
  const shownTo = (await atWork(desk, desk.first)).view
  const readers = readersAfterRoute(shownTo, await openCase(shownTo, sha256), [MAPS])
  assert.deepEqual(
    readers.map(({ thread, readers: all }) => [
      thread,
      all.includes(one.who),
      all.includes(two.who),
    ]),
    [
      ['all', true, false],
      [`p-${MAPS}`, true, false],
    ],
  )

  // The first try meets a conflict; the directory that comes with it knows one maintainer more.
  let tries = 0
  const planted: Meddle = async (request, go) => {
    if (request.method !== 'POST' || !request.path.includes(sha256)) return go()
    if (++tries > 1) return go()
    const other = await atWork(desk, desk.first)
    await sendMessage(other, await openCase(other.view, sha256), 'all', { text: 'Hm.', files: [] })
    await changeRoles(other.view, other.self, two, [`maintainer:${PLOTS}`, `maintainer:${MAPS}`])
    return go()
  }
  const lied = await atWork(desk, desk.first, undefined, planted)
  const about = { projects: [MAPS], from: 'beginning', shown: readers } as const
  const came = isProblem('problem', /not signed.* not shown: Maintainer 2\./)
  await assert.rejects(routeCase(lied, await openCase(lied.view, sha256), about), came)
  assert.equal(tries, 1)
  const after = (await atWork(desk, desk.first)).view
  assert.deepEqual(projectsOf(await openCase(after, sha256)), [])

  // Somebody who maintains nothing was let into the thread before: the quote does not go to them.
  const plain = await atWork(desk, desk.first)
  await changeRoles(plain.view, plain.self, two, [`maintainer:${PLOTS}`])
  const again = await atWork(desk, desk.first)
  const within = await openCase(again.view, sha256)
  await addReader(again, within, circleOf(MAPS), two.who)
  const quoted = await postern([
    'case',
    'route',
    number,
    '--project',
    MAPS,
    '--quote',
    ...desk.first.flags,
  ])
  assert.notEqual(quoted.code, 0)
  assert.match(quoted.err, /Maintainer 2 reads the thread of example-maps and does not maintain it/)
  assert.equal((await openCase(again.view, sha256)).fold.projects.has(MAPS), false)
})

test('a maintainer who leaves makes the thread stale, and the next word goes to those who stay', async () => {
  const { view, self } = await atWork(desk, desk.first)
  await revoke(view, self, memberNamed(view.directory, 'Maintainer 2'))
  const later = await seat(desk.first)
  const { fold } = later.within
  const state = later.view.directory.now
  const at = timeOf(Date.now())
  for (const thread of [`p-${PLOTS}`, 'all'])
    assert.equal(isFresh(fold, newestEpoch(fold, thread) ?? '', state, at), false, thread)
  assert.ok(isFresh(fold, `p-${ARRAYS}/1`, state, at))
  const text = 'To whoever is left.'
  const done = await sendMessage(later, later.within, `p-${PLOTS}`, { text, files: [] })
  assert.equal(newestEpoch(done.fold, `p-${PLOTS}`), `p-${PLOTS}/2`)
  assert.deepEqual(done.fold.circles.get(`p-${PLOTS}`)?.at(-1)?.readers, ['desk/1'])
})

test('thirty projects: who is let in from the beginning reads it, and opening takes less than twice the work', async (t) => {
  const many = Array.from({ length: 30 }, (_, n) => `example-part-${n + 1}`)
  const first = await atWork(desk, desk.first)
  const member = memberNamed(first.view.directory, 'Maintainer 1')
  const roles = many.map((each) => `maintainer:${each}`)
  await changeRoles(first.view, first.self, member, roles)
  const cases = { one: await ofProjects(many.slice(0, 1)), thirty: await ofProjects(many) }

  const { view, self, keyring } = await atWork(desk, arrays)
  const { messages } = await openTimeline(view, await openCase(view, cases.thirty), self, keyring)
  assert.equal(messages.length, 1 + MESSAGES)
  assert.equal(messages[0]?.text, 'Said before.')

  const costs: Record<keyof typeof cases, Cost[]> = { one: [], thirty: [] }
  for (let round = 0; round < 6; round++)
    for (const size of ['one', 'thirty'] as const) costs[size].push(await opening(cases[size]))
  const least = (size: keyof typeof cases, what: keyof Cost) =>
    Math.min(...costs[size].map((each) => each[what]))
  const said = (size: keyof typeof cases) =>
    `${size} ${least(size, 'work').toFixed(0)} ms of work, ${least(size, 'wall').toFixed(0)} ms in all`
  const ratio = least('thirty', 'work') / least('one', 'work')
  t.diagnostic(`${MESSAGES} messages: ${said('one')}; ${said('thirty')}; ratio ${ratio.toFixed(2)}`)
  assert.ok(ratio <= 2, `thirty projects open with ${ratio.toFixed(2)} times the work of one`)
})

const MESSAGES = 180

/** A case with as many messages, in the threads of so many projects. */
async function ofProjects(projects: readonly string[]): Promise<string> {
  const { sha256 } = await file(desk, `A report about ${projects.length}`)
  const by = await atWork(desk, desk.first)
  const opened = await openCase(by.view, sha256)
  const before = await sendMessage(by, opened, 'all', { text: 'Said before.', files: [] })
  const routed = await routeCase(by, before, { projects, from: 'beginning' })
  assert.equal(projectsOf(routed).length, projects.length)
  // Who did not see it and does the same adds nothing: no second way, no second thread.
  const late = await routeCase(by, before, { projects, from: 'beginning' })
  assert.equal(late.fold.head.id, routed.fold.head.id)
  const keys = await Promise.all(
    projects.map((project) =>
      readCertificate(routed.fold.circles.get(circleOf(project))?.at(-1)?.cert ?? ''),
    ),
  )
  await appendToCase(by.view, routed, (view, current) =>
    Array.from({ length: MESSAGES }, (_, n) => {
      const [project, key] = [projects[n % projects.length], keys[n % keys.length]]
      assert.ok(project !== undefined && key !== undefined)
      return messageTo(by, view, current, circleOf(project), key, `Message ${n}`, [])
    }),
  )
  return sha256
}

/** What opening costs this process by itself, and by the clock on the wall, which runs for its neighbours too. */
type Cost = { readonly work: number; readonly wall: number }

/** By a coordinator who reads all of it, and has no key in memory yet. */
async function opening(id: string): Promise<Cost> {
  const { view, self, keyring } = await atWork(desk, desk.first)
  const [began, before] = [performance.now(), process.cpuUsage()]
  const { messages, broken } = await openTimeline(view, await openCase(view, id), self, keyring)
  const { user, system } = process.cpuUsage(before)
  const wall = performance.now() - began
  assert.deepEqual([messages.length, broken.length], [2 + MESSAGES, 0])
  return { work: (user + system) / 1000, wall }
}
