import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { follow, wordsOn } from './browser-acts.ts'
import { press } from './browser-keys.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { endsInTurn } from './ends-in-turn.ts'
import { everyLook } from './every-look.ts'
import { startOutsideDatabase } from './outside-database.ts'
import { openDesk, queueOf } from './stage.ts'

/*
 * Decision 0007 in a browser. While PostgreSQL is away a report is kept in the journal and no receipt is
 * signed: the page says exactly that, shows no words, and keeps the text. The same report brings its receipt
 * later, by itself or by another press, and is one case. One with a file waits for the database.
 */

const PATIENCE = { timeout: 30_000 }

test('PostgreSQL stops while people send: no words without a receipt, no text lost, no case twice', async (t) => {
  const after = endsInTurn(t)
  const database = await startOutsideDatabase(after)
  const desk = await openDesk(after, { env: { DATABASE_URL: database.url } })
  const { url, data } = desk.server
  const browser = await openChromium(after)
  const [patient, late, withFile] = await Promise.all([1, 2, 3].map(() => reporter(browser, url)))
  assert.ok(patient && late && withFile)
  await withFile.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'proof.bin', mimeType: '', buffer: Buffer.alloc(3000, 7) })
  await withFile.page.getByText('Sealed and sent').waitFor()
  await write(patient.page, 'The patient one')
  await write(late.page, 'The late one')
  await write(withFile.page, 'The one with a file')

  await database.stop()
  for (const { page } of [patient, withFile]) await hurry(page)
  await Promise.all([send(patient.page), send(withFile.page)])

  await t.test('the page says what is safe and what is not, and keeps the text', async () => {
    const { page } = patient
    await saysNoReceipt(page)
    await page.getByText('The desk has your report on disk').waitFor()
    assert.equal(await textOf(page), 'The patient one')
    await saysNoReceipt(withFile.page)
    assert.equal(await withFile.page.getByText('on disk but').count(), 0, 'it is not on any disk')
    assert.equal(await textOf(withFile.page), 'The one with a file')
    assert.ok(await withFile.page.getByText('proof.bin').first().isVisible())
    for (const each of [patient, withFile]) {
      const words = each.page.getByRole('list', { name: 'Your twelve words', exact: true })
      assert.equal(await words.count(), 0, 'words were shown without a receipt')
    }
    assert.equal(
      waitingIn(data).length,
      1,
      'a report that is sent again stands in the journal once',
    )
    assert.deepEqual(await everyLook(patient, 'a report in the journal'), [])
  })

  await send(late.page)
  await until(() => waitingIn(data).length === 2, late.page)
  await database.start()

  await t.test('whoever waits gets the receipt without a press', async () => {
    assert.equal((await receiptOf(late.page)).split(' ').length, 12)
  })

  await t.test('whoever presses again gets the receipt of the first try', async () => {
    await until(() => waitingIn(data).length === 0, patient.page)
    const before = (await queueOf(desk.first)).length
    await send(patient.page)
    const words = await receiptOf(patient.page)
    assert.equal(
      (await queueOf(desk.first)).length,
      before,
      'it was filed when the database was back',
    )
    await follow(patient.page, url, words)
    await shownBy(patient.page, () =>
      patient.page.locator('.timeline').getByText('The patient one').first().waitFor(),
    )
    await send(withFile.page)
    await receiptOf(withFile.page)
  })

  const titles = (await queueOf(desk.first)).map(({ title }) => title)
  assert.deepEqual(titles.toSorted(), ['The late one', 'The one with a file', 'The patient one'])
})

async function reporter(browser: Browser, url: string): Promise<Person> {
  const person = await newPerson(browser)
  await person.page.goto(`${url}/report`)
  await person.page.getByText(/End to end: 1 reader/).waitFor()
  return person
}

/** The minute of this reporter's machine has six seconds. */
async function hurry(page: Page): Promise<void> {
  for (const worker of page.workers())
    await worker.evaluate(`{
      const slow = setTimeout
      globalThis.setTimeout = (then, after, ...given) => slow(then, after / 10, ...given)
    }`)
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Name, package or repository').fill('Example Project')
  await page.getByRole('textbox', { name: 'What did you find?' }).fill(text)
  await page.getByLabel('Mine is none of these').check()
}

function send(page: Page): Promise<void> {
  return press(page, 'Seal and send')
}

function textOf(page: Page): Promise<string> {
  return page.getByRole('textbox', { name: 'What did you find?' }).inputValue()
}

function saysNoReceipt(page: Page): Promise<void> {
  return shownBy(page, () => page.getByText('You have no receipt yet.').first().waitFor(PATIENCE))
}

function receiptOf(page: Page): Promise<string> {
  return shownBy(page, async () => {
    await page.getByRole('heading', { name: 'We have your report' }).waitFor(PATIENCE)
    return wordsOn(page, 'Your twelve words')
  })
}

function waitingIn(data: string): readonly string[] {
  return readdirSync(join(data, 'journal')).filter((name) => name.endsWith('.report'))
}

async function until(reached: () => boolean, page: Page): Promise<void> {
  for (let left = 600; !reached(); left--) {
    assert.ok(left > 0, 'nothing goes on any more')
    await page.waitForTimeout(100)
  }
}
