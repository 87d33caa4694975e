import type { Page } from 'playwright-core'
import { newPerson, openChromium, shownBy } from '../stories/browser-stage.ts'
import { askDatabase } from '../stories/database.ts'
import { file, type OpenDesk, openDesk, PASSPHRASE, queueOf } from '../stories/stage.ts'
import { atMost, type Measured, median, ROUNDS } from './bench.ts'

export const name = 'A queue of 100,000 cases, in milliseconds'

/*
 * Real rows in the real database, copied from one real case; ten have a chain and a title that opens. Somebody unlocks the desk, scrolls with the wheel and jumps to the end; the page says how far apart
 * its frames were.
 */

const ROWS = 100_000
const TITLED = 10
/** What a frame may take before a scroll is seen to stumble. */
const FRAME = 50
/** What nobody waits for. */
const SOON = 1000

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const desk = await openDesk(after)
    for (let n = 0; n < TITLED; n++)
      await file(desk, `# A case with a title, number ${n}\n\nWords.`)
    await queueOf(desk.first)
    await askDatabase(desk.server.data, COPIES)
    await askDatabase(desk.server.data, 'analyze desk."case"')
    const browser = await openChromium(after, 'whole')
    const { page } = await newPerson(browser)
    const firstPage = await unlock(page, desk)
    const wheel: number[] = []
    const end: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      wheel.push(await longestFrame(page, () => turn(page)))
      end.push(await longestFrame(page, () => toTheEnd(page)))
    }
    return {
      rows: [
        atMost('from the open desk to the first rows', firstPage, SOON, 1),
        atMost('longest frame while the wheel turns', median(wheel), FRAME, 1),
        atMost('longest frame of a jump to the end and back', median(end), FRAME, 1),
      ],
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/** Numbers count in the letters of case numbers; every seventh case waits for its acknowledgement. */
const COPIES = `
  with template as (select * from desk."case" order by received limit 1),
  letters as (select '0123456789ABCDEFGHJKMNPQRSTVWXYZ' as all_of_them)
  insert into desk."case" (id, number, source, received, last_seq, state, sort, acknowledged, taken)
  select sha256(convert_to('copy ' || n, 'UTF8')),
    '2025-' || (select string_agg(substr(all_of_them, 1 + ((n >> (5 * digit)) & 31), 1), '' order by digit desc)
      from generate_series(0, 4) digit),
    source, received - n * interval '1 minute', last_seq, 'open', '',
    case when n % 7 = 0 then null else received end, null
  from template, letters, generate_series(1, ${ROWS - TITLED}) n`

/** Comes with the key file, and waits for rows. Milliseconds from the frame of the desk to its rows. */
async function unlock(page: Page, { server, first }: OpenDesk): Promise<number> {
  await page.goto(`${server.url}/desk`)
  await page.getByRole('button', { name: /other way/i }).click()
  await page.getByRole('button', { name: /key file/i }).click()
  await page.locator('input[type=file]').setInputFiles(first.key)
  await page.getByLabel('Passphrase').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Open the desk' }).click()
  await page.getByRole('button', { name: 'Not now' }).click({ timeout: 60_000 })
  const queue = page.getByRole('heading', { name: 'Queue', level: 1 })
  await shownBy(page, () => queue.waitFor({ timeout: 60_000 }))
  const began = performance.now()
  await page.locator('ul.queue li.q:not(.wait)').first().waitFor({ timeout: 60_000 })
  return performance.now() - began
}

async function turn(page: Page): Promise<void> {
  await page.mouse.move(600, 400)
  for (let notch = 0; notch < 40; notch++) {
    await page.mouse.wheel(0, 400)
    await page.waitForTimeout(16)
  }
}

async function toTheEnd(page: Page): Promise<void> {
  for (const top of ['document.documentElement.scrollHeight', '0']) {
    await page.evaluate(`scrollTo({ top: ${top} })`)
    await page.waitForTimeout(300)
  }
}

/** The time between two frames, at most, while something is done. */
async function longestFrame(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(`{
    globalThis.frames = { longest: 0, last: performance.now(), on: true }
    const look = (now) => {
      frames.longest = Math.max(frames.longest, now - frames.last)
      frames.last = now
      if (frames.on) requestAnimationFrame(look)
    }
    requestAnimationFrame((now) => { frames.last = now; requestAnimationFrame(look) })
  }`)
  await act()
  return page.evaluate<number>('frames.on = false, frames.longest')
}
