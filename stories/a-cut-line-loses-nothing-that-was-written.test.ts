import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { wordsOn } from './browser-acts.ts'
import { addPasskeyHere, comeWithKeyFile, press } from './browser-keys.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { everyLook } from './every-look.ts'
import { file, follow, type OpenDesk, openDesk } from './stage.ts'

/*
 * The network goes while somebody writes. What they typed and what was sent already stays: an upload goes on
 * where it was cut, a draft is there after a reload, and the browser asks before it throws a report away.
 */

const PIECES = '**/api/v1/uploads/*/pieces/*'
const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let browser: Browser
let reporter: Person

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  desk = await openDesk(later)
  browser = await openChromium(later)
  reporter = await newPerson(browser)
  reporter.page.setDefaultTimeout(20_000)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('an upload that is cut in the middle goes on by itself, and no piece goes twice', async () => {
  const { page, context } = reporter
  const content = randomBytes(6_000_000)
  /** Pieces that the desk answered for, in turn. */
  const arrived: string[] = []
  const cut = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  await context.route(PIECES, async (route) => {
    if (arrived.length === 2) {
      held.resolve()
      await cut.promise
      return route.abort('internetdisconnected')
    }
    const answer = await route.fetch()
    if (answer.ok()) arrived.push(new URL(route.request().url()).pathname)
    return route.fulfill({ response: answer })
  })
  await page.goto(`${desk.server.url}/report`)
  await page.getByText(/End to end: 1 reader/).waitFor()
  await page.getByRole('textbox', { name: 'What did you find?' }).click()
  await page.keyboard.insertText('# Sent on a train\n\nThe file takes all memory.')
  const proof = { name: 'proof.bin', mimeType: 'application/octet-stream', buffer: content }
  await page.locator('input[type=file]').setInputFiles(proof)
  await held.promise
  await page.getByRole('progressbar').first().waitFor()
  assert.deepEqual(await everyLook(reporter, 'an upload that runs'), [])

  await context.setOffline(true)
  cut.resolve()
  await page.getByText('You are offline').waitFor()
  assert.equal(arrived.length, 2)
  await context.unroute(PIECES)
  context.on('response', (answer) => {
    if (/\/pieces\/\d+$/.test(answer.url()) && answer.request().method() === 'PUT' && answer.ok())
      arrived.push(new URL(answer.url()).pathname)
  })
  await context.setOffline(false)
  await shownBy(page, () => page.getByText('Sealed and sent').waitFor())
  assert.equal(new Set(arrived).size, arrived.length, 'a piece that had arrived was sent again')
  assert.ok(arrived.length > 4, `${String(arrived.length)} pieces`)

  assert.equal(await asksBeforeItGoes(page), true, 'with a text that was not sent')
  await page.getByLabel('Name, package or repository').fill('example-arrays')
  await page.getByLabel('Mine is none of these').check()
  await press(page, 'Seal and send')
  await shownBy(page, () => page.getByRole('heading', { name: 'We have your report' }).waitFor())
  const words = await wordsOn(page, 'Your twelve words')
  assert.equal(await asksBeforeItGoes(page), true, 'with words that were not kept')
  const { messages } = await follow(desk, words)
  const sha256 = createHash('sha256').update(content).digest('hex')
  assert.equal(messages[0]?.attachments[0]?.sha256, sha256, 'the file arrived whole')
  await page.getByLabel('I have kept the words').check()
  assert.equal(await asksBeforeItGoes(page), false, 'nothing would be lost any more')
})

test('an empty report is left without a question', async () => {
  const page = await reporter.context.newPage()
  await page.goto(`${desk.server.url}/report`)
  await page.getByRole('textbox', { name: 'What did you find?' }).click()
  assert.equal(await asksBeforeItGoes(page), false)
})

test('what is typed offline is there after a reload', async () => {
  await file(desk, '# Crafted header\n\nOpening it takes all memory.\n')
  const member = await newPerson(browser)
  const { page, context } = member
  page.setDefaultTimeout(20_000)
  await comeWithKeyFile(page, desk.server.url, desk.first.key)
  await addPasskeyHere(page)
  await page.getByRole('link', { name: 'Crafted header' }).first().click()
  await page.locator('.timeline').getByText('takes all memory').waitFor()
  await context.setOffline(true)
  await page.getByText('You are offline').waitFor()
  const field = page.getByRole('textbox', { name: 'Your message' })
  await field.click()
  await page.keyboard.type('Written in a tunnel.')
  await page.getByText('Your text is kept sealed on this machine').waitFor()
  await context.setOffline(false)
  await page.getByText('You are offline').waitFor({ state: 'detached' })
  await page.reload()
  await press(page, 'Unlock with a passkey')
  await page.locator('.timeline').getByText('takes all memory').waitFor()
  await shownBy(page, () => page.getByText('Draft kept').waitFor())
  assert.equal(await field.inputValue(), 'Written in a tunnel.')
  await press(page, 'Seal and send')
  await page.locator('.timeline').getByText('Written in a tunnel.').waitFor()
})

/** Somebody closes the tab. Where the browser asks, they stay; where it does not, the page is gone. */
async function asksBeforeItGoes(page: Page): Promise<boolean> {
  page.removeAllListeners('dialog')
  const asks = page.waitForEvent('dialog').then(
    async (dialog) => {
      await dialog.dismiss()
      return dialog.type() === 'beforeunload'
    },
    () => false,
  )
  const goes = page.waitForEvent('close').then(
    () => false,
    () => false,
  )
  await page.close({ runBeforeUnload: true })
  return Promise.race([asks, goes])
}
