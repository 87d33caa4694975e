import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { report } from './browser-acts.ts'
import {
  comeWithKeyFile,
  heading,
  becomeMember,
  comeAndRead,
  lock,
  press,
  readInQueue,
  unlockHere,
  unlockWithWords,
} from './browser-keys.ts'
import { historyOf, inMemory, readableIn, remainsOf } from './browser-remains.ts'
import { newPerson, openChromium, shownBy } from './browser-stage.ts'
import { type OpenDesk, openDesk, PASSPHRASE } from './stage.ts'

const word = (what: string) => `CANARY-${what}-${randomBytes(12).toString('hex')}`
const CANARY = {
  title: word('title'),
  text: word('text'),
  draft: word('draft'),
  other: word('other'),
  name: word('name'),
}
const WORDS = Object.values(CANARY)
/** What the story looks for on pages: what it is given stays in a page's memory, so no canary is. */
const SEEN = { title: 'Crafted header', text: 'takes all memory' }
const TEXT = `# ${SEEN.title} ${CANARY.title}\n\nIt ${SEEN.text}: ${CANARY.text}\n`

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let browser: Browser

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  desk = await openDesk(later)
  browser = await openChromium(later)
  const { page, context } = await newPerson(browser)
  await report(page, desk.server.url, { text: TEXT, project: CANARY.name })
  await context.close()
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('locking and logging out leave nothing in the page, in its memory or on the machine', async (t) => {
  const { url } = desk.server
  const person = await newPerson(browser)
  const { page, cdp, complaints } = person
  const { recovery } = await becomeMember(desk, page, { name: 'Coordinator 2' })

  await t.test('open, it is all there: the searches below can find it', async () => {
    await comeAndRead(page, url, SEEN)
    await write(page, CANARY.draft)
    await page.getByText('Draft kept').waitFor()
    assert.deepEqual(await inMemory(person, [CANARY.title, CANARY.text]), [
      CANARY.title,
      CANARY.text,
    ])
    const { rows } = await remainsOf(page)
    assert.ok(rows.some(({ name }) => name.includes('/draft-')))
    const planted = [{ name: 'x', bytes: Buffer.from(`a ${CANARY.text} b`) }]
    assert.ok(readableIn({ rows: planted, others: [], cookies: [] }, WORDS).length > 0)
  })

  await t.test('the thread that held the keys ends with the lock', async () => {
    const [before] = page.workers()
    assert.ok(before)
    const ended = new Promise((resolve) => before.once('close', resolve))
    await lock(page)
    await ended
    assert.ok(!page.workers().includes(before))
  })

  await t.test('locked: no text and no word in page, memory, history, storage', async () => {
    await nothingLeft()
    const { rows } = await remainsOf(page)
    assert.ok(
      rows.some(({ name }) => name.includes('/draft-')),
      'the draft stays, sealed',
    )
    assert.deepEqual(await person.context.cookies(), [], 'no session')
  })

  await t.test('one touch leads back to the same place, with the draft', async () => {
    await unlockHere(page, SEEN.title)
    await hasDraft(page, CANARY.draft)
  })

  await t.test('so does a touch that comes before the desk has heard of the lock', async () => {
    await page.route('**/api/v1/logout', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await route.continue()
    })
    await lock(page)
    await unlockHere(page, SEEN.title)
    await page.unroute('**/api/v1/logout')
    await hasDraft(page, CANARY.draft)
  })

  await t.test('a reload locks', async () => {
    await page.reload()
    await heading(page, 'The desk of Example Foundation')
    await nothingLeft()
    await unlockHere(page, SEEN.title)
  })

  await t.test('logged out: only sealed marks stay', async () => {
    await logOut(page)
    await onlyMarks(page)
    await nothingLeft()
  })

  await t.test('the back button, and forward again, show the door', async () => {
    for (const way of ['goBack', 'goBack', 'goForward'] as const) {
      await page[way]()
      await page.getByRole('button', { name: 'Unlock with a passkey' }).waitFor()
      await nothingLeft()
    }
  })

  await t.test('from another site and back as well', async () => {
    await page.goto(`${url}/desk`)
    await unlockHere(page, 'Queue')
    await readInQueue(page, SEEN.title, SEEN.text)
    await page.goto(`${url}/follow`)
    await page.goBack()
    await page.getByRole('button', { name: 'Unlock with a passkey' }).waitFor()
    await nothingLeft()
  })

  assert.deepEqual(complaints, [])

  /** What a page shows, and what its process, its history and its stores hold. */
  async function nothingLeft(): Promise<void> {
    const secrets = [...WORDS, recovery]
    const html = await page.content()
    assert.deepEqual(
      secrets.filter((secret) => html.includes(secret)),
      [],
      'in the page',
    )
    assert.deepEqual(await inMemory(person, secrets), [], 'in memory')
    const past = await historyOf(cdp)
    assert.deepEqual(
      secrets.filter((secret) => past.includes(secret)),
      [],
      'in the history',
    )
    const remains = await remainsOf(page)
    assert.deepEqual(readableIn(remains, secrets), [], 'in IndexedDB')
    assert.deepEqual(remains.others, [], 'elsewhere')
  }
})

test('leaving in one tab leaves in every tab', async (t) => {
  const { url } = desk.server
  const person = await newPerson(browser)
  const one = person.page
  const two = await person.context.newPage()
  two.on('dialog', (dialog) => void dialog.accept())
  /** Requests that end a session. */
  const ended: string[] = []
  const cdpOfTwo = await person.context.newCDPSession(two)
  const both = [one, two]

  await t.test(
    'locked in one, the other is locked at once and keeps what was written',
    async () => {
      for (const tab of both) await comeInto(tab)
      await write(one, CANARY.draft)
      person.context.on('request', (request) => {
        if (request.url().endsWith('/api/v1/logout')) ended.push(request.method())
      })
      await lock(two)
      await heading(one, 'Locked from another tab')
      await shutWell()
      await comeInto(one)
      await hasDraft(one, CANARY.draft)
    },
  )

  await t.test('the tab that was told tells nobody: a session may have begun since', async () => {
    assert.deepEqual(ended, ['POST'])
    await one.getByRole('link', { name: 'People' }).first().click()
    await one.getByText(/^\d+ coordinators?/).waitFor()
  })

  await t.test('logged out in one, nothing that the other was writing stays', async () => {
    await comeInto(two)
    await write(two, CANARY.other)
    await whileLoggingOut(one, () =>
      one.getByRole('link', { name: 'Queue' }).first().click({ timeout: 2000 }),
    )
    await logOut(one)
    await two.getByRole('heading', { name: 'Locked from another tab' }).waitFor()
    await shutWell()
    await onlyMarks(one)
    await comeInto(one)
    assert.equal(await composer(one).inputValue(), '')
  })

  /** Something else is asked of the worker after the keys went, and before the shelf is cleared. */
  async function whileLoggingOut(tab: Page, meanwhile: () => Promise<void>): Promise<void> {
    await person.context.route('**/api/v1/logout', async (route) => {
      // Where the page was quicker there is nothing left to press, and the request still goes.
      await meanwhile().catch(() => undefined)
      // Longer than the thread that held the keys may wait: the one after it tells the desk.
      await tab.waitForTimeout(3000)
      await route.continue()
    })
  }

  async function comeInto(tab: Page): Promise<void> {
    await tab.bringToFront()
    await comeWithKeyFile(tab, url, desk.first.key)
    await press(tab, 'Not now')
    await readInQueue(tab, SEEN.title, SEEN.text)
  }

  async function shutWell(): Promise<void> {
    for (const { page: tab, cdp } of [person, { page: two, cdp: cdpOfTwo }]) {
      const secrets = [...WORDS, PASSPHRASE]
      assert.deepEqual(await inMemory({ page: tab, cdp }, secrets), [])
      assert.deepEqual(readableIn(await remainsOf(tab), secrets), [])
      assert.ok(!(await tab.content()).includes(CANARY.title))
    }
    // The other tab hears of it before the server does.
    for (let left = 400; left > 0 && (await person.context.cookies()).length > 0; left--)
      await one.waitForTimeout(50)
    assert.deepEqual(await person.context.cookies(), [], 'no session')
  }
})

test('words that open keys are forgotten with the lock', async () => {
  const person = await newPerson(browser, { authenticator: 'no-prf' })
  const { page } = person
  const { recovery } = await becomeMember(desk, page, { name: 'Coordinator 3' })
  await page.goto(`${desk.server.url}/desk`)
  await unlockWithWords(page, recovery)
  await heading(page, 'Queue')
  assert.deepEqual(await inMemory(person, [recovery]), [], 'used, and not kept')
  await lock(page)
  assert.deepEqual(await inMemory(person, [recovery]), [])
})

test('a desk that is left alone for 15 minutes locks itself, and comes back as it was', async () => {
  const { url } = desk.server
  const person = await newPerson(browser)
  const { page, context } = person
  await becomeMember(desk, page, { name: 'Coordinator 4' })
  await page.clock.install()
  await comeAndRead(page, url, SEEN)
  const place = page.url()
  await write(page, CANARY.draft)

  await page.clock.fastForward('13:50')
  assert.equal(await page.getByText('Locks in 1 min.').count(), 0)
  await page.clock.fastForward('00:30')
  await page.getByText('Locks in 1 min.').waitFor()
  await page.keyboard.press('Shift')
  await page.getByText('Locks in 1 min.').waitFor({ state: 'detached' })

  await page.clock.fastForward('14:50')
  await page.getByText('Locks in 1 min.').waitFor()
  await page.clock.fastForward('00:20')
  await heading(page, 'Locked')
  await page.getByText('You were away for a while.').waitFor()
  assert.deepEqual(await inMemory(person, WORDS), [])
  assert.deepEqual(readableIn(await remainsOf(page), WORDS), [])
  assert.deepEqual(await context.cookies(), [], 'the session ended at the desk as well')

  await page.keyboard.press('Enter')
  await shownBy(page, () => heading(page, SEEN.title))
  assert.equal(page.url(), place)
  await hasDraft(page, CANARY.draft)
})

function composer(page: Page) {
  return page.getByRole('textbox', { name: /Write|Message|message/ }).first()
}

async function write(page: Page, text: string): Promise<void> {
  await composer(page).focus()
  await page.keyboard.insertText(text)
}

async function hasDraft(page: Page, text: string): Promise<void> {
  await shownBy(page, async () => {
    for (let left = 100; (await composer(page).inputValue()) !== text; left--) {
      if (left === 0) throw new Error('the draft did not come back')
      await page.waitForTimeout(100)
    }
  })
}

async function logOut(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await press(page, 'Log out')
  await heading(page, 'You are logged out')
}

async function onlyMarks(page: Page): Promise<void> {
  const { rows, cookies } = await remainsOf(page)
  assert.ok(rows.length > 0, 'what was seen of the ledger is remembered')
  for (const { name } of rows) assert.match(name, /^[0-9a-f]{32}\/marks$/)
  assert.deepEqual(cookies, [])
}
