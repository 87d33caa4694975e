import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { follow, giveRoot, keepWords, report, setUpDesk, unlock, wordsOn } from './browser-acts.ts'
import { axe, newPerson, openChromium, shownBy } from './browser-stage.ts'
import { play, reporterFlags, scratchFolder, serve } from './stage.ts'

test('a foundation sets up its desk in a browser, takes a report, answers, and grows to two', async (t) => {
  const after = (end: () => Promise<void>) => t.after(end)
  const folder = await scratchFolder(after)
  const server = await serve({ data: join(folder, 'data') })
  after(async () => void (await server.stop()))
  const link = /http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? ''
  const browser = await openChromium(after, 'whole')
  const first = await newPerson(browser)
  const reporter = await newPerson(browser)
  const second = await newPerson(browser)
  const people = [first, reporter, second]

  let root = ''
  await t.test('the ceremony: names, words read back, one touch', async () => {
    ;({ root } = await setUpDesk(first.page, link, 'Coordinator 1'))
    await heading(first.page, 'The desk of Example Foundation is open')
    assert.equal(new URL(first.page.url()).hash, '', 'the secret of the link left the address')
    assert.deepEqual(await axe(first), [])
  })

  let invitation = ''
  await t.test('two more are invited, with a code that stands behind #', async () => {
    await first.page.getByRole('button', { name: 'Make a link for the second coordinator' }).click()
    invitation = (await first.page.locator('pre.code').first().innerText()).trim()
    assert.match(invitation, /\/join#[a-z-]+$/)
    await first.page.getByRole('status').getByText('The link is made.').waitFor()
    assert.equal(await focused(first.page), invitation, 'what was pressed is gone')
    const mains = first.page.locator('.btn.main')
    assert.deepEqual(await mains.allInnerTexts(), ['Copy the link'], 'one main button')
    assert.deepEqual(await axe(first), [])
  })

  let receipt = { number: '', words: '' }
  await t.test('somebody without an account reports', async () => {
    receipt = await report(reporter.page, server.url, { text: TEXT })
    assert.match(receipt.number, /^\d{4}-[0-9A-Z]{5}$/)
    assert.equal(receipt.words.split(' ').length, 12)
    assert.deepEqual(await axe(reporter), [])
  })

  await t.test('the coordinator sees it due, acknowledges it and answers', async () => {
    const { page } = first
    await unlock(page, server.url)
    await page.getByText('Crafted header exhausts memory').first().waitFor()
    assert.deepEqual(await axe(first), [])
    await page.getByRole('link', { name: 'Crafted header exhausts memory' }).first().click()
    await page
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click()
    await shownBy(page, () =>
      page
        .locator('.timeline')
        .getByText(/acknowledged the report/)
        .waitFor(),
    )
    await page
      .getByRole('textbox', { name: /Write|Message|message/ })
      .first()
      .fill(ANSWER)
    await page.getByRole('button', { name: /^Seal and send/ }).click()
    await page.locator('.timeline').getByText('We could repeat it').waitFor()
    assert.deepEqual(await axe(first), [])
  })

  await t.test('the reporter comes back with twelve words, reads and replies', async () => {
    const { page } = reporter
    await follow(page, server.url, receipt.words)
    await page.getByText('We could repeat it').waitFor()
    assert.deepEqual(await axe(reporter), [])
    await page
      .getByRole('textbox', { name: 'Your message' })
      .fill('Version 2.4, and every one before it.')
    await page.getByRole('button', { name: /^Seal and send/ }).click()
    await page.locator('.timeline').getByText('every one before it').waitFor()
  })

  await t.test('a second coordinator joins, and is compared and admitted', async () => {
    const { page } = second
    await page.goto(invitation)
    await page.getByLabel('Your handle').fill('Coordinator l')
    await page.getByRole('button', { name: /Continue|Go on|recovery words/ }).click()
    await page.getByText('This handle reads like that of Coordinator 1').waitFor()
    assert.deepEqual(await axe(second), [])
    await page.getByLabel('Your handle').fill('Coordinator 2')
    await page.getByRole('button', { name: /Continue|Go on|recovery words/ }).click()
    await keepWords(page, 'Your recovery words', 'These are my recovery words')
    await page.getByRole('button', { name: /passkey/ }).click()
    await heading(page, 'Read these words to the coordinator who invited you')
    const read = await wordsOn(page, 'Your key words')

    // Whoever comes with the same link is told so at the first step, before a handle and paper.
    await reporter.page.goto(invitation)
    await reporter.page.getByText('This invitation does not work.').waitFor()
    assert.equal(await reporter.page.getByLabel('Your handle').count(), 0)
    assert.deepEqual(await axe(reporter), [])

    const desk = first.page
    await desk.goto(`${server.url}/desk/people`)
    await desk.getByRole('button', { name: 'Unlock with a passkey' }).click()
    await desk.getByRole('button', { name: 'Compare and admit…' }).click()
    await giveRoot(desk, root)
    assert.equal(await wordsOn(desk, 'Key words of Coordinator 2'), read)
    await desk.getByRole('button', { name: 'They match: admit' }).click()
    await desk.getByText('Coordinator 2 is a member now.').first().waitFor()
    await desk.getByText('It is signed with the desk’s root').first().waitFor()
    assert.match(await focused(desk), /Coordinator 2 is a member now/, 'the row is gone')
    assert.deepEqual(await axe(first), [])
  })

  await t.test(
    'the second coordinator answers, and the command line sees the same case',
    async () => {
      const { page } = second
      await unlock(page, server.url)
      await page.getByRole('link', { name: 'Crafted header exhausts memory' }).first().click()
      await page.locator('.timeline').getByText('every one before it').waitFor()
      await page
        .getByRole('textbox', { name: /Write|Message|message/ })
        .first()
        .fill('A fix is on its way.')
      await page.getByRole('button', { name: /^Seal and send/ }).click()
      await page.locator('.timeline').getByText('A fix is on its way.').waitFor()
      const flags = reporterFlags({ folder, server, desk: await pinOf(page) })
      const seen = await play<Followed>(['follow', ...flags, '--receipt', receipt.words])
      assert.equal(seen.number, receipt.number)
      const texts = seen.messages.map((message) => message.text.trim())
      assert.deepEqual(texts.slice(1), [
        ANSWER,
        'Version 2.4, and every one before it.',
        'A fix is on its way.',
      ])
    },
  )

  for (const { hosts, complaints } of people) {
    assert.deepEqual([...hosts], [new URL(server.url).host], 'no request leaves for another host')
    assert.deepEqual(complaints, [], 'no policy is broken and no error is uncaught')
  }
})

const TEXT = `# Crafted header exhausts memory

Opening a **file** with a crafted header makes the reader take all memory.
`
const ANSWER = 'Thank you. We could repeat it with your file. Which version did you use?'

type Followed = { readonly number: string; readonly messages: readonly { readonly text: string }[] }

async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name, level: 1 }).waitFor({ timeout: 20_000 })
}

async function pinOf(page: Page): Promise<string> {
  return (await page.locator('meta[name="postern-desk"]').getAttribute('content')) ?? ''
}

/** The words of what has the focus; `''` where the page lost it. */
async function focused(page: Page): Promise<string> {
  return (await page.locator(':focus').allTextContents()).join('').trim()
}
