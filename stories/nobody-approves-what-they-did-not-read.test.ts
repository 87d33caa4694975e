import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { releaseDocuments } from '#client'
import { bytesOfText } from '#lexicon'
import { comeWithKeyFile, heading, press } from './browser-keys.ts'
import { newPerson, openChromium, type Person } from './browser-stage.ts'
import { everyWidth } from './every-width.ts'
import { atWork } from './in-process.ts'
import { type Actor, addMember, type OpenDesk, openDesk } from './stage.ts'

/*
 * The page where coordinators publish: the second person is shown exactly the bytes that would stand in the
 * public tree, letter by letter; contact facts that one person released stand there for the others to see.
 */

const GUIDE = '# For reporters\n\nWrite what you saw. [Our form](https://example.org/report)\n'
const NEWER = '# For reporters\n\nWrite what you saw, and how to see it again.\n'
const LICENCE = 'CC-BY-4.0'

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let browser: Browser
let person: Person

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  desk = await openDesk(later)
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  browser = await openChromium(later)
  person = await newPerson(browser)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('an empty page teaches', async () => {
  const { page } = person
  await comeWithKeyFile(page, desk.server.url, second.key)
  await press(page, 'Not now')
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await heading(page, 'Publish')
  await page.getByText('Nothing yet. Begin with what reporters need').waitFor()
  await everyWidth(page, person, 'publish-empty')
})

test('what one person signed is read, letter by letter, and approved by the second', async () => {
  const { page } = person
  await released('guides/reporters.md', GUIDE)
  const key = await (await fetch(`${desk.server.url}/mail-key.asc`)).text()
  await released('keys/security.asc', key)
  await again()
  await page.getByText('by one', { exact: true }).waitFor()
  await everyWidth(page, person, 'publish-waiting')
  await press(page, 'Read and approve…')
  // As letters: drawn as a page, the link would say one thing and lead to another.
  const shown = page.getByLabel('What is published')
  assert.equal(await shown.innerText(), GUIDE)
  await everyWidth(page, person, 'publish-reading')
  await press(page, 'Sign the approval')
  await page.getByText('Approved: The guide for reporters is published.').waitFor()
  await page.getByRole('row', { name: /The guide for reporters/ }).waitFor()
  await everyWidth(page, person, 'publish-published')
})

test('a new version is shown beside what stands there, and its author approves nothing', async () => {
  const { page } = person
  await released('guides/reporters.md', NEWER, second)
  await again()
  await press(page, 'Read…')
  assert.equal(await page.getByLabel('What is published').innerText(), NEWER)
  await page.getByText('What stands there now').click()
  assert.equal(await page.getByLabel('What stands there now').innerText(), GUIDE)
  assert.equal(await page.getByRole('button', { name: 'Sign the approval' }).count(), 0)
  await press(page, 'Withdraw it')
  await page.getByText('Withdrawn: The guide for reporters.').waitFor()
  assert.equal(await page.getByText('Waits for a second person').count(), 0)
})

test('bytes of another hash are not shown, and cannot be approved', async () => {
  const { page } = person
  await released('guides/maintainers.md', '# For maintainers\n')
  await again()
  await page.route('**/api/v1/documents/*', (route) =>
    route.fulfill({ body: '# Something else\n', contentType: 'application/octet-stream' }),
  )
  await press(page, 'Read and approve…')
  await page.getByText('The desk gave other bytes').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Sign the approval' }).count(), 0)
  assert.equal(await page.getByText('Something else').count(), 0)
  await everyWidth(page, person, 'publish-refused')
})

async function released(path: string, text: string, by: Actor = desk.first): Promise<void> {
  const { view, self } = await atWork(desk, by)
  const release = { path, bytes: bytesOfText(text), licence: LICENCE } as const
  await releaseDocuments(view, self, { release })
}

/** The page read anew, as by somebody who comes back to it. */
async function again(): Promise<void> {
  const { page } = person
  await page.getByRole('link', { name: 'People' }).first().click()
  await heading(page, 'People')
  await page.getByRole('link', { name: 'Publish' }).first().click()
  await heading(page, 'Publish')
}
