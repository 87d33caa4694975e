import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { comeWithKeyFile, heading, press } from './browser-keys.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { type Lie, type LyingServer, startLyingServer } from './lying-server.ts'
import { file, freePort, type OpenDesk, openDesk } from './stage.ts'

/*
 * A tab that was stopped tells the other tabs of its browser that there is an alarm, and for which desk. They
 * believe nothing of it: each looks for itself, and stops for what it finds.
 */

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let liar: LyingServer
let person: Person
let one: Page
let two: Page

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  liar = await startLyingServer()
  ends.push(() => liar.close())
  const port = await freePort()
  liar.aim(port)
  desk = await openDesk(later, { port, url: liar.url })
  await file(desk, '# Crafted header\n\nIt takes all memory.\n')
  person = await newPerson(await openChromium(later))
  one = person.page
  two = await person.context.newPage()
  for (const tab of [one, two]) {
    await tab.bringToFront()
    await comeWithKeyFile(tab, desk.server.url, desk.first.key)
    await press(tab, 'Not now')
    await heading(tab, 'Queue')
    await tab.getByRole('link', { name: 'Crafted header' }).first().waitFor()
  }
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

test('a foreign message causes a look and nothing else', async () => {
  const asked = two.waitForRequest(/\/ledger\/checkpoint/, { timeout: 4_000 })
  for (const word of [`{ alarm: '${desk.desk}' }`, `{ alarm: 'another desk' }`])
    await one.evaluate(`new BroadcastChannel('postern').postMessage(${word})`)
  await asked
  await two.waitForTimeout(500)
  assert.equal(await two.getByRole('heading', { name: 'We stopped.' }).count(), 0)
  await two.getByRole('link', { name: 'Crafted header' }).first().waitFor()
})

test('what one tab found the other finds itself', async () => {
  const told: unknown[] = []
  await two.exposeFunction('heard', (word: unknown) => told.push(word))
  await two.evaluate(
    `new BroadcastChannel('postern').addEventListener('message', ({ data }) => heard(data))`,
  )
  liar.tell(cutShort)
  try {
    await one.bringToFront()
    await one.getByRole('link', { name: 'Crafted header' }).first().click()
    for (const tab of [one, two]) {
      const title = tab.getByRole('heading', { name: 'We stopped.', level: 1 })
      await shownBy(tab, () => title.waitFor({ timeout: 20_000 }))
      assert.equal(await tab.locator('.timeline, ul.queue').count(), 0)
    }
  } finally {
    liar.tell(undefined)
  }
  const alarms = told.filter((word) => typeof word === 'object' && word !== null && 'alarm' in word)
  assert.ok(alarms.length > 0)
  for (const alarm of alarms) assert.deepEqual(alarm, { alarm: desk.desk })
})

/** A desk chain that lost its newest statement. */
const cutShort: Lie = ({ path, json }) => {
  if (!path.includes('/desk/statements')) return undefined
  const { statements, ...page } = structuredClone(json) as { statements: unknown[] }
  return statements.length === 0 ? undefined : { ...page, statements: statements.slice(0, -1) }
}
