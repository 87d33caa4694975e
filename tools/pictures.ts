import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { follow, report } from '../stories/browser-acts.ts'
import { newPerson, openChromium, type Person } from '../stories/browser-stage.ts'
import { comeIn, type Demo, startDemo } from '../stories/demo-stage.ts'
import { scratchFolder, serve } from '../stories/stage.ts'
import { isFree } from './demo/demo-server.ts'
import { palettePng } from './palette-png.ts'

/*
 * npm run pictures: the pictures of README and docs, taken from `bin/start --demo` in Chromium. Numbers of
 * cases and dates differ from run to run; everything else is the same.
 */

const FOLDER = join(import.meta.dirname, '../docs/pictures')
const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 400, height: 800 }
const LARGEST = 250_000
/** Fonts, the peek and the clocks are there. */
const SETTLES = 700

const TEXT = `# The legend of a plot shows the path of the file

When a plot has no title, its legend shows the whole path of the file that it was made from. Whoever
publishes the plot publishes the name of their account.

Version 4.4.2. Any plot without a title.
`

const ends: (() => Promise<void>)[] = []
const after = (end: () => Promise<void>) => void ends.push(end)
try {
  mkdirSync(FOLDER, { recursive: true })
  // The address is in some pictures.
  const demo = await startDemo(after, (await isFree(8080)) ? 8080 : undefined)
  const browser = await openChromium(after, 'whole')
  const coordinator = await newPerson(browser, { viewport: WIDE })
  await picturesOfDesk(coordinator, demo)
  const reporter = await newPerson(browser, { viewport: WIDE })
  await picturesOfReporter(reporter.page, demo)
  const folder = await scratchFolder(after)
  const fresh = await serve({ data: join(folder, 'data') })
  after(async () => void (await fresh.stop()))
  const first = await newPerson(browser, { viewport: WIDE })
  await pictureOfSetUp(first.page, /http\S*#[0-9a-f]{64}/.exec(fresh.printed())?.[0] ?? '')
} finally {
  for (const end of ends.toReversed()) await end()
}

async function picturesOfDesk({ page }: Person, demo: Demo): Promise<void> {
  await comeIn(page, demo)
  await page.getByRole('button', { name: /^Acknowledge/ }).waitFor()
  await take(page, 'queue')
  await takeNarrow(page, 'queue')
  await page.getByRole('link', { name: /^Index arithmetic overflows/ }).click()
  await page.locator('.timeline').getByText('I talk to nobody until then').waitFor()
  await take(page, 'case')
  await takeNarrow(page, 'case')
  await page.locator('a[href="/desk/people"]:visible').first().click()
  await page.getByRole('button', { name: 'Compare and admit…' }).waitFor()
  await take(page, 'people')
}

async function picturesOfReporter(page: Page, { url, receipt }: Demo): Promise<void> {
  await page.goto(`${url}/report`)
  await page.getByText(/coordinators of this desk/).waitFor()
  await page.getByLabel('Name, package or repository').fill('example-plots')
  await page.getByRole('textbox', { name: 'What did you find?' }).fill(TEXT)
  await page.evaluate('scrollTo(0, 0)')
  await take(page, 'report')
  await takeNarrow(page, 'report')
  await report(page, url, { text: TEXT, project: 'example-plots' })
  await page.evaluate('scrollTo(0, 0)')
  await take(page, 'receipt')
  await follow(page, url, receipt.words)
  await page.locator('.timeline').getByText('I did not answer').waitFor()
  await page.evaluate('scrollTo(0, 0)')
  await take(page, 'follow')
}

async function pictureOfSetUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Foundation', { exact: true }).fill('Example Foundation')
  await page.getByLabel('Mail domain of the foundation').fill('example.org')
  await page.getByLabel('Your handle').fill('Volunteer 1')
  await page.getByRole('button', { name: 'Make the keys' }).click()
  await page.getByRole('list', { name: 'Root words', exact: true }).waitFor()
  await take(page, 'set-up')
}

async function take(page: Page, name: string): Promise<void> {
  await page.setViewportSize(WIDE)
  for (const colorScheme of ['light', 'dark'] as const)
    await shoot(page, `${name}-${colorScheme}`, colorScheme)
}

async function takeNarrow(page: Page, name: string): Promise<void> {
  await page.setViewportSize(NARROW)
  await shoot(page, `${name}-narrow`, 'dark')
  await page.setViewportSize(WIDE)
  await page.emulateMedia({ colorScheme: 'light' })
}

async function shoot(page: Page, name: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await wait(SETTLES)
  const picture = palettePng(await page.screenshot({ caret: 'hide' }))
  if (picture.length > LARGEST) throw new RangeError(`${name} is ${picture.length} bytes`)
  writeFileSync(join(FOLDER, `${name}.png`), picture)
  process.stdout.write(`${name}.png  ${Math.round(picture.length / 1000)} kB\n`)
}
