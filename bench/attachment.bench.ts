import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { newPerson, openChromium } from '../stories/browser-stage.ts'
import { type OpenDesk, openDesk } from '../stories/stage.ts'
import { atLeast, atMost, type Measured, median } from './bench.ts'
import { benchScript, openBenchPage } from './bench-page.ts'
import type { Sealed } from './visits.ts'

export const name = 'Sealing an attachment of 50 MiB, in MiB per second and milliseconds'

/*
 * In a worker of Chromium: the file is read, framed, encrypted, cut and hashed twice, against AES-256-GCM
 * alone over the same bytes in calls of 1 MiB. Then a reporter attaches such a file on the real page, and
 * the page says its longest task meanwhile.
 */

const SIZE = 50
const MIB = 2 ** 20
/** A task that somebody notices, in milliseconds. */
const NOTICED = 50

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const desk = await openDesk(after)
    const browser = await openChromium(after, 'whole')
    const page = await browser.newPage()
    await openBenchPage(page, desk.server.url, {
      '/bench/page.js': await benchScript('open-case'),
      '/bench/seal.js': await benchScript('seal-file'),
    })
    const taken = await page.evaluate<Sealed>(`bare('/bench/seal.js', ${SIZE * MIB})`)
    const speed = (times: readonly number[]) => (1000 * SIZE) / median(times)
    const longest = await longestTask(browser, desk)
    return {
      rows: [
        atLeast(
          'sealed and hashed, against AES alone',
          speed(taken.sealed),
          speed(taken.bare),
          0.3,
        ),
        atMost('longest task of the page meanwhile', longest, NOTICED, 1),
      ],
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/** 0 where no task was long enough to be listed. */
async function longestTask(browser: Browser, { server, folder }: OpenDesk): Promise<number> {
  const file = join(folder, 'recording.bin')
  await writeFile(file, randomBytes(SIZE * MIB))
  const { page } = await newPerson(browser)
  await page.goto(`${server.url}/report`)
  await page.locator('input[type=file]').waitFor({ state: 'attached' })
  // The page itself is there and quiet before anything is attached.
  await page.waitForLoadState('networkidle')
  await page.evaluate(WATCH)
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('Sealed and sent').waitFor({ timeout: 120_000 })
  return longest(page)
}

const WATCH = `{
  globalThis.longest = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  }).observe({ type: 'longtask' })
}`

function longest(page: Page): Promise<number> {
  return page.evaluate<number>('longest')
}
