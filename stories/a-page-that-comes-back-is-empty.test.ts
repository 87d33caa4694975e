import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invitationLink } from './browser-keys.ts'
import { newPerson, openChromium } from './browser-stage.ts'
import { openDesk } from './stage.ts'

/** What a browser tells a page that it kept; then what stands on it. */
const COMES_BACK = `
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  document.body.textContent.trim()`
const TYPED = 'Crafted header takes all memory'

test('a page that a browser brings back from memory shows nothing, and another link begins anew', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { url } = desk.server
  const browser = await openChromium((end) => t.after(end))

  for (const [path, label] of [
    ['/report', 'What did you find?'],
    ['/follow', 'Twelve words'],
    ['/join', 'Invitation words'],
  ] as const)
    await t.test(path, async () => {
      const { page, complaints } = await newPerson(browser)
      await page.goto(`${url}${path}`)
      await page.getByLabel(label).fill(TYPED)
      const again = page.waitForEvent('load')
      const left = await page.evaluate<string>(COMES_BACK)
      assert.equal(left, '', 'gone before the page is loaded again')
      await again
      assert.equal(await page.getByLabel(label).inputValue(), '')
      assert.deepEqual(complaints, [])
    })

  await t.test('an invitation opened in a tab that shows another one', async () => {
    const { page, complaints } = await newPerson(browser)
    await page.goto(`${url}/join#skin-rose-dwarf`)
    await page.getByRole('button', { name: 'Open the invitation' }).waitFor()
    const threads = page.workers()
    await page.goto(await invitationLink(desk, 'coordinator'))
    await page.getByLabel('Your handle').waitFor()
    assert.equal(new URL(page.url()).hash, '')
    assert.ok(!page.workers().some((each) => threads.includes(each)), 'with a thread of its own')
    assert.deepEqual(complaints, [])
  })
})
