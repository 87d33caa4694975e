import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { unlock } from './browser-acts.ts'
import { becomeMember, heading, lock, readInQueue, unlockHere } from './browser-keys.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { everyLook } from './every-look.ts'
import {
  addMember,
  file,
  freePort,
  type OpenDesk,
  openDesk,
  play,
  postern,
  type Running,
  serve,
} from './stage.ts'

/*
 * LOOK 8 for the states that nobody sees on a good day: an entry that failed its check, a changed key, the ends of
 * keys and passkeys, the last minute before the lock, a desk that stands on a backup.
 */

const ends: (() => Promise<void>)[] = []
const TEXT = '# Crafted header\n\nOpening it takes all memory.\n'
let desk: OpenDesk
let port = 0
let browser: Browser
let member: Person

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  port = await freePort()
  desk = await openDesk(later, { port })
  browser = await openChromium(later)
  member = await newPerson(browser)
  member.page.setDefaultTimeout(20_000)
  await becomeMember(desk, member.page, { name: 'Volunteer 1' })
  await addMember(desk, 'Maintainer 1', 'maintainer:example-arrays')
  const { number } = await file(desk, TEXT)
  await play(['case', 'ack', number, ...desk.first.flags])
  const words = { input: 'An answer that is **not** shown\n' }
  await play(['case', 'reply', number, '--text', '-', ...desk.first.flags], words)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('a message that failed its check is named and not shown; the others are', async () => {
  const { page, context } = member
  await context.route('**/api/v1/cases/*/bodies?*', async (route) => {
    const answer = await route.fetch()
    const body = await answer.body()
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
    await route.fulfill({ response: answer, body })
  })
  await unlock(page, desk.server.url)
  await readInQueue(page, 'Crafted header', 'takes all memory')
  const broken = page.locator('.msg.broken')
  await shownBy(page, () => broken.waitFor())
  assert.match(await broken.innerText(), /not shown[\s\S]*check failed: body, entry \d/)
  assert.equal(await page.getByText('An answer that is').count(), 0)
  await look('a broken entry')
  await context.unroute('**/api/v1/cases/*/bodies?*')
})

test('the dialogs that change roles and end keys', async () => {
  const { page } = member
  await page.getByRole('link', { name: 'People' }).first().click()
  await heading(page, 'People')
  for (const [name, button, title] of [
    ['Maintainer 1', 'Change roles…', /^Roles of Maintainer 1/],
    ['Maintainer 1', 'End the key…', /^End the key of Maintainer 1/],
    ['Coordinator 1', 'End the key…', /^End the key of Coordinator 1/],
    ['Volunteer 1', 'End the key…', /^Another coordinator must end/],
  ] as const) {
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await dialog(() => page.getByRole('button', { name: button }).first().click(), title)
  }
})

test('a name that was compared has another key now, and who had the old one is a former member', async () => {
  const { page } = member
  const row = page.getByRole('row').filter({ hasText: 'Maintainer 1' })
  await row.getByRole('button', { name: /^Compare/ }).click()
  await page.getByRole('button', { name: 'The words match' }).click()
  await row.getByText('Verified', { exact: true }).waitFor()
  await play(['member', 'revoke', 'Maintainer 1', ...desk.first.flags])
  for (const lost of ['Maintainer-1.key', 'state-Maintainer-1'])
    await rm(join(desk.folder, lost), { recursive: true })
  await addMember(desk, 'Maintainer 1', 'maintainer:example-arrays')
  await page.getByRole('link', { name: 'Queue' }).first().click()
  await page.getByRole('link', { name: 'People' }).first().click()
  await shownBy(page, () => row.getByText('Key changed').waitFor())
  await page
    .getByText(/former/i)
    .first()
    .click()
  await row.getByText('left', { exact: true }).waitFor()
  await look('a changed key and a former member')
})

test('the dialog that removes a passkey', async () => {
  const { page } = member
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await heading(page, 'Keys and sessions')
  const remove = () =>
    page
      .getByRole('button', { name: /^Remove…/ })
      .first()
      .click()
  await dialog(remove, /^Remove /)
})

test('the last minute before the lock', async () => {
  const { page } = member
  await page.clock.install()
  await page.goto(`${desk.server.url}/desk`)
  await unlockHere(page, 'Queue')
  await page.clock.fastForward('14:05')
  await page.getByText('Locks in 1 min.').waitFor()
  await look('the last minute')
  assert.equal(await page.getByText('Locks in 1 min.').count(), 1, 'nobody stayed meanwhile')
  // A pointer on its way to “Stay” stays already; so does any key.
  await page.keyboard.press('Shift')
  await page.getByText('Locks in 1 min.').waitFor({ state: 'detached' })
  await lock(page)
})

test('a desk that stands on a backup says so, and can be read', async () => {
  const { page } = member
  const path = join(desk.folder, 'desk.backup')
  const made = await postern(['backup', path, '--data', desk.server.data])
  assert.equal(made.code, 0, made.err)
  await desk.server.stop()
  const data = join(desk.folder, 'restored')
  const restored = await postern(['restore', path, '--data', data])
  assert.equal(restored.code, 0, restored.err)
  const server: Running = await serve({ data, port })
  ends.push(async () => void (await server.stop()))
  await unlock(page, server.url)
  await page.getByText('This desk stands on a backup.').waitFor()
  await look('a desk on a backup')
  await readInQueue(page, 'Crafted header', 'An answer that is')
  await look('a case of a desk on a backup')
})

async function look(where: string): Promise<void> {
  assert.deepEqual(await everyLook(member, where), [])
}

async function dialog(open: () => Promise<void>, title: RegExp): Promise<void> {
  const { page } = member
  await open()
  const box = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: title }) })
  await shownBy(page, () => box.waitFor())
  await look(String(title))
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'hidden' })
}
