import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { giveRoot, joinDesk, keepWords, report, unlock, wordsOn } from './browser-acts.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { everyLook } from './every-look.ts'
import { play, reporterFlags, type Running, scratchFolder, serve } from './stage.ts'

/*
 * LOOK 8: every page in every state that a person meets, from the empty server to the desk with cases. axe
 * finds nothing in light and dark, wide and narrow; nothing scrolls sideways down to 320 px, at 200 % zoom
 * or with letters twice as large; with forced colours no control vanishes.
 */

let folder = ''
let server: Running
let browser: Browser
let first: Person
let reporter: Person
let invitation = ''
let root = ''
const found: string[] = []
const ends: (() => Promise<void>)[] = []

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  folder = await scratchFolder(later)
  const mail = ['--mail-port', '0', '--mail-address', 'security@example.org']
  server = await serve({ data: join(folder, 'data'), more: ['--limits', 'off', ...mail] })
  later(async () => void (await server.stop()))
  browser = await openChromium(later)
  first = await newPerson(browser)
  reporter = await newPerson(browser)
  for (const { page } of [first, reporter]) page.setDefaultTimeout(20_000)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('before there is a desk', async () => {
  const { page } = reporter
  const pages = {
    '/': 'This desk is not set up yet',
    '/report': 'This desk is not set up yet',
    '/follow': 'This desk is not set up yet',
    '/join': 'Join the desk',
    '/desk': 'No desk yet',
    '/setup': 'Set up the desk',
  }
  for (const [path, name] of Object.entries(pages)) {
    await page.goto(`${server.url}${path}`)
    // Its own heading: the shell of a page that has not begun has one too.
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    await look(reporter, `${path} without a desk`)
  }
  nothingFound()
})

test('the set-up, step by step', async () => {
  const { page } = first
  await page.goto(/http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? '')
  await page.getByRole('button', { name: 'Make the keys' }).click()
  await look(first, 'set-up with errors')
  await page.getByLabel('Foundation', { exact: true }).fill('Example Foundation')
  await page.getByLabel('Mail domain of the foundation').fill('example.org')
  await page.getByLabel('Your handle').fill('Coordinator 1')
  await page.getByRole('button', { name: 'Make the keys' }).click()
  await wordsOn(page, 'Root words')
  await look(first, 'root words')
  await page.getByRole('button', { name: 'I wrote them down' }).click()
  await look(first, 'root words read back')
  await page.goBack().catch(() => undefined)
  await page.goto(/http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? '')
  await page.getByLabel('Foundation', { exact: true }).fill('Example Foundation')
  await page.getByLabel('Mail domain of the foundation').fill('example.org')
  await page.getByLabel('Your handle').fill('Coordinator 1')
  await page.getByRole('button', { name: 'Make the keys' }).click()
  root = await keepWords(page, 'Root words', 'These are the root words')
  await keepWords(page, 'Your recovery words', 'These are my recovery words')
  await look(first, 'passkey of the first coordinator')
  await page.getByRole('button', { name: 'Make my passkey and open the desk' }).click()
  await heading(page, /is open$/)
  await look(first, 'the desk is open')
  await page.getByRole('button', { name: 'Make a link for the second coordinator' }).click()
  invitation = (await page.locator('pre.code').first().innerText()).trim()
  await look(first, 'a link for the second')
  await page.goto('about:blank')
  await page.goto(/http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? '')
  await heading(page, 'This desk is set up already')
  await look(first, 'a set-up link that was used')
  nothingFound()
})

test('the empty desk', async () => {
  const { page } = first
  await page.goto(`${server.url}/desk`)
  await page.getByRole('button', { name: 'Other ways' }).click()
  await look(first, 'other ways in')
  await page.getByRole('button', { name: 'Use a key file' }).click()
  await look(first, 'a key file')
  await page.getByRole('button', { name: /^Back/ }).click()
  await page.getByRole('button', { name: 'Use words alone' }).click()
  await look(first, 'recovery words alone')
  await unlock(page, server.url)
  await page.getByText('Nothing is open').waitFor()
  await look(first, 'an empty queue')
  for (const [link, title] of [
    ['Search', 'Search'],
    ['People', 'People'],
    ['Mail', 'Mail'],
    ['Keys and sessions', 'Keys and sessions'],
  ] as const) {
    await page.getByRole('link', { name: link }).first().click()
    await heading(page, title)
    await look(first, `${title} of a new desk`)
  }
  await page.getByRole('link', { name: 'Mail', exact: true }).first().click()
  await page.getByLabel('Send a test to').fill('volunteer@example.org')
  await page.getByRole('button', { name: 'Send a test mail' }).click()
  await page.getByText('It was not sent.').waitFor()
  await look(first, 'a test of mail without a relay')
  await page.keyboard.press('l')
  await heading(page, 'Locked')
  await look(first, 'a locked desk')
  nothingFound()
})

test('reporting', async () => {
  const { page } = reporter
  await page.goto(server.url)
  await look(reporter, 'the first page')
  await page.goto(`${server.url}/report`)
  await page.getByText(/End to end: 1 reader/).waitFor()
  await look(reporter, 'an empty report')
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText(/things to look at/).waitFor()
  await look(reporter, 'a report with errors')
  await page.getByRole('textbox', { name: 'What did you find?' }).fill(TEXT)
  await page.getByRole('tab', { name: 'Preview' }).click()
  await page.locator('.preview table, .preview .markdown').first().waitFor()
  await page.locator('input[type=file]').setInputFiles({
    name: 'a-proof-with-a-very-long-name-that-goes-on-and-on-without-any-space-for-a-break.tar.gz',
    mimeType: 'application/gzip',
    buffer: Buffer.alloc(3000),
  })
  await page.getByText('Sealed and sent').waitFor()
  await look(reporter, 'a preview and a file')
  await reporter.context.setOffline(true)
  await page.getByText('You are offline').waitFor()
  await look(reporter, 'a report offline')
  await reporter.context.setOffline(false)
  await page.getByText('You are offline').waitFor({ state: 'detached' })
  const { words } = await report(page, server.url, { text: TEXT })
  await look(reporter, 'a receipt')
  await page.emulateMedia({ media: 'print' })
  const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)
  assert.equal(pages?.length, 1, 'a printed receipt is one page')
  assert.equal(await page.getByRole('button', { name: 'Print' }).isVisible(), false)
  assert.equal(await page.getByRole('list', { name: 'Your twelve words' }).isVisible(), true)
  await page.emulateMedia({ media: null })
  await page.goto(`${server.url}/follow`)
  await look(reporter, 'follow')
  await page.getByRole('textbox').first().fill(words.split(' ').toReversed().join(' '))
  await page.getByRole('button', { name: /^Open/ }).click()
  await page.locator('.error').first().waitFor()
  await look(reporter, 'wrong words')
  await page.getByRole('textbox').first().fill(words)
  await page.getByRole('button', { name: /^Open/ }).click()
  await page.locator('.timeline').getByText('Crafted header').first().waitFor()
  await look(reporter, 'a report that is followed')
  await page.getByRole('button', { name: 'Preview' }).click()
  await look(reporter, 'a reply in preview')
  nothingFound()
})

test('the desk at work', async () => {
  const { page } = first
  await unlock(page, server.url)
  const id = (await page.locator('meta[name="postern-desk"]').getAttribute('content')) ?? ''
  const path = join(folder, 'report.md')
  const flags = reporterFlags({ folder, server, desk: id })
  for (const n of [1, 2, 3]) {
    await writeFile(
      path,
      `# Report ${n}

${TEXT}`,
    )
    await play(['report', ...flags, '--text', path])
  }
  await page.getByRole('link', { name: 'Report 3' }).first().waitFor()
  await look(first, 'a queue')
  for (const [keys, title] of [
    ['?', /keys/i],
    ['Control+k', /Find an act/],
    ['s', /^Sort/],
  ] as const) {
    await page.keyboard.press('j')
    await dialog(first, `the queue and ${keys}`, () => page.keyboard.press(keys), title)
  }
  await page.keyboard.press('x')
  await page.keyboard.press('k')
  await page.keyboard.press('x')
  await page.getByText('2 selected').first().waitFor()
  await look(first, 'a selection')
  await dialog(first, 'reply and close', () => page.keyboard.press('n'), /^Reply and close/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'More' }).click()
  await dialog(first, 'an assessment', () => press(page, 'New assessment…'), 'New assessment')
  await page.getByLabel(/^Filter/).fill('nothing has this name')
  await look(first, 'a filter that finds nothing')
  await page.getByLabel(/^Filter/).fill('')
  await page.getByRole('link', { name: 'Crafted header' }).first().click()
  await page.locator('.timeline').getByText('takes all').first().waitFor()
  await look(first, 'a case')
  for (const [name, title] of [
    ['Rename', /^Rename/],
    ['Close case…', /^Close/],
    ['Link…', /^Link/],
    ['Export the case…', /^Export/],
    ['Change…', /^Sort/],
    ['Add…', /^Add a reader/],
  ] as const)
    await dialog(first, `a case and ${name}`, () => press(page, name), title)
  await page.keyboard.press('w')
  await page.keyboard.insertText(TEXT)
  await page.getByRole('button', { name: 'Preview' }).click()
  await look(first, 'an answer in preview')
  await page.getByRole('button', { name: 'Write', exact: true }).click()
  await page.getByRole('button', { name: 'Canned reply' }).click()
  await look(first, 'canned replies')
  await page.keyboard.press('Escape')
  await page
    .getByRole('button', { name: /^Acknowledge/ })
    .first()
    .click()
  await page
    .locator('.timeline')
    .getByText(/acknowledged/)
    .waitFor()
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.locator('.timeline .msg').nth(1).waitFor()
  await page.getByRole('link', { name: /^Team/ }).click()
  await look(first, 'an answered case, team only')
  await first.context.setOffline(true)
  await page.getByText('You are offline').waitFor()
  await look(first, 'a case offline')
  await first.context.setOffline(false)
  await page.getByText('You are offline').waitFor({ state: 'detached' })
  nothingFound()
})

test('joining, people, own keys and search', async () => {
  const { page } = first
  const second = await newPerson(browser)
  await second.page.goto(invitation)
  await heading(second.page, /^Join the desk of/)
  await look(second, 'an invitation')
  await joinDesk(second.page, server.url, invitation.split('#')[1] ?? '', 'Volunteer 2')
  await look(second, 'waiting to be admitted')
  await second.page.goto('about:blank')
  await second.page.goto(`${server.url}/join#some-wrong-words`)
  await heading(second.page, 'Join the desk')
  await look(second, 'a wrong invitation')
  await page.getByRole('link', { name: 'People' }).first().click()
  await page.getByRole('button', { name: 'Compare and admit…' }).waitFor()
  await look(first, 'somebody at the door')
  await dialog(
    first,
    'the root words',
    () => press(page, 'Compare and admit…'),
    'Use the root words',
    'keep',
  )
  await dialog(first, 'comparing', () => giveRoot(page, root), /^Compare/, 'keep')
  await page.getByRole('button', { name: 'They match: admit' }).click()
  await page.getByText('Volunteer 2 is a member now.').first().waitFor()
  await look(first, 'a new member')
  await dialog(first, 'inviting', () => press(page, /^Invite…/), 'Invite somebody', 'keep')
  await page.getByRole('button', { name: 'Make the invitation' }).click()
  await dialog(first, 'an invitation', () => Promise.resolve(), 'The invitation is ready')
  await page.getByRole('link', { name: 'Search' }).first().click()
  await page.getByLabel('Words in titles and messages').fill('header')
  await page.locator('.hits').waitFor()
  await look(first, 'a search')
  await page.getByLabel('Words in titles and messages').fill('nowhere')
  await page.getByText(/Nothing holds/).waitFor()
  await look(first, 'a search that finds nothing')
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await heading(page, 'Keys and sessions')
  await page.getByRole('heading', { name: 'Sessions', exact: true }).waitFor()
  await look(first, 'own keys')
  nothingFound()
  for (const { complaints } of [first, reporter, second])
    assert.deepEqual(
      complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text)),
      [],
    )
})

test('without scripts the first page is whole, and the others say what to do', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(server.url)
  const whole = await page.locator('body').innerText()
  assert.match(whole, /Example Foundation/)
  assert.match(whole, /bin\/postern report/)
  for (const path of ['/report', '/follow', '/join', '/setup', '/desk', '/desk/people']) {
    await page.goto(`${server.url}${path}`)
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, path)
    const text = await page.locator('body').innerText()
    assert.match(text, /scripts/, path)
    assert.match(text, /bin\/postern \w+/, path)
    for (const width of [1280, 400, 320]) {
      await page.setViewportSize({ width, height: 700 })
      const { width: wide } = (await page.locator('main').boundingBox()) ?? { width: 0 }
      assert.ok(wide <= width, `${path} is ${wide} px wide at ${width}`)
    }
  }
  await context.close()
})

const TEXT = `# Crafted header exhausts memory

Opening a **file** with a crafted header takes all memory of \`example-arrays\`, see [the page](https://example.org/a).

- one
- two

> quoted

\`\`\`
a line of code that is far longer than any screen of a telephone and has no place where it could be broken at all
\`\`\`
`

async function look(person: Person, where: string): Promise<void> {
  found.push(...(await everyLook(person, where)))
}

function nothingFound(): void {
  assert.deepEqual(found.splice(0), [])
}

async function dialog(
  person: Person,
  where: string,
  open: () => Promise<void>,
  title: RegExp | string,
  after: 'close' | 'keep' = 'close',
): Promise<void> {
  const { page } = person
  await open()
  const box = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: title }) })
  await shownBy(page, () => box.waitFor())
  await look(person, where)
  if (after === 'keep') return
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'hidden' })
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click()
}

async function heading(page: Page, name: string | RegExp): Promise<void> {
  await shownBy(page, () => page.getByRole('heading', { name, level: 1 }).waitFor())
}
