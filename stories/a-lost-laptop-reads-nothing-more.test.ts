import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { saved } from './browser-acts.ts'
import {
  addPasskeyHere,
  becomeMember,
  comeAndRead,
  comeWithKeyFile,
  heading,
  press,
} from './browser-keys.ts'
import { readableIn, remainsOf } from './browser-remains.ts'
import { newPerson, openChromium, type Person } from './browser-stage.ts'
import { file, openDesk, type OpenDesk, PASSPHRASE, play, withRoot } from './stage.ts'

const word = () => `CANARY-${randomBytes(12).toString('hex')}`
const [TITLE, TEXT, DRAFT] = [word(), word(), word()]
const WORDS = [TITLE, TEXT, DRAFT]

test('its owner ends it from their phone', async (t) => {
  const { desk, laptop, phone } = await twoDevices(t)
  const { url } = desk.server
  const cookies = await laptop.context.cookies()
  const label = await passkeyBegunOn(phone.page)
  await press(phone.page, `Remove… ${label}`)
  await press(phone.page, 'Remove the passkey')
  await phone.page.getByText('You have one passkey.').waitFor()

  await t.test('the next thing that the thief asks for locks it', async () => {
    for (const name of ['Search', 'People']) {
      const link = laptop.page.getByRole('link', { name }).first()
      // By now it may have asked by itself: the ledger grew.
      await link.click({ timeout: 3000 }).catch(() => undefined)
    }
    await heading(laptop.page, 'Your session has ended')
  })
  await readsNothing(t, laptop, url)

  await t.test('its cookie is worth nothing, also where somebody copied it', async () => {
    const [cookie] = cookies
    assert.equal(cookie?.name, '__Host-postern')
    const headers = { cookie: `${cookie.name}=${cookie.value}`, origin: url }
    for (const path of ['/api/v1/me', '/api/v1/cases'])
      assert.equal((await fetch(url + path, { headers })).status, 401)
  })

  await t.test('the phone goes on', () =>
    comeAndRead(phone.page, url, { title: TITLE, text: TEXT }),
  )
})

test('a colleague ends the key: the laptop locks itself', async (t) => {
  const { desk, laptop, phone } = await twoDevices(t)
  const end = ['member', 'revoke', 'Coordinator 2', '--root', ...desk.first.flags]
  await play(end, withRoot(desk))
  await t.test('nobody has to touch it', () => heading(laptop.page, 'Your session has ended'))
  await readsNothing(t, laptop, desk.server.url)

  await t.test('the phone is out as well', async () => {
    await phone.page.goto(`${desk.server.url}/desk`)
    await press(phone.page, 'Unlock with a passkey')
    await phone.page.getByText('This passkey opens nothing here.').waitFor()
  })
})

/** A coordinator with an open case and half an answer on their laptop, and the desk open on their phone. */
async function twoDevices(
  t: TestContext,
): Promise<{ desk: OpenDesk; laptop: Person; phone: Person }> {
  const desk = await openDesk((end) => t.after(end))
  const { url } = desk.server
  await file(desk, `# ${TITLE}\n\n${TEXT}\n`)
  const browser = await openChromium((end) => t.after(end))
  const laptop = await newPerson(browser)
  const phone = await newPerson(browser)
  await becomeMember(desk, laptop.page, { name: 'Coordinator 2' })
  await comeAndRead(laptop.page, url, { title: TITLE, text: TEXT })
  await comeWithKeyFile(phone.page, url, await keyFileOf(laptop.page, desk.folder))
  await addPasskeyHere(phone.page)
  await comeAndRead(laptop.page, url, { title: TITLE, text: TEXT })
  await laptop.page
    .getByRole('textbox', { name: /Write|Message|message/ })
    .first()
    .fill(DRAFT)
  await laptop.page.getByText('Draft kept').waitFor()
  return { desk, laptop, phone }
}

async function keyFileOf(page: Page, folder: string): Promise<string> {
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE)
  const text = await saved(page, () => press(page, 'Make and save the file'))
  const path = join(folder, 'carried.key')
  await writeFile(path, text, { mode: 0o600 })
  return path
}

/** The name of the older passkey, as the person finds it under their keys. */
async function passkeyBegunOn(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  const rows = page.getByRole('table').first().getByRole('rowheader')
  await rows.nth(1).waitFor()
  return (await rows.first().innerText()).trim()
}

/** What a thief tries who has the whole machine, and its passkey with its PIN. */
async function readsNothing(t: TestContext, laptop: Person, url: string): Promise<void> {
  const { page } = laptop
  const nothing = async () => {
    const html = await page.content()
    assert.deepEqual(
      WORDS.filter((each) => html.includes(each)),
      [],
      'shown',
    )
    const remains = await remainsOf(page)
    assert.ok(remains.rows.length > 0, 'something lies there')
    assert.deepEqual(readableIn(remains, WORDS), [], 'on its disk')
    assert.deepEqual(remains.others, [])
  }
  await t.test('nothing is shown, and what lies on it is unreadable', nothing)
  await t.test('its passkey opens nothing', async () => {
    await press(page, 'Unlock with a passkey')
    await page.getByText('This passkey opens nothing here.').waitFor()
    await nothing()
  })
  await t.test('nor do a reload, the back button and the address of the case', async () => {
    await page.reload()
    await page.getByRole('button', { name: 'Unlock with a passkey' }).waitFor()
    await nothing()
    await page.goBack()
    await page.getByRole('button', { name: 'Unlock with a passkey' }).waitFor()
    await nothing()
    const answer = await page.request.get(`${url}/api/v1/cases`)
    assert.equal(answer.status(), 401)
  })
}
