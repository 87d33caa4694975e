import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { axe } from './browser-stage.ts'

/** A page as it is now, at two widths and in two schemes: nothing scrolls sideways, and axe finds nothing. */
export async function everyWidth(page: Page, person: Parameters<typeof axe>[0], name: string) {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [400, 1280]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const where = `${name} ${colorScheme} ${String(width)}`
      const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
      assert.equal(wide, false, where)
      const about = colorScheme === 'light' ? 'everything' : 'colours'
      assert.deepEqual(await axe(person, about), [], where)
      const folder = process.env['POSTERN_PICTURES']
      if (folder !== undefined)
        await page.screenshot({
          path: join(folder, `mail-${where.replaceAll(' ', '-')}.png`),
          fullPage: true,
        })
    }
}
