import { once } from 'node:events'
import type { Page } from 'playwright-core'
import { shownBy } from './browser-stage.ts'

/*
 * What people do in a browser, as they would: by labels, buttons and what they read. Each act ends when
 * the page says that it is done.
 */

const PATIENCE = { timeout: 20_000 }

/** The twelve words of a sheet on the page. */
export async function wordsOn(page: Page, label: string): Promise<string> {
  const sheet = page.getByRole('list', { name: label, exact: true })
  await sheet.waitFor(PATIENCE)
  return (await sheet.getByRole('listitem').allInnerTexts()).map((word) => word.trim()).join(' ')
}

/** Writes the words down and types them from the paper. */
export async function keepWords(page: Page, label: string, goOn: string): Promise<string> {
  const words = await wordsOn(page, label)
  await page.getByRole('button', { name: 'I wrote them down' }).click()
  await page.getByLabel(label, { exact: true }).fill(words)
  await page.getByRole('button', { name: goOn }).click()
  return words
}

export type SetUp = { readonly root: string; readonly recovery: string }

/** The ceremony behind the set-up link, to the open desk. */
export async function setUpDesk(page: Page, link: string, handle: string): Promise<SetUp> {
  await page.goto(link)
  await page.getByLabel('Foundation', { exact: true }).fill('Example Foundation')
  await page.getByLabel('Mail domain of the foundation').fill('example.org')
  await page.getByLabel('Your handle').fill(handle)
  await page.getByRole('button', { name: 'Make the keys' }).click()
  const root = await keepWords(page, 'Root words', 'These are the root words')
  const recovery = await keepWords(page, 'Your recovery words', 'These are my recovery words')
  await page.getByRole('button', { name: 'Make my passkey and open the desk' }).click()
  return { root, recovery }
}

/** Comes to the desk with the passkey of this browser. */
export async function unlock(page: Page, url: string): Promise<void> {
  await page.bringToFront()
  await page.goto(`${url}/desk`)
  await shownBy(page, async () => {
    await page.getByRole('button', { name: 'Unlock with a passkey' }).click()
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor(PATIENCE)
  })
}

export type Receipt = { readonly number: string; readonly words: string }

/** Files a report on /report, to the receipt. */
export async function report(
  page: Page,
  url: string,
  given: { readonly text: string; readonly project?: string; readonly files?: readonly string[] },
): Promise<Receipt> {
  await page.goto(`${url}/report`)
  await page.getByLabel('Name, package or repository').fill(given.project ?? 'Example Project')
  await page.getByRole('textbox', { name: 'What did you find?' }).fill(given.text)
  if (given.files !== undefined) {
    await page.locator('input[type=file]').setInputFiles([...given.files])
    await page
      .getByText('Sealed and sent')
      .nth(given.files.length - 1)
      .waitFor(PATIENCE)
  }
  await page.getByLabel('Mine is none of these').check()
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: 'We have your report' }).waitFor(PATIENCE)
  const words = await wordsOn(page, 'Your twelve words')
  const number = /\b\d{4}-[0-9A-Z]{5}\b/.exec(await page.locator('main').innerText())?.[0] ?? ''
  return { number, words }
}

/** Opens a report again with its words on /follow. */
export async function follow(page: Page, url: string, words: string): Promise<void> {
  await page.goto(`${url}/follow`)
  await page.getByRole('textbox').first().fill(words)
  await page.getByRole('button', { name: /^Open/ }).click()
}

/** What the page gives to save, as text. */
export async function saved(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  const stream = await download.createReadStream()
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  await once(stream, 'end')
  return text
}

/** Answers an invitation with a passkey of this browser, up to the words that are read to a coordinator. */
export async function joinDesk(
  page: Page,
  url: string,
  words: string,
  handle: string,
): Promise<string> {
  await page.goto(`${url}/join#${words.replaceAll(' ', '-')}`)
  await page.getByLabel('Your handle').fill(handle)
  await page.getByRole('button', { name: 'Continue to your words' }).click()
  await keepWords(page, 'Your recovery words', 'These are my recovery words')
  await page.getByRole('button', { name: /passkey/ }).click()
  return wordsOn(page, 'Your key words')
}

/** Types the root words from their paper, where nobody else can be the second person. */
export async function giveRoot(page: Page, words: string): Promise<void> {
  await page.getByLabel('Root words', { exact: true }).fill(words)
  await page.getByRole('button', { name: 'Use them until I lock' }).click()
}
