import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import type { Person } from './browser-stage.ts'
import { spellingsOf } from './canary.ts'

/*
 * What a browser keeps of a desk: everything that a page may write to the machine, and what the page still
 * holds in memory.
 */

export type Row = { readonly name: string; readonly bytes: Buffer }

export type Remains = {
  /** IndexedDB, raw. */
  readonly rows: readonly Row[]
  /** Names of databases, stored keys, caches and service workers that should not be there. */
  readonly others: readonly string[]
  readonly cookies: readonly string[]
}

export async function remainsOf(page: Page): Promise<Remains> {
  const found = await page.evaluate<{ rows: [string, string][]; others: string[] }>(READ)
  return {
    rows: found.rows.map(([name, hex]) => ({ name, bytes: Buffer.from(hex, 'hex') })),
    others: found.others,
    cookies: await cookiesOf(page.context()),
  }
}

/** Which of these words lie readable in the rows, in any spelling. */
export function readableIn({ rows }: Remains, words: readonly string[]): string[] {
  return rows.flatMap(({ name, bytes }) => hits(Buffer.concat([Buffer.from(name), bytes]), words))
}

/**
 * Which of these words the page's memory holds, after the garbage was taken out. The driver looks at pages
 * from a world of its own, in the same memory, where an engine keeps the last text that was matched: it
 * looks at a button first.
 */
export async function inMemory(
  { page, cdp }: Pick<Person, 'page' | 'cdp'>,
  words: readonly string[],
): Promise<string[]> {
  await page
    .getByRole('button', { name: /^\S+ \S+/ })
    .first()
    .waitFor()
  const chunks: string[] = []
  const hear = ({ chunk }: { chunk: string }) => chunks.push(chunk)
  cdp.on('HeapProfiler.addHeapSnapshotChunk', hear)
  await cdp.send('HeapProfiler.enable')
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await cdp.send('HeapProfiler.disable')
  cdp.off('HeapProfiler.addHeapSnapshotChunk', hear)
  const heap = chunks.join('')
  return words.filter((word) => heap.includes(word))
}

/** Addresses and titles that the browser would show in its history. */
export async function historyOf(cdp: CDPSession): Promise<string> {
  const { entries } = await cdp.send('Page.getNavigationHistory')
  return entries.map(({ url, userTypedURL, title }) => `${url} ${userTypedURL} ${title}`).join('\n')
}

function hits(bytes: Buffer, words: readonly string[]): string[] {
  return words.flatMap((word) =>
    spellingsOf(word)
      .filter((spelling) => bytes.includes(spelling.bytes))
      .map(({ name }) => `${word} (${name})`),
  )
}

async function cookiesOf(context: BrowserContext): Promise<string[]> {
  return (await context.cookies()).map(({ name }) => name)
}

const READ = `(async () => {
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const rows = []
  const others = []
  for (const { name } of await indexedDB.databases()) {
    if (name !== 'postern') others.push('database ' + name)
    const database = await done(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      if (store !== 'sealed') others.push('store ' + store)
      const open = database.transaction(store).objectStore(store)
      const keys = await done(open.getAllKeys())
      const values = await done(open.getAll())
      keys.forEach((key, n) => {
        if (values[n] instanceof Uint8Array) rows.push([String(key), hex(values[n])])
        else others.push('value of ' + String(key))
      })
    }
    database.close()
  }
  others.push(...Object.keys(localStorage).map((key) => 'localStorage ' + key))
  others.push(...Object.keys(sessionStorage).map((key) => 'sessionStorage ' + key))
  others.push(...(await caches.keys()).map((key) => 'cache ' + key))
  const workers = await navigator.serviceWorker.getRegistrations()
  others.push(...workers.map(({ scope }) => 'service worker ' + scope))
  if (window.name !== '' || history.state !== null) others.push('window name or history state')
  if (document.cookie !== '') others.push('cookie that a script reads')
  return { rows, others }
})()`
