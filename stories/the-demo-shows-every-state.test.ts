import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import {
  type CaseView,
  createKeyring,
  type Desk,
  fileReport,
  findCase,
  type Keyring,
  logIn,
  memberNamed,
  NO_FACTS,
  openDesk,
  openKeyFile,
  openQueuePage,
  openTimeline,
  pendingOf,
  readKeyFile,
} from '#client'
import { DAY, HOUR, millisecondsOf, MINUTE, SORTS } from '#lexicon'
import type { CaseHead } from '#seal'
import { dial } from '../src/cli/transport.ts'
import { joinDesk } from './browser-acts.ts'
import { newPerson, openChromium, shownBy } from './browser-stage.ts'
import { comeIn, type Demo, startDemo } from './demo-stage.ts'
import { memoryOfOneProcess } from './in-process.ts'
import { play, scratchFolder } from './stage.ts'

test('the demo is there within a minute, with every state that it promises, and ends without a trace', async (t) => {
  const after = (end: () => Promise<void>) => t.after(end)
  const demo = await startDemo(after)
  const desk = await atWork(demo)

  await t.test(
    'the queue: overdue, due today, due soon, not opened yet, taken, waiting',
    async () => {
      const { rows } = await openQueuePage(desk, desk.keyring, { lane: 'all' })
      const left = ({ hints }: (typeof rows)[number]) => millisecondsOf(hints.due) - Date.now()
      const unacknowledged = rows.filter(({ hints }) => hints.due !== '')
      assert.deepEqual(rows.slice(0, unacknowledged.length), unacknowledged, 'clocks come first')
      assert.equal(unacknowledged[0]?.number, demo.cases['overdue'])
      assert.equal(unacknowledged.filter((row) => left(row) < 0).length, 2)
      assert.equal(unacknowledged.filter((row) => left(row) > 0 && left(row) < DAY).length, 1)
      assert.ok(
        unacknowledged.some((row) => left(row) > 7 * DAY - HOUR),
        'one came just now',
      )
      const untitled = rows.filter(({ title }) => title === '').map(({ number }) => number)
      assert.deepEqual(untitled, [demo.cases['new-unlabelled'], demo.cases['new-just-now']])
      assert.ok(rows.some(({ hints }) => hints.taken !== ''))
      assert.ok(rows.some(({ hints }) => hints.state === 'waiting'))
      assert.deepEqual([...new Set(rows.map(({ hints }) => hints.source))].toSorted(), [
        'assessment',
        'cli',
        'web',
      ])
    },
  )

  await t.test(
    'the cases: every sort and end, links, files, notes, a project, weeks of talk',
    async () => {
      const cases = new Map<string, CaseView>()
      for (const [key, number] of Object.entries(demo.cases))
        cases.set(key, await findCase(desk.view, number))
      const folds = [...cases.values()].map(({ fold }) => fold)
      assert.equal(cases.size, 25)
      for (const sort of SORTS)
        assert.ok(
          folds.some((fold) => fold.sort === sort),
          sort,
        )
      assert.ok(folds.some(({ state }) => state === 'archived'))
      const of = (key: string) => cases.get(key) ?? assert.fail(`no case ${key}`)
      assert.equal(of('closed-question').fold.state, 'closed')
      assert.ok(of('closed-question').fold.answers.length > 0)
      assert.equal(of('closed-invalid').fold.state, 'closed')
      assert.equal(of('closed-invalid').fold.answers.length, 0)
      const [link] = of('closed-duplicate').fold.links
      assert.equal(link?.other, of('with-project').id)
      assert.equal(link?.relation, 'duplicate-of')
      assert.equal(filesIn(of('with-files')), 4)

      const maintainer = memberNamed(desk.view.directory, 'Maintainer 1')
      const project = of('with-project').fold.circles.get('p-example-arrays')?.at(-1)
      assert.ok(project?.readers.includes(maintainer.who))

      const long = of('long')
      const messages = headsOf(long).filter(({ type }) => type === 'case.message')
      assert.ok(messages.length >= 38, `${messages.length} messages`)
      const threads = messages.map((head) => (head.type === 'case.message' ? head.to : ''))
      assert.ok(
        threads.some((to) => to.startsWith('desk/')),
        'team notes',
      )
      assert.ok(threads.some((to) => to.startsWith('p-example-arrays/')))
      const times = [...long.acceptedAt.values()].map(millisecondsOf)
      assert.ok(Math.max(...times) - Math.min(...times) > 30 * DAY)
      assert.ok(Math.max(...times) < Date.now())

      const question = await openingOf(desk, of('new-question'))
      assert.equal(question.facts.kind, 'question')
      const named = await openingOf(desk, of('new-named'))
      assert.equal(named.facts.name, 'Reporter 4')
    },
  )

  await t.test('the people: one at the door, one proposal that waits', async () => {
    const { view } = desk
    assert.deepEqual(
      pendingOf(view).map(([, head]) => head.type),
      ['member.role'],
    )
    const { invitations } = await view.api.call('listInvitations', {})
    assert.deepEqual(
      invitations.flatMap(({ joined }) => (joined === undefined ? [] : [joined.handle])),
      ['Volunteer 4'],
    )
  })

  await t.test('the printed words open a report, and the clock is the one of today', async () => {
    const folder = await scratchFolder(after)
    const flags = ['--to', demo.url, '--state', join(folder, 'state'), '--json']
    const seen = await play<{ number: string }>([
      'follow',
      ...flags,
      '--receipt',
      demo.receipt.words,
    ])
    assert.equal(seen.number, demo.receipt.number)
    const deps = { wait: desk.wait, progress: desk.progress }
    const report = {
      text: 'Is this clock right?',
      facts: NO_FACTS,
      files: [],
      source: 'api',
    } as const
    const { received } = await fileReport(desk.view, deps, report)
    assert.ok(Math.abs(millisecondsOf(received) - Date.now()) < MINUTE)
  })

  await t.test(
    'a browser opens with the printed key file; what is overdue stands on top',
    async () => {
      const browser = await openChromium(after)
      const { page, complaints } = await newPerson(browser)
      await comeIn(page, demo)
      await shownBy(page, async () => {
        await page.getByText('2 promises broken').waitFor()
        const first = page.locator('[data-row]').first()
        await first.getByText('A link in an exported notebook').waitFor()
        await first.getByText(demo.cases['overdue'] ?? '').waitFor()
      })
      assert.deepEqual(complaints, [])

      const other = await newPerson(browser)
      const words = new URL(demo.invitation).hash.slice(1).replaceAll('-', ' ')
      await joinDesk(other.page, demo.url, words, 'Volunteer 5')
      await other.page.goto(`${demo.url}/desk`)
      await shownBy(other.page, async () => {
        const queue = other.page.getByRole('heading', { name: 'Queue', level: 1 })
        const press = other.page.getByRole('button', { name: 'Unlock with a passkey' })
        // The demo looks every two seconds who is there.
        for (let left = 10; left > 0 && !(await queue.isVisible()); left--) {
          if (await press.isVisible()) await press.click()
          await queue.waitFor({ timeout: 2500 }).catch(() => undefined)
        }
        await queue.waitFor({ timeout: 1000 })
        await other.page.getByText('A link in an exported notebook').first().waitFor()
      })
    },
  )

  await t.test('Ctrl-C ends everything', async () => {
    assert.equal(existsSync(demo.keyFile), true)
    assert.equal(await demo.end(), 0)
    assert.equal(existsSync(dirname(demo.keyFile)), false)
    await assert.rejects(fetch(`${demo.url}/health`))
  })
})

async function atWork(demo: Demo): Promise<Desk & { readonly keyring: Keyring }> {
  const file = readKeyFile(await readFile(demo.keyFile, 'utf8'))
  const self = await openKeyFile(file, { passphrase: demo.passphrase })
  assert.equal(self.root, undefined, 'the root is on paper')
  const deps = { api: dial(demo.url), memory: memoryOfOneProcess(), clock: Date.now }
  const view = await openDesk(deps, demo.desk)
  await logIn(view, self)
  const keyring = createKeyring(view, self)
  return { view, self, keyring, wait: () => Promise.resolve(), progress: () => undefined }
}

function headsOf({ fold }: CaseView): readonly CaseHead[] {
  return [...fold.statements.values()]
}

function filesIn(within: CaseView): number {
  return headsOf(within)
    .map((head) => ('files' in head ? head.files.length : 0))
    .reduce((sum, count) => sum + count, 0)
}

async function openingOf(desk: Desk & { readonly keyring: Keyring }, within: CaseView) {
  const { messages } = await openTimeline(desk.view, within, desk.self, desk.keyring)
  return messages[0] ?? assert.fail('nothing opens')
}
