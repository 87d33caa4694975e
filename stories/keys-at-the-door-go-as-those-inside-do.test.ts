import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { keepWords } from './browser-acts.ts'
import { addPasskeyHere, askRecovery, comeWithKeyFile, heading, press } from './browser-keys.ts'
import { newPerson, openChromium } from './browser-stage.ts'
import { askDatabase } from './database.ts'
import { openDesk } from './stage.ts'

/* Keys are open already while the door asks for something more: new words, a passkey of this browser. */

test('who writes new words for longer than a session lasts still keeps them', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url, data } = desk.server
  const { page } = await newPerson(await openChromium((end) => t.after(end)))
  await comeWithKeyFile(page, url, desk.first.key)
  await addPasskeyHere(page)
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  const words = await makeRecoveryWords(page)
  await page.goto('about:blank')
  await page.context().clearCookies()
  await askRecovery(page, url, words)
  await heading(page, 'You have to wait')
  await askDatabase(
    data,
    `update identity.recovery_request set asked = asked - interval '73 hours'`,
  )
  await press(page, 'Try again')
  await page.getByText('Your new recovery words').first().waitFor()
  await askDatabase(
    data,
    `update identity.session set seen = seen - interval '16 minutes', proved = proved - interval '16 minutes'`,
  )
  await keepWords(page, 'Your new recovery words', 'Use these from now on')
  await heading(page, 'You are in')
})

test('logging out in one tab puts away the keys that stand open behind the door of another', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { page, context } = await newPerson(await openChromium((end) => t.after(end)))
  await comeWithKeyFile(page, desk.server.url, desk.first.key)
  const other = await context.newPage()
  await other.goto(`${desk.server.url}/desk`)
  await other.evaluate(`new BroadcastChannel('postern').postMessage({ locked: 'left' })`)
  await page
    .getByRole('heading', { name: 'You are in' })
    .waitFor({ state: 'detached', timeout: 5000 })
  assert.equal(await page.getByRole('button', { name: 'Not now' }).count(), 0)
})

async function makeRecoveryWords(page: Page): Promise<string> {
  await press(page, 'Make recovery words')
  const words = await keepWords(page, 'Your new recovery words', 'Use these from now on')
  await page.getByText('Your new recovery words count from now on.').waitFor()
  return words
}
