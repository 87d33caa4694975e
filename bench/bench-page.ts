import type { Page } from 'playwright-core'
import { bundleScript } from '../tools/build-browser-script.ts'

/**
 * An empty page without a policy, under the desk's own origin, that has the files of a bench. `aside` ends
 * that: the requests of a page with such files all make a detour, also those to the desk.
 */
export async function openBenchPage(
  page: Page,
  url: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<{ readonly aside: () => Promise<void> }> {
  await page.route(`${url}/bench/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    const body = files[pathname]
    if (body === undefined)
      return route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><script src="/bench/page.js"></script>',
      })
    const contentType = pathname.endsWith('.js') ? 'text/javascript' : 'application/octet-stream'
    return route.fulfill({ contentType, body: Buffer.from(body) })
  })
  await page.goto(`${url}/bench/`)
  return { aside: () => page.unrouteAll() }
}

/** A script of `bench/page`, with the library that members get. */
export function benchScript(name: string): Promise<Uint8Array> {
  return bundleScript({ entry: `bench/page/${name}.ts`, openpgp: 'whole' })
}
