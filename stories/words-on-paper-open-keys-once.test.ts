import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepWords } from './browser-acts.ts'
import {
  askRecovery,
  becomeMember,
  comeAndRead,
  comeWithKeyFile,
  heading,
  press,
} from './browser-keys.ts'
import { newPerson, openChromium } from './browser-stage.ts'
import { askDatabase } from './database.ts'
import { everyLook } from './every-look.ts'
import { file, openDesk } from './stage.ts'

const CASE = {
  title: 'Crafted header exhausts memory',
  text: 'Opening a file with a crafted header takes all memory.',
}

test('a paper with recovery words opens keys once, and each step is on record', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url, data } = desk.server
  await file(desk, `# ${CASE.title}\n\n${CASE.text}\n`)
  const browser = await openChromium((end) => t.after(end))
  const owner = await newPerson(browser)
  const finder = await newPerson(browser)
  const { page } = owner
  const joined = await becomeMember(desk, page, { name: 'Coordinator 2' })
  await comeAndRead(page, url, CASE)
  let words = joined.recovery

  await t.test('the owner sees that somebody asked, and ends it', async () => {
    await askRecovery(finder.page, url, words)
    await heading(finder.page, 'Another coordinator must release it')
    await page.getByRole('link', { name: 'Queue' }).first().click()
    await page.getByText('Somebody used your recovery words.').waitFor()
    assert.deepEqual(await everyLook(owner, 'the queue, while somebody asks'), [])
    await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
    await page.getByText('Somebody asked for your keys with your recovery words.').waitFor()
    assert.deepEqual(await everyLook(owner, 'somebody asked'), [])
    await press(page, 'End the request')
    await page.getByText('Make new recovery words now.').waitFor()
    assert.deepEqual(await everyLook(owner, 'new words are due'), [])
  })

  await t.test(
    'no passkey is added before there are new words, and then the paper is dead',
    async () => {
      const presence = { authenticatorId: owner.device, enabled: false }
      await owner.cdp.send('WebAuthn.setAutomaticPresenceSimulation', presence)
      await owner.plugIn('prf-at-use')
      await press(page, 'Add a passkey')
      await press(page, 'Touch it once more')
      await page.getByText(/Make new recovery words first/).waitFor()
      await press(page, 'Make new recovery words')
      words = await keepWords(page, 'Your new recovery words', 'Use these from now on')
      await page.getByText('Your new recovery words count from now on.').waitFor()
      await press(finder.page, 'Try again')
      await finder.page.getByText('These words open no keys here.').waitFor()
    },
  )

  await t.test(
    'whoever comes by the words alone makes others, however long they write',
    async () => {
      const fresh = await newPerson(browser)
      await askRecovery(fresh.page, url, words)
      await heading(fresh.page, 'Another coordinator must release it')
      const other = await newPerson(browser)
      await comeWithKeyFile(other.page, url, desk.first.key)
      await press(other.page, 'Not now')
      await other.page.getByRole('link', { name: 'People' }).first().click()
      await press(other.page, 'Release…')
      await press(other.page, 'I spoke with them: release')
      await other.page
        .getByText(/^Released: Coordinator 2/)
        .first()
        .waitFor()
      await press(fresh.page, 'Try again')
      await heading(fresh.page, 'Your new recovery words')
      assert.deepEqual(await everyLook(fresh, 'new words after recovery'), [])
      await askDatabase(data, `update identity.session set proved = proved - interval '6 minutes'`)
      const next = await keepWords(fresh.page, 'Your new recovery words', 'Use these from now on')
      assert.notEqual(next, words)
      await heading(fresh.page, 'You are in')
      await askRecovery(finder.page, url, words)
      await finder.page.getByText('These words open no keys here.').waitFor()
    },
  )

  await t.test('all of it stands in the ledger, in its order, with whose key', async () => {
    const rows = await askDatabase<{ note: string; about: string }>(
      data,
      `select head::jsonb->>'note' as note, head::jsonb->>'about' as about from ledger.entry
       where type = 'ledger.event' and head::jsonb->>'kind' = 'recovery' order by seq`,
    )
    const steps = rows.map(({ note }) => note.replace(/ by [0-9a-f]{64}$/, ' by a coordinator'))
    assert.deepEqual(steps, [
      'asked',
      'withdrawn',
      'renewed',
      'asked',
      'released by a coordinator',
      // The words proved twice who is there: the second time in place of a touch.
      'given',
      'given',
      'renewed',
    ])
    assert.equal(new Set(rows.map(({ about }) => about)).size, 1)
  })
})
