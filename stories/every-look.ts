import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { axe, type Person, shownBy } from './browser-stage.ts'

/*
 * One state of a page, looked at as everybody may: in light and dark, wide and narrow, with large letters,
 * with forced colours. Returns what is wrong, in sentences; nobody looks away from the first thing found.
 */

const SIZES = [
  [1280, 800],
  [400, 800],
] as const

export async function everyLook(person: Person, where: string): Promise<string[]> {
  const { page } = person
  const found: string[] = []
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height })
    found.push(...(await sideways(page)).map((what) => `${where}, ${width} px: ${what}`))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const about = colorScheme === 'light' ? 'everything' : 'colours'
      for (const violation of await axe(person, about))
        found.push(`${where}, ${colorScheme} ${width} px: ${violation}`)
      await keepPicture(page, `${where} ${colorScheme} ${width}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 320, height: 640 })
  found.push(...(await sideways(page)).map((what) => `${where}, 320 px: ${what}`))
  // 200 % zoom of a screen of 1280 is half the room; large letters take twice as much of it.
  await page.setViewportSize({ width: 640, height: 400 })
  found.push(...(await sideways(page)).map((what) => `${where}, zoom 200 %: ${what}`))
  await page.setViewportSize({ width: 1280, height: 800 })
  await person.cdp.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
  found.push(...(await sideways(page)).map((what) => `${where}, text 200 %: ${what}`))
  await person.cdp.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } })
  await page.emulateMedia({ forcedColors: 'active' })
  found.push(...(await unseen(page)).map((what) => `${where}, forced colours: ${what}`))
  await page.emulateMedia({ forcedColors: 'none', colorScheme: null })
  return found
}

/** For people who look themselves: `POSTERN_PICTURES=DIR` keeps what was looked at. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['POSTERN_PICTURES']
  if (folder === undefined) return
  const path = join(folder, `${name.replaceAll(/[^a-zA-Z0-9]+/g, '-').toLowerCase()}.png`)
  await page.screenshot({ path, animations: 'disabled' })
}

/** Tab by Tab to a control: what has the focus is drawn, with an outline, and nothing stands on it. */
export async function tabTo(page: Page, wanted: string, most = 80): Promise<void> {
  for (let left = most; left > 0; left--) {
    const { name, trouble } = await focused(page)
    if (trouble !== '') throw new Error(`At “${name}”: ${trouble}`)
    if (name.startsWith(wanted)) return
    await page.keyboard.press('Tab')
  }
  await shownBy(page, () => Promise.reject(new Error(`Tab never reached “${wanted}”.`)))
}

/** What has the focus, and what is wrong with how that is shown. */
export function focused(page: Page): Promise<{ readonly name: string; readonly trouble: string }> {
  return page.evaluate(FOCUSED)
}

function sideways(page: Page): Promise<string[]> {
  return page.evaluate(SIDEWAYS)
}

function unseen(page: Page): Promise<string[]> {
  return page.evaluate(UNSEEN)
}

const NAME = String.raw`((element) => {
  const own = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText
  const by = element.getAttribute('aria-labelledby')
  const said = by === null ? own : by.split(' ').map((id) => document.getElementById(id)?.innerText).join(' ')
  return (said ?? '').trim().replace(/\s+/g, ' ').slice(0, 80)
})`

const FOCUSED = String.raw`(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return { name: '', trouble: '' }
  const name = ${NAME}(element)
  if (element.matches('main, h1, h2')) return { name, trouble: '' }
  const drawn = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1.5
  }
  // What is drawn by its label or its row shows the focus there.
  const shows = [element, element.closest('label'), element.closest('li')]
  if (!shows.some((each) => each !== null && drawn(each))) return { name, trouble: 'no outline' }
  const seen = element.closest('label.btn') ?? element
  const box = seen.getBoundingClientRect()
  if (box.width < 2 || box.height < 2) return { name, trouble: 'it has no size' }
  const x = box.left + Math.min(box.width / 2, 20)
  const inSight = box.top >= -1 && Math.min(box.bottom, box.top + 40) <= innerHeight + 1
  if (!inSight) return { name, trouble: 'out of sight at ' + Math.round(box.top) }
  const on = document.elementFromPoint(x, box.top + Math.min(box.height / 2, 12))
  if (on !== null && !seen.contains(on) && !on.contains(seen) && on.closest('label') === null)
    return { name, trouble: 'hidden behind ' + on.outerHTML.slice(0, 120) }
  return { name, trouble: '' }
})()`

const SIDEWAYS = String.raw`(async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  if (document.documentElement.scrollWidth <= innerWidth) return []
  const wide = [...document.querySelectorAll('body *')].filter((each) => {
    const box = each.getBoundingClientRect()
    return box.right > innerWidth + 1 && box.width > 0 && ![...each.children].some((child) => child.getBoundingClientRect().right > innerWidth + 1)
  })
  return ['it scrolls sideways for ' + wide.slice(0, 3).map((each) => each.outerHTML.slice(0, 140)).join(' and ')]
})()`

/** With forced colours a control must not vanish: its letters, its edge or its outline remain. */
const UNSEEN = String.raw`(() => {
  const found = []
  for (const each of document.querySelectorAll('button, a[href], input, textarea, select, summary')) {
    const { color, backgroundColor, visibility, borderStyle } = getComputedStyle(each)
    const box = each.getBoundingClientRect()
    if (box.width === 0 || visibility === 'hidden') continue
    const behind = (at) => {
      for (let element = at; element !== null; element = element.parentElement) {
        const { backgroundColor: fill } = getComputedStyle(element)
        if (!/, 0\)$|transparent/.test(fill)) return fill
      }
      return 'canvas'
    }
    if (color === behind(each)) found.push('letters vanish: ' + each.outerHTML.slice(0, 140))
    if (each.matches('.btn.main') && borderStyle === 'none') found.push('no edge: ' + each.outerHTML.slice(0, 140))
  }
  return found
})()`
