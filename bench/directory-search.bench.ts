import { newPerson, openChromium } from '../stories/browser-stage.ts'
import { bundleScript } from '../tools/build-browser-script.ts'
import { atMost, type Measured, median } from './bench.ts'
import { openBenchPage } from './bench-page.ts'

export const name = 'Finding one of 10,000 projects in a browser, in milliseconds'

/** One frame: the list follows the letters as they are typed. */
const FRAME = 16

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  try {
    const browser = await openChromium((end) => ends.push(end))
    const { page } = await newPerson(browser)
    const script = await bundleScript({ entry: 'bench/page/find-projects.ts', openpgp: 'none' })
    await openBenchPage(page, 'http://localhost', { '/bench/page.js': script })
    const { making, asked } = await page.evaluate<{ making: number; asked: number[] }>('measured')
    console.log(
      `  questions: ${asked.length}; preparing the directory took ${Math.round(making)} ms`,
    )
    const sorted = asked.toSorted((a, b) => a - b)
    return {
      rows: [
        atMost('half of all questions', median(asked), FRAME, 1),
        atMost(
          '99 of 100 questions',
          sorted[Math.floor(0.99 * sorted.length)] ?? Infinity,
          FRAME,
          1,
        ),
      ],
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}
