import assert from 'node:assert/strict'
import type { newPerson } from './browser-stage.ts'
import { everyWidth } from './every-width.ts'

const PATIENCE = { timeout: 10_000 }

/** On the page of a case whose reporter sent a key: says how an answer leaves, sends it, and sees that it left. */
export async function answersByMail(person: Awaited<ReturnType<typeof newPerson>>): Promise<void> {
  const { page } = person
  await page.getByText(/Encrypted on this machine to the key/).waitFor(PATIENCE)
  assert.equal(await page.getByLabel('By mail').inputValue(), 'pgp')
  await everyWidth(page, person, 'leaving')
  await page.getByLabel('Your message').fill('It is fixed in the next release.')
  await page.getByRole('button', { name: 'Seal and send' }).click(PATIENCE)
  const rail = page.getByRole('region', { name: 'About this case' })
  await rail.getByText(/^Answer by PGP mail (?:left|is on its way out)/).waitFor(PATIENCE)
  await everyWidth(page, person, 'left')
  await page.getByLabel('By mail').selectOption('none')
  await page.getByText('no mail leaves').waitFor(PATIENCE)
  await page.getByText('left by mail').waitFor(PATIENCE)
}
