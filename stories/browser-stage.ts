import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  chromium,
  type Page,
} from 'playwright-core'

/*
 * Real Chromium, and authenticators of its own that behave as those of people: with PRF when the passkey
 * is made, with PRF only when it is used, or without.
 */

export type Authenticator = 'prf' | 'prf-at-use' | 'no-prf'

/** One person at one machine: a browser profile of their own. */
export type Person = {
  readonly context: BrowserContext
  readonly page: Page
  readonly cdp: CDPSession
  /** Hosts that were asked for anything. */
  readonly hosts: Set<string>
  /** What the page complained about: broken policies, uncaught errors. */
  readonly complaints: string[]
  /** The authenticator that they came with. */
  readonly device: string
  /** Adds an authenticator; returns its id. */
  readonly plugIn: (kind: Authenticator) => Promise<string>
  readonly unplug: (id: string) => Promise<void>
}

/**
 * The same engine twice: `shell` is Debian's Chromium without the windows around the pages, and starts in a
 * third of the time; `whole` is what people have.
 */
const PROGRAMS = {
  shell: '/usr/bin/chromium-headless-shell',
  whole: '/usr/bin/chromium',
} as const

export async function openChromium(
  after: (end: () => Promise<void>) => void,
  which: keyof typeof PROGRAMS = 'shell',
): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? PROGRAMS[which],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  after(() => browser.close())
  return browser
}

export async function newPerson(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] & { readonly authenticator?: Authenticator } = {},
): Promise<Person> {
  const { authenticator = 'prf', ...rest } = options
  const context = await browser.newContext({ reducedMotion: 'reduce', ...rest })
  const page = await context.newPage()
  const hosts = new Set<string>()
  const complaints: string[] = []
  context.on('request', (request) => hosts.add(new URL(request.url()).host))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  // A page may warn before it loses something; in a story the person knows what they do.
  page.on('dialog', (dialog) => void dialog.accept())
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const plugIn = async (kind: Authenticator) => {
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: kind === 'prf-at-use' ? 'usb' : 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        hasPrf: kind === 'prf',
        hasHmacSecret: kind === 'prf-at-use',
      },
    })
    return authenticatorId
  }
  const unplug = async (authenticatorId: string) => {
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  }
  const device = await plugIn(authenticator)
  return { context, page, cdp, hosts, complaints, device, plugIn, unplug }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[]
}

/** Runs a step; where it fails, the error says what the page showed. */
export async function shownBy<T>(page: Page, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    const text = await page.locator('body').innerText()
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${message}\n\nThe page ${page.url()} says:\n${text}`, { cause: error })
  }
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What the same page may fail in another scheme: no other rule looks at a colour. */
const COLOUR_RULES = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/**
 * What axe finds on the page as it is now. It runs beside the page, whose own policy would refuse it, and
 * over the person's one session: closing another one takes their authenticators away.
 */
export async function axe(
  { cdp }: Pick<Person, 'cdp'>,
  about: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  const { frameTree } = await cdp.send('Page.getFrameTree')
  const { executionContextId } = await cdp.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'axe',
  })
  const evaluate = (expression: string) =>
    cdp.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    })
  // The world stays as long as the page: half a megabyte is read once.
  const { result: there } = await evaluate("typeof axe === 'object'")
  if (there.value !== true) await evaluate(`${AXE}; undefined`)
  const runOnly = about === 'colours' ? COLOUR_RULES : RULES
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] })
  const run = `axe.run(document, ${options}).then(({ violations }) => violations)`
  const { result } = await evaluate(run)
  return (result.value as readonly Violation[]).map(
    ({ id, help, nodes }) =>
      `${id}: ${help} at ${JSON.stringify(nodes.map((node) => node.target))}`,
  )
}
