import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { newPerson, openChromium } from './browser-stage.ts'
import { openDesk } from './stage.ts'

/** Each of these takes the parser the square of its length. */
const HANGS = ['*a_'.repeat(10_000), '*b_'.repeat(10_000)]

test('a text that was made to hang is shown as it was typed, and the page and the next text go on', async (t) => {
  const after = (end: () => Promise<void>) => t.after(end)
  const { server } = await openDesk(after)
  const browser = await openChromium(after)
  const { page, complaints } = await newPerson(browser)
  await page.goto(`${server.url}/report`)
  const text = page.getByRole('textbox', { name: 'What did you find?' })
  await text.waitFor()
  assert.deepEqual(namesOf(page), ['reporter'], 'no text was read yet')

  for (const hangs of HANGS) {
    await preview(page, hangs)
    const shown = page.locator('.markdown')
    await shown.locator('.as-typed').waitFor()
    const begin = performance.now()
    for (let n = 0; n < 5; n += 1) await page.evaluate(() => 1 + 1)
    const took = performance.now() - begin
    assert.ok(took < 1500, `the page answered after ${took} ms`)
    await untilOnly(page, 'reporter')
    assert.equal(await shown.locator('.as-typed').count(), 1)
  }

  await preview(page, 'This is **fine**.')
  await page.locator('.markdown strong').getByText('fine').waitFor()
  assert.deepEqual(namesOf(page), ['reporter', 'text'])
  assert.deepEqual(complaints, [])
})

async function preview(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: 'Write' }).click()
  await page.getByRole('textbox', { name: 'What did you find?' }).fill(text)
  await page.getByRole('tab', { name: 'Preview' }).click()
}

/** The thread that hung has ended. */
async function untilOnly(page: Page, name: string): Promise<void> {
  for (let left = 100; namesOf(page).join() !== name; left--) {
    assert.ok(left > 0, `still there: ${namesOf(page).join()}`)
    await page.waitForTimeout(100)
  }
}

/** Which of our threads run. */
function namesOf(page: Page): readonly string[] {
  const name = /\/assets\/([a-z]+)-[0-9a-f]+\.js$/
  return page
    .workers()
    .map((worker) => name.exec(worker.url())?.[1] ?? worker.url())
    .toSorted()
}
