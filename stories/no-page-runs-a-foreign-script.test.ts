import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { fileReport, NO_FACTS } from '#client'
import { bytesOfText } from '#lexicon'
import { follow, joinDesk, unlock, wordsOn } from './browser-acts.ts'
import { newPerson, openChromium, type Person, shownBy } from './browser-stage.ts'
import { foreignThings, watchForForeignScripts } from './foreign-script-watch.ts'
import { fillSetUp, reply } from './hostile-hands.ts'
import { ACTIVE_FILES, FILE_NAMES, LAST, markOf, PAYLOADS, TEXTS } from './hostile-texts.ts'
import { sourceOf, visitor } from './in-process.ts'
import {
  type Actor,
  type OpenDesk,
  play,
  reporterFlags,
  scratchFolder,
  serve,
  withRoot,
} from './stage.ts'

/*
 * R38, R46, R07: strangers write what they like into every field. Whoever opens it reads it as text; no
 * script of theirs runs, nothing is asked of another host, and what cannot be seen is shown by its number.
 */

const FOUNDATION = '<b onclick=pwned=1>Example</b> \u202enoitadnuoF\u202c "\'&amp;'
const HANDLE = '<img src=x onerror=pwned=1>\u202ereetnuloV'
const SECOND_HANDLE = '__proto__'

let desk: OpenDesk
let browser: Browser
let member: Person
let reporter: Person
let words = ''

const ends: (() => Promise<void>)[] = []
const later = (end: () => Promise<void>) => ends.push(end)

before(async () => {
  browser = await openChromium(later)
  member = await watched()
  reporter = await watched()
  desk = await hostileDesk()
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

describe('every page that shows what strangers wrote', () => {
  test('a set-up link and an invitation with payloads behind # are text', async () => {
    const { page } = reporter
    const paths = '/setup /join /report /follow /claim /desk/case /desk/people'
    for (const path of paths.split(' '))
      for (const payload of [
        PAYLOADS[0],
        PAYLOADS[1],
        PAYLOADS[15],
        'javascript:pwned=1',
        '__proto__',
      ]) {
        const inPath = path === '/desk/case' ? `/${encodeURIComponent(payload ?? '')}` : ''
        await page.goto(`${desk.server.url}${path}${inPath}?${payload}#${payload}`)
        await page.locator('h1').first().waitFor()
        assert.deepEqual(await foreignThings(page), [], `${path} with ${payload}`)
      }
    quiet(reporter)
  })

  test('the first page names a hostile foundation and nothing of it runs', async () => {
    const { page } = reporter
    await page.goto(desk.server.url)
    assert.match(await page.locator('body').innerText(), /<b onclick=pwned=1>Example/)
    assert.deepEqual(await foreignThings(page), [])
    quiet(reporter)
  })

  test('the form of a report: preview, title, every field, every file name', async () => {
    const { page } = reporter
    await page.goto(`${desk.server.url}/report`)
    const text = page.getByRole('textbox', { name: 'What did you find?' })
    for (const [n, hostile] of TEXTS.entries()) {
      if (n % 3 !== 0) continue
      await text.fill(hostile)
      await page.getByRole('tab', { name: 'Preview' }).click()
      await sees(page, LAST)
      await settled(page)
      assert.deepEqual(await foreignThings(page), [], `text ${n}`)
      await page.getByRole('tab', { name: 'Write' }).click()
    }
    await text.fill(TEXTS[0] ?? '')
    await page
      .getByLabel('Name, package or repository')
      .fill('<script>pwned=1</script>"\'onload=pwned=1')
    await page.getByLabel('Name to thank you by').fill('<img src=x onerror=pwned=1>')
    await page.getByLabel('Mail address').fill('o=onload=pwned=1@example.org')
    const named = FILE_NAMES.map((name) => ({
      name,
      mimeType: 'text/html',
      buffer: Buffer.from('x'),
    }))
    const active = ACTIVE_FILES.map(({ name, mimeType, text: content }) => {
      return { name, mimeType, buffer: Buffer.from(content) }
    })
    await page.locator('input[type=file]').setInputFiles([...active, ...named])
    await page
      .getByText('Sealed and sent')
      .nth(active.length + named.length - 1)
      .waitFor()
    assert.deepEqual(await foreignThings(page), [])
    await page.getByLabel('Mine is none of these').check()
    await page.getByRole('button', { name: 'Seal and send' }).click()
    await shownBy(page, () => page.getByRole('heading', { name: 'We have your report' }).waitFor())
    words = await wordsOn(page, 'Your twelve words')
    assert.deepEqual(await foreignThings(page), [])
    quiet(reporter)
  })

  test('the desk: queue, every case, its files, people, search and palette', async () => {
    const { page } = member
    await unlock(page, desk.server.url)
    const rows = page.locator('ul.queue .q')
    await rows.first().waitFor()
    await page.getByText('Opening titles').waitFor({ state: 'detached' })
    await writtenNothingFor(page, 1500)
    assert.deepEqual(await foreignThings(page), [], 'the queue')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    let cases = 0
    for (const seen = new Set<string>(); ; cases++) {
      await shownBy(page, () => page.locator('.timeline .msg').first().waitFor())
      if (seen.has(page.url())) break
      seen.add(page.url())
      await settled(page)
      const shown = await page.locator('.timeline').innerText()
      if (shown.includes(markOf(0)))
        for (const [at] of PAYLOADS.entries())
          assert.ok(shown.includes(markOf(at)), `${at} is hidden`)
      assert.deepEqual(await foreignThings(page), [], page.url())
      const before = page.url()
      await page.keyboard.press('j')
      await page.waitForURL((url) => url.href !== before, { timeout: 700 }).catch(() => undefined)
    }
    assert.ok(cases >= PAYLOADS.length, `${cases} cases were looked at`)
    quiet(member)
  })

  test('a note, a title and a draft of our own are no better than a stranger’s', async () => {
    const { page } = member
    const field = page.locator('.composer textarea')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByLabel('Title', { exact: true }).fill('<svg onload=pwned=1>\u202eeltit')
    await page.getByRole('button', { name: 'Sign the title' }).click()
    await page.getByRole('heading', { name: '<svg onload=pwned=1>' }).waitFor()
    await page.keyboard.press('n')
    await field.fill(TEXTS[1] ?? '')
    await page.getByRole('button', { name: 'Preview' }).click()
    await sees(page, LAST)
    await settled(page)
    assert.deepEqual(await foreignThings(page), [], 'a preview')
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    await page.getByRole('button', { name: 'Seal the note' }).click()
    await page.getByRole('link', { name: /^Team/ }).click()
    await page.locator('.timeline .msg.team').first().waitFor()
    await settled(page)
    assert.deepEqual(await foreignThings(page), [], 'a note')
    await page.getByRole('combobox', { name: 'To' }).selectOption('all')
    await field.fill(TEXTS[2] ?? '')
    await page.getByText('Draft kept').waitFor()
    await page
      .locator('.timeline')
      .first()
      .click({ position: { x: 1, y: 1 } })
    await page.keyboard.press('l')
    await page.getByRole('button', { name: 'Unlock with a passkey' }).click()
    await field.waitFor()
    await sees(page, LAST)
    assert.equal(await field.inputValue(), (TEXTS[2] ?? '').replaceAll('\r', ''))
    assert.deepEqual(await foreignThings(page), [], 'a draft that came back')
    quiet(member)
  })

  test('search, filter and palette take payloads for words', async () => {
    const { page } = member
    await page.getByRole('link', { name: 'Search' }).first().click()
    for (const payload of PAYLOADS) {
      await page.getByLabel('Words in titles and messages').fill(payload.slice(0, 60))
      await page.getByRole('button', { name: 'Search' }).click()
      await page.locator('.hits, .empty').first().waitFor()
      assert.deepEqual(await foreignThings(page), [], `a search for ${payload}`)
    }
    await page
      .getByRole('link', { name: /^Queue/ })
      .first()
      .click()
    for (const payload of PAYLOADS.slice(0, 20)) {
      await page.getByLabel(/^Filter/).fill(payload)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Act, place or case' }).fill(payload)
      assert.deepEqual(await foreignThings(page), [], `a filter of ${payload}`)
      await page.keyboard.press('Escape')
    }
    quiet(member)
  })

  test('people: handles are names and nothing else', async () => {
    const { page } = member
    await page.getByRole('link', { name: 'People' }).first().click()
    await sees(page, SECOND_HANDLE)
    await sees(page, '<img src=x onerror=pwned=1>')
    assert.deepEqual(await foreignThings(page), [])
    await page.getByRole('link', { name: 'Keys and sessions' }).first().click()
    await page.getByRole('heading', { name: 'Sessions', exact: true }).waitFor()
    assert.deepEqual(await foreignThings(page), [])
    quiet(member)
  })

  test('the reporter reads what the desk wrote, and saves files that are nothing but bytes', async () => {
    const { page } = reporter
    await follow(page, desk.server.url, words)
    await shownBy(page, () => page.locator('.timeline .msg').first().waitFor())
    await settled(page)
    assert.deepEqual(await foreignThings(page), [])
    const files = page
      .locator('.timeline .msg')
      .first()
      .getByRole('button', { name: /^Save / })
    assert.equal(await files.count(), FILE_NAMES.length + ACTIVE_FILES.length)
    const at = page.url()
    // Chromium lets a page give away ten files in a row; the names that are left are told by unit tests.
    for (const n of Array(10).keys()) {
      const [download] = await shownBy(page, () =>
        Promise.all([page.waitForEvent('download'), files.nth(n).click()]),
      )
      const name = download.suggestedFilename()
      assert.doesNotMatch(name, /[\p{Cc}\p{Cf}/\\"]|^\./u)
      assert.match(download.url(), /^blob:/)
      await page.locator('.timeline [aria-busy]').first().waitFor({ state: 'detached' })
    }
    assert.equal(page.url(), at, 'no file was navigated to')
    await reply(page)
    quiet(reporter)
  })

  test('nobody was asked for anything but this desk', () => {
    for (const { hosts, context } of [member, reporter]) {
      assert.deepEqual(
        [...hosts].filter((host) => host !== ''),
        [new URL(desk.server.url).host],
      )
      assert.equal(context.pages().length, 1)
    }
  })
})

test('the lookout sees what it would have to see', async () => {
  const planted = await watched()
  const { page, complaints } = planted
  // A copy of a real page whose server forgot its policy: now the same payloads are let in as HTML.
  await page.route('**/report', async (route) => {
    const answer = await route.fetch()
    const { 'content-security-policy': _, 'integrity-policy': __, ...headers } = answer.headers()
    await route.fulfill({ response: answer, headers })
  })
  await page.goto(`${desk.server.url}/report`)
  await page.locator('h1').first().waitFor()
  assert.deepEqual(await foreignThings(page), [])
  for (const payload of PAYLOADS.slice(0, 15).filter((each) => !each.includes('refresh')))
    await page.evaluate(`{
      const place = document.createElement('div')
      place.innerHTML = ${JSON.stringify(payload)}
      document.body.append(place)
    }`)
  await page.evaluate(`{
    const script = document.createElement('script')
    script.textContent = 'window.pwned = 1; alert("planted")'
    document.body.append(script)
  }`)
  const found = await foreignThings(page)
  const said = complaints.join('\n')
  assert.match(said, /foreign: pwned was set/)
  assert.match(said, /a dialog: planted/)
  assert.match(said, /foreign: <script>/)
  assert.match(said, /foreign: <iframe/)
  assert.match(said, /a frame: /)
  for (const tag of ['script', 'img', 'svg', 'iframe', 'base', 'link', 'object', 'embed', 'style'])
    assert.ok(
      tag === 'svg' || found.some((each) => each.startsWith(`<${tag}`)),
      `the lookout did not see <${tag}>`,
    )
  assert.ok(found.some((each) => each.includes('onerror=')))
  assert.ok(found.some((each) => each.includes('javascript:')))
  assert.ok(planted.hosts.has('attacker.localhost'), 'a request for a foreign host is seen')
})

function quiet({ complaints }: Person): void {
  assert.deepEqual(complaints, [], 'no policy is broken, nothing ran, no error is uncaught')
}

async function watched(): Promise<Person> {
  const person = await newPerson(browser)
  await watchForForeignScripts(person)
  person.page.setDefaultTimeout(20_000)
  later(() => person.context.close())
  return person
}

async function sees(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor()
}

/** The desk gives new reports their titles by itself, soon after they are seen. */
async function writtenNothingFor(page: Page, quietly: number): Promise<void> {
  for (let wrote = true; wrote;)
    wrote = await page
      .waitForRequest((request) => request.method() === 'POST', { timeout: quietly })
      .then(
        () => true,
        () => false,
      )
}

/** No text of the page is still shut, or still being read. */
async function settled(page: Page): Promise<void> {
  await page.locator('.msg .ghost').first().waitFor({ state: 'detached' })
}

/** A desk, its members and its reports, none of whom wrote anything harmless. */
async function hostileDesk(): Promise<OpenDesk> {
  const folder = await scratchFolder(later)
  const server = await serve({ data: join(folder, 'data') })
  later(async () => void (await server.stop()))
  const secret = /#([0-9a-f]{64})/.exec(server.printed())?.[1] ?? ''
  await fillSetUp(reporter.page, `${server.url}/setup#${secret}`)
  const key = join(folder, 'coordinator.key')
  const to = ['--to', server.url]
  const made = await play<{ desk: string; root: string }>(
    ['init', ...to, '--setup', secret, '--name', FOUNDATION, '--domain', 'example.org', '--json']
      .concat(['--coordinator', 'coordinator@example.org', '--handle', SECOND_HANDLE])
      .concat(['--key-out', key]),
  )
  const flags = [...to, '--as', key, '--state', join(folder, 'state'), '--json']
  const first: Actor = { name: SECOND_HANDLE, key, flags }
  const open = { folder, server, first, root: made.root, desk: made.desk }
  await admitInBrowser(open)
  await fileEverything(open)
  return open
}

async function admitInBrowser(open: OpenDesk): Promise<void> {
  const invite = ['member', 'invite', '--role', 'coordinator', ...open.first.flags]
  const { invitation } = await play<{ invitation: string }>(invite)
  await joinDesk(member.page, open.server.url, invitation, HANDLE)
  assert.deepEqual(await foreignThings(member.page), [])
  const admission = ['member', 'admit', HANDLE, '--met', 'words', '--root', ...open.first.flags]
  await play(admission, withRoot(open))
}

/** Through programs that send what no form would let through. */
async function fileEverything(open: OpenDesk): Promise<void> {
  const view = await visitor(open)
  const deps = {
    wait: () => Promise.resolve(),
    progress: () => undefined,
    keep: () => Promise.resolve(),
  }
  for (const [n, text] of TEXTS.entries()) {
    const name = FILE_NAMES[n % FILE_NAMES.length] ?? ''
    const facts = { ...NO_FACTS, project: `<b onclick=pwned=1>${n}</b>`, name: '__proto__' }
    const files =
      n < FILE_NAMES.length ? [sourceOf(name, bytesOfText('<script>pwned=1</script>'))] : []
    await fileReport(view, deps, { text, facts, files, source: 'web' })
  }
  const path = join(open.folder, 'report.md')
  await writeFile(path, `${PAYLOADS[33]}\n\n${PAYLOADS.join('\n\n')}`)
  const facts = ['--project', '"><script>pwned=1</script>', '--name', "'onclick='pwned=1"]
  const contact = ['--contact', 'javascript:pwned=1']
  const flags = reporterFlags(open)
  const filed = await play<{ number: string }>([
    'report',
    ...flags,
    '--text',
    path,
    '--attach',
    path,
    ...facts,
    ...contact,
  ])
  const by = open.first.flags
  await play(['case', 'title', filed.number, '<img src=x onerror=pwned=1>', ...by])
  await play(['case', 'note', filed.number, '--text', path, ...by])
  await play(['case', 'reply', filed.number, '--text', path, ...by])
}
