import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { shownBy } from './browser-stage.ts'
import { foreignThings } from './foreign-script-watch.ts'
import { LAST, PAYLOADS, TEXTS } from './hostile-texts.ts'

/* Fields that only one person in one moment fills, filled as a stranger would. */

/** The set-up, up to the words: nothing is sent before the passkey, so the desk can still be set up after it. */
export async function fillSetUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  const fields = ['Foundation', 'Mail domain of the foundation', 'Your handle']
  for (const payload of PAYLOADS.slice(0, 20)) {
    for (const label of fields) await page.getByLabel(label, { exact: true }).fill(payload)
    await page.getByRole('button', { name: 'Make the keys' }).click()
    await page.getByRole('heading', { name: 'No key was made yet.' }).waitFor()
    assert.deepEqual(await foreignThings(page), [], `the set-up with ${payload}`)
  }
  const [, payload = ''] = PAYLOADS
  for (const label of fields) await page.getByLabel(label, { exact: true }).fill(payload)
  await page.getByLabel('Mail domain of the foundation').fill('example.org')
  await page.getByRole('button', { name: 'Make the keys' }).click()
  await shownBy(page, () => page.getByRole('list', { name: 'Root words' }).waitFor())
  assert.deepEqual(await foreignThings(page), [], 'the words of a set-up')
  await page.goto('about:blank')
}

/** On an opened report: a reply in preview, sent, and read again. */
export async function reply(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Your message' }).fill(TEXTS[4] ?? '')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByText(LAST).nth(1).waitFor()
  assert.deepEqual(await foreignThings(page), [], 'a reply in preview')
  await page.getByRole('button', { name: /^Seal and send/ }).click()
  const sent = page.locator('.timeline .msg').last().getByText(LAST)
  await shownBy(page, () =>
    page.locator('.composer').getByText(LAST).waitFor({ state: 'detached' }),
  )
  await shownBy(page, () => sent.waitFor())
  assert.deepEqual(await foreignThings(page), [], 'a reply that was sent')
}
