import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { search, spellingsOf } from './canary.ts'
import { checkpointDatabase } from './database.ts'
import { dumpMemory } from './memory.ts'
import { addMember, file, follow, openDesk, play, postern, scratchFolder } from './stage.ts'

test('the search finds a planted word in every spelling', async (t) => {
  const scratch = await scratchFolder((end) => t.after(end))
  const word = `CANARY-${randomBytes(16).toString('hex')}`
  const folder = join(scratch, 'planted')
  await mkdir(folder)
  for (const [i, { bytes }] of spellingsOf(word).entries())
    await writeFile(
      join(folder, `${i}.bin`),
      Buffer.concat([randomBytes(100), bytes, randomBytes(100)]),
    )
  await writeFile(join(folder, 'packed.gz'), gzipSync(`some text ${word} more`))
  await writeFile(join(folder, `name-${word}.txt`), '')
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([
      Buffer.alloc(shift, 'x'),
      Buffer.from(`${word} and what follows it`),
    ])
    await writeFile(join(folder, `line-${shift}.b64`), text.toString('base64'))
  }
  const { hits, files } = await search([word], [folder])
  const found = new Set(hits.map((hit) => hit.file))
  assert.equal(found.size, files, 'one planted file was not found')
})

test('no word of a report, an answer, a note or a file lies on the server’s disk, logs, backups or memory', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const word = `CANARY-${randomBytes(16).toString('hex')}`
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')

  const attachment = join(desk.folder, `${word}.txt`)
  await writeFile(attachment, `${word} inside a file\n`.repeat(2000))
  const text = `A title with ${word}\n\nA text with ${word}.\n`
  const facts = ['--project', `project ${word}`, '--name', `name ${word}`, '--contact', word]
  const filed = await file(desk, text, ['--attach', attachment, ...facts])
  const note = { input: `A note with ${word}\n` }
  await play(['case', 'ack', filed.number, ...desk.first.flags])
  await play(['case', 'title', filed.number, `Another title with ${word}`, ...desk.first.flags])
  const doubt = { input: `An assessment with ${word}\n` }
  await play(['case', 'assess', '--text', '-', '--title', word, ...desk.first.flags], doubt)
  await play(['case', 'note', filed.number, '--text', '-', ...second.flags], note)
  const reply = { input: `An answer with ${word}\n` }
  await play(
    ['case', 'reply', filed.number, '--text', '-', '--attach', attachment, ...second.flags],
    reply,
  )
  const back = join(desk.folder, 'back.txt')
  await writeFile(back, `A reply with ${word}\n`)
  await follow(desk, filed.receipt, ['--reply', back, '--attach', attachment])
  await play(['queue', ...desk.first.flags])
  const saved = join(desk.folder, 'saved.txt')
  const shown = await play<{ messages: { attachments: { id: string }[] }[] }>([
    'case',
    'show',
    filed.number,
    ...desk.first.flags,
  ])
  const first = shown.messages[0]?.attachments[0]?.id ?? ''
  await play(['case', 'get', filed.number, first, '-o', saved, ...desk.first.flags])
  assert.ok((await readFile(saved, 'utf8')).includes(word))

  // What the server refuses it has seen, in memory; it must not write it down.
  const refused = `REFUSED-${randomBytes(16).toString('hex')}`
  await postern(['follow', '--to', desk.server.url, '--receipt', `${refused} ${refused}`])
  await fetch(`${desk.server.url}/api/v1/follow?word=${refused}`, {
    method: 'POST',
    body: `{"lookup":"${refused}"}`,
    headers: { 'content-type': 'application/json', 'user-agent': refused, origin: desk.server.url },
  })
  await fetch(`${desk.server.url}/${refused}`, {
    headers: { referer: `http://${refused}.example` },
  })

  const backup = join(desk.folder, 'backups')
  await mkdir(backup)
  const made = await postern(['backup', join(backup, 'desk.backup'), '--data', desk.server.data])
  assert.equal(made.code, 0, made.err)
  await checkpointDatabase(desk.server.data)
  await writeFile(join(backup, 'printed.log'), desk.server.printed())
  const secrets = [word, refused, filed.receipt, filed.receipt.split(' ').slice(0, 4).join(' ')]
  const onDisk = await search(secrets, [desk.server.data, backup])
  assert.deepEqual(onDisk.hits, [])
  assert.ok(onDisk.files > 500 && onDisk.bytes > 10 * 2 ** 20, 'the search read too little')
  t.diagnostic(`disk, logs and backups: ${onDisk.files} files, ${onDisk.bytes} bytes, 0 hits`)

  const core = join(desk.folder, 'core')
  await mkdir(core)
  await dumpMemory(desk.server.pid, join(core, 'server'))
  const memory = await search([word, filed.receipt], [core])
  assert.ok(memory.bytes > 50 * 2 ** 20, 'the memory of the server was not read')
  t.diagnostic(`memory of the server: ${memory.bytes} bytes, ${memory.hits.length} hits`)
  const seen = await search(['security.example.org'], [core])
  assert.ok(seen.hits.length > 0, 'what the server does hold in clear was not found')
  assert.deepEqual(memory.hits, [])
})
