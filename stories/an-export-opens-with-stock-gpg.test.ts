import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { file, openDesk, play } from './stage.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a case is exported, and gpg, openssl and a text editor are enough to read and check it', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const attachment = randomBytes(1_300_000)
  const proof = join(desk.folder, 'proof.bin')
  await writeFile(proof, attachment)
  const { number, sha256: id } = await file(desk, 'A report\n\nwith a proof', ['--attach', proof])
  const flags = desk.first.flags
  await play(['case', 'ack', number, ...flags])
  await play(['case', 'reply', number, '--text', '-', ...flags], { input: 'Thank you\n' })
  await play(['case', 'note', number, '--text', '-', ...flags], { input: 'A note of ours\n' })
  const folder = join(desk.folder, 'export')
  const exported = await play<{ files: number; key: string }>([
    'case',
    'export',
    number,
    '-o',
    folder,
    ...flags,
  ])
  assert.equal(exported.files, 4)

  const home = join(desk.folder, 'gnupg')
  await mkdir(home, { mode: 0o700 })
  const gpg = (args: readonly string[], input?: string) => {
    const env = { ...process.env, GNUPGHOME: home }
    const ran = spawnSync('gpg', ['--batch', '--quiet', ...args], {
      input,
      env,
      maxBuffer: 2 ** 26,
    })
    assert.equal(ran.status, 0, ran.stderr.toString())
    return ran.stdout
  }
  gpg(['--import'], exported.key)
  const names = (await readdir(folder)).sort()
  const open = (name: string) => gpg(['--decrypt', join(folder, name)])
  assert.match(open('message-000.txt.pgp').toString(), /A report\n\nwith a proof/)
  assert.equal(sha256(open('message-000-file-1.pgp')), sha256(attachment))
  const texts = names
    .filter((name) => name.endsWith('.txt.pgp'))
    .map((name) => open(name).toString())
  assert.ok(texts.some((text) => text.includes('Thank you')))
  assert.ok(texts.some((text) => text.includes('A note of ours')))
  for (const name of names)
    if (!name.endsWith('.pgp'))
      assert.doesNotMatch(await readFile(join(folder, name), 'utf8'), /A report|Thank you|A note/)
  spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } })

  // The chain beside it verifies with openssl alone (docs/formats).
  const chain = (await readFile(join(folder, 'case-chain.jsonl'), 'utf8')).trim().split('\n')
  const [first, ...rest] = chain.map((line) => JSON.parse(line) as { head: string; sig: string })
  assert.ok(first !== undefined && rest.length >= 4)
  const tagged = Buffer.concat([Buffer.from('\x13postern/1 statement'), Buffer.from(first.head)])
  assert.equal(sha256(tagged), id)
  const by = (JSON.parse(first.head) as { by: string }).by
  await writeFile(join(desk.folder, 'id'), Buffer.from(id, 'hex'))
  await writeFile(join(desk.folder, 'sig'), Buffer.from(first.sig, 'hex'))
  await writeFile(join(desk.folder, 'by'), Buffer.from(`302a300506032b6570032100${by}`, 'hex'))
  const verified = spawnSync('openssl', [
    ...'pkeyutl -verify -pubin -keyform DER -rawin'.split(' '),
    '-inkey',
    join(desk.folder, 'by'),
    '-in',
    join(desk.folder, 'id'),
    '-sigfile',
    join(desk.folder, 'sig'),
  ])
  assert.equal(verified.status, 0, verified.stderr.toString())
})
