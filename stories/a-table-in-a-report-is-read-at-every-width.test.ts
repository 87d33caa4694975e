import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axe, newPerson, openChromium } from './browser-stage.ts'
import { openDesk } from './stage.ts'

const TABLE = `# Parsers take what they must refuse

| Parser | Version | What it takes | Since | Where it stands, at length |
|--------|:-------:|---------------|-------|----------------------------|
| example-arrays | 2.4.1 | a header of 4 GiB | 2019 | \`read_header(stream, limit=None)\` |
| example-plots | 1.0 | **no** end of file | 2021 | hangs \\| crashes |
`
const HOSTILE = `|${'a|'.repeat(10_000)}\n|${'-|'.repeat(10_000)}\n`

test('a table moves in its own box, which the keyboard reaches, and one made to hurt stays a text', async (t) => {
  const { server } = await openDesk((end) => t.after(end))
  const browser = await openChromium((end) => t.after(end))
  const person = await newPerson(browser)
  const { page } = person
  await page.goto(`${server.url}/report`)
  const text = page.getByRole('textbox', { name: 'What did you find?' })
  await text.fill(TABLE)
  await page.getByRole('tab', { name: 'Preview' }).click()
  const box = page.getByRole('group', { name: 'Table' })
  await box.getByRole('columnheader', { name: 'Parser' }).waitFor()
  assert.equal(await box.getByRole('cell', { name: 'hangs | crashes' }).count(), 1)

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [400, 1280]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const sideways = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth > innerWidth',
      )
      assert.equal(sideways, false, `${colorScheme} ${String(width)}`)
      assert.deepEqual(await axe(person), [], `${colorScheme} ${String(width)}`)
    }
  await page.setViewportSize({ width: 400, height: 800 })
  await box.focus()
  const moved = () => page.evaluate<number>('document.activeElement.scrollLeft')
  assert.equal(await moved(), 0)
  await page.keyboard.press('ArrowRight')
  for (let patience = 40; patience > 0 && (await moved()) === 0; patience--)
    await page.waitForTimeout(50)
  assert.ok((await moved()) > 0)

  await page.getByRole('tab', { name: 'Write' }).click()
  await text.fill(HOSTILE)
  await page.getByRole('tab', { name: 'Preview' }).click()
  await page.locator('.preview .markdown').waitFor()
  assert.equal(await page.locator('.preview table').count(), 0)
  assert.deepEqual(person.complaints, [])
})
