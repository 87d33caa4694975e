import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { newPerson, openChromium, type Person } from './browser-stage.ts'
import { openDesk, type OpenDesk } from './stage.ts'

/*
 * R02 to R04, R06: what the pages forbid, byte for byte; and that a browser obeys. A script that was changed
 * on its way, one without integrity, and a worker from elsewhere are not run.
 */

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
].join('; ')

const STRICT = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
}

const SHELLS = [
  '/report',
  '/follow',
  '/claim',
  '/join',
  '/setup',
  '/desk',
  '/desk/people',
  '/desk/case/x',
]

let desk: OpenDesk
let browser: Browser
let proxy: Changing
const ends: (() => Promise<void>)[] = []

before(async () => {
  const later = (end: () => Promise<void>) => ends.push(end)
  desk = await openDesk(later)
  browser = await openChromium(later)
  proxy = await startChanging(desk.server.port)
  ends.push(proxy.close)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

test('every page shell has exactly the strict headers, one script, and its integrity', async () => {
  const hashes = await manifest()
  for (const path of SHELLS) {
    const answer = await fetch(`${desk.server.url}${path}`)
    demand(answer, STRICT, path)
    const named = {
      'content-security-policy': `${POLICY}; trusted-types postern`,
      'integrity-policy': 'blocked-destinations=(script)',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    }
    demand(answer, named, path)
    const features = answer.headers.get('permissions-policy') ?? ''
    assert.match(features, /publickey-credentials-get=\(self\)/)
    assert.match(features, /camera=\(\).*geolocation=\(\).*usb=\(\)/)
    const html = await answer.text()
    const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(String)
    assert.equal(scripts.length, 1, path)
    for (const [tag, name] of html.matchAll(/<(?:script|link)\b[^>]*"(\/assets\/[^"]+)"[^>]*>/g)) {
      assert.ok(tag.includes(`integrity="${hashes[name ?? ''] ?? 'none'}"`), `${path}: ${tag}`)
      assert.match(tag, / crossorigin/)
    }
    // The mark stands in the page itself, with the name of its XML vocabulary, which nobody asks for.
    const bare = html.replace(/<link rel="icon" href="data:image\/svg\+xml,[^"]*" \/>/, '')
    assert.doesNotMatch(bare, /\son\w+=|\sstyle=|javascript:|https?:\/\//i, path)
  }
})

test('every file of the manifest is served as it is named, strictly', async () => {
  const hashes = await manifest()
  const assets = Object.entries(hashes).filter(([path]) => path.startsWith('/assets/'))
  assert.ok(assets.length >= 9)
  for (const [path, integrity] of assets) {
    const answer = await fetch(`${desk.server.url}${path}`)
    demand(answer, STRICT, path)
    // The thread that holds keys starts one more, by the one policy that pages have.
    const types = /\/member-/.test(path) ? 'postern' : `'none'`
    demand(answer, { 'content-security-policy': `${POLICY}; trusted-types ${types}` }, path)
    assert.match(
      answer.headers.get('content-type') ?? '',
      /^(?:text\/(?:javascript|css); charset=utf-8|font\/woff2)$/,
    )
    const bytes = new Uint8Array(await answer.arrayBuffer())
    assert.equal(`sha384-${createHash('sha384').update(bytes).digest('base64')}`, integrity, path)
  }
})

test('a script whose bytes were changed on the way is not run', async () => {
  proxy.change((path, body) => (/\/assets\/report-/.test(path) ? `${body};window.pwned=1` : body))
  const said = await complaintsAt('/report', async (page) => {
    await page.getByText('as soon as its script is loaded').waitFor()
    await page.waitForTimeout(300)
    assert.equal(await page.evaluate('typeof window.pwned'), 'undefined')
    assert.equal(await page.getByRole('button', { name: 'Seal and send' }).count(), 0)
  })
  assert.match(said, /integrity/)
})

test('a script without integrity is not run, though its bytes are ours', async () => {
  proxy.change((path, body) =>
    path === '/report' ? body.replace(/(<script[^>]*) integrity="[^"]+"/, '$1') : body,
  )
  await complaintsAt('/report', async (page) => {
    await page.getByText('as soon as its script is loaded').waitFor()
    await page.waitForTimeout(500)
    assert.equal(await page.getByRole('button', { name: 'Seal and send' }).count(), 0)
  })
})

test('nor is a script that was written into the page, nor a handler, nor a style', async () => {
  proxy.change((path, body) =>
    path === '/report'
      ? body.replace(
          '<main',
          '<script>window.pwned=1</script><img src=x onerror="window.pwned=1"><p id=p style="color:red">x</p><main',
        )
      : body,
  )
  const said = await complaintsAt('/report', async (page) => {
    await page.waitForTimeout(300)
    assert.equal(await page.evaluate('typeof window.pwned'), 'undefined')
  })
  assert.match(said, /script-src/)
  assert.match(said, /style-src/)
})

test('the page itself runs through the same proxy when nothing is changed', async () => {
  proxy.change((_, body) => body)
  const said = await complaintsAt('/report', (page) =>
    page.getByRole('button', { name: 'Seal and send' }).waitFor(),
  )
  assert.equal(said, '')
})

test('the one policy of a page knows our workers and nothing else', async () => {
  const { page, context, cdp } = await newPerson(browser)
  await context.addInitScript(`{
    const make = trustedTypes.createPolicy.bind(trustedTypes)
    trustedTypes.createPolicy = (name, rules) => (window.kept = make(name, rules))
  }`)
  await page.goto(`${desk.server.url}/report`)
  await page.getByRole('button', { name: 'Seal and send' }).waitFor()
  const worker = Object.keys(await manifest()).find((path) => path.startsWith('/assets/reporter-'))
  assert.equal(await outcome(cdp, `String(kept.createScriptURL('${worker ?? ''}'))`), worker)
  for (const url of [
    '/assets/else.js',
    'data:text/javascript,1',
    'blob:x',
    '//attacker.localhost/x',
    '',
    `${worker ?? ''}?`,
  ])
    assert.equal(await outcome(cdp, `kept.createScriptURL('${url}')`), 'TypeError', url)
  assert.equal(await outcome(cdp, `new Worker('${worker ?? ''}')`), 'TypeError')
  assert.equal(await outcome(cdp, `new Worker(URL.createObjectURL(new Blob(['1'])))`), 'TypeError')
  assert.equal(await outcome(cdp, `kept.createHTML('<b>')`), 'TypeError')
  assert.equal(await outcome(cdp, `document.body.innerHTML = '<b>'`), 'TypeError')
  assert.equal(
    await outcome(cdp, `document.createElement('script').src = '/assets/x.js'`),
    'TypeError',
  )
  assert.equal(await outcome(cdp, `trustedTypes.createPolicy('other', {})`), 'TypeError')
  assert.equal(await outcome(cdp, `trustedTypes.createPolicy('postern', {})`), 'TypeError')
  assert.equal(await outcome(cdp, `eval('1')`), 'EvalError')
  assert.equal(await outcome(cdp, `new Function('1')`), 'EvalError')
  assert.equal(await outcome(cdp, `fetch('//attacker.localhost/')`), 'TypeError')
  await context.close()
})

test('the thread that holds keys starts the one that verifies signatures, and can start no other', async () => {
  const { page, context, complaints } = await newPerson(browser)
  const { promise: started, resolve } = Promise.withResolvers<string>()
  proxy.change((path, body) => {
    if (path.startsWith('/assets/verifier-')) resolve(path)
    return body
  })
  const late = setTimeout(resolve, 20_000, 'nothing was started')
  await page.goto(`${proxy.url}/desk`)
  assert.ok((await started) in (await manifest()))
  clearTimeout(late)
  const [keys] = page.workers()
  assert.ok(keys !== undefined && keys.url().includes('/assets/member-'))
  for (const tried of [
    `new Worker('${await started}')`,
    `new Worker(URL.createObjectURL(new Blob(['1'])))`,
    `trustedTypes.createPolicy('other', {})`,
    `trustedTypes.createPolicy('postern', {})`,
  ]) {
    const name = `(() => { try { return String(${tried}) } catch (error) { return error.name } })()`
    assert.equal(await keys.evaluate<string>(name), 'TypeError', tried)
  }
  assert.deepEqual(
    complaints.filter((said) => !/TrustedScriptURL|createPolicy|policy/.test(said)),
    [],
  )
  await context.close()
})

/** What an expression gives, or the name of what it throws: as the page would run it, under its policy. */
async function outcome(cdp: Person['cdp'], expression: string): Promise<unknown> {
  const { result } = await cdp.send('Runtime.evaluate', {
    expression: `(async () => { try { return await (${expression}) } catch (error) { return error.name } })()`,
    awaitPromise: true,
    returnByValue: true,
    allowUnsafeEvalBlockedByCSP: false,
  })
  return result.value
}

async function complaintsAt(path: string, look: (page: Page) => Promise<void>): Promise<string> {
  const { page, context, complaints } = await newPerson(browser)
  await page.goto(`${proxy.url}${path}`)
  await look(page)
  await context.close()
  return complaints.join('\n')
}

function demand(answer: Response, headers: Readonly<Record<string, string>>, where: string): void {
  assert.equal(answer.status, 200, where)
  for (const [name, value] of Object.entries(headers))
    assert.equal(answer.headers.get(name), value, `${where} ${name}`)
}

async function manifest(): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${desk.server.url}/manifest.json`)
  return (await answer.json()) as Record<string, string>
}

type Change = (path: string, body: string) => string
type Changing = {
  readonly url: string
  change: (next: Change) => void
  readonly close: () => Promise<void>
}

/** Somebody on the way who rewrites pages and scripts. */
async function startChanging(port: number): Promise<Changing> {
  let change: Change = (_, body) => body
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' }
    const { method, url: path = '/' } = incoming
    const forward = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const whole = Buffer.concat(chunks)
        const type = answer.headers['content-type'] ?? ''
        const body = /html|javascript/.test(type)
          ? Buffer.from(change(path, whole.toString()))
          : whole
        const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers
        outgoing.writeHead(answer.statusCode ?? 502, { ...kept, 'content-length': body.length })
        outgoing.end(body)
      })
    })
    forward.on('error', () => outgoing.destroy())
    incoming.pipe(forward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://localhost:${address.port}`,
    change(next) {
      change = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
