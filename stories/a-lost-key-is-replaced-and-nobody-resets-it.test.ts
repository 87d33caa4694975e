import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { keepWords } from './browser-acts.ts'
import {
  addPasskeyHere,
  admitJoined,
  askRecovery,
  becomeMember,
  comeAndRead,
  comeWithKeyFile,
  heading,
  invitationLink,
  join,
  press,
  readInQueue,
} from './browser-keys.ts'
import { newPerson, openChromium, type Person } from './browser-stage.ts'
import { askDatabase } from './database.ts'
import { file, openDesk, play, withRoot } from './stage.ts'

const TITLE = 'Crafted header exhausts memory'
const TEXT = 'Opening a file with a crafted header takes all memory.'
const CASE = { title: TITLE, text: TEXT }

test('a coordinator alone who lost every passkey waits for 72 hours', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url, data } = desk.server
  await file(desk, `# ${TITLE}\n\n${TEXT}\n`)
  const browser = await openChromium((end) => t.after(end))
  const person = await newPerson(browser)
  const { page } = person
  await comeWithKeyFile(page, url, desk.first.key)
  await addPasskeyHere(page)
  const words = await makeRecoveryWords(page)
  await losePasskey(person)

  await t.test('the words alone open nothing, and the page says when they will', async () => {
    await askRecovery(page, url, words)
    await heading(page, 'You have to wait')
    await page.getByText('It opens in 72 hours.').waitFor()
    await page.getByText('You are the only coordinator').waitFor()
    await tryAgain(page)
    await page.getByText(/It opens in 7[12] hours\./).waitFor()
    assert.deepEqual(await person.context.cookies(), [], 'no session began')
  })

  await t.test('every member is told', async () => {
    const told = await askDatabase(data, `select 1 from post.outbox where kind = 'recovery'`)
    assert.equal(told.length, 1)
  })

  await t.test('a minute too early is too early', async () => {
    await letTimePass(data, '71 hours 58 minutes')
    await tryAgain(page)
    await page.getByText('It opens within the hour.').waitFor()
  })

  await t.test(
    'then they open, once: new words first, then a passkey of this browser',
    async () => {
      await letTimePass(data, '3 minutes')
      await press(page, 'Try again')
      const renewed = await newWords(page)
      assert.notEqual(renewed, words)
      await heading(page, 'You are in')
      await addPasskeyHere(page)
      await comeAndRead(page, url, CASE)
    },
  )
})

test('where there are two, one loses everything and the other decides', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url, data } = desk.server
  await file(desk, `# ${TITLE}\n\n${TEXT}\n`)
  const browser = await openChromium((end) => t.after(end))
  const person = await newPerson(browser)
  const other = await newPerson(browser)
  const { page } = person
  const { recovery } = await becomeMember(desk, page, { name: 'Coordinator 2' })

  await t.test('a second passkey opens when the first is lost, and ends it', async () => {
    await comeAndRead(page, url, CASE)
    const lost = await addSecondPasskey(person)
    await person.unplug(lost.device)
    await comeAndRead(page, url, CASE)
    await page.goto(`${url}/desk/own`)
    await press(page, 'Unlock with a passkey')
    await page.getByRole('button', { name: `Remove… ${lost.label}` }).click()
    await press(page, 'Remove the passkey')
    await page.getByText('You have one passkey.').waitFor()

    const finder = await newPerson(browser)
    await finder.cdp.send('WebAuthn.addCredential', {
      authenticatorId: finder.device,
      credential: lost.credential,
    })
    await finder.page.goto(`${url}/desk`)
    await press(finder.page, 'Unlock with a passkey')
    await finder.page.getByText('This passkey opens nothing here.').waitFor()
    assert.deepEqual(await finder.context.cookies(), [])
  })

  // Their old machine still stands open somewhere; on the new one they have nothing but the paper.
  const fresh = await newPerson(browser)
  await t.test('every passkey lost: the words alone bring nothing, however often', async () => {
    await askRecovery(fresh.page, url, recovery)
    await heading(fresh.page, 'Another coordinator must release it')
    await tryAgain(fresh.page)
    await letTimePass(data, '80 hours')
    await tryAgain(fresh.page)
    await heading(fresh.page, 'Another coordinator must release it')
    assert.deepEqual(await fresh.context.cookies(), [], 'no session began')
  })

  await t.test('a login of the same person does not end it: it may be a thief’s', async () => {
    await comeAndRead(page, url, CASE)
    await tryAgain(fresh.page)
    const told = await askDatabase(data, `select 1 from post.outbox where kind = 'recovery'`)
    assert.equal(told.length, 1, 'it is the same request')
  })

  await t.test('the same person cannot release it', async () => {
    await page.getByRole('link', { name: 'People' }).first().click()
    await page.getByText('Coordinator 2 asks to come back with recovery words.').waitFor()
    assert.equal(await page.getByRole('button', { name: /Release/ }).count(), 0)
    const tried = await page.evaluate(`(async () => {
      const { who } = await (await fetch('/api/v1/me')).json()
      const headers = { 'content-type': 'application/json' }
      const asked = { method: 'POST', headers, body: JSON.stringify({ who }) }
      return (await fetch('/api/v1/recovery/release', asked)).status
    })()`)
    assert.equal(tried, 404)
    await tryAgain(fresh.page)
  })

  await t.test('another coordinator, who was called, releases it', async () => {
    await comeWithKeyFile(other.page, url, desk.first.key)
    await addPasskeyHere(other.page)
    await other.page.getByRole('link', { name: 'People' }).first().click()
    await other.page.getByText('Coordinator 2 asks to come back with recovery words.').waitFor()
    await press(other.page, 'Release…')
    await press(other.page, 'I spoke with them: release')
    await other.page
      .getByText(/^Released: Coordinator 2 can come in/)
      .first()
      .waitFor()

    await press(fresh.page, 'Try again')
    await newWords(fresh.page)
    await heading(fresh.page, 'You are in')
    await addPasskeyHere(fresh.page)
    await readInQueue(fresh.page, TITLE, TEXT)
  })

  await t.test('the old machine is logged out by it', async () => {
    // The login grew the ledger, so the old page looks again, and finds that its session is gone.
    await heading(page, 'Your session has ended')
  })

  await t.test('the paper is used up: the same words bring nothing again', async () => {
    const finder = await newPerson(browser)
    await askRecovery(finder.page, url, recovery)
    await finder.page.getByText('These words open no keys here.').waitFor()
  })

  await t.test(
    'passkeys and paper lost: the key ends, and a new one reads the old cases',
    async () => {
      await losePasskey(fresh)
      const end = ['member', 'revoke', 'Coordinator 2', '--root', ...desk.first.flags]
      await play(end, withRoot(desk))
      const finder = await newPerson(browser)
      await askRecovery(finder.page, url, recovery)
      await finder.page.getByText('These words open no keys here.').waitFor()

      const link = await invitationLink(desk, 'coordinator')
      const again = await join(fresh.page, link, 'Coordinator 2')
      assert.notEqual(again.recovery, recovery)
      await admitJoined(desk, 'Coordinator 2', again.keyWords)
      await comeAndRead(fresh.page, url, CASE)
    },
  )
})

/** The device is gone, and another one, which knows nothing, stands in its place. */
async function losePasskey({ cdp, device, context, page }: Person): Promise<void> {
  await page.goto('about:blank')
  await context.clearCookies()
  await cdp.send('WebAuthn.clearCredentials', { authenticatorId: device })
}

async function makeRecoveryWords(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await press(page, 'Make recovery words')
  const words = await keepWords(page, 'Your new recovery words', 'Use these from now on')
  await page.getByText('Your new recovery words count from now on.').waitFor()
  return words
}

/** Whoever came by words alone makes others before anything else. */
function newWords(page: Page): Promise<string> {
  return keepWords(page, 'Your new recovery words', 'Use these from now on')
}

/** A security key beside the device that they joined with. */
async function addSecondPasskey({ page, cdp, device, plugIn }: Person) {
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: device })
  const [credential] = credentials
  assert.ok(credential)
  await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  const label = await page.getByRole('rowheader').first().innerText()
  const off = { authenticatorId: device, enabled: false }
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', off)
  await plugIn('prf-at-use')
  await page.getByLabel('Name of a new passkey').fill('Key on the ring')
  await press(page, 'Add a passkey')
  await press(page, 'Touch it once more')
  await page.getByText('One touch of it opens the desk.').waitFor()
  return { device, label, credential }
}

async function tryAgain(page: Page): Promise<void> {
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/recovery'))
  await press(page, 'Try again')
  const answer: unknown = await (await asked).json()
  assert.ok(!JSON.stringify(answer).includes('bundle'), 'the desk gave the vault out')
}

/** The request was made so much earlier. */
async function letTimePass(data: string, span: string): Promise<void> {
  await askDatabase(data, `update identity.recovery_request set asked = asked - interval '${span}'`)
}
