import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import {
  becomeMember,
  comeAndRead,
  heading,
  invitationLink,
  lock,
  press,
  readInQueue,
  toPasskey,
  unlockHere,
  unlockWithWords,
} from './browser-keys.ts'
import {
  type Authenticator,
  newPerson,
  openChromium,
  type Person,
  shownBy,
} from './browser-stage.ts'
import { file, openDesk } from './stage.ts'

const TITLE = 'Crafted header exhausts memory'
const TEXT = 'Opening a file with a crafted header takes all memory.'

test('three kinds of passkeys lead from an invitation to an open case, and to it again', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url } = desk.server
  await file(desk, `# ${TITLE}\n\n${TEXT}\n`)
  const browser = await openChromium((end) => t.after(end))
  const newcomer = (authenticator: Authenticator) => newPerson(browser, { authenticator })

  await t.test('one that gives its secret when it is made: one touch, then and later', async () => {
    const { page, complaints } = await newcomer('prf')
    await becomeMember(desk, page, { name: 'Coordinator 2' })
    await comeAndRead(page, url, { title: TITLE, text: TEXT })
    await lockAndReturn(page)
    assert.deepEqual(complaints, [])
  })

  await t.test('one that gives it only when it is used: a second touch, once', async () => {
    const { page, complaints } = await newcomer('prf-at-use')
    await becomeMember(desk, page, { name: 'Coordinator 3', touches: 2 })
    await comeAndRead(page, url, { title: TITLE, text: TEXT })
    await lockAndReturn(page)
    assert.deepEqual(complaints, [])
  })

  await t.test('one that has none: it says who comes, and words open the keys', async () => {
    const { page, complaints } = await newcomer('no-prf')
    const other = await newcomer('prf')
    const name = 'Coordinator 4'
    const { recovery } = await becomeMember(desk, page, { name })
    const { recovery: foreign } = await becomeMember(desk, other.page, { name: 'Coordinator 5' })

    await page.goto(`${url}/desk`)
    await unlockWithWords(page, foreign)
    await page.getByText('These words do not open your keys.').waitFor()
    await page.getByLabel('Recovery words', { exact: true }).fill(recovery)
    await press(page, 'Open the desk')
    await heading(page, 'Queue')
    await readInQueue(page, TITLE, TEXT)

    await lock(page)
    await shownNothing(page)
    await unlockWithWords(page, recovery)
    await heading(page, TITLE)
    await page.locator('.timeline').getByText(TEXT).waitFor()

    await page.goto(`${url}/desk`)
    await unlockWithWords(page, recovery)
    await heading(page, 'Queue')
    await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
    await page.getByText('None of your passkeys opens the desk by itself.').waitFor()
    assert.deepEqual(complaints, [])
  })
})

test('a passkey that asks for no PIN, finger or face lets nobody in', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url } = desk.server
  const browser = await openChromium((end) => t.after(end))

  await t.test('the browser makes none, and the desk is asked for nothing', async () => {
    const person = await newPerson(browser, { authenticator: 'no-prf' })
    const asked = postsOf(person.page)
    await verifyNobody(person)
    await toPasskey(person.page, await invitationLink(desk, 'guest'), 'Guest 1')
    await press(person.page, 'Make my passkey and answer')
    await person.page.getByText('No passkey was made.').waitFor()
    await person.page.getByText(/got no PIN, finger or face/).waitFor()
    assert.equal(
      await person.page.getByText(/passkey of this desk|coordinator what stands/).count(),
      0,
    )
    assert.ok(!asked.includes('/api/v1/invitations/join'))
  })

  await t.test('one that was made without them is refused by the desk', async () => {
    const person = await newPerson(browser, { authenticator: 'no-prf' })
    const { page } = person
    const asked = postsOf(page)
    await toPasskey(page, await invitationLink(desk, 'guest'), 'Guest 1')
    await claimNothing(person)
    await press(page, 'Make my passkey and answer')
    await shownBy(page, () => page.getByText('The desk did not take this passkey.').waitFor())
    await page.getByText('This passkey asks for no PIN, finger or face.').waitFor()
    assert.equal(await page.getByText(/Tell another coordinator|Nothing was sent/).count(), 0)
    assert.ok(asked.includes('/api/v1/invitations/join'), 'the desk saw it and refused')
  })

  await t.test('nor does a good one that is touched without them', async () => {
    const person = await newPerson(browser, { authenticator: 'no-prf' })
    const { page } = person
    await becomeMember(desk, page, { name: 'Coordinator 2' })
    await page.goto(`${url}/desk`)
    await claimNothing(person)
    await press(page, 'Unlock with a passkey')
    await shownBy(page, () => page.getByText('This passkey opens nothing here.').waitFor())
    assert.deepEqual(await person.context.cookies(), [], 'no session began')
  })
})

/** The device of this person stops asking who is there. */
async function verifyNobody({ cdp, device }: Person): Promise<void> {
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: device, isUserVerified: false })
}

/** The device answers as one that let anybody touch it. */
async function claimNothing({ cdp, device }: Person): Promise<void> {
  const bits = { authenticatorId: device, isBadUV: true }
  await cdp.send('WebAuthn.setResponseOverrideBits', bits)
}

function postsOf(page: Page): string[] {
  const paths: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') paths.push(new URL(request.url()).pathname)
  })
  return paths
}

async function lockAndReturn(page: Page): Promise<void> {
  await lock(page)
  await shownNothing(page)
  await unlockHere(page, TITLE)
  await page.locator('.timeline').getByText(TEXT).waitFor()
}

async function shownNothing(page: Page): Promise<void> {
  const html = await page.content()
  assert.ok(!html.includes(TITLE) && !html.includes('crafted header'), 'the door shows no text')
}
