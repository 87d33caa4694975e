import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { keepWords, unlock, wordsOn } from './browser-acts.ts'
import { shownBy } from './browser-stage.ts'
import { type OpenDesk, PASSPHRASE, play, withRoot } from './stage.ts'

/*
 * The ways into a desk in a browser, and out of it: as a person goes them, with passkey, words or key file.
 */

const PATIENCE = { timeout: 60_000 }

/** An invitation of the first coordinator, as the link that they would send. */
export async function invitationLink({ server, first }: OpenDesk, role: string): Promise<string> {
  const args = ['member', 'invite', '--role', role, ...first.flags]
  const { invitation } = await play<{ invitation: string }>(args)
  return `${server.url}/join#${invitation.replaceAll(' ', '-')}`
}

export type Joined = { readonly recovery: string; readonly keyWords: string }

/** Answers an invitation, to the words to read aloud. `touches`: what the authenticator asks for. */
export async function join(
  page: Page,
  link: string,
  handle: string,
  touches: 1 | 2 = 1,
): Promise<Joined> {
  const recovery = await toPasskey(page, link, handle)
  await press(page, 'Make my passkey and answer')
  if (touches === 2) await press(page, 'Touch it once more')
  const keyWords = await shownBy(page, () => wordsOn(page, 'Your key words'))
  return { recovery, keyWords }
}

/** Answers an invitation, to the last step: the passkey. Returns the recovery words. */
export async function toPasskey(page: Page, link: string, handle: string): Promise<string> {
  await page.goto(link)
  await page.getByLabel('Your handle').fill(handle)
  await press(page, 'Continue to your words')
  return keepWords(page, 'Your recovery words', 'These are my recovery words')
}

/** The first coordinator compares the words and admits. */
export async function admitJoined(desk: OpenDesk, name: string, keyWords: string) {
  const args = ['member', 'admit', name, '--met', 'words', '--root', ...desk.first.flags]
  const { words } = await play<{ words: string }>(args, withRoot(desk))
  if (words !== keyWords) throw new Error(`${name} read other words than those that were admitted.`)
}

/** Joins in this browser and is admitted: a member whose only way in is here and on paper. */
export async function becomeMember(
  desk: OpenDesk,
  page: Page,
  { name, role = 'coordinator', touches = 1 }: { name: string; role?: string; touches?: 1 | 2 },
): Promise<Joined> {
  const joined = await join(page, await invitationLink(desk, role), name, touches)
  await admitJoined(desk, name, joined.keyWords)
  return joined
}

/** Touches the passkey of this browser and reads that it cannot open keys. */
export async function unlockWithWords(page: Page, words: string): Promise<void> {
  await press(page, 'Unlock with a passkey')
  await shownBy(page, async () => {
    await page.getByLabel('Recovery words', { exact: true }).fill(words)
    await press(page, 'Open the desk')
  })
}

/** Comes in with a key file, to the offer of a passkey for this browser. */
export async function comeWithKeyFile(
  page: Page,
  url: string,
  key: string,
  passphrase = PASSPHRASE,
): Promise<void> {
  await page.goto(`${url}/desk`)
  await press(page, 'Other ways')
  await press(page, 'Use a key file')
  await page.getByLabel('Key file').waitFor(PATIENCE)
  await chooseFile(page, await readFile(key, 'utf8'))
  await page.getByLabel('Passphrase').fill(passphrase)
  await press(page, 'Open the desk')
  await heading(page, 'You are in')
}

/**
 * As a person drops a file on the field. The browser's driver would keep a hand on the field for good, and
 * with it in memory whatever the page's code could see from there.
 */
async function chooseFile(page: Page, text: string): Promise<void> {
  await page.evaluate(`(() => {
    const field = document.querySelector('input[type=file]')
    const given = new DataTransfer()
    given.items.add(new File([${JSON.stringify(text)}], 'postern.key'))
    field.files = given.files
    field.dispatchEvent(new Event('change', { bubbles: true }))
  })()`)
}

/** What is offered to whoever came in without a passkey of this browser. */
export async function addPasskeyHere(page: Page): Promise<void> {
  await press(page, 'Add a passkey')
  await page.getByText('From now on').first().waitFor(PATIENCE)
  await press(page, 'Go to the desk')
  await heading(page, 'Queue')
}

/** Types the words of somebody who lost every passkey, to what the desk says about it. */
export async function askRecovery(page: Page, url: string, words: string): Promise<void> {
  await page.goto(`${url}/desk`)
  await press(page, 'Other ways')
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Recovery words alone' })
    .getByRole('button')
    .click()
  await page.getByLabel('Recovery words', { exact: true }).fill(words)
  await press(page, 'Ask for my keys')
}

/** Presses “Lock”, to the door. */
export async function lock(page: Page): Promise<void> {
  await press(page, 'Lock')
  await heading(page, 'Locked')
}

/** Touches the passkey at the door, to the page where the person was. */
export async function unlockHere(page: Page, name: string): Promise<void> {
  await press(page, 'Unlock with a passkey')
  await heading(page, name)
}

/** Opens a case from the queue and reads a sentence of it. */
export async function readInQueue(page: Page, title: string, text: string): Promise<void> {
  await shownBy(page, async () => {
    await page.getByRole('link', { name: title }).first().click(PATIENCE)
    await page.locator('.timeline').getByText(text).waitFor(PATIENCE)
  })
}

/** From the closed door to a sentence of a case. */
export async function comeAndRead(
  page: Page,
  url: string,
  { title, text }: { readonly title: string; readonly text: string },
): Promise<void> {
  await unlock(page, url)
  await readInQueue(page, title, text)
}

export async function press(page: Page, name: string): Promise<void> {
  await shownBy(page, () => page.getByRole('button', { name, exact: true }).click(PATIENCE))
}

export async function heading(page: Page, name: string): Promise<void> {
  await shownBy(page, () => page.getByRole('heading', { name, level: 1 }).waitFor(PATIENCE))
}
