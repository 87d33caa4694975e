import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { shownBy } from './browser-stage.ts'
import { freePort } from './stage.ts'

/* The example foundation of `bin/start --demo`, and the way into it that it prints. */

export type Demo = {
  readonly url: string
  readonly desk: string
  readonly keyFile: string
  readonly passphrase: string
  readonly invitation: string
  readonly receipt: { readonly number: string; readonly words: string }
  /** The numbers of the cases, by the keys of their stories. */
  readonly cases: Readonly<Record<string, string>>
  /** Ctrl-C; returns the exit code. */
  readonly end: () => Promise<number>
}

/** Starts the demo and waits until everything is there. */
export async function startDemo(
  after: (end: () => Promise<void>) => void,
  port?: number,
): Promise<Demo> {
  const command = join(import.meta.dirname, '..', 'bin', 'start')
  const given = String(port ?? (await freePort()))
  const child = spawn(command, ['--demo', '--json', '--port', given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const gone = once(child, 'close') as Promise<[number | null]>
  const end = async () => {
    if (child.exitCode === null) child.kill('SIGINT')
    const [code] = await gone
    return code ?? 128
  }
  after(async () => void (await end()))
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    child.stdout.resume()
    return { ...(JSON.parse(line) as Omit<Demo, 'end'>), end }
  }
  throw new Error(`the demo ended: ${said}`)
}

/** Comes in with the printed key file, and leaves a passkey in this browser. */
export async function comeIn(page: Page, { url, keyFile, passphrase }: Demo): Promise<void> {
  await page.goto(`${url}/desk`)
  await shownBy(page, async () => {
    await page.getByRole('button', { name: 'Other ways' }).click()
    await page.getByRole('button', { name: 'Use a key file' }).click()
    await page.getByLabel('Key file').setInputFiles(keyFile)
    await page.getByLabel('Passphrase').fill(passphrase)
    await page.getByRole('button', { name: 'Open the desk' }).click()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('button', { name: 'Go to the desk' }).click()
    await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor({ timeout: 20_000 })
  })
}
