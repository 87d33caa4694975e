import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { wordsOn } from './browser-acts.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { focused, tabTo } from './every-look.ts'
import { play, reporterFlags, type Running, scratchFolder, serve } from './stage.ts'

/*
 * Nobody needs a mouse: from the set-up link to the open desk, from the first Tab to the receipt, from the
 * lock to the sent answer, from an invitation to the admitted member. Wherever the
 * focus stands it is drawn and in sight, under no bar. The mouse of this story is never touched.
 */

let folder = ''
let server: Running
let browser: Browser
let member: Person
let reporter: Person
let second: Person
let root = ''
let invitation = ''
const ends: (() => Promise<void>)[] = []

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  folder = await scratchFolder(later)
  server = await serve({ data: join(folder, 'data') })
  later(async () => void (await server.stop()))
  browser = await openChromium(later)
  member = await newPerson(browser)
  reporter = await newPerson(browser)
  second = await newPerson(browser)
  for (const { page } of [member, reporter, second]) page.setDefaultTimeout(20_000)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('a desk, from the set-up link to the link for the second coordinator', async () => {
  const { page } = member
  await page.goto(/http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? '')
  await page.getByRole('button', { name: 'Make the keys' }).waitFor()
  await type(page, 'Foundation', 'Example Foundation')
  await type(page, 'Mail domain of the foundation', 'example.org')
  await type(page, 'Your handle', 'Volunteer 1')
  await enter(page, 'Make the keys')
  root = await keepWords(page, 'Root words', 'These are the root words')
  await keepWords(page, 'Your recovery words', 'These are my recovery words')
  await enter(page, 'Make my passkey and open the desk')
  await shownBy(page, () => page.getByRole('heading', { name: /is open$/ }).waitFor())
  await enter(page, 'Make a link for the second coordinator')
  invitation = (await page.locator('pre.code').first().innerText()).trim()
  await fileReports()
})

test('a report, from the first Tab to the receipt', async () => {
  const { page } = reporter
  const { keyboard } = page
  await page.goto(`${server.url}/report`)
  await page.getByText(/End to end: 1 reader/).waitFor()
  await keyboard.press('Tab')
  assert.equal((await focused(page)).name, 'Skip to content')
  await keyboard.press('Enter')
  await tabTo(page, 'Name, package or repository')
  await keyboard.type('example-arrays')
  await tabTo(page, 'A vulnerability')
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowUp')
  await tabTo(page, 'Write')
  await keyboard.press('ArrowRight')
  await page.getByText('Nothing is written yet').waitFor()
  await keyboard.press('ArrowLeft')
  const editor = page.getByRole('textbox', { name: 'What did you find?' })
  await editor.waitFor()
  await tabTo(page, 'What did you find?')
  await keyboard.type('# Written without a mouse\n\nEvery word of it.')
  assert.match(await editor.inputValue(), /of it\.$/)
  await keyboard.press('Control+Shift+P')
  await page.getByRole('heading', { name: 'Written without a mouse' }).waitFor()
  await keyboard.press('Control+Shift+P')
  await tabTo(page, 'Choose files')
  await tabTo(page, 'Mail address')
  await tabTo(page, 'Seal and send')
  await keyboard.press('Enter')
  await page.getByText('Not sent yet').waitFor()
  // The list of errors has the focus; its link leads to the field.
  await tabTo(page, 'Read the list above')
  await keyboard.press('Enter')
  await tabTo(page, 'Mine is none of these')
  await keyboard.press('Space')
  await keyboard.press('Control+Enter')
  await shownBy(page, () => page.getByRole('heading', { name: 'We have your report' }).waitFor())
  assert.equal((await wordsOn(page, 'Your twelve words')).split(' ').length, 12)
  for (const button of ['Print', 'Save as a file', 'Follow my report', 'I have kept the words'])
    await tabTo(page, button)
})

test('the desk: unlock with Enter, move, open, acknowledge, answer', async () => {
  const { page } = member
  const { keyboard } = page
  await page.goto(`${server.url}/desk`)
  await page.getByRole('button', { name: 'Unlock with a passkey' }).waitFor()
  assert.equal((await focused(page)).name, 'Unlock with a passkey')
  await keyboard.press('Enter')
  await page.getByRole('link', { name: 'Report 3' }).first().waitFor()
  await keyboard.press('j')
  await keyboard.press('j')
  await keyboard.press('k')
  const at = await stands(page)
  assert.match(at, /Report|Written/)
  await keyboard.press('Enter')
  await page.locator('.timeline .msg').first().waitFor()
  await keyboard.press('a')
  await shownBy(page, () =>
    page
      .locator('.timeline')
      .getByText(/acknowledged/)
      .waitFor(),
  )
  await keyboard.press('w')
  assert.equal(await stands(page), 'Your message')
  await keyboard.type('An answer, typed. Single keys are letters here: j k a s t n')
  await keyboard.press('Control+Enter')
  await page.locator('.timeline').getByText('An answer, typed').waitFor()
  while ((await page.locator('.composer textarea').inputValue()) !== '')
    await page.waitForTimeout(50)
  // After sending one stands in the field still; Escape leaves it, and single keys are keys again.
  await keyboard.press('Escape')
  await keyboard.press('n')
  await page.getByRole('textbox', { name: 'Team note' }).waitFor()
  assert.equal(await stands(page), 'Team note')
  await keyboard.press('Escape')
})

test('? lists the keys, Esc closes and gives the focus back, the palette goes anywhere', async () => {
  const { page } = member
  const { keyboard } = page
  await keyboard.press('?')
  await page.getByRole('dialog').getByText('Seal and send').waitFor()
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await keyboard.press('Control+k')
  await keyboard.type('people')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  await keyboard.press('g')
  await keyboard.press('q')
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor()
  await page.locator('ul.queue .q').nth(2).waitFor()
})

test('many at once: X selects, the bar is reached, a dialog keeps the focus inside', async () => {
  const { page } = member
  const { keyboard } = page
  await page.locator('ul.queue .q a').first().focus()
  await keyboard.press('x')
  await keyboard.press('j')
  await keyboard.press('j')
  await keyboard.press('Shift+X')
  await page.getByText('3 selected').first().waitFor()
  await tabTo(page, 'Close as not security')
  await keyboard.press('Enter')
  const box = page.getByRole('dialog').filter({ hasText: 'Reply and close 3 cases' })
  await box.waitFor()
  for (let n = 0; n < 25; n++) {
    await keyboard.press('Tab')
    const { trouble, name } = await focused(page)
    assert.equal(trouble, '', name)
    const inside = await page.evaluate(
      'document.activeElement === document.body || document.activeElement.closest("dialog") !== null',
    )
    assert.equal(inside, true, `${name} stands behind the dialog`)
  }
  await keyboard.press('Escape')
  await box.waitFor({ state: 'hidden' })
  await keyboard.press('Escape')
  await page.getByText('3 selected').first().waitFor({ state: 'detached' })
})

test('an invitation is answered, and the words are compared and the member admitted', async () => {
  await second.page.goto(invitation)
  await second.page.getByRole('button', { name: 'Continue to your words' }).waitFor()
  await type(second.page, 'Your handle', 'Volunteer 2')
  await enter(second.page, 'Continue to your words')
  await keepWords(second.page, 'Your recovery words', 'These are my recovery words')
  await enter(second.page, 'Make my passkey and answer')
  const read = await shownBy(second.page, () => wordsOn(second.page, 'Your key words'))
  const { page } = member
  await page.bringToFront()
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await page.getByRole('button', { name: 'Compare and admit…' }).waitFor()
  await enter(page, 'Compare and admit…')
  await page.getByRole('dialog').getByLabel('Root words', { exact: true }).waitFor()
  await type(page, 'Root words', root)
  await enter(page, 'Use them until I lock')
  assert.equal(await wordsOn(page, 'Key words of Volunteer 2'), read)
  await enter(page, 'They match: admit')
  await shownBy(page, () => page.getByText('Volunteer 2 is a member now.').first().waitFor())
  assert.deepEqual(second.complaints, [])
})

test('wherever the focus goes on a page of the desk it is drawn, in sight, and moves on', async () => {
  const { page } = member
  for (const [width, height] of [
    [1280, 700],
    [400, 700],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const keys of ['gq', 'gp', 'gk', 'gs']) {
      await page.evaluate(TO_THE_TOP)
      for (const key of keys) await page.keyboard.press(key)
      await page.waitForTimeout(400)
      await page.evaluate(TO_THE_TOP)
      await walk(page, `${keys} at ${width}`)
    }
    await page.evaluate(TO_THE_TOP)
    await page.keyboard.press('g')
    await page.keyboard.press('q')
    await page.locator('ul.queue .q a').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('.timeline .msg').first().waitFor()
    await page.evaluate(TO_THE_TOP)
    await walk(page, `a case at ${width}`)
  }
  for (const { complaints } of [member, reporter]) assert.deepEqual(complaints, [])
})

/** As after a page has loaded: the next Tab is the first. */
const TO_THE_TOP = `{
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute('tabindex')
}`

/** Tab to the end of a page, and back a few steps. */
async function walk(page: Page, where: string): Promise<void> {
  const seen: string[] = []
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab')
    const { name, trouble } = await focused(page)
    assert.equal(trouble, '', `${where}: “${name}”`)
    const outside = await page.evaluate('document.activeElement === document.body')
    if (outside === true) break
    seen.push(name)
  }
  assert.ok(seen.length >= 5, `${where}: ${seen.join(', ')}`)
  for (let n = 0; n < 8; n++) {
    await page.keyboard.press('Shift+Tab')
    const { name, trouble } = await focused(page)
    assert.equal(trouble, '', `${where}, backwards: “${name}”`)
  }
}

async function fileReports(): Promise<void> {
  const { page } = member
  await page.goto(`${server.url}/desk`)
  const desk = (await page.locator('meta[name="postern-desk"]').getAttribute('content')) ?? ''
  const flags = reporterFlags({ folder, server, desk })
  for (const n of [1, 2, 3]) {
    const path = join(folder, `report-${n}.md`)
    await writeFile(path, `# Report ${n}\n\nA crafted header takes all memory.`)
    await play(['report', ...flags, '--text', path])
  }
}

async function type(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.type(text)
}

async function enter(page: Page, button: string): Promise<void> {
  await tabTo(page, button)
  await page.keyboard.press('Enter')
}

/** Writes the words down and types them from the paper. */
async function keepWords(page: Page, label: string, goOn: string): Promise<string> {
  const words = await shownBy(page, () => wordsOn(page, label))
  await enter(page, 'I wrote them down')
  await page.getByRole('textbox', { name: label }).waitFor()
  await type(page, label, words)
  await enter(page, goOn)
  return words
}

async function stands(page: Page): Promise<string> {
  const { name, trouble } = await focused(page)
  assert.equal(trouble, '', name)
  return name
}
