import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  addMember,
  file,
  follow,
  openDesk,
  play,
  postern,
  queueOf,
  scratchFolder,
} from './stage.ts'

const LISTING = pathToFileURL(join(import.meta.dirname, 'list-modules.ts')).href

function listing(path: string) {
  return { NODE_OPTIONS: `--import=${LISTING}`, POSTERN_LIST_MODULES: path }
}

async function loaded(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8')).trim().split('\n')
}

const opens = (url: string) => /\/seal\/unseal\b/.test(url)

test('the server’s list of loaded modules holds nothing that opens, after it did all its work', async (t) => {
  const scratch = await scratchFolder((end) => t.after(end))
  const path = join(scratch, 'server.list')
  const desk = await openDesk((end) => t.after(end), { env: listing(path) })
  await addMember(desk, 'Coordinator 2', 'coordinator')
  const { number, receipt } = await file(desk, 'A report')
  await queueOf(desk.first)
  await play(['case', 'ack', number, ...desk.first.flags])
  await play(['case', 'reply', number, '--text', '-', ...desk.first.flags], { input: 'Thanks\n' })
  await follow(desk, receipt)
  await fetch(desk.server.url)
  const modules = await loaded(path)
  const own = modules.filter((url) => url.includes('/src/'))
  assert.ok(own.some((url) => url.endsWith('/src/server/main.ts')))
  assert.ok(own.some((url) => url.endsWith('/src/seal/index.ts')))
  assert.ok(own.length > 80, `only ${own.length} of our own modules`)
  assert.deepEqual(modules.filter(opens), [])
  assert.deepEqual(
    own.filter((url) => /\/src\/(client|cli|browser)\//.test(url)),
    [],
  )
  t.diagnostic(`${modules.length} modules loaded by the server, ${own.length} of them ours, 0 open`)
})

test('the operator’s commands load nothing that opens; a member’s command does', async (t) => {
  const desk = await openDesk((end) => t.after(end))
  for (const args of [
    ['verify', '--data', desk.server.data],
    ['doctor', '--data', desk.server.data],
    ['backup', join(desk.folder, 'desk.backup'), '--data', desk.server.data],
  ]) {
    const path = join(desk.folder, `${args[0] ?? ''}.list`)
    await postern(args, { env: listing(path) })
    assert.deepEqual((await loaded(path)).filter(opens), [], args[0])
  }
  const path = join(desk.folder, 'queue.list')
  await play(['queue', ...desk.first.flags], { env: listing(path) })
  assert.ok((await loaded(path)).some(opens), 'the listing sees what is loaded')
})
