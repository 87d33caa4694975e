import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { base64OfBytes, timeOf } from '#lexicon'
import {
  blobHash,
  labelKey,
  sealLabel,
  type Signer,
  signStatement,
  slotOf,
  type Statement,
} from '#seal'
import { keyOf, newSigner, newWorld, scratchHash, type World } from '../../stories/world.ts'
import { ClientError } from './client-error.ts'
import type { DeskView } from './desk-view.ts'
import type { Keyring } from './keyring.ts'
import { openTitles } from './queue-page.ts'

type Row = { readonly id: string; readonly title: { statement: Statement; label: string } }

let world: World
let view: Pick<DeskView, 'id' | 'directory'>
let keyring: Keyring & { asked: number }

before(async () => {
  world = await newWorld()
  view = { id: world.desk, directory: world.directory }
  keyring = {
    asked: 0,
    keyOf: () => Promise.reject(new TypeError('no other key is needed')),
    mailKeyNames: () => [],
    labelKeyOf(epoch) {
      this.asked++
      if (epoch > 1) return Promise.reject(new ClientError('no-reader', 'Not for you.'))
      return Promise.resolve(keyOfLabels())
    },
  }
})

test('a title opens where a coordinator signed it for this case and place', async () => {
  const rows = [await titled('one'), await titled('two')]
  assert.deepEqual(await openTitles(view, keyring, rows), ['one', 'two'])
})

test('what is not proved shows as no title: moved, bent, or signed by somebody else', async () => {
  const [good, other] = [await titled('good'), await titled('other')]
  const bent = { ...good.title.statement, sig: good.title.statement.sig.replace(/^../, '00') }
  const stranger = await newSigner('Stranger')
  const wrong: readonly (Row | { id: string })[] = [
    { id: good.id },
    { ...good, id: other.id },
    { ...good, title: { ...good.title, label: other.title.label } },
    { ...good, title: { ...good.title, statement: other.title.statement } },
    { ...good, title: { ...good.title, statement: bent } },
    await titled('by a maintainer', { by: world.maintainer.signer }),
    await titled('by a stranger', { by: stranger }),
    await titled('by root', { by: world.root }),
    await titled('at another desk', { desk: scratchHash('another desk') }),
    await titled('in an unknown directory', { dir: scratchHash('dir') }),
    await titled('before the coordinator was one', { dir: world.desk }),
    await titled('under a key that is not mine', { epoch: 2 }),
    await titled('sealed under another key', { key: new Uint8Array(32) }),
  ]
  const titles = await openTitles(view, keyring, [...wrong, good])
  assert.deepEqual(titles, [...wrong.map(() => ''), 'good'])
})

test('a statement of another type is no title', async () => {
  const good = await titled('good')
  const head = JSON.parse(good.title.statement.head) as Record<string, never>
  const { label: _, to: __, body: ___, ...rest } = head
  const ack = { ...rest, type: 'case.ack' } as Parameters<typeof signStatement>[1]
  const statement = await signStatement(world.coordinator.signer, ack)
  const row = { ...good, title: { ...good.title, statement } }
  assert.deepEqual(await openTitles(view, keyring, [row]), [''])
})

test('the key of an epoch is asked for and imported once, however many rows there are', async () => {
  const one = await titled('one')
  keyring.asked = 0
  const rows = Array.from({ length: 300 }, () => one)
  assert.equal(
    (await openTitles(view, keyring, rows)).filter((title) => title === 'one').length,
    300,
  )
  assert.equal(keyring.asked, 1)
})

test('a mistake of ours is not taken for a row without a title', async () => {
  const broken = { ...keyring, labelKeyOf: () => Promise.reject(new TypeError('a mistake')) }
  await assert.rejects(openTitles(view, broken, [await titled('one')]), TypeError)
})

let made = 0

/** A row as the server lists it. Nothing of the chain around it exists, and nothing of it is needed. */
async function titled(
  title: string,
  over: {
    readonly by?: Signer
    readonly desk?: string
    readonly dir?: string
    readonly epoch?: number
    readonly key?: Uint8Array<ArrayBuffer>
  } = {},
): Promise<Row> {
  const { by = world.coordinator.signer, epoch = 1, key = keyOfLabels() } = over
  const id = scratchHash(`case ${made++}`)
  const head = {
    v: 1 as const,
    type: 'case.title' as const,
    desk: over.desk ?? world.desk,
    chain: id,
    seq: 3,
    prev: scratchHash(`before ${id}`),
    by: by.who,
    at: timeOf(world.now),
    dir: over.dir ?? world.directory.head.id,
    log: '',
    to: `desk/${epoch}`,
    body: scratchHash('body'),
    label: { epoch, blob: '' },
  }
  const label = await sealLabel(key, slotOf(head), title)
  const statement = await signStatement(by, { ...head, label: { epoch, blob: blobHash(label) } })
  return { id, title: { statement, label: base64OfBytes(label) } }
}

function keyOfLabels() {
  return labelKey(keyOf(world.keys, 'desk/1').secret, world.desk)
}
