import assert from 'node:assert/strict'
import { sendMails } from '../bench/smtp-client.ts'
import { type newPerson, shownBy } from './browser-stage.ts'
import { everyWidth } from './every-width.ts'
import type { SunkMail } from './mail-sink.ts'

const PATIENCE = { timeout: 10_000 }
/** Fifty mails are opened. */
const MORE_PATIENCE = { timeout: 30_000 }
type Person = Awaited<ReturnType<typeof newPerson>>

/** On the page of a case whose only key came in a mail that no domain vouches for: says that it holds. */
export async function takesTheOfferedKey(person: Person): Promise<void> {
  const { page } = person
  await page.getByText('its domain does not vouch for the mail').waitFor(PATIENCE)
  assert.equal(await page.getByLabel('By mail').inputValue(), 'none', 'nothing leaves by itself')
  await everyWidth(page, person, 'offered')
  await page.getByRole('button', { name: 'Take this key' }).click(PATIENCE)
}

/** On the page of a case without a key: asks the domain, which has none. */
export async function looksForAKey({ page }: Person, asked: readonly string[]): Promise<void> {
  const button = page.getByRole('button', { name: 'Look for a key' })
  await button.waitFor(PATIENCE)
  assert.ok(!asked.some((each) => each.includes('openpgpkey')), 'nobody wanted it yet')
  await button.click(PATIENCE)
  await page.getByText('No key was found for this address.').waitFor(PATIENCE)
  assert.ok(asked.includes('A openpgpkey.example.net'))
}

/** On the page of the case that was just answered: another key comes, then more mails than are looked at. */
export async function keepsTheOldKey(
  person: Person,
  { port, keyed, other, answer, again }: Flood,
): Promise<void> {
  const { page } = person
  const [, token = ''] = /^Reply-To: (\S+)\r$/m.exec(answer?.data ?? '') ?? []
  const mailWith = (...lines: readonly string[]) =>
    Buffer.from([`From: ${keyed}`, 'Subject: More', '', ...lines, ''].join('\r\n'))
  const held = async () => {
    // The way that was chosen before stays chosen; the better one is offered again.
    await page.locator('option[value=pgp]').waitFor({ ...PATIENCE, state: 'attached' })
    await page.getByLabel('By mail').selectOption('pgp')
    await page.getByText(/Encrypted on this machine to the key/).waitFor(PATIENCE)
  }
  await sendMails(port, token, [mailWith(...other.split(/\r?\n/))])
  await again()
  await page.getByText('Another key came for the reporter').waitFor(PATIENCE)
  await everyWidth(page, person, 'changed')
  await page.getByRole('button', { name: 'Keep the old key' }).click(PATIENCE)
  await held()
  // Each another one: the same bytes again are one mail.
  const flood = Array.from({ length: MORE_THAN_LOOKED_AT }, (_, n) => mailWith(`More ${n}.`))
  await sendMails(port, token, flood)
  await again()
  await shownBy(page, () =>
    page.getByText('The key that this case keeps to cannot be used.').waitFor(MORE_PATIENCE),
  )
  await page.getByRole('button', { name: 'Keep the old key' }).click(PATIENCE)
  await held()
}

const MORE_THAN_LOOKED_AT = 51

type Flood = {
  /** Where mail is taken. */
  readonly port: number
  readonly keyed: string
  /** Another key that names the same address. */
  readonly other: string
  /** What came back of the case, with the address that mails find it by. */
  readonly answer: SunkMail | undefined
  /** Opens the page of the case once more. */
  readonly again: () => Promise<void>
}
