import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import type { NewStatement } from '#contract'
import { newReport } from '../../stories/drafts.ts'
import { newWorld } from '../../stories/world.ts'
import { type Disk, nodeDisk, openJournal } from './index.ts'

const world = await newWorld()
const one = await entryOf('Reporter 1', 1000)
const two = await entryOf('Reporter 2', 500)
const root = mkdtempSync(join(tmpdir(), 'postern-journal-'))
after(() => rmSync(root, { recursive: true }))
let folder = ''
let made = 0
beforeEach(() => {
  folder = join(root, `journal-${made++}`)
})

test('an entry is written whole and synced before it gets its name, and then its name is synced', async () => {
  const { disk, calls } = recording()
  const journal = await openJournal({ folder, disk })
  calls.length = 0
  await journal.write(one)
  const name = `${one.id}.report`
  const [created] = calls
  assert.match(created ?? '', /^create .*\.new$/)
  const temporary = created?.slice('create '.length)
  assert.deepEqual(calls, [
    `create ${temporary}`,
    `write ${temporary}`,
    `sync ${temporary}`,
    `close ${temporary}`,
    `rename ${temporary} ${name}`,
    `syncFolder ${basename(folder)}`,
  ])
})

test('what was written is there after another start, the oldest first', async () => {
  const journal = await openJournal({ folder, disk: nodeDisk })
  await journal.write(one)
  await journal.write(two)
  await journal.write(one)
  assert.deepEqual(journal.list(), [two.id, one.id])
  const again = await openJournal({ folder, disk: nodeDisk })
  assert.deepEqual(again.list(), [two.id, one.id])
  assert.deepEqual(again.torn(), [])
  assert.deepEqual(await again.read(one.id), one)
  assert.equal(readdirSync(folder).length, 2)
})

test('nobody else may read the folder', async () => {
  const journal = await openJournal({ folder, disk: nodeDisk })
  await journal.write(one)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(statSync(join(folder, `${one.id}.report`)).mode & 0o777, 0o600)
})

test('the same entry many times at once is one entry', async () => {
  const journal = await openJournal({ folder, disk: nodeDisk })
  await Promise.all(Array.from({ length: 10 }, () => journal.write(one)))
  assert.deepEqual(readdirSync(folder), [`${one.id}.report`])
})

test('a torn file is no entry; it stays, and is reported', async () => {
  const first = await openJournal({ folder, disk: nodeDisk })
  await first.write(one)
  await first.write(two)
  const whole = readFileSync(join(folder, `${one.id}.report`))
  writeFileSync(join(folder, `${one.id}.report`), whole.subarray(0, whole.length - 7))
  writeFileSync(join(folder, `${two.id}.1-0.new`), whole.subarray(0, 100))
  const journal = await openJournal({ folder, disk: nodeDisk })
  assert.deepEqual(journal.list(), [two.id])
  assert.deepEqual([...journal.torn()].sort(), [`${one.id}.report`, `${two.id}.1-0.new`].sort())
  assert.equal(readdirSync(folder).length, 3)
  await journal.write(one)
  assert.deepEqual(journal.torn(), [`${two.id}.1-0.new`])
})

test('one flipped byte, an empty file, or another’s entry is torn too', async () => {
  const first = await openJournal({ folder, disk: nodeDisk })
  await first.write(one)
  await first.write(two)
  const whole = readFileSync(join(folder, `${one.id}.report`))
  const damaged = [
    Buffer.from(whole),
    Buffer.alloc(0),
    readFileSync(join(folder, `${two.id}.report`)),
  ]
  damaged[0]?.writeUInt8((whole[300] ?? 0) ^ 1, 300)
  for (const bytes of damaged) {
    writeFileSync(join(folder, `${one.id}.report`), bytes)
    const journal = await openJournal({ folder, disk: nodeDisk })
    assert.deepEqual(journal.list(), [two.id])
    assert.deepEqual(journal.torn(), [`${one.id}.report`])
  }
})

test('an entry that rots while it waits is reported when it is read', async () => {
  const journal = await openJournal({ folder, disk: nodeDisk })
  await journal.write(one)
  writeFileSync(join(folder, `${one.id}.report`), 'rotten')
  assert.equal(await journal.read(one.id), undefined)
  assert.deepEqual(journal.torn(), [`${one.id}.report`])
  assert.deepEqual(journal.list(), [])
})

test('a full disk leaves nothing behind', async () => {
  for (const when of ['create', 'write', 'sync', 'rename']) {
    const { disk } = recording(when)
    const journal = await openJournal({ folder: `${folder}-${when}`, disk })
    await assert.rejects(journal.write(one), { code: 'ENOSPC' })
    assert.deepEqual(journal.list(), [], when)
    assert.deepEqual(readdirSync(`${folder}-${when}`), [], when)
  }
})

test('the journal does not grow without end', async () => {
  const journal = await openJournal({ folder, disk: nodeDisk, mostBytes: 7000 })
  await journal.write(one)
  await assert.rejects(journal.write(two), { code: 'disk-full' })
  await journal.remove(one.id)
  await journal.write(two)
})

test('a removed entry is gone, one set aside is kept and not tried again', async () => {
  const journal = await openJournal({ folder, disk: nodeDisk })
  await journal.write(one)
  await journal.write(two)
  await journal.remove(one.id)
  await journal.remove(one.id)
  await journal.setAside(two.id)
  assert.deepEqual(journal.list(), [])
  assert.equal(await journal.read(two.id), undefined)
  assert.deepEqual(readdirSync(folder), [`${two.id}.refused`])
  const again = await openJournal({ folder, disk: nodeDisk })
  assert.deepEqual([again.list(), again.torn()], [[], []])
})

async function entryOf(name: string, arrived: number) {
  const { draft, request } = await newReport(world, { name })
  const report: NewStatement = request.report
  return { id: draft.id, arrived, report, vault: request.vault }
}

/** The real disk, with a list of what was asked of it; full from the call `fullAt` on. */
function recording(fullAt?: string): { disk: Disk; calls: string[] } {
  const calls: string[] = []
  const note = (what: string, ...paths: string[]) => {
    calls.push([what, ...paths.map((path) => basename(path))].join(' '))
    if (what === fullAt) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
  }
  const disk: Disk = {
    list: (path) => nodeDisk.list(path),
    read: (path) => nodeDisk.read(path),
    remove: (path) => nodeDisk.remove(path),
    create: async (path) => {
      note('create', path)
      const file = await nodeDisk.create(path)
      return {
        write: async (bytes) => {
          note('write', path)
          await file.write(bytes)
        },
        sync: async () => {
          note('sync', path)
          await file.sync()
        },
        close: async () => {
          note('close', path)
          await file.close()
        },
      }
    },
    rename: async (from, to) => {
      note('rename', from, to)
      await nodeDisk.rename(from, to)
    },
    syncFolder: async (path) => {
      note('syncFolder', path)
      await nodeDisk.syncFolder(path)
    },
  }
  return { disk, calls }
}
