import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { askDatabase } from './database.ts'
import { freePort, openDesk, play, postern, queueOf, reporterFlags } from './stage.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const ROOT = join(import.meta.dirname, '..')

/** A line to the desk that breaks each connection after so many bytes towards it. */
async function breakingLine(port: number, after: number, listenOn: number) {
  let breaks = 0
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    let passed = 0
    near.on('data', (chunk: Buffer) => {
      passed += chunk.length
      if (passed > after) {
        breaks++
        near.destroy()
        far.destroy()
      } else far.write(chunk)
    })
    far.on('data', (chunk: Buffer) => near.write(chunk))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('close', () => other.destroy())
      one.on('error', () => other.destroy())
    }
  }).listen(listenOn, '127.0.0.1')
  await once(server, 'listening')
  return { breaks: () => breaks, close: () => server.close() }
}

test('an upload over a line that breaks again and again arrives whole, each piece once', async (t) => {
  const port = await freePort()
  const near = await freePort()
  const url = `http://localhost:${near}`
  const line = await breakingLine(port, 3_000_000, near)
  t.after(() => line.close())
  const desk = await openDesk((end) => t.after(end), { port, url })
  const attachment = randomBytes(7_500_000)
  const proof = join(desk.folder, 'proof.bin')
  await writeFile(proof, attachment)
  const text = join(desk.folder, 'report.md')
  await writeFile(text, 'A report over a bad line\n')
  const { number } = await play<{ number: string }>([
    'report',
    ...reporterFlags(desk),
    '--text',
    text,
    '--attach',
    proof,
  ])
  assert.ok(line.breaks() >= 2, `the line broke ${line.breaks()} times`)
  const saved = join(desk.folder, 'saved.bin')
  await play(['case', 'get', number, 'proof.bin', '-o', saved, ...desk.first.flags])
  assert.equal(sha256(await readFile(saved)), sha256(attachment))
  const [pieces] = await askDatabase<{ all: number; different: number }>(
    desk.server.data,
    `select count(*)::int as all, count(distinct (upload, n))::int as different from blobs.piece p
       where upload in (select upload from blobs.blob where kind = 'file')`,
  )
  assert.equal(pieces?.all, 8)
  assert.equal(pieces?.different, 8)
  t.diagnostic(`the line broke ${line.breaks()} times; ${pieces?.all} pieces stored`)
})

test('a reporter who dies in the middle leaves no case, and nothing that counts', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  const large = join(desk.folder, 'large.bin')
  await writeFile(large, randomBytes(40_000_000))
  const text = join(desk.folder, 'report.md')
  await writeFile(text, 'A report that never came\n')
  const command = ['report', ...reporterFlags(desk), '--text', text, '--attach', large]
  const client = spawn(join(ROOT, 'bin', 'postern'), command, { stdio: 'ignore' })
  const stored = async () => {
    const [row] = await askDatabase<{ pieces: number }>(
      desk.server.data,
      'select count(*)::int as pieces from blobs.piece',
    )
    return row?.pieces ?? 0
  }
  for (let left = 200; left > 0 && (await stored()) < 5; left--) await wait(50)
  client.kill('SIGKILL')
  await once(client, 'close')
  const half = await stored()
  assert.ok(half >= 5 && half < 39, `${half} pieces`)
  assert.deepEqual(await queueOf(desk.first, ['--all']), [])
  const [named] = await askDatabase<{ blobs: number }>(
    desk.server.data,
    'select count(*)::int as blobs from blobs.blob',
  )
  assert.equal(named?.blobs, 0)
  assert.equal((await postern(['verify', '--data', desk.server.data])).code, 0)
  t.diagnostic(`${half} pieces of 39 lie there until the sweep of the day`)
})
