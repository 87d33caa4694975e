import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { saved } from './browser-acts.ts'
import { addPasskeyHere, comeWithKeyFile, lock, press, unlockHere } from './browser-keys.ts'
import { axe, newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { everyLook } from './every-look.ts'
import {
  type Actor,
  addMember,
  file,
  type Filed,
  follow,
  type OpenDesk,
  openDesk,
  play,
} from './stage.ts'

/*
 * The desk for somebody who comes once a night: what is new to them, who waits, where to go on. A look of
 * the machine, or a glance from the queue, is not reading.
 */

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
let person: Person
let page: Page
let long: Filed

const TITLE = 'The parser believes a length'

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Volunteer 2', 'coordinator')
  long = await file(desk, `# ${TITLE}\n\nIt reads behind the end.\n`, ['--kind', 'exploited'])
  const acts = ['ack', 'take']
  for (const act of acts) await play(['case', act, long.number, ...second.flags])
  await play(['case', 'sort', long.number, 'vulnerability', ...second.flags])
  for (let n = 1; n <= 12; n++) await answer(`Answer ${String(n)}.\n\n${'A line.\n\n'.repeat(6)}`)
  const browser = await openChromium((end) => ends.push(end))
  person = await newPerson(browser, { viewport: { width: 1280, height: 800 } })
  ;({ page } = person)
  await comeWithKeyFile(page, desk.server.url, desk.first.key)
  await addPasskeyHere(page)
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

test('a glance from the queue leaves a case unread; its page does not', async () => {
  await page.locator('.peek').getByText('It reads behind the end.').waitFor()
  await says(row(), '9+ new')
  await says(row(), 'Said to be exploited')
  await open()
  await back()
  await notSays(row(), 'new')
})

test('acts of others are no news, their messages are; and who waits for an answer stands apart', async () => {
  await play(['case', 'state', long.number, 'waiting', ...second.flags])
  await says(row(), 'Waiting')
  await notSays(row(), 'new')
  await reply('Is anybody there?')
  await says(row(), '1 new')
  await says(row(), 'Answer')
  await page.locator('.group', { hasText: 'The reporter waits for an answer' }).waitFor()
})

test('a long case opens at what is new, and the queue comes back at the row', async () => {
  await open()
  const line = page.locator('.timeline > .since')
  await line.waitFor()
  const focused = await page.evaluate('document.activeElement.innerText')
  assert.match(String(focused), /Is anybody there/)
  assert.ok(await inSight(line), 'the line stands in sight')
  await back()
  assert.match(String(await page.evaluate('document.activeElement.innerText')), new RegExp(TITLE))
  await open()
  assert.equal(await line.count(), 0, 'what was read is not new')
  const last = page.locator('.timeline > li').last()
  assert.ok(await inSight(last), 'a case that was read opens at its end')
  await back()
})

test('an answer that is not needed is not asked for, until the reporter writes again', async () => {
  await open()
  await page.getByRole('heading', { name: 'Next step' }).waitFor()
  await press(page, 'No answer needed')
  await page.locator('.rail').getByText('Wait.').first().waitFor()
  await back()
  await says(row(), 'Waiting')
  await lock(page)
  await unlockHere(page, 'Queue')
  await says(row(), 'Waiting')
  await reply('One more thing.')
  await says(row(), 'Answer')
})

test('the end-to-end seal is said once, and a member saves the signed proof', async () => {
  await open()
  assert.equal(await page.locator('.timeline .door').count(), 0)
  assert.equal(await page.locator('.case-head .door').innerText(), 'End to end')
  const text = await saved(page, () => press(page, 'Save the proof'))
  const proof = JSON.parse(text) as {
    number: string
    statements: { filed: Entry; accepted: Entry; inclusion: string[] }[]
  }
  assert.equal(proof.number, long.number)
  const types = proof.statements.flatMap(({ filed, accepted }) => [filed, accepted].map(typeOf))
  assert.deepEqual(types, ['case.open', 'ledger.accept', 'case.ack', 'ledger.accept'])
  assert.ok(proof.statements.every(({ inclusion }) => inclusion.length > 0))
  assert.doesNotMatch(text, /behind the end/)
})

test('files that were attached are asked for again after a lock, and never left out silently', async () => {
  await page.getByRole('textbox', { name: 'Your message' }).fill('With a file.')
  const chooser = page.locator('.composer > footer input[type=file]')
  await chooser.setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('notes'),
  })
  await page.getByText('After a lock choose the files again').waitFor()
  await lock(page)
  await press(page, 'Unlock with a passkey')
  const notice = page.locator('.composer .notice')
  await notice.getByText('notes.txt').waitFor()
  const send = page.getByRole('button', { name: /^Seal and send/ })
  assert.equal(await send.getAttribute('aria-disabled'), 'true')
  assert.deepEqual(await axe(person), [])
  await notice
    .locator('input[type=file]')
    .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') })
  await notice.waitFor({ state: 'detached' })
  await send.click()
  await page.locator('.timeline .files').getByText('notes.txt').waitFor()
  await back()
  await notSays(row(), 'Answer')
})

test('counts, lanes and filters stay while a long list passes below them', async () => {
  await page.setViewportSize({ width: 1280, height: 600 })
  for (let n = 0; n < 10; n++) await file(desk, `# Report ${String(n)}\n\nWords.\n`)
  await shownBy(page, () => page.locator('li.q').nth(10).waitFor())
  await page.mouse.move(500, 400)
  await page.mouse.wheel(0, 5000)
  await page.waitForTimeout(400)
  assert.ok(Number(await page.evaluate('scrollY')) > 0)
  for (const kept of ['Queue', 'All open', 'Filter'])
    assert.ok(
      await inSight(
        page.locator('.bar h1, .queue-top a, .queue-top input').filter({ visible: true }).first(),
      ),
      kept,
    )
  assert.ok(await inSight(page.getByLabel('Sort', { exact: true })))
  // The cursor comes out from under the bars.
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  for (let n = 0; n < 10; n++) await page.keyboard.press('j')
  for (let n = 0; n < 7; n++) await page.keyboard.press('k')
  await page.waitForTimeout(200)
  const [top, bars] = (await page.evaluate(
    `[document.activeElement.closest('li').getBoundingClientRect().top, document.querySelector('.queue-top').getBoundingClientRect().bottom]`,
  )) as [number, number]
  assert.ok(top >= bars - 1, `${String(top)} stands below ${String(bars)}`)
})

test('on a phone rows say who has them, and several are selected with a finger', async () => {
  await page.evaluate('scrollTo(0, 0)')
  await page.setViewportSize({ width: 400, height: 800 })
  await says(page.locator('li.q', { hasText: 'Report 1' }).first(), 'nobody')
  await press(page, 'Select')
  await page.locator('li.q', { hasText: 'Report 1' }).first().click()
  await page.locator('li.q', { hasText: 'Report 2' }).first().click()
  await page.getByText('2 selected').waitFor()
  assert.deepEqual(await axe(person), [])
  await press(page, 'Take')
  await page.locator('li.q', { hasText: desk.first.name }).nth(1).waitFor()
  await press(page, 'Done')
  assert.equal(await page.locator('.bulk').count(), 0)
  await page.setViewportSize({ width: 1280, height: 800 })
})

test('the last minute before the lock, and a desk on a backup, are readable for everybody', async () => {
  await page.clock.install()
  await lock(page)
  await page.route('**/api/v1/desk', async (route) => {
    const answer = await route.fetch()
    const said = (await answer.json()) as object
    await route.fulfill({ response: answer, json: { ...said, state: 'restored' } })
  })
  await page.reload()
  await press(page, 'Unlock with a passkey')
  await page.getByText('This desk stands on a backup.').waitFor()
  assert.deepEqual(await everyLook(person, 'a desk on a backup'), [])
  await open()
  await page.getByText('takes nothing yet').waitFor()
  assert.deepEqual(await axe(person), [])
  // Nothing is offered that the server would refuse.
  assert.equal(await page.getByRole('textbox', { name: 'Your message' }).count(), 0)
  assert.equal(
    await page.getByRole('button', { name: /^(Sort|Close|Take|Acknowledge)/ }).count(),
    0,
  )
  await page.clock.fastForward('14:20')
  await page.getByText('Locks in 1 min.').waitFor()
  assert.deepEqual(await axe(person), [])
  await page.getByRole('button', { name: 'Stay' }).waitFor()
  await page.mouse.move(300, 300)
  await page.mouse.move(320, 320)
  await page.getByText('Locks in 1 min.').waitFor({ state: 'detached' })
  assert.deepEqual(person.complaints, [])
})

type Entry = { readonly head: string }

function typeOf({ head }: Entry): string {
  return (JSON.parse(head) as { readonly type: string }).type
}

function row(): Locator {
  return page.locator('li.q', { hasText: long.number })
}

/** The page looks for news every few seconds. */
async function says(where: Locator, words: string): Promise<void> {
  await shownBy(page, () =>
    where
      .getByText(words, { exact: true })
      .locator('visible=true')
      .first()
      .waitFor({ timeout: 25_000 }),
  )
}

async function notSays(where: Locator, words: string): Promise<void> {
  await where.waitFor()
  const found = where
    .locator('.t > div')
    .getByText(new RegExp(`\\b${words}$`))
    .first()
  await shownBy(page, () => found.waitFor({ state: 'detached' }))
}

async function open(): Promise<void> {
  await row().getByRole('link').click()
  await shownBy(page, () => page.locator('.timeline > li').first().waitFor())
  await page.waitForTimeout(500)
}

async function back(): Promise<void> {
  await page.getByRole('link', { name: 'Queue' }).locator('visible=true').last().focus()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor()
  await page.waitForTimeout(200)
}

async function inSight(what: Locator): Promise<boolean> {
  const box = await what.boundingBox()
  return box !== null && box.y >= 0 && box.y + Math.min(box.height, 40) <= 800
}

let texts = 0
async function written(text: string): Promise<string> {
  const path = join(desk.folder, `text-${String(texts++)}.md`)
  await writeFile(path, text)
  return path
}

async function answer(text: string): Promise<void> {
  await play(['case', 'reply', long.number, '--text', await written(text), ...second.flags])
}

async function reply(text: string): Promise<void> {
  await follow(desk, long.receipt, ['--reply', await written(text)])
}
