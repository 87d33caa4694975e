import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { report } from './browser-acts.ts'
import { historyOf, inMemory, remainsOf } from './browser-remains.ts'
import { newPerson, openChromium } from './browser-stage.ts'
import { openDesk } from './stage.ts'

const word = (what: string) => `CANARY-${what}-${randomBytes(12).toString('hex')}`
const CANARY = {
  title: word('title'),
  text: word('text'),
  name: word('name'),
  reply: word('reply'),
}

test('a reporter who leaves is forgotten by page, memory and machine', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url } = desk.server
  const browser = await openChromium((end) => t.after(end))
  const person = await newPerson(browser)
  const { page, cdp } = person
  const text = `# Crafted header ${CANARY.title}\n\nIt takes all memory: ${CANARY.text}\n`
  const { words } = await report(page, url, { text, project: CANARY.name })
  const secrets = [...Object.values(CANARY), words]

  await t.test('with the receipt before them, the machine holds nothing yet', nothingKept)

  await t.test('read, answered and left: nothing in page and memory', async () => {
    await page.goto(`${url}/follow`)
    await page.getByLabel('Twelve words').focus()
    await page.keyboard.insertText(words)
    await page.getByRole('button', { name: /^Open/ }).click()
    await page.locator('.timeline').getByText('takes all memory').waitFor()
    assert.equal((await inMemory(person, [CANARY.text])).length, 1, 'the search can find it')
    await page.getByRole('textbox', { name: 'Your message' }).focus()
    await page.keyboard.insertText(CANARY.reply)
    const threads = page.workers()
    const ended = Promise.all(threads.map((each) => each.waitForEvent('close')))
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await page.getByText('Your report is closed on this machine.').waitFor()
    // The one with the keys says goodbye to the desk before it goes.
    await ended
    assert.ok(!page.workers().some((each) => threads.includes(each)), 'no thread stays')
    await nothingKept()
    await nothingShown()
  })

  await t.test('the words open it again, in the same tab', async () => {
    await page.getByLabel('Twelve words').focus()
    await page.keyboard.insertText(words)
    await page.getByRole('button', { name: /^Open/ }).click()
    await page.locator('.timeline').getByText('takes all memory').waitFor()
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await page.getByText('Your report is closed on this machine.').waitFor()
    await nothingShown()
  })

  await t.test('nor after the back button and a reload', async () => {
    await page.goto(`${url}/`)
    await page.goBack()
    await page.getByRole('button', { name: /^Open/ }).waitFor()
    await nothingShown()
    await page.reload()
    await page.getByRole('button', { name: /^Open/ }).waitFor()
    await nothingShown()
    await nothingKept()
  })

  assert.deepEqual(person.complaints, [])

  async function nothingKept(): Promise<void> {
    const { rows, others, cookies } = await remainsOf(page)
    assert.deepEqual([rows, others, cookies], [[], [], []])
    const past = await historyOf(cdp)
    assert.deepEqual(
      secrets.filter((secret) => past.includes(secret)),
      [],
    )
  }

  async function nothingShown(): Promise<void> {
    const html = await page.content()
    assert.deepEqual(
      secrets.filter((secret) => html.includes(secret)),
      [],
    )
    assert.deepEqual(await inMemory(person, secrets), [])
  }
})
