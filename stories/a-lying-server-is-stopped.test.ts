import assert from 'node:assert/strict'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bytesOfHex, hexOfBytes } from '#lexicon'
import {
  canonicalText,
  parseCanonical,
  type Json,
  signerOfSeed,
  signStatement,
  statementId,
} from '#seal'
import { type Lie, type LyingServer, startLyingServer } from './lying-server.ts'
import {
  addMember,
  type Actor,
  file,
  type Filed,
  freePort,
  type OpenDesk,
  openDesk,
  play,
  postern,
  queueOf,
  reporterFlags,
} from './stage.ts'

/*
 * The server of this story is honest; what stands in front of it lies. Each test tells one lie of
 * PROTOCOL 11 and expects the command to stop with exit 5 before anything is shown or sealed.
 */

type Entry = { statement: { head: string; sig: string }; accepted: { head: string; sig: string } }
type Page = { statements: Entry[]; more: boolean }

let desk: OpenDesk
let liar: LyingServer
let second: Actor
let first: Filed
let other: Filed
const ends: (() => Promise<void>)[] = []

before(async () => {
  liar = await startLyingServer()
  ends.push(() => liar.close())
  const port = await freePort()
  liar.aim(port)
  desk = await openDesk((end) => ends.push(end), { port, url: liar.url })
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
  await addMember(desk, 'Maintainer 1', 'maintainer:example')
  const proof = join(desk.folder, 'proof.bin')
  await writeFile(proof, Buffer.alloc(2_500_000, 7))
  first = await file(desk, 'The first report\n\nwith a file', ['--attach', proof])
  other = await file(desk, 'Another report\n\nabout something else')
  for (const { number } of [first, other]) {
    await play(['case', 'ack', number, ...desk.first.flags])
    const words = { input: `An answer to ${number}\n` }
    await play(['case', 'reply', number, '--text', '-', ...desk.first.flags], words)
  }
  await queueOf(desk.first)
  await queueOf(second)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

async function stopped(args: readonly string[], lie: Lie, check?: RegExp): Promise<void> {
  const told = liar.told()
  liar.tell(lie)
  try {
    const ran = await postern(args)
    assert.ok(liar.told() > told, 'the lie was never told')
    assert.equal(ran.code, 5, `exit ${ran.code}: ${ran.out} ${ran.err}`)
    assert.equal(ran.out, '', 'something was shown')
    if (check !== undefined) assert.match(ran.err, check)
  } finally {
    liar.tell(undefined)
  }
}

function onPage(fragment: string, change: (page: Page) => void): Lie {
  return ({ path, json }) => {
    if (!path.includes(fragment)) return undefined
    const page = structuredClone(json) as Page
    change(page)
    return page
  }
}

function edit(entry: Entry | undefined, change: (head: Record<string, Json>) => void): void {
  if (entry === undefined) throw new Error('no such statement')
  const head = { ...(parseCanonical(entry.statement.head) as Record<string, Json>) }
  change(head)
  entry.statement = { ...entry.statement, head: canonicalText(head) }
}

const typeOf = (entry: Entry) => (JSON.parse(entry.statement.head) as { type: string }).type
const ofType = (page: Page, type: string) => page.statements.find((entry) => typeOf(entry) === type)

const report = (text: string) => {
  const path = join(desk.folder, 'text.md')
  return writeFile(path, text).then(() => ['report', ...reporterFlags(desk), '--text', path])
}

describe('what a lying server tells about people and keys', () => {
  const cert = () => 'xioGawIrgRsAAAAg'

  test('a member’s encryption key is swapped (K1)', async () => {
    const lie = onPage('/desk/statements', (page) =>
      edit(ofType(page, 'member.admit'), (head) => (head['enc'] = cert())),
    )
    await stopped(['queue', ...desk.first.flags], lie, /F3/)
    await stopped(await report('x'), lie, /F3/)
  })

  test('the letterbox key is swapped (K18)', async () => {
    const lie = onPage('/desk/statements', (page) =>
      edit(ofType(page, 'desk.key'), (head) => (head['cert'] = cert())),
    )
    await stopped(await report('x'), lie, /F3/)
  })

  test('a member is added by somebody whom nobody admitted (K2)', async () => {
    const stranger = await signerOfSeed(new Uint8Array(32).fill(9))
    const lies: Page[] = []
    const answer = await fetch(`${desk.server.url}/api/v1/desk/statements?after=-1`)
    const page = (await answer.json()) as Page
    const last = page.statements.at(-1)
    const admit = ofType(page, 'member.admit')
    assert.ok(last !== undefined && admit !== undefined)
    const head = {
      ...(JSON.parse(admit.statement.head) as Record<string, Json>),
      by: stranger.who,
      who: stranger.who,
      seq: page.statements.length,
      prev: statementId(last.statement.head),
    }
    const statement = await signStatement(stranger, head as Parameters<typeof signStatement>[1])
    page.statements.push({ statement, accepted: last.accepted })
    lies.push(page)
    const lie: Lie = ({ path }) => (path.includes('/desk/statements') ? lies[0] : undefined)
    await stopped(['queue', ...desk.first.flags], lie, /F5/)
    await stopped(await report('x'), lie, /F5/)
  })

  test('another desk answers at this address (pin)', async () => {
    const flags = ['--to', desk.server.url, '--desk', 'a'.repeat(64), '--json']
    const path = join(desk.folder, 'pinned.md')
    await writeFile(path, 'x')
    const state = join(desk.folder, 'state-pin')
    const ran = await postern(['report', ...flags, '--state', state, '--text', path])
    assert.equal(ran.code, 5)
    assert.equal(ran.out, '')
  })
})

describe('what a lying server tells about the past', () => {
  test('the desk chain ends earlier than before (K4)', async () => {
    const lie = onPage('/desk/statements', (page) => page.statements.pop())
    await stopped(['queue', ...desk.first.flags], lie, /H1|H2/)
  })

  test('the newest statements of a case are withheld (K4)', async () => {
    const lie = onPage(`/cases/${first.sha256}/statements`, (page) => page.statements.pop())
    await stopped(['case', 'show', first.sha256, ...desk.first.flags], lie, /H1/)
  })

  test('two statements change places (K4)', async () => {
    const lie = onPage(`/cases/${first.sha256}/statements`, (page) => {
      const [a, b] = page.statements.splice(1, 2)
      if (a !== undefined && b !== undefined) page.statements.splice(1, 0, b, a)
    })
    await stopped(['case', 'show', first.sha256, ...desk.first.flags], lie, /F2/)
  })

  test('one statement in the middle is dropped (K4)', async () => {
    const lie = onPage(`/cases/${first.sha256}/statements`, (page) => page.statements.splice(1, 1))
    await stopped(['case', 'show', first.sha256, ...desk.first.flags], lie, /F2/)
  })

  test('an older checkpoint of the ledger is shown (K5, N22)', async () => {
    const early = await (await fetch(`${desk.server.url}/api/v1/ledger/checkpoint`)).json()
    await file(desk, 'One more\n\nso that the ledger grows')
    await queueOf(desk.first)
    const lie: Lie = ({ path }) => (path.endsWith('/ledger/checkpoint') ? early : undefined)
    await stopped(['queue', ...desk.first.flags], lie, /H3/)
  })

  test('the history of one machine is shown to another that knows more', async () => {
    const copy = join(desk.folder, 'state-copied')
    await cp(join(desk.folder, 'state-Coordinator-1'), copy, { recursive: true })
    const lie = onPage(`/cases/${other.sha256}/statements`, (page) => page.statements.splice(2))
    const flags = ['--to', desk.server.url, '--as', desk.first.key, '--state', copy, '--json']
    await stopped(['case', 'show', other.sha256, ...flags], lie, /H1/)
  })
})

describe('what a lying server tells about contents', () => {
  test('the body of one case is served in another (K3)', async () => {
    const bodies = new Map<string, unknown>()
    liar.tell(({ path, json }) => {
      if (path.includes('/blobs/')) bodies.set(path, json)
      return undefined
    })
    await play(['case', 'show', other.sha256, ...desk.first.flags])
    liar.tell(undefined)
    const [foreign] = bodies.values()
    const lie: Lie = ({ path }) =>
      path.includes(`/cases/${first.sha256}/blobs/`) ? foreign : undefined
    const told = liar.told()
    liar.tell(lie)
    const ran = await postern(['case', 'show', first.sha256, ...desk.first.flags])
    liar.tell(undefined)
    assert.ok(liar.told() > told)
    assert.equal(ran.code, 5, ran.err)
    assert.doesNotMatch(ran.out, /about something else/)
  })

  test('the pieces of a file are listed in another order (N11)', async () => {
    const lie: Lie = ({ path, json }) => {
      if (!/\/files\/[0-9a-f]{64}$/.test(path)) return undefined
      const { pieces } = json as { pieces: string[] }
      return { pieces: [...pieces].reverse() }
    }
    const out = join(desk.folder, 'never.bin')
    await stopped(
      ['case', 'get', first.sha256, 'proof.bin', '-o', out, ...desk.first.flags],
      lie,
      /file/,
    )
  })

  test('the numbers of two cases change places: nothing is written to the wrong one', async () => {
    const lie: Lie = ({ path, json }) => {
      if (!path.startsWith('/api/v1/cases?')) return undefined
      const { cases } = json as { cases: { number: string }[] }
      const swap = new Map([
        [first.number, other.number],
        [other.number, first.number],
      ])
      return { cases: cases.map((row) => ({ ...row, number: swap.get(row.number) ?? row.number })) }
    }
    await stopped(['case', 'ack', first.number, ...desk.first.flags], lie, /of/)
  })

  test('numbers, dates and states beside the chain are ignored (K6)', async () => {
    const truth = await queueOf(desk.first)
    liar.tell(({ path, json }) => {
      if (!path.startsWith('/api/v1/cases?')) return undefined
      const { cases } = json as { cases: Record<string, unknown>[] }
      return {
        cases: cases.map((row) => ({
          ...row,
          state: 'closed',
          sort: 'invalid',
          received: '2020-01-01T00:00:00Z',
          due: '',
        })),
      }
    })
    const told = liar.told()
    const shown = await queueOf(desk.first)
    liar.tell(undefined)
    assert.ok(liar.told() > told)
    assert.deepEqual(shown, truth)
  })
})

describe('what a lying server answers to a reporter', () => {
  test('the receipt of another report (N10): no words are shown', async () => {
    const answers: unknown[] = []
    liar.tell(({ path, json }) => {
      if (path === '/api/v1/reports') answers.push(json)
      return undefined
    })
    await file(desk, 'A report whose receipt is kept')
    const lie: Lie = ({ path }) => (path === '/api/v1/reports' ? answers[0] : undefined)
    await stopped(await report('A report that is answered with it'), lie, /of/)
  })

  test('a receipt signed by another key (N10)', async () => {
    const lie: Lie = ({ path, json }) => {
      if (path !== '/api/v1/reports') return undefined
      const { receipt } = json as { receipt: { head: string; sig: string } }
      return { receipt: { ...receipt, sig: hexOfBytes(bytesOfHex(receipt.sig).reverse()) } }
    }
    await stopped(await report('A report'), lie, /F3/)
  })

  test('a reporter is sent into somebody else’s case', async () => {
    const lie: Lie = ({ path, json }) =>
      path === '/api/v1/follow' ? { ...(json as object), case: other.sha256 } : undefined
    const args = ['follow', ...reporterFlags(desk), '--receipt', first.receipt]
    liar.tell(lie)
    const ran = await postern(args)
    liar.tell(undefined)
    assert.ok(ran.code === 5 || ran.code === 4, ran.err)
    assert.equal(ran.out, '')
  })
})
