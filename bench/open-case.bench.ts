import { readFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { acknowledge, openCase, sendMessage } from '#client'
import { readBodiesPage, writeBodiesPage } from '#contract'
import { readCertificate } from '#seal'
import { appendToCase } from '../src/client/append.ts'
import { messageTo } from '../src/client/write-case.ts'
import { openChromium } from '../stories/browser-stage.ts'
import { atWork } from '../stories/in-process.ts'
import { file, openDesk, PASSPHRASE, queueOf } from '../stories/stage.ts'
import { atMost, type Measured, median, ROUNDS } from './bench.ts'
import { benchScript, openBenchPage } from './bench-page.ts'
import type { Visit, Visited } from './visits.ts'

export const name = 'Opening a case of 1,000 messages, in milliseconds'

/*
 * A real desk, a real case, the worker that people get, in Chromium. Each round decrypts the bodies of the
 * case with the bare library in a worker of its own, then comes as somebody who was not there before:
 * unlocks, looks at the queue, opens the case, and opens it again.
 */

const MESSAGES = 1000
const WORDS = 'What a person writes about a defect, in words that go on for a while. '
const TEXT = WORDS.repeat(Math.round(5000 / WORDS.length))

export async function run(): Promise<Measured> {
  const ends: (() => Promise<void>)[] = []
  const after = (end: () => Promise<void>) => ends.push(end)
  try {
    const desk = await openDesk(after)
    await file(desk, `# A long story\n\n${TEXT}`)
    const [row] = await queueOf(desk.first)
    const id = row?.id ?? ''
    const { key, bodies } = await writeMany(await atWork(desk, desk.first), id)
    const browser = await openChromium(after, 'whole')
    const [bench, people] = [await browser.newPage(), await browser.newPage()]
    const files = {
      '/bench/page.js': await benchScript('open-case'),
      '/bench/bare.js': await benchScript('bare-decrypt'),
      '/bench/bodies': bodies,
      '/bench/key': key,
    }
    await openBenchPage(bench, desk.server.url, files)
    const { aside } = await openBenchPage(people, desk.server.url, files)
    await aside()
    const keyFile = await readFile(desk.first.key, 'utf8')
    const given = { worker: workerPath(), desk: desk.desk, keyFile, passphrase: PASSPHRASE, id }
    const bare: number[] = []
    const visits: Visited[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bench.evaluate<number>(`bare('/bench/bare.js')`))
      visits.push(await visit(people, given))
    }
    demandWhole(visits)
    const against = median(bare)
    const of = (what: keyof Visited) => median(visits.map((each) => each[what]))
    return {
      rows: [
        atMost('the whole case, against bare decryption of its bodies', of('whole'), against, 1.3),
        atMost('first screen, first visit', of('first'), against, 0.25),
        atMost('first screen, later', of('later'), against, 0.1),
      ],
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

function visit(page: Page, given: Visit): Promise<Visited> {
  return page.evaluate<Visited>(`visit(${JSON.stringify(given)})`)
}

/** A number that was measured without the work says nothing. */
function demandWhole(visits: readonly Visited[]): void {
  for (const { opened, messages } of visits)
    if (opened < 20 || messages < MESSAGES) throw new Error('The case was not opened whole.')
}

type AtWork = Awaited<ReturnType<typeof atWork>>

/** Fills the case, and gives what the bare library needs: the sealed bodies and the key of their thread. */
async function writeMany(desk: AtWork, id: string) {
  let within = await acknowledge(desk, await openCase(desk.view, id))
  within = await sendMessage(desk, within, 'all', { text: TEXT, files: [] })
  let { view } = desk
  const circle = await readCertificate(within.fold.circles.get('all')?.at(-1)?.cert ?? '')
  for (let left = MESSAGES - 1; left > 0; left -= 100) {
    const done = await appendToCase(view, within, (now, current) =>
      Array.from({ length: Math.min(left, 100) }, (_, n) =>
        messageTo(desk, now, current, 'all', circle, `${left - n} ${TEXT}`, []),
      ),
    )
    ;({ view, within } = done)
  }
  const bodies = []
  for (let to = within.fold.head.seq; to >= 0;) {
    const from = within.fold.head.seq - MESSAGES + 1
    const answer = await view.api.call('readBodies', { params: { id }, query: { from, to } })
    const page = readBodiesPage(answer)
    bodies.unshift(...page.bodies)
    to = page.from > from ? page.from - 1 : -1
  }
  const { secret } = await desk.keyring.keyOf('all/1', within)
  return { key: secret, bodies: writeBodiesPage({ from: 0, bodies }) }
}

/** As `npm run build` named it, which the server did when it started. */
function workerPath(): string {
  const assets = readdirSync(join(import.meta.dirname, '..', 'dist', 'browser', 'assets'))
  const worker = assets.find((each) => /^member-[0-9a-f]+\.js$/.test(each))
  if (worker === undefined) throw new Error('There is no build for browsers.')
  return `/assets/${worker}`
}
