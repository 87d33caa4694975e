import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { follow, joinDesk, report, unlock } from './browser-acts.ts'
import { axe, newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { type Lie, type LyingServer, startLyingServer } from './lying-server.ts'
import { file, freePort, type OpenDesk, openDesk, play, withRoot } from './stage.ts'

/*
 * PROTOCOL 11 in a browser: the server behind the page is honest, what stands before it shows an older or
 * another past. The page stops: it says what was seen and which check failed, shows and sends nothing more,
 * and nobody can click it away.
 */

type Entry = { readonly statement: { readonly head: string } }
type ChainPage = { statements: Entry[] }

let desk: OpenDesk
let liar: LyingServer
let browser: Browser
let member: Person
let number = ''
const ends: (() => Promise<void>)[] = []

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  liar = await startLyingServer()
  ends.push(() => liar.close())
  const port = await freePort()
  liar.aim(port)
  desk = await openDesk(later, { port, url: liar.url })
  browser = await openChromium(later)
  member = await newPerson(browser)
  const invite = ['member', 'invite', '--role', 'coordinator', ...desk.first.flags]
  const { invitation } = await play<{ invitation: string }>(invite)
  await joinDesk(member.page, desk.server.url, invitation, 'Volunteer 1')
  const admission = ['member', 'admit', 'Volunteer 1', '--met', 'words', ...desk.first.flags]
  await play([...admission, '--root'], withRoot(desk))
  const filed = await file(
    desk,
    '# Crafted header exhausts memory\n\nOpening a file takes all memory.',
  )
  number = filed.number
  await play(['case', 'ack', number, ...desk.first.flags])
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

describe('the desk', () => {
  test('a case that ends earlier than this browser saw it', async () => {
    const { page } = member
    await unlock(page, desk.server.url)
    await page.getByRole('link', { name: 'Crafted header' }).first().click()
    await page.locator('.timeline').getByText('takes all memory').waitFor()
    await page
      .locator('.timeline')
      .getByText(/acknowledged/)
      .waitFor()
    await page.getByRole('link', { name: 'Queue' }).first().click()
    await page.getByRole('link', { name: 'Crafted header' }).first().waitFor()
    await lied(cutShort(/\/cases\/[0-9a-f]{64}\/statements/), async () => {
      await lockAndUnlock(page)
      await page
        .getByRole('link', { name: /Crafted header|Not opened/ })
        .first()
        .click()
      await stopped(member, /H1/, /statement \d/)
    })
  })

  test('a list of members that lost its newest statement', async () => {
    const { page } = member
    await unlock(page, desk.server.url)
    await lied(cutShort(/\/desk\/statements/), async () => {
      await page.keyboard.press('g')
      await page.keyboard.press('p')
      await stopped(member, /H1|H3/, /older|another|before/)
      await page.reload()
      await page.getByRole('button', { name: 'Unlock with a passkey' }).click()
      await stopped(member, /H1|H3/, /older|another|before/)
    })
    await unlock(page, desk.server.url)
  })

  test('a ledger that goes back while the desk stands open', async () => {
    const { page } = member
    const early: unknown = await (await fetch(`${desk.server.url}/api/v1/ledger/checkpoint`)).json()
    await file(desk, '# One more\n\nso that the ledger grows')
    await unlock(page, desk.server.url)
    await page.getByRole('link', { name: 'One more' }).first().waitFor()
    const lie: Lie = ({ path }) => (path.endsWith('/ledger/checkpoint') ? early : undefined)
    await lied(lie, async () => {
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await stopped(member, /H3/, /ledger/)
    })
  })
})

describe('a reporter', () => {
  test('another desk answers at the address of the page', async () => {
    const reporter = await newPerson(browser)
    await lied(beheaded, async () => {
      await reporter.page.goto(`${desk.server.url}/report`)
      await stopped(reporter, /pin|F\d/, /desk/)
    })
    await reporter.context.close()
  })

  test('what was written before the alarm can still be taken away, and is not sent', async () => {
    const reporter = await newPerson(browser)
    const { page, context } = reporter
    await context.route('**/api/**', (route) => route.abort())
    await page.goto(`${desk.server.url}/report`)
    await page.getByText('could not check whose desk this is').first().waitFor()
    const text = page.getByRole('textbox', { name: 'What did you find?' })
    await text.fill('A text that must not be lost')
    await context.unroute('**/api/**')
    await lied(beheaded, async () => {
      await page.getByRole('button', { name: 'Check again' }).click()
      await stopped(reporter, /pin|F\d/, /desk/)
      assert.equal(
        await page.getByRole('textbox', { name: 'Your text' }).inputValue(),
        'A text that must not be lost',
      )
    })
    await context.close()
  })

  test('who comes back is shown another past of the report', async () => {
    const reporter = await newPerson(browser)
    const { page } = reporter
    const early: unknown = await (await fetch(`${desk.server.url}/api/v1/ledger/checkpoint`)).json()
    const { words, number: own } = await report(page, desk.server.url, {
      text: '# Mine\n\nAnother',
    })
    await play(['case', 'ack', own, ...desk.first.flags])
    await page.goto(`${desk.server.url}/follow`)
    await page.getByRole('textbox').first().waitFor()
    const lie: Lie = ({ path }) => (path.endsWith('/ledger/checkpoint') ? early : undefined)
    await follow(page, desk.server.url, words)
    await page
      .locator('.timeline')
      .getByText(/acknowledged/)
      .waitFor()
    await lied(lie, async () => {
      await page.getByRole('button', { name: 'Look for news' }).click()
      await stopped(reporter, /H3/, /ledger/)
    })
    await reporter.context.close()
  })
})

/** Tells the lie while something is done, and proves that it was heard. */
async function lied(lie: Lie, during: () => Promise<void>): Promise<void> {
  const before = liar.told()
  liar.tell(lie)
  try {
    await during()
    assert.ok(liar.told() > before, 'the lie was never told')
  } finally {
    liar.tell(undefined)
  }
}

/** Without its first statement a chain is that of another desk. */
const beheaded: Lie = ({ path, json }) => {
  if (!path.includes('/desk/statements')) return undefined
  const page = structuredClone(json) as ChainPage
  return { ...page, statements: page.statements.slice(1) }
}

function cutShort(where: RegExp): Lie {
  return ({ path, json }) => {
    if (!where.test(path) || typeof json !== 'object' || json === null) return undefined
    const page = structuredClone(json) as Partial<ChainPage>
    if (page.statements === undefined || page.statements.length === 0) return undefined
    return { ...page, statements: page.statements.slice(0, -1) }
  }
}

/** The calm page: what was seen, which check, nothing to go on with; and nothing takes it away. */
async function stopped(person: Person, check: RegExp, says: RegExp): Promise<void> {
  const { page } = person
  const title = page.getByRole('heading', { name: 'We stopped.', level: 1 })
  await shownBy(page, () => title.waitFor({ timeout: 20_000 }))
  const alert = await page.getByRole('alert').first().innerText()
  assert.match(alert, says)
  await page.getByText('For whoever looks into it').click()
  assert.match(await page.getByText(/The check that failed/).innerText(), check)
  for (const gone of ['Seal and send', 'Acknowledge', 'Sign', 'Try again', 'Close', 'Continue'])
    assert.equal(await page.getByRole('button', { name: gone }).count(), 0, gone)
  assert.equal(await page.getByRole('link').count(), 0, 'nothing leads away from an alarm')
  assert.equal(await page.locator('.timeline, ul.queue').count(), 0, 'nothing is shown any more')
  const posted: string[] = []
  const listen = (request: { method: () => string; url: () => string }) => {
    if (request.method() !== 'GET') posted.push(request.url())
  }
  page.on('request', listen)
  for (const key of [
    'Escape',
    'l',
    'Enter',
    '?',
    'Control+k',
    'Control+Enter',
    'g',
    'q',
    'a',
    'Escape',
  ])
    await page.keyboard.press(key)
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  await page.waitForTimeout(400)
  page.off('request', listen)
  assert.deepEqual(posted, [], 'nothing is sent any more')
  assert.equal(await title.count(), 1)
  await accessible(person)
}

async function accessible(person: Person): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 400]) {
      await person.page.emulateMedia({ colorScheme })
      await person.page.setViewportSize({ width, height: 800 })
      assert.deepEqual(await axe(person), [], `${colorScheme} ${width}`)
      const wide = await person.page.evaluate('document.documentElement.scrollWidth > innerWidth')
      assert.equal(wide, false, `scrolls sideways at ${width}`)
    }
  await person.page.emulateMedia({ colorScheme: null })
  await person.page.setViewportSize({ width: 1280, height: 720 })
}

async function lockAndUnlock(page: Page): Promise<void> {
  await page.keyboard.press('l')
  await page.getByRole('button', { name: 'Unlock with a passkey' }).click()
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor()
}
