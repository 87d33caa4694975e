import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { unlock } from './browser-acts.ts'
import { becomeMember, comeWithKeyFile, heading, press } from './browser-keys.ts'
import { axe, newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { addMember, file, type OpenDesk, openDesk, play, withRoot } from './stage.ts'

/*
 * A maintainer and a guest at the desk. Reports stay sealed to the desk and to their reporters; what is
 * quoted in General they read, and write there. What the fold refuses them (F5) no button, key or list offers.
 */

const TEXT = '# Over the end\n\nA crafted header makes the parser read over the end.\n'
/** What only coordinators sign, as the pages name it. */
const REFUSED =
  /^(Acknowledge|Sort|Change|Wait|Go on with it|I take it|Take|Give it back|Close (case|as)|Rename|Link|Add|Remove|Select|Canned|New assessment|Open it again)/

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let browser: Browser
let coordinator: Person
let maintainer: Person
let guest: Person
let number = ''

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  desk = await openDesk(later)
  browser = await openChromium(later)
  ;[coordinator, maintainer, guest] = [
    await newPerson(browser),
    await newPerson(browser),
    await newPerson(browser),
  ]
  for (const { page } of [coordinator, maintainer, guest]) page.setDefaultTimeout(20_000)
  number = (await file(desk, TEXT, ['--kind', 'takeover'])).number
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('in no case, the queue says so in words of their own', async () => {
  const { page } = maintainer
  await becomeMember(desk, page, { name: 'Maintainer 1', role: 'maintainer:example-arrays' })
  await unlock(page, desk.server.url)
  await page.getByRole('heading', { name: 'You are in no open case' }).waitFor()
  assert.equal(await page.getByText('Send one yourself').count(), 0)
  assert.deepEqual(await linksIn(page, 'Lanes'), ['All open 0', 'Waiting 0', 'Closed 0'])
  await nothingWrong(maintainer, 'an empty queue')
})

test('who adds a reader sees what they get, and quotes the report if they want to', async () => {
  const { page } = coordinator
  await addMember(desk, 'Guest 1', 'guest')
  await comeWithKeyFile(page, desk.server.url, desk.first.key)
  await press(page, 'Not now')
  await page.locator('.q').getByText('Package or account taken over').waitFor()
  await page.getByRole('link', { name: 'Over the end' }).first().click()
  await press(page, 'Add…')
  await page.getByLabel('Person').selectOption({ label: 'Guest 1, guest' })
  await page.getByText('The report itself and its files stay sealed to the desk').waitFor()
  await press(page, 'Sign, and let them read')
  await page
    .getByText('let Guest 1 read General')
    .or(page.getByText(/read by .*Guest 1/))
    .waitFor()
  await press(page, 'Add…')
  await page
    .getByLabel('Person')
    .selectOption({ label: 'Maintainer 1, maintainer of example-arrays' })
  await page.getByLabel('Quote the report in General').check()
  assert.match(await page.getByLabel('What they get').inputValue(), /^> A crafted header/m)
  await nothingWrong(coordinator, 'the dialog of adding')
  await press(page, 'Sign, and let them read')
  await page.locator('.timeline blockquote').getByText('A crafted header').waitFor()
  await page.getByLabel('About this case').getByText('Package or account taken over').waitFor()
})

test('a maintainer reads the quote, is told of the report, and is offered no act of coordinators', async () => {
  const { page } = maintainer
  await page.getByRole('link', { name: `Case ${number}` }).waitFor()
  await page.locator('.peek').getByText('You do not read it').waitFor()
  await noneOffered(page)
  await nothingWrong(maintainer, 'a queue')
  await readCase(maintainer)
  await page.getByRole('textbox', { name: 'Your message' }).fill('The next version has it fixed.')
  await press(page, 'Seal and send')
  await page.locator('.timeline .msg').getByText('has it fixed').waitFor()
  const { threads } = await caseOf()
  assert.match(threads, /The next version has it fixed/)
})

test('a guest too; their keys do nothing that is refused', async () => {
  const { page } = guest
  await comeWithKeyFile(page, desk.server.url, `${desk.folder}/Guest-1.key`)
  await press(page, 'Not now')
  await page.getByRole('link', { name: `Case ${number}` }).waitFor()
  for (const key of ['x', 'a', 's', 't', 'n']) await page.keyboard.press(key)
  await nothingWrong(guest, 'a queue')
  await readCase(guest)
  for (const key of ['a', 's', 't', 'n', 'c']) await page.keyboard.press(key)
  assert.equal(await page.getByRole('dialog').count(), 0)
  assert.equal(await page.getByText('A check failed').count(), 0)
  await press(page, 'Export the case…')
  await press(page, 'Sign and export')
  await press(page, 'I have kept the key')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog')
  await keys.getByText('Preview, and back').waitFor()
  assert.equal(await keys.getByText(REFUSED).count(), 0)
  assert.equal(await keys.getByText('Team note').count(), 0)
  await nothingWrong(guest, 'the keys')
})

test('a project is brought in with the report quoted; its maintainer says how far it is, and does no more', async () => {
  const { page } = coordinator
  await page.getByRole('button', { name: /^Add a project…/ }).click()
  const dialog = page.getByRole('dialog', { name: `Bring ${number} to a project` })
  await dialog.getByLabel('Projects', { exact: true }).fill('<b>No such</b>')
  await press(page, 'Sign, and bring it there')
  await dialog.getByText('A project is named in small letters').waitFor()
  await dialog.getByLabel('Projects', { exact: true }).fill('example-plots')
  await press(page, 'Sign, and bring it there')
  await dialog.getByText('Nobody who maintains example-plots is at this desk').waitFor()
  await dialog.getByLabel('Projects', { exact: true }).fill('')
  await press(page, 'Add example-arrays')
  await dialog
    .getByRole('list', { name: 'Who reads example-arrays' })
    .getByText('Maintainer 1')
    .waitFor()
  await dialog.getByLabel('Quote the report in the thread of each project').check()
  await nothingWrong(coordinator, 'the dialog of a project')
  await press(page, 'Sign, and bring it there')
  await shownBy(page, () => page.getByText('The report is quoted there.').first().waitFor())
  await page.getByText('brought it to example-arrays').first().waitFor({ state: 'attached' })

  const theirs = maintainer.page
  await shownBy(theirs, () => theirs.getByRole('link', { name: /^example-arrays 1/ }).click())
  await theirs.locator('.timeline blockquote').getByText('A crafted header').waitFor()
  await noneOffered(theirs)
  await theirs.keyboard.press('v')
  const saying = theirs.getByRole('dialog', { name: 'How far is example-arrays?' })
  await saying.getByLabel('Affected', { exact: true }).check()
  await saying.getByLabel('Statement').fill('Versions before 2 have it.')
  await nothingWrong(maintainer, 'the dialog of a state')
  await press(theirs, 'Sign, and seal to 2 people')
  await theirs.locator('.timeline').getByText('Versions before 2 have it.').waitFor()
  await nothingWrong(maintainer, 'the thread of a project')
  const chips = page.getByRole('list', { name: 'Projects' })
  await shownBy(page, () => chips.getByText('example-arrays: affected').waitFor())
})

test('who stands at the door is counted beside People, and the operator comes to their own keys', async () => {
  const waiting = coordinator.page
    .getByRole('navigation', { name: 'Desk', exact: true })
    .getByRole('link', { name: 'People 1 waits for you' })
  const { flags } = desk.first
  const invite = ['member', 'invite', '--role', 'operator', ...flags]
  const { invitation } = await play<{ invitation: string }>(invite)
  const key = `${desk.folder}/operator.key`
  const mine = ['--key-out', key, '--state', `${desk.folder}/state-operator`, '--json']
  const to = ['--to', desk.server.url, '--invitation', invitation, '--name', 'Operator 1']
  await play(['member', 'accept', ...to, ...mine])
  // An answer at the door is no statement yet: it is seen when somebody comes back to the window.
  await coordinator.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await shownBy(coordinator.page, () => waiting.waitFor())
  await nothingWrong(coordinator, 'somebody at the door')
  await play(
    ['member', 'admit', 'Operator 1', '--met', 'words', '--root', ...flags],
    withRoot(desk),
  )
  const { page } = await newPerson(browser)
  await comeWithKeyFile(page, desk.server.url, key)
  await press(page, 'Not now')
  await heading(page, 'Keys and sessions')
  await shownBy(coordinator.page, () => waiting.waitFor({ state: 'detached' }))
})

async function readCase(person: Person): Promise<void> {
  const { page } = person
  await page
    .getByRole('link', { name: `Case ${number}` })
    .first()
    .click()
  await heading(page, `Case ${number}`)
  const timeline = page.locator('.timeline')
  await shownBy(page, async () => {
    await timeline
      .getByText('The report itself is sealed to the desk. You do not read it.')
      .waitFor()
    await timeline.locator('blockquote').getByText('A crafted header').waitFor()
  })
  await noneOffered(page)
  await nothingWrong(person, 'a case')
}

/** Neither on the page nor in the palette. */
async function noneOffered(page: Page): Promise<void> {
  const said = await page.getByRole('button').allInnerTexts()
  assert.deepEqual(
    said.filter((name) => REFUSED.test(name.trim())),
    [],
  )
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog')
  await palette.getByRole('option').first().waitFor()
  const offers = await palette.getByRole('option').locator('span:first-child').allInnerTexts()
  assert.ok(offers.some((name) => name.startsWith('Go to')))
  assert.deepEqual(
    offers.filter((name) => REFUSED.test(name) || /Mine|my cases|Team note|: New/.test(name)),
    [],
  )
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'hidden' })
}

async function linksIn(page: Page, name: string): Promise<string[]> {
  const texts = await page.getByRole('navigation', { name }).getByRole('link').allInnerTexts()
  return texts.map((text) => text.replaceAll(/\s+/g, ' '))
}

async function nothingWrong(person: Person, where: string): Promise<void> {
  const { page } = person
  for (const width of [400, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    assert.deepEqual(await axe(person), [], `${where}, ${String(width)} px`)
  }
  assert.deepEqual(person.complaints, [])
}

async function caseOf() {
  const shown = await play<unknown>(['case', 'show', number, ...desk.first.flags])
  return { threads: JSON.stringify(shown) }
}
