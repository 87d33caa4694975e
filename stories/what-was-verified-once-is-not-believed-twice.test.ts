import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  acknowledge,
  type CaseView,
  createKeyring,
  fetchBodiesOf,
  fetchCase,
  foldFetched,
  openCase,
  openNewestFirst,
  openTimeline,
  refreshDesk,
  sendMessage,
  type Timeline,
} from '#client'
import { readBodiesPage, writeBodiesPage } from '#contract'
import { bytesOfText, textOfBytes } from '#lexicon'
import { readCertificate } from '#seal'
import { appendToCase } from '../src/client/append.ts'
import { messageTo } from '../src/client/write-case.ts'
import { atWork, type Meddle } from './in-process.ts'
import { file, type OpenDesk, openDesk, queueOf } from './stage.ts'

/*
 * A session keeps what it folded and opened, and asks only for what came since. A server that counts on
 * that, and changes what was there before, is caught as at the first visit.
 */

type Entry = { readonly statement: { head: string; sig: string }; readonly accepted: unknown }
type Page = { statements: Entry[]; more: boolean }

const MESSAGES = 40
const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let at: Awaited<ReturnType<typeof atWork>>
let id = ''
let asked: string[] = []
let lie:
  ((path: string, body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined) | undefined

const meddle: Meddle = async ({ path }, go) => {
  asked.push(path)
  const answer = await go()
  return { ...answer, body: lie?.(path, answer.body) ?? answer.body }
}

before(async () => {
  desk = await openDesk((end) => ends.push(end))
  await file(desk, 'The opening\n\nof a long case')
  id = (await queueOf(desk.first))[0]?.id ?? ''
  at = await atWork(desk, desk.first, undefined, meddle)
  await write(await acknowledge(at, await openCase(await fresh(), id)), MESSAGES)
})

after(async () => {
  for (const end of ends.reverse()) await end()
})

describe('the desk chain', () => {
  test('a desk that did not change is asked for its newest statement and nothing before it', async () => {
    const view = await refreshDesk(await refreshDesk(at.view))
    asked = []
    const again = await refreshDesk(view)
    const { seq } = view.directory.head
    assert.deepEqual(asked.toSorted(), [
      `/api/v1/desk/statements?after=${seq - 1}`,
      '/api/v1/ledger/checkpoint',
    ])
    assert.equal(again.directory, view.directory)
  })

  test('a desk that takes its newest statement back is caught (H1)', async () => {
    const view = await refreshDesk(at.view)
    await lying(
      onPage('/desk/statements', (page) => page.statements.pop()),
      async () => {
        await assert.rejects(refreshDesk(view), { name: 'Refused', code: /^(H1|F2)$/ })
      },
    )
    await refreshDesk(view)
  })

  test('a newest statement with other words is caught', async () => {
    const view = await refreshDesk(at.view)
    await lying(
      onPage('/desk/statements', (page) => change(page.statements.at(-1))),
      async () => {
        await assert.rejects(refreshDesk(view), { name: 'Refused', code: /^F[123]$/ })
      },
    )
  })

  test('a ledger that went back is caught (H3)', async () => {
    const view = await refreshDesk(at.view)
    const { body } = await note()
    await appendSomething()
    const newer = await refreshDesk(view)
    await lying(
      (path) => (path.endsWith('/ledger/checkpoint') ? body : undefined),
      () => assert.rejects(refreshDesk(newer), { name: 'Refused', code: /^H[23]$/ }),
    )
  })
})

describe('a case', () => {
  test('what came since is folded onto what was known, to the same end as the whole', async () => {
    const known = await openCase(await fresh(), id)
    await appendSomething()
    const view = await refreshDesk(at.view)
    asked = []
    const grown = await openCase(view, id, known)
    const pages = asked.filter((path) => path.includes('/statements'))
    assert.deepEqual(pages, [`/api/v1/cases/${id}/statements?after=${known.fold.head.seq - 1}`])
    const whole = await openCase(view, id)
    assert.deepEqual({ ...grown, under: 0 }, { ...whole, under: 0 })
    assert.ok(grown.fold.head.seq > known.fold.head.seq)
    assert.equal(known.fold.statements.size, known.statements.length, 'the known fold did not grow')
  })

  test('a case that is shorter than before is caught (H1)', async () => {
    const view = await refreshDesk(at.view)
    const known = await openCase(view, id)
    await lying(
      onPage(`/cases/${id}/statements`, (page) => page.statements.pop()),
      async () => {
        await assert.rejects(openCase(view, id, known), { name: 'Refused', code: 'H1' })
      },
    )
  })

  test('other words in the newest statement that was known are caught', async () => {
    const view = await refreshDesk(at.view)
    const known = await openCase(view, id)
    await lying(
      onPage(`/cases/${id}/statements`, (page) => change(page.statements.at(-1))),
      () => assert.rejects(openCase(view, id, known), { name: 'Refused', code: /^(F[123]|H1)$/ }),
    )
  })

  test('a statement that nobody signed does not follow what was known', async () => {
    const known = await openCase(await fresh(), id)
    await appendSomething()
    const view = await refreshDesk(at.view)
    await lying(
      onPage(`/cases/${id}/statements`, (page) => change(page.statements.at(-1))),
      () => assert.rejects(openCase(view, id, known), { name: 'Refused', code: /^F[123]$/ }),
    )
  })
})

describe('the messages of a case', () => {
  test('a first part holds the opening and the newest, and in the end all are there', async () => {
    const within = await openCase(await fresh(), id)
    const parts = []
    for await (const part of opening(within)) parts.push(part)
    const [first] = parts
    const seqs = first?.timeline.messages.map(({ seq }) => seq) ?? []
    assert.ok(parts.length > 1 && seqs.length === 21 && seqs[0] === 0)
    assert.equal(seqs.at(-1), within.fold.head.seq)
    assert.equal(first?.sealed.size, messagesOf(within) - 21)
    assert.equal(parts.at(-1)?.sealed.size, 0)
    const whole = await openTimeline(await fresh(), within, at.self, at.keyring)
    assert.deepEqual(parts.at(-1)?.timeline, whole)
    assert.equal(whole.messages.length, messagesOf(within))
  })

  test('what is shown first has its verified time; a receipt that lies about the rest is found at the end', async () => {
    const lies = onPage(`/cases/${id}/statements`, (page) => changeAccepted(page.statements[9]))
    await lying(lies, async () => {
      const view = await fresh()
      const within = await foldFetched(view, fetchCase(view, id))
      const parts: { readonly sealed: number; readonly untimed: readonly number[] }[] = []
      const open = async () => {
        for await (const { sealed, untimed } of opening(within))
          parts.push({ sealed: sealed.size, untimed: [...untimed] })
      }
      await assert.rejects(open, { name: 'Refused' })
      assert.deepEqual(parts[0]?.untimed, [])
      assert.equal(parts.at(-1)?.sealed, 0)
      assert.ok(parts.at(-1)?.untimed.includes(9))
    })
  })

  test('bodies that were asked for while the chain was judged are not asked for again', async () => {
    const view = await fresh()
    asked = []
    const fetched = fetchCase(view, id)
    const bodies = fetchBodiesOf(view.api, fetched)
    const within = await foldFetched(view, fetched)
    const parts = openNewestFirst(view, within, at.self, at.keyring, undefined, await bodies)
    let opened = 0
    for await (const { timeline } of parts) opened = timeline.messages.length
    assert.equal(opened, messagesOf(within))
    const questions = asked.filter((path) => path.includes('/bodies'))
    assert.equal(new Set(questions).size, questions.length)
    assert.equal(asked.filter((path) => path.includes('/blobs/')).length, 0)
  })

  test('a key of the desk is unwrapped once, for whatever case it is asked', async () => {
    const within = await openCase(await fresh(), id)
    const keyring = createKeyring(await fresh(), at.self)
    asked = []
    const keys = [await keyring.keyOf('desk/1'), await keyring.keyOf('desk/1', within)]
    assert.equal(keys[0], keys[1])
    assert.equal(asked.filter((path) => path.includes('/desk/wraps/')).length, 1)
  })

  test('what was opened before is neither fetched nor opened again', async () => {
    const within = await openCase(await fresh(), id)
    const known = await openTimeline(await fresh(), within, at.self, at.keyring)
    asked = []
    const parts = []
    for await (const part of opening(within, known)) parts.push(part)
    assert.deepEqual(
      asked.filter((path) => path.includes('/bodies')),
      [],
    )
    assert.deepEqual(
      parts.map(({ timeline }) => timeline),
      [known],
    )
  })

  test('bodies that change places are not shown, and the others are', async () => {
    const within = await openCase(await fresh(), id)
    const swap = (path: string, body: Uint8Array<ArrayBuffer>) => {
      if (!path.includes('/bodies')) return undefined
      const { from, bodies } = readBodiesPage(body)
      const [one, other, ...rest] = bodies.toReversed()
      if (one === undefined || other === undefined) return undefined
      const swapped = [{ ...one, bytes: other.bytes }, { ...other, bytes: one.bytes }, ...rest]
      return writeBodiesPage({ from, bodies: swapped.toReversed() })
    }
    await lying(swap, async () => {
      const { messages, broken } = await openTimeline(await fresh(), within, at.self, at.keyring)
      assert.ok(broken.length >= 2)
      assert.deepEqual(new Set(broken.map(({ code }) => code)), new Set(['body']))
      assert.equal(messages.length + broken.length, messagesOf(within))
    })
  })

  test('a desk that leaves bodies out is asked for each of them', async () => {
    const within = await openCase(await fresh(), id)
    const none = writeBodiesPage({ from: 0, bodies: [] })
    await lying(
      (path) => (path.includes('/bodies') ? none : undefined),
      async () => {
        asked = []
        const { messages } = await openTimeline(await fresh(), within, at.self, at.keyring)
        assert.equal(messages.length, messagesOf(within))
        assert.ok(asked.filter((path) => path.includes('/blobs/')).length >= messagesOf(within))
      },
    )
  })

  test('a page of bodies that is no page is an answer that nobody understands', async () => {
    const within = await openCase(await fresh(), id)
    await lying(
      (path) => (path.includes('/bodies') ? bytesOfText('x') : undefined),
      async () => {
        const open = openTimeline(await fresh(), within, at.self, at.keyring)
        await assert.rejects(open, { name: 'ClientError', code: 'answer' })
      },
    )
  })
})

async function* opening(within: CaseView, known?: Timeline) {
  yield* openNewestFirst(await fresh(), within, at.self, at.keyring, known)
}

/** The desk as it is now: an older checkpoint would rightly be refused. */
function fresh() {
  return refreshDesk(at.view)
}

function messagesOf({ fold }: CaseView): number {
  const types = ['case.open', 'case.message']
  return [...fold.statements.values()].filter(({ type }) => types.includes(type)).length
}

async function lying(untruth: typeof lie, work: () => Promise<void>): Promise<void> {
  lie = untruth
  try {
    await work()
  } finally {
    lie = undefined
  }
}

function onPage(fragment: string, edit: (page: Page) => void): typeof lie {
  return (path, body) => {
    if (!path.includes(fragment)) return undefined
    const page = JSON.parse(textOfBytes(body)) as Page
    edit(page)
    return bytesOfText(JSON.stringify(page))
  }
}

function changeAccepted(entry: Entry | undefined): void {
  const accepted = entry?.accepted
  if (typeof accepted !== 'object' || accepted === null || !('head' in accepted))
    throw new Error('no such receipt')
  accepted.head = String(accepted.head).replace(/"at":"\d{4}/, '"at":"2001')
}

/** Another time, in the same form, under the old signature. */
function change(entry: Entry | undefined): void {
  if (entry === undefined) throw new Error('no such statement')
  entry.statement.head = entry.statement.head.replace(/"at":"\d{4}/, '"at":"2001')
}

async function note() {
  const answer = await fetch(`${desk.server.url}/api/v1/ledger/checkpoint`)
  return { body: new Uint8Array(await answer.arrayBuffer()) }
}

async function appendSomething(): Promise<void> {
  const view = await refreshDesk(at.view)
  await sendMessage({ ...at, view }, await openCase(view, id), 'all', { text: 'More.', files: [] })
}

/** Many messages at once. */
async function write(within: CaseView, count: number): Promise<void> {
  const view = await refreshDesk(at.view)
  const begun = await sendMessage({ ...at, view }, within, 'all', { text: 'The first.', files: [] })
  const key = await readCertificate(begun.fold.circles.get('all')?.at(-1)?.cert ?? '')
  await appendToCase(await refreshDesk(view), begun, (now, current) =>
    Array.from({ length: count }, (_, n) =>
      messageTo(at, now, current, 'all', key, `Message ${n}`, []),
    ),
  )
}
