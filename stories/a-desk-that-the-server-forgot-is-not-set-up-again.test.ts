import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { axe, newPerson, openChromium } from './browser-stage.ts'
import { scratchFolder, serve } from './stage.ts'

const FIELD = 'Foundation'

test('a page that belongs to a desk offers no set-up where the server says that there is none', async (t) => {
  const after = (end: () => Promise<void>) => t.after(end)
  const folder = await scratchFolder(after)
  const server = await serve({ data: join(folder, 'data') })
  after(async () => void (await server.stop()))
  const link = /http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? ''
  const person = await newPerson(await openChromium(after))
  const { page } = person
  await page.goto(link)
  await page.getByLabel(FIELD, { exact: true }).waitFor()

  // The page as the desk gave it out while it was there: its id stands in it.
  const named = `content="${'ab'.repeat(32)}"`
  await page.route('**/setup', async (route) => {
    const answer = await route.fetch()
    const text = await answer.text()
    const body = text.replace('name="postern-desk" content=""', `name="postern-desk" ${named}`)
    assert.notEqual(body, text)
    await route.fulfill({ response: answer, body })
  })
  await page.goto('about:blank')
  await page.goto(link)
  await page.getByRole('heading', { name: 'We stopped.' }).waitFor()
  await page.getByText('Do not set it up again').first().waitFor()
  assert.equal(await page.getByLabel(FIELD, { exact: true }).count(), 0)
  assert.deepEqual(await axe(person), [])
})
