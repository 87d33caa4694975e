import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { newCode } from '#seal'
import { follow, report } from './browser-acts.ts'
import { comeWithKeyFile, press } from './browser-keys.ts'
import { newPerson, openChromium, shownBy } from './browser-stage.ts'
import { openDesk, play } from './stage.ts'

const FIRST = 'Crafted header exhausts memory'
const OTHER = 'A cookie is not marked secure'
const ANSWER = 'We have both of your reports. Version 2.5 repairs it.'

test('who loses the twelve words writes again, and is answered there', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url } = desk.server
  const browser = await openChromium((end) => t.after(end))
  const reporter = await newPerson(browser)
  const stranger = await newPerson(browser)
  const { page } = reporter
  const lost = await report(page, url, { text: `# ${FIRST}\n\nA file takes all memory.\n` })
  const foreign = await report(stranger.page, url, { text: `# ${OTHER}\n\nLook at the header.\n` })

  await t.test(
    'the tab is closed, and the browser remembers neither words nor report',
    async () => {
      await page.goto('about:blank')
      await page.goto(`${url}/follow`)
      await page.getByRole('heading', { name: 'Follow a report' }).waitFor()
      const kept = await page.evaluate<[number, number, number, string]>(`(async () => [
      (await indexedDB.databases()).length, localStorage.length, sessionStorage.length, document.cookie,
    ])()`)
      assert.deepEqual(kept, [0, 0, 0, ''])
      assert.deepEqual(await reporter.context.cookies(), [])
    },
  )

  await t.test('other words open nothing of it', async () => {
    for (const words of [newCode().words, ...almost(lost.words)]) {
      await follow(page, url, words)
      await shownBy(page, () => page.locator('[aria-invalid=true]').waitFor())
      assert.ok(!(await page.content()).includes(FIRST))
    }
    await follow(page, url, foreign.words)
    await page.locator('.timeline').getByText('Look at the header.').waitFor()
    assert.ok(!(await page.content()).includes(FIRST), 'words open their own report and no other')
  })

  await t.test('the page says so, and what to do', async () => {
    await page.goto(`${url}/follow`)
    await page.getByText('You lost the words?').waitFor()
    await page.getByText('Nobody can send them to you').waitFor()
  })

  const coordinator = await newPerson(browser)
  await t.test('the desk reads the report and has no words to give', async () => {
    await comeWithKeyFile(coordinator.page, url, desk.first.key)
    await press(coordinator.page, 'Not now')
    await coordinator.page.getByRole('link', { name: FIRST }).first().click()
    await coordinator.page.locator('.timeline').getByText('A file takes all memory.').waitFor()
    const html = await coordinator.page.content()
    const seen = lost.words.split(' ').filter((word) => new RegExp(`\\b${word}\\b`).test(html))
    assert.ok(seen.length < 6, `the words ${seen.join(', ')} stand there`)
  })

  await t.test('a new report that names the number is answered', async () => {
    const again = await report(page, url, {
      text: `# The words of ${lost.number} are lost\n\nPlease answer here.\n`,
    })
    assert.notEqual(again.number, lost.number)
    await coordinator.page.getByRole('link', { name: 'Queue' }).first().click()
    await coordinator.page
      .getByRole('link', { name: `The words of ${lost.number}` })
      .first()
      .click()
    await coordinator.page.locator('.timeline').getByText('Please answer here.').waitFor()
    await play(['case', 'link', again.number, 'see', lost.number, ...desk.first.flags])
    await answer(coordinator.page)
    await follow(page, url, again.words)
    await page.locator('.timeline').getByText('Version 2.5 repairs it.').waitFor()
    assert.ok(!(await page.content()).includes('A file takes all memory.'))
  })

  for (const { complaints } of [reporter, stranger, coordinator])
    assert.deepEqual(complaints.filter(isNoAnswer), [])
})

/** A word too few, the last one another, two in each other's place: what people write down wrongly. */
function almost(words: string): string[] {
  const [first = '', second = '', ...rest] = words.split(' ')
  const other = words.endsWith('abandon') ? 'ability' : 'abandon'
  return [
    [first, ...rest].join(' '),
    [first, second, ...rest.slice(0, -1), other].join(' '),
    [second, first, ...rest].join(' '),
  ]
}

/** Chromium reports every answer 404 as an error of the page; the desk gives one for unknown words. */
function isNoAnswer(complaint: string): boolean {
  return !complaint.includes('404')
}

async function answer(page: Page): Promise<void> {
  await page
    .getByRole('textbox', { name: /Write|Message|message/ })
    .first()
    .fill(ANSWER)
  await page.getByRole('button', { name: /^Seal and send/ }).click()
  await page.locator('.timeline').getByText('Version 2.5 repairs it.').waitFor()
}
