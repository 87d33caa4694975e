import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { saved } from './browser-acts.ts'
import {
  addPasskeyHere,
  becomeMember,
  comeAndRead,
  comeWithKeyFile,
  heading,
  press,
  readInQueue,
} from './browser-keys.ts'
import { newPerson, openChromium } from './browser-stage.ts'
import { file, openDesk, PASSPHRASE, play, postern, queueOf } from './stage.ts'

const TITLE = 'Crafted header exhausts memory'
const TEXT = 'Opening a file with a crafted header takes all memory.'

type Device = {
  readonly address: string
  readonly passkeys: readonly string[]
  readonly recovery: boolean
}

test('a member goes from key file to browser, and from browser to key file', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const { first, folder, server } = desk
  const { number } = await file(desk, `# ${TITLE}\n\n${TEXT}\n`)
  const browser = await openChromium((end) => t.after(end))

  await t.test('the command line tries the key file and says where to go', async () => {
    const flags = first.flags.filter((flag) => flag !== '--json')
    const { code, out } = await postern(['member', 'device', ...flags])
    assert.equal(code, 0)
    assert.ok(out.includes(`${server.url}/desk`) && out.includes(first.key))
    assert.match(out, /no passkey of yours yet/)
    assert.doesNotMatch(out, /\b[a-z]+(-[a-z]+){11}\b|[0-9a-f]{32}/, 'no code and no key')
    const wrong = { env: { POSTERN_PASSPHRASE: 'not this one' } }
    assert.equal((await postern(['member', 'device', ...flags], wrong)).code, 4)
  })

  const { page, complaints, hosts } = await newPerson(browser)
  const bodies: string[] = []
  page.on('request', (request) => bodies.push(request.postData() ?? ''))

  await t.test('a wrong passphrase opens nothing', async () => {
    await page.goto(`${server.url}/desk`)
    await press(page, 'Other ways')
    await press(page, 'Use a key file')
    await page.getByLabel('Key file').setInputFiles(first.key)
    await page.getByLabel('Passphrase').fill('not this one')
    await press(page, 'Open the desk')
    await page.getByText('This passphrase does not open the key file.').waitFor()
    await page.getByLabel('Key file').setInputFiles(import.meta.filename)
    await press(page, 'Open the desk')
    await page.getByText('This is not a key file of this version.').waitFor()
  })

  await t.test('the right one does, and a passkey opens from then on', async () => {
    await comeWithKeyFile(page, server.url, first.key)
    await addPasskeyHere(page)
    await readInQueue(page, TITLE, TEXT)
    await comeAndRead(page, server.url, { title: TITLE, text: TEXT })
  })

  await t.test('nothing of the file or its passphrase was sent', async () => {
    const { vault } = JSON.parse(await readFile(first.key, 'utf8')) as { vault: string }
    const { keys } = JSON.parse(vault) as { keys: { kind: string; box: string }[] }
    const box = keys.find(({ kind }) => kind === 'file')?.box ?? ''
    assert.ok(box.length > 40)
    for (const secret of [PASSPHRASE, box]) assert.ok(!bodies.some((body) => body.includes(secret)))
    assert.ok(
      bodies.some((body) => body.includes('bundle')),
      'the vault of passkeys was',
    )
  })

  await t.test('the key file of the command line goes on', async () => {
    assert.deepEqual(
      (await queueOf(first)).map((row) => row.number),
      [number],
    )
    const known = await play<Device>(['member', 'device', ...first.flags])
    assert.equal(known.passkeys.length, 1)
    assert.equal(known.recovery, false)
  })

  await t.test('a member of a browser makes a key file, and the command line works', async () => {
    const person = await newPerson(browser)
    await becomeMember(desk, person.page, { name: 'Coordinator 2' })
    await comeAndRead(person.page, server.url, { title: TITLE, text: TEXT })
    await person.page.getByRole('link', { name: 'Keys and sessions' }).first().click()
    await person.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
    await person.page.getByLabel('The same passphrase again').fill(PASSPHRASE)
    const text = await saved(person.page, () => press(person.page, 'Make and save the file'))
    const key = join(folder, 'made-in-a-browser.key')
    await writeFile(key, text, { mode: 0o600 })
    const flags = ['--to', server.url, '--as', key, '--state', join(folder, 'state-2'), '--json']
    const actor = { name: 'Coordinator 2', key, flags }
    assert.deepEqual(
      (await queueOf(actor)).map((row) => row.title),
      [TITLE],
    )
    await play(['case', 'ack', number, ...flags])
    const other = { env: { POSTERN_PASSPHRASE: 'not this one' } }
    assert.equal((await postern(['queue', ...flags], other)).code, 4)

    await person.page.goto(`${server.url}/desk`)
    await press(person.page, 'Unlock with a passkey')
    await heading(person.page, 'Queue')
    assert.deepEqual(person.complaints, [])
  })

  assert.deepEqual(complaints, [])
  assert.deepEqual([...hosts], [new URL(server.url).host])
})
