import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { openOwnVault, readKeyFile } from '#client'
import { bytesOfText, SECOND } from '#lexicon'
import { fileKey } from '#seal'
import { atWork, memoryOfOneProcess, type Meddle } from '../../stories/in-process.ts'
import { file, type OpenDesk, openDesk, PASSPHRASE } from '../../stories/stage.ts'
import type { Entered, MemberSession } from './member-session.ts'
import { queueHandlers } from './queue-pages.ts'

/* What is looked at in the background, so that a report which says that it is exploited does not wait unseen. */

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
before(async () => {
  desk = await openDesk((end) => ends.push(end))
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

/** A case that the desk cannot hand out. */
let damaged = ''
const meddle: Meddle = async (request, go) => {
  const given = damaged === '' || !request.path.includes(`/cases/${damaged}/statements`)
  if (given) return go()
  const problem = { type: 'about:blank', title: 'It is damaged.', status: 500, code: 'internal' }
  return { status: 500, body: bytesOfText(JSON.stringify(problem)) }
}

test('one case that the desk cannot hand out keeps no other from being looked at', async () => {
  const first = await file(desk, 'Damaged at the desk\n')
  // The longest waiting one is looked at first: in the ledger's seconds.
  await new Promise((done) => setTimeout(done, SECOND))
  const { sha256 } = await file(desk, 'It burns\n', ['--kind', 'exploited'])
  damaged = first.sha256
  let looked = () => {}
  const done = new Promise<void>((resolve) => (looked = resolve))
  const queue = queueHandlers(await coordinator(looked))
  const page = { lane: 'all', sort: '', after: '' } as const
  await queue.queuePage(page)
  const late = setTimeout(looked, 20 * SECOND)
  await done
  clearTimeout(late)
  const { rows } = await queue.queuePage(page)
  assert.equal(rows.find(({ id }) => id === sha256)?.kind, 'exploited')
})

async function coordinator(hear: () => void): Promise<MemberSession> {
  const { view, self } = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const { vault: text } = readKeyFile(await readFile(desk.first.key, 'utf8'))
  const key = await fileKey(PASSPHRASE, desk.desk, text.who)
  const { vault } = await openOwnVault(desk.desk, text, { kind: 'file', id: '', key })
  const cases: Entered['cases'] = new Map()
  const entered: Entered = { view, self, vault, shelf: NO_SHELF, cases, titles: new Map() }
  return {
    deps: { say: hear, clock: Date.now, wait: async () => undefined, send: notAsked },
    pin: () => ({ desk: desk.desk, origin: desk.server.url }),
    begin: () => undefined,
    api: () => view.api,
    open: () => entered,
    watched: () => undefined,
    enter: notAsked,
    forget: () => undefined,
    evidence: () => [],
  }
}

const NO_SHELF: Entered['shelf'] = {
  read: async () => undefined,
  write: async () => undefined,
  remove: async () => undefined,
  secretName: (kind) => kind,
  alone: (_, work) => work(),
}

function notAsked(): never {
  throw new Error('not part of this test')
}
