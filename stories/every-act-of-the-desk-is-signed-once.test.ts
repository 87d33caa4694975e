import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { unlock } from './browser-acts.ts'
import { becomeMember, heading, press, unlockWithWords } from './browser-keys.ts'
import { axe, newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { askDatabase } from './database.ts'
import { everyLook } from './every-look.ts'
import { foreignThings, watchForForeignScripts } from './foreign-script-watch.ts'
import { PAYLOADS, TEXTS } from './hostile-texts.ts'
import { actOf, headsOfCase, headsOfDesk, letTouchesAge } from './signed-heads.ts'
import { addMember, file, type Filed, type OpenDesk, openDesk, play } from './stage.ts'

/*
 * Each act that a page of the desk offers is pressed once, and what it signed stands in the record. The
 * fields are filled with what a stranger would write into them (R38): it stays text.
 */

const HOSTILE = PAYLOADS[15] ?? ''
const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let browser: Browser
let member: Person
let recovery = ''
const reports: Filed[] = []

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  desk = await openDesk(later)
  browser = await openChromium(later)
  member = await watched()
  const filed = Promise.all(
    [1, 2, 3, 4].map((n) => file(desk, `# Report ${n}\n\nA crafted header takes all memory.\n`)),
  )
  ;({ recovery } = await becomeMember(desk, member.page, { name: 'Coordinator 2' }))
  await addMember(desk, 'Guest 1', 'guest')
  reports.push(...(await filed))
  await unlock(member.page, desk.server.url)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('one case: sorted, put to wait, taken, given back, linked, shared, closed with a reason, opened again', async () => {
  const { page } = member
  await open(page, 'Report 1')
  await press(page, 'Change…')
  await page.getByLabel('Defence in depth').check()
  await act('Sign the sort', 'Sorted as')
  await act('Wait for others', 'Set to waiting.')
  await act('Go on with it', 'In work again.')
  await act(/^I take it/, 'You have it.')
  await act(/^Give it back/, 'You gave it back.')
  await press(page, 'Link…')
  await page.getByLabel('Number of the other case').fill(numberOf(1))
  await act('Sign the link', 'The cases are linked.')
  await press(page, 'Add…')
  const person = page.getByLabel('Person')
  await person.selectOption({ index: await optionOf(page, 'Guest 1') })
  await act('Sign, and let them read', 'Guest 1 can read')
  await press(page, 'Remove Guest 1')
  await act('Sign, and remove Guest 1', 'Guest 1 reads nothing new here.')
  await press(page, 'Close case…')
  await page.getByLabel('Without an answer').check()
  await page.getByLabel('Reason', { exact: true }).fill(TEXTS[1] ?? '')
  await act('Sign and close', 'The case is closed.')
  await nothingForeign('a reason')
  await act('Open it again', 'The case is open again.')

  const heads = await headsOfCase(desk.server.data, numberOf(0))
  const own = heads.filter(({ type }) => type !== 'case.title').slice(1)
  assert.deepEqual(own.map(actOf), [
    'case.sort defence',
    'case.state waiting',
    'case.state open',
    'case.take',
    'case.take',
    'case.link duplicate-of',
    'case.key all',
    'case.key all',
    'case.message',
    'case.state closed',
    'case.state open',
  ])
  assert.equal(own.find(({ type }) => type === 'case.link')?.['other'], reports[1]?.sha256)
  const [shared, without] = own.filter(({ type }) => type === 'case.key')
  const guest = JSON.stringify((await headsOfDesk(desk.server.data)).at(-1)?.['who'])
  assert.ok(JSON.stringify(shared).includes(guest) && !JSON.stringify(without).includes(guest))
  const { who } = await self()
  assert.deepEqual(
    own.filter(({ type }) => type === 'case.take').map((head) => head['who']),
    [who, ''],
  )
  assert.ok(own.every(({ by }) => by === who))
})

test('an assessment opens a case that nobody reported', async () => {
  const { page } = member
  await toQueue()
  await press(page, 'More')
  await press(page, 'New assessment…')
  await page.getByLabel('Title', { exact: true }).fill(HOSTILE)
  await page.getByLabel('What is known so far').fill(TEXTS[3] ?? '')
  await press(page, 'Seal and open the case')
  await shownBy(page, () => page.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor())
  await page.locator('.timeline').getByText('The last line of this text.').first().waitFor()
  await nothingForeign('an assessment')
  const cases = await askDatabase(
    desk.server.data,
    `select 1 from desk."case" where source = 'assessment'`,
  )
  assert.equal(cases.length, 1)
})

test('several at once: acknowledged, sorted, answered and closed', async () => {
  const { page } = member
  await toQueue()
  await selected(/^Acknowledge/)
  await said('2 cases acknowledged.')
  await selected(/^Sort…/)
  await page.getByLabel('Question', { exact: true }).check()
  await act('Sign the sort', '2 cases sorted.')
  await selected(/^Close as not security/)
  await page.getByLabel('What each reporter gets').fill(TEXTS[2] ?? '')
  await act('Seal, send and close 2 cases', '2 cases answered and closed.')
  await nothingForeign('a reply to several')
  for (const n of [1, 2]) {
    const heads = await headsOfCase(desk.server.data, numberOf(n))
    const acts = heads.map(actOf)
    for (const wanted of [
      'case.ack',
      'case.sort question',
      'case.message',
      'case.sort not-security',
      'case.state closed',
    ])
      assert.ok(acts.includes(wanted), `${wanted} in ${acts.join(', ')}`)
  }
})

test('an export asks for a touch first, and opens with stock gpg', async () => {
  const { page } = member
  await toQueue()
  await open(page, 'Report 4')
  await letTouchesAge(desk.server.data)
  await press(page, 'Export the case…')
  await press(page, 'Sign and export')
  await look('Confirm with your passkey')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Confirm')])
  const archive = join(desk.folder, 'case.zip')
  await download.saveAs(archive)
  const key = await page.getByLabel('Key of the archive').innerText()
  assert.deepEqual(await everyLook(member, 'an export that was made'), [])
  await press(page, 'I have kept the key')
  assert.match(opened(archive, key, await gnupgHome()), /A crafted header takes all memory/)
})

test('people: another role, a second signature, an invitation shown again, renewed and taken back', async () => {
  const { page } = member
  await page.getByRole('link', { name: 'People' }).first().click()
  await heading(page, 'People')
  await page.getByRole('button', { name: 'More for Guest 1' }).click()
  await page.getByRole('button', { name: 'Change roles…' }).first().click()
  await page.getByLabel('Maintainer of').fill(HOSTILE)
  await press(page, 'Sign the change')
  await page.getByText('Write the project’s short name').first().waitFor()
  await nothingForeign('roles')
  await page.getByLabel('Maintainer of').fill('example-arrays')
  await act('Sign the change', /^Guest 1 is /)

  const given = ['member', 'roles', 'Guest 1', '--role', 'board', ...desk.first.flags]
  await play(given)
  await press(page, 'Read and approve…')
  await look('Approve as the second person')
  await act('Sign the approval', 'Approved: it counts from now on.')
  const heads = (await headsOfDesk(desk.server.data)).slice(-3)
  assert.deepEqual(
    heads.map(({ type }) => type),
    ['member.role', 'member.role', 'approve'],
  )
  assert.deepEqual(heads[0]?.['roles'], ['guest', 'maintainer:example-arrays'])
  assert.equal(heads[2]?.by, (await self()).who)

  await page.getByRole('button', { name: /^Invite…/ }).click()
  await page.getByLabel('Maintainer of a project').check()
  await page.getByLabel('Project', { exact: true }).fill(HOSTILE)
  await press(page, 'Make the invitation')
  await page.getByText('Write the project’s short name').first().waitFor()
  await nothingForeign('an invitation')
  await page.getByLabel('Project', { exact: true }).fill('example-arrays')
  await press(page, 'Make the invitation')
  const first = await linkShown()
  await press(page, 'Show again')
  assert.equal(await linkShown(), first)
  await press(page, 'New code')
  const second = await linkShown()
  assert.notEqual(second, first)
  await deadLink(first)
  await act('Take back', 'The invitation was taken back.')
  await deadLink(second)
})

test('own ways: the address of notices, the name of a passkey, and a session elsewhere that is ended', async () => {
  const { page } = member
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await heading(page, 'Keys and sessions')
  const address = page.getByLabel('Mail address for notices')
  await address.fill(`${HOSTILE}@example.org`.replaceAll(/\s/g, ''))
  await press(page, 'Save address and notices')
  await nothingForeign('an address')
  await address.fill('volunteer@example.org')
  await page.getByRole('radio', { name: 'Tell me once a day' }).check()
  await press(page, 'Save address and notices')
  await page.getByText('Saved.').waitFor()
  const noted = await askDatabase<{ address: string; notices: string }>(
    desk.server.data,
    'select address, notices from identity.address',
  )
  const own = noted.find((row) => row.address === 'volunteer@example.org')
  assert.equal(own?.notices, 'daily')

  const phone = await onAPhone()
  await onThePhone(phone)
  await page.getByRole('link', { name: 'Queue' }).first().click()
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await press(page, 'End it')
  await page.getByRole('button', { name: 'End it' }).waitFor({ state: 'detached' })
  const ended = () => heading(phone.page, 'Your session has ended')
  // The phone looks at the ledger by itself every few seconds, and may find out before the finger does.
  await Promise.any([phone.page.getByRole('link', { name: 'Queue' }).first().tap(), ended()])
  await ended()
})

/** A coordinator on the way: reads, acknowledges and answers with a finger. */
async function onThePhone(phone: Person): Promise<void> {
  const { page } = phone
  await page.getByRole('link', { name: 'Report 4' }).first().tap()
  await page.locator('.timeline').getByText('takes all memory').waitFor()
  await page
    .getByRole('button', { name: /^Acknowledge/ })
    .locator('visible=true')
    .first()
    .tap()
  const timeline = page.locator('.timeline')
  await shownBy(page, () => timeline.getByText(/acknowledged/).waitFor())
  const field = page.getByRole('textbox', { name: 'Your message' })
  await field.tap()
  await page.keyboard.type('Read on the train. We look at it tonight.')
  await page.getByRole('button', { name: /^Seal and send/ }).tap()
  await shownBy(page, () => timeline.getByText('We look at it tonight.').waitFor())
  assert.deepEqual(await axe(phone), [])
  const types = (await headsOfCase(desk.server.data, numberOf(3))).map(({ type }) => type)
  assert.ok(types.includes('case.ack') && types.includes('case.message'), types.join(', '))
}

async function watched(more: Parameters<typeof newPerson>[1] = {}): Promise<Person> {
  const person = await newPerson(browser, more)
  await watchForForeignScripts(person)
  person.page.setDefaultTimeout(20_000)
  return person
}

/** Another machine of the same person: their passkey is known there, their keys need the paper. */
async function onAPhone(): Promise<Person> {
  const phone = await watched({ hasTouch: true, viewport: { width: 400, height: 800 } })
  const from = { authenticatorId: member.device }
  const { credentials } = await member.cdp.send('WebAuthn.getCredentials', from)
  const [credential] = credentials
  assert.ok(credential)
  await phone.cdp.send('WebAuthn.addCredential', { authenticatorId: phone.device, credential })
  const { page } = phone
  await page.goto(`${desk.server.url}/desk`)
  await unlockWithWords(page, recovery)
  await heading(page, 'Queue')
  return phone
}

async function act(name: string | RegExp, done: string | RegExp): Promise<void> {
  await member.page.getByRole('button', { name, exact: true }).first().click()
  await said(done)
}

/** The page says it, in the line that screen readers hear or as a notice. */
async function said(what: string | RegExp): Promise<void> {
  await shownBy(member.page, () => member.page.getByText(what).first().waitFor())
}

async function selected(name: RegExp): Promise<void> {
  const { page } = member
  for (const title of ['Report 2', 'Report 3']) {
    await page.locator('li.q', { hasText: title }).getByRole('link').first().focus()
    await page.keyboard.press('x')
  }
  const bar = page.getByRole('region', { name: '2 cases selected' })
  await shownBy(page, () => bar.getByRole('button', { name }).click())
}

async function open(page: Page, title: string): Promise<void> {
  await shownBy(page, async () => {
    await page.getByRole('link', { name: title }).first().click()
    await page.locator('.timeline').getByText('takes all memory').waitFor()
  })
}

async function toQueue(): Promise<void> {
  const { page } = member
  await page
    .getByRole('link', { name: /^Queue/ })
    .first()
    .click()
  await heading(page, 'Queue')
  await page.locator('li.q', { hasText: 'Report 4' }).waitFor()
}

async function optionOf(page: Page, name: string): Promise<number> {
  const options = page.getByLabel('Person').locator('option')
  await options.filter({ hasText: name }).waitFor({ state: 'attached' })
  return (await options.allInnerTexts()).findIndex((text) => text.startsWith(name))
}

function numberOf(n: number): string {
  return reports[n]?.number ?? assert.fail(`no report ${n}`)
}

async function self(): Promise<{ readonly who: string }> {
  return member.page.evaluate(`fetch('/api/v1/me').then((answer) => answer.json())`)
}

async function look(title: string): Promise<void> {
  const { page } = member
  const box = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: title }) })
  await shownBy(page, () => box.waitFor())
  assert.deepEqual(await everyLook(member, title), [])
}

async function nothingForeign(where: string): Promise<void> {
  await member.page.locator('.msg .ghost').first().waitFor({ state: 'detached' })
  assert.deepEqual(await foreignThings(member.page), [], where)
  assert.deepEqual(member.complaints, [], where)
}

/** The link in the open dialog, which is closed then. */
async function linkShown(): Promise<string> {
  const link = member.page.getByRole('dialog').locator('pre.code')
  const text = await shownBy(member.page, () => link.innerText())
  await press(member.page, 'Done')
  return text.trim()
}

/** Somebody opens a link that ended, and is told so. */
async function deadLink(link: string): Promise<void> {
  const invited = await watched()
  await invited.page.goto(link)
  await shownBy(invited.page, () => invited.page.getByRole('alert').first().waitFor())
  assert.deepEqual(await everyLook(invited, 'a dead link'), [])
  await invited.context.close()
}

/** A fresh folder of gpg's own, as on the machine of whoever gets the export. */
async function gnupgHome(): Promise<string> {
  const home = join(desk.folder, 'gnupg')
  await mkdir(home, { mode: 0o700 })
  ends.push(async () => {
    spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } })
  })
  return home
}

/** The report in an exported archive, opened with what every machine has. */
function opened(archive: string, key: string, home: string): string {
  const folder = join(desk.folder, 'exported')
  run('python3', ['-m', 'zipfile', '-e', archive, folder])
  const env = { ...process.env, GNUPGHOME: home }
  const gpg = (args: readonly string[], input?: string) =>
    run('gpg', ['--batch', '--quiet', ...args], { env, ...(input !== undefined && { input }) })
  gpg(['--import'], key)
  return gpg(['--decrypt', join(folder, 'message-000.txt.pgp')])
}

function run(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): string {
  const { status, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout
}
