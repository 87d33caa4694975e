import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { type Bytes, bytesOfHex, hexOfBytes } from '#lexicon'
import { invitationKeys, prfKey, readCode, receiptKeys, recoveryKeys, rootSeed } from '#seal'
import { follow, giveRoot, keepWords, report, setUpDesk, unlock, wordsOn } from './browser-acts.ts'
import { askRecovery, heading, join as joinDesk, lock, press } from './browser-keys.ts'
import { newPerson, openChromium } from './browser-stage.ts'
import { recordingProxy, type Sent } from './recording-proxy.ts'
import { freePort, scratchFolder, serve } from './stage.ts'

/** A secret, in every way in which it might be written. */
type Secret = { readonly name: string; readonly spellings: readonly string[] }

test('of a whole first hour, no address and no header holds a secret, and no body what opens anything', async (t) => {
  const after = (end: () => Promise<void>) => t.after(end)
  const folder = await scratchFolder(after)
  const from = await freePort()
  const url = `http://localhost:${from}`
  const server = await serve({ data: join(folder, 'data'), url })
  after(async () => void (await server.stop()))
  const sent = await recordingProxy(after, { from, to: server.port })
  const browser = await openChromium(after)
  const first = await newPerson(browser)
  const reporter = await newPerson(browser)
  const second = await newPerson(browser, { authenticator: 'prf-at-use' })
  const prfs = await Promise.all([first, second].map(({ context }) => watchPrf(context)))

  const link = /http\S*#[0-9a-f]{64}/.exec(server.printed())?.[0] ?? ''
  const words = await setUpDesk(first.page, link, 'Coordinator 1')
  await press(first.page, 'Make a link for the second coordinator')
  const invitation = (await first.page.locator('pre.code').first().innerText()).trim()
  const path = join(folder, 'crash.txt')
  await writeFile(path, 'What the reader said.\n')
  const text = '# Crafted header exhausts memory\n\nA file takes all memory.\n'
  const receipt = await report(reporter.page, url, { text, files: [path] })
  await follow(reporter.page, url, receipt.words)
  await reporter.page.locator('.timeline').getByText('A file takes all memory.').waitFor()
  const cookies: string[] = []
  const keepCookie = async () => {
    for (const { context } of [first, second])
      cookies.push(...(await context.cookies()).map(({ value }) => value))
  }
  const joined = await joinDesk(second.page, invitation, 'Coordinator 2', 2)
  await unlock(first.page, url)
  await first.page.getByRole('link', { name: 'People' }).first().click()
  await press(first.page, 'Compare and admit…')
  await giveRoot(first.page, words.root)
  assert.equal(await wordsOn(first.page, 'Key words of Coordinator 2'), joined.keyWords)
  await press(first.page, 'They match: admit')
  await first.page.getByText('Coordinator 2 is a member now.').first().waitFor()
  await unlock(second.page, url)
  await keepCookie()
  await second.page.getByRole('link', { name: 'Crafted header' }).first().click()
  await second.page.locator('.timeline').getByText('A file takes all memory.').waitFor()
  await second.page.getByRole('link', { name: 'Keys and sessions' }).first().click()
  await press(second.page, 'Make new recovery words')
  const renewed = await keepWords(second.page, 'Your new recovery words', 'Use these from now on')
  await second.page.getByText('Your new recovery words count from now on.').waitFor()
  await lock(second.page)
  await askRecovery(second.page, url, renewed)
  await heading(second.page, 'Another coordinator must release it')

  const desk = await deskOf(first.page)
  const all = sent()
  const passed = prfs.flatMap((bytes) => bytes())
  const codes = [
    ['root words', words.root],
    ['recovery words', words.recovery],
    ['recovery words of the second', joined.recovery],
    ['new recovery words', renewed],
    ['receipt words', receipt.words],
    ['invitation', invitation.split('#')[1]?.replaceAll('-', ' ') ?? ''],
  ] as const

  await t.test('the record is whole: what must be sent is found in it', () => {
    const { lookup, auth } = receiptKeys(readCode(receipt.words), desk)
    const bodies = all.map(({ body }) => body.toString('latin1'))
    for (const needed of [lookup, auth, link.split('#')[1] ?? ''])
      assert.ok(bodies.some((body) => body.includes(needed)))
    assert.ok(passed.length >= 4, 'passkeys gave their secrets')
    assert.ok(all.some(({ headers }) => headers.get('authorization')?.startsWith('Bearer ')))
    assert.ok(cookies.length > 0)
    assert.ok(
      all.some(({ headers }) => cookies.some((each) => headers.get('cookie')?.includes(each))),
    )
  })

  await t.test('no code, no key and no passkey secret leaves in any part of a request', () => {
    const secrets: Secret[] = [
      ...codes.map(([name, code]) => ({ name, spellings: wordSpellings(code) })),
      ...codes.map(([name, code]) => secretOf(`entropy of ${name}`, readCode(code).entropy)),
      ...codes.map(([name, code]) => secretOf(`wrap of ${name}`, wrapOf(name, code, desk))),
      ...passed.map((prf) => secretOf('PRF', prf)),
      ...passed.map((prf) => secretOf('key of a passkey', prfKey(prf, desk))),
      secretOf('root seed', rootSeed(readCode(words.root))),
    ]
    for (const { line, headers, body } of all) {
      const whole = `${line}\n${[...headers.values()].join('\n')}\n${body.toString('latin1')}`
      for (const { name, spellings } of secrets)
        for (const spelling of spellings)
          assert.ok(!whole.includes(spelling), `${name} in ${line.split('?')[0] ?? ''}`)
    }
  })

  await t.test(
    'what proves or lets in stands in bodies and two headers, never in an address',
    () => {
      const tokens = all.flatMap(({ headers }) => tokensIn(headers))
      const tickets = codes.slice(1).flatMap(([name, code]) => ticketOf(name, code, desk))
      const proofs = [...new Set([...tokens, ...tickets, ...cookies, link.split('#')[1] ?? ''])]
      assert.ok(proofs.length > 10)
      for (const { line, headers } of all) {
        const others = [...headers]
          .filter(([name]) => name !== 'authorization' && name !== 'cookie')
          .map(([, value]) => value)
        const seen = [line, ...others].join('\n')
        for (const proof of proofs) assert.ok(!seen.includes(proof), `${line} holds a proof`)
        assert.equal(headers.get('referer'), undefined)
      }
    },
  )

  await t.test('a reporter’s requests carry no cookie, a member’s no token in the open', () => {
    for (const { headers } of all)
      assert.ok(headers.get('cookie') === undefined || headers.get('authorization') === undefined)
  })

  await t.test('no body has a place for what a PRF gave', () => {
    const names = new Set(all.flatMap(({ headers, body }) => namesIn(headers, body)))
    assert.ok(names.has('assertion') && names.has('registration') && names.has('vault'))
    for (const name of names)
      assert.doesNotMatch(name, /prf|extension|results|passphrase|secret_key/i)
  })
})

/** What authenticators gave to pages of this browser. */
async function watchPrf(context: BrowserContext): Promise<() => readonly Bytes[]> {
  const seen: string[] = []
  await context.exposeBinding('sawPrf', (_, hex: string) => void seen.push(hex))
  await context.addInitScript({
    content: `for (const name of ['create', 'get']) {
      const own = CredentialsContainer.prototype[name]
      navigator.credentials[name] = async (...given) => {
        const made = await own.apply(navigator.credentials, given)
        const first = made?.getClientExtensionResults().prf?.results?.first
        const bytes = first === undefined ? [] : [...new Uint8Array(first)]
        if (bytes.length > 0)
          await window.sawPrf(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''))
        return made
      }
    }`,
  })
  return () => seen.map(bytesOfHex)
}

async function deskOf(page: Page): Promise<string> {
  return (await page.locator('meta[name="postern-desk"]').getAttribute('content')) ?? ''
}

function wordSpellings(words: string): string[] {
  const some = words.split(' ').slice(0, 4)
  return [' ', '-', '+', '%20', ',', ''].map((between) => some.join(between))
}

function secretOf(name: string, bytes: Bytes): Secret {
  const raw = Buffer.from(bytes)
  const spellings = [
    raw.toString('latin1'),
    hexOfBytes(bytes),
    hexOfBytes(bytes).toUpperCase(),
    raw.toString('base64').replace(/=+$/, ''),
    raw.toString('base64url'),
    JSON.stringify([...bytes]).slice(1, -1),
  ]
  return { name, spellings }
}

function wrapOf(name: string, words: string, desk: string): Bytes {
  const code = readCode(words)
  if (name === 'receipt words') return receiptKeys(code, desk).wrap
  if (name === 'invitation') return invitationKeys(code, desk).mac
  return recoveryKeys(code, desk).wrap
}

function ticketOf(name: string, words: string, desk: string): string[] {
  const code = readCode(words)
  const keys =
    name === 'receipt words'
      ? receiptKeys(code, desk)
      : name === 'invitation'
        ? invitationKeys(code, desk)
        : recoveryKeys(code, desk)
  return [keys.lookup, keys.auth]
}

function tokensIn(headers: Sent['headers']): string[] {
  const bearer = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1]
  const cookie = /__Host-postern=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1]
  return [bearer, cookie].filter((token) => token !== undefined)
}

/** The names of everything in a JSON body, also of what lies in it as text. */
function namesIn(headers: Sent['headers'], body: Buffer): string[] {
  if (headers.get('content-type') !== 'application/json' || body.length === 0) return []
  return namesOf(JSON.parse(body.toString('utf8')))
}

function namesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('{') ? namesOf(JSON.parse(value)) : []
  if (Array.isArray(value)) return value.flatMap(namesOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inside]) => [name, ...namesOf(inside)])
}
