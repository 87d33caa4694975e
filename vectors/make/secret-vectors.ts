import {
  base64OfBytes,
  type Bytes,
  bytesOfBase64,
  bytesOfText,
  concatBytes,
  hexOfBytes,
} from '#lexicon'
import { blobHash, canonicalText, derive, fileKey, type Json, taggedHash } from '#seal'
import { type Actor, bytesOfStandIn, type Cast, standIn } from './actors.ts'
import { slotOfFields } from './body-place.ts'
import { boxOf } from './box.ts'
import { type Fields, headAfter, signText } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { answeredCase, smallDesk } from './steps.ts'
import { testKey } from './test-keys.ts'

/** Labels and vaults: AES-256-GCM boxes with fixed nonces, made by the book. */
export async function makeSecrets(shelf: Shelf, people: Cast): Promise<void> {
  await labels(shelf, people)
  await vaults(shelf, people)
}

async function labels(shelf: Shelf, people: Cast): Promise<void> {
  const { c1 } = people
  const desk = await smallDesk(people)
  const { chain } = await answeredCase(desk, people)
  const deskKey = testKey('desk-1').secret
  const head = headAfter(chain, c1, 'case.title', {
    label: { epoch: 1, blob: standIn('label') },
    to: 'desk/1',
    body: standIn('title'),
  })
  const box = (padded: Bytes, slot = slotOfFields(head), key = deskKey) =>
    boxOf(derive(key, desk.id, 'label'), slot, padded, bytesOfStandIn('label nonce').slice(0, 12))
  const input = async (label: Bytes, blob = blobHash(label)) => ({
    desk: desk.id,
    statement: await signText(c1.signer, canonicalText({ ...head, label: { epoch: 1, blob } })),
    desk_secret_key: base64OfBytes(deskKey),
    label: base64OfBytes(label),
  })
  for (const [name, title] of [
    ['title', 'foo() overflows'],
    ['title-of-255-bytes', `${'é'.repeat(127)}!`],
    ['title-of-nothing', ''],
    ['title-in-emoji', '😀'.repeat(60)],
  ] as const)
    shelf.accept('label', name, 'always 284 bytes', {
      ...(await input(box(padded(title)))),
      title,
    })
  const sound = box(padded('foo() overflows'))
  const reject = async (name: string, what: string, label: Bytes, blob?: string) =>
    shelf.reject('label', name, 'label', { against: 'title', what }, await input(label, blob))
  const bent = async (name: string, what: string, change: (text: Bytes) => void) => {
    const text = padded('foo() overflows')
    change(text)
    await reject(name, what, box(text))
  }
  const elsewhere = async (name: string, over: Fields) =>
    reject(
      `of-another-${name}`,
      `the slot: another ${name}`,
      box(padded('foo() overflows'), slotOfFields({ ...head, ...over })),
    )
  await elsewhere('case', { chain: standIn('another case') })
  await elsewhere('seq', { seq: 3 })
  await elsewhere('author', { by: people.c2.who })
  await reject(
    'under-another-desk-key',
    'the key',
    box(padded('foo() overflows'), slotOfFields(head), testKey('desk-2').secret),
  )
  await reject('of-another-hash', 'the hash in the head', sound, standIn('another label'))
  await reject('one-byte-short', 'a byte less', box(padded('foo() overflows').slice(0, -1)))
  await reject('one-byte-long', 'a byte more', box(concatBytes(padded('a'), new Uint8Array(1))))
  await bent('without-an-end', 'text: 256 bytes of letters', (text) => text.fill(65))
  await bent('with-more-behind', 'text: a letter in the padding (N13)', (text) =>
    text.fill(65, 255),
  )
  await bent('not-utf-8', 'text: a byte of no character', (text) => text.fill(255, 3, 4))
  for (const at of [0, 12, 100, 283]) {
    const altered = sound.slice()
    altered[at] = (altered[at] ?? 0) ^ 1
    await reject(`altered-at-${at}`, `one bit of byte ${at}`, altered)
  }
}

function padded(title: string): Bytes {
  const text = new Uint8Array(256)
  text.set(bytesOfText(title))
  return text
}

type Way = { readonly kind: string; readonly id: string; readonly key: Bytes }

const MAIN = bytesOfStandIn('main key of the vault')

/** A vault by the book (PROTOCOL 4.2), from parts that may be wrong. */
function vaultOf(
  desk: string,
  who: string,
  inside: string,
  ways: readonly Way[],
  main = MAIN,
): {
  v: number
  who: string
  bundle: string
  keys: { kind: string; id: string; box: string }[]
} {
  const aad = (kind: string, id: string) =>
    taggedHash('vault', bytesOfText(canonicalText({ desk, id, kind, who })))
  const nonce = (what: string) => bytesOfStandIn(`vault nonce ${what}`).slice(0, 12)
  const box = (key: Bytes, kind: string, id: string, content: Bytes) =>
    base64OfBytes(boxOf(key, aad(kind, id), content, nonce(kind)))
  const keys = []
  for (const { kind, id, key } of ways) keys.push({ kind, id, box: box(key, kind, id, main) })
  return { v: 1, who, bundle: box(main, 'bundle', '', bytesOfText(inside)), keys }
}

async function vaults(shelf: Shelf, people: Cast): Promise<void> {
  const { reporter, c1, c2 } = people
  const desk = standIn('desk')
  const bundleOf = (who: Actor, root = ''): Fields => ({
    pgp: base64OfBytes(who.pgp.secret),
    root,
    sign: hexOfBytes(who.seed),
  })
  const receipt: Way = {
    kind: 'receipt',
    id: standIn('lookup').slice(0, 32),
    key: bytesOfStandIn('receipt wrap'),
  }
  const inside = canonicalText(bundleOf(reporter))
  const sound = vaultOf(desk, reporter.who, inside, [receipt])
  const input = (vault: Json | string, way: Way = receipt, more: Fields = {}) => ({
    desk,
    vault: typeof vault === 'string' ? vault : canonicalText(vault),
    way: { kind: way.kind, id: way.id },
    key: hexOfBytes(way.key),
    cert: reporter.pgp.cert,
    ...more,
  })
  const accept = (name: string, why: string, vector: ReturnType<typeof input>, bundle: Fields) =>
    shelf.accept('vault', name, why, { ...vector, bundle })
  accept('receipt', 'opened with the key derived from a receipt', input(sound), bundleOf(reporter))

  const passphrase = 'a passphrase of several words ﬁ'
  const file: Way = { kind: 'file', id: '', key: await fileKey(passphrase, desk, c1.who) }
  const recovery: Way = { ...receipt, kind: 'recovery', key: bytesOfStandIn('recovery wrap') }
  const prf: Way = { kind: 'prf', id: 'AbC_-123', key: bytesOfStandIn('prf wrap') }
  const member = bundleOf(c1, standIn('root seed'))
  const three = vaultOf(desk, c1.who, canonicalText(member), [file, recovery, prf])
  const own = { cert: c1.pgp.cert }
  accept(
    'recovery',
    'a member: three ways in, opened by the recovery code',
    input(three, recovery, own),
    member,
  )
  accept('prf', 'the same by a passkey', input(three, prf, own), member)
  const { key: _, ...locked } = input(three, file, own)
  shelf.accept(
    'vault',
    'file',
    'the same by the passphrase of a key file: PBKDF2, 600,000 rounds',
    {
      ...locked,
      passphrase,
      bundle: member,
    },
  )
  shelf.reject(
    'vault',
    'file-by-another-passphrase',
    'vault',
    { against: 'file', what: 'passphrase' },
    { ...locked, passphrase: 'another passphrase' },
  )

  const reject = (
    name: string,
    what: string,
    vector: ReturnType<typeof input>,
    against = 'receipt',
  ) => shelf.reject('vault', name, 'vault', { against, what }, vector)
  const again = (over: Fields, way = receipt) => input({ ...sound, ...over }, way)
  reject('version-2', 'v', again({ v: 2 }))
  reject('with-parameters', 'a field rounds (K12)', again({ rounds: 1 }))
  reject('not-canonical', 'a space', input(canonicalText(sound).replace(':', ': ')))
  reject('not-json', 'the last byte is gone', input(canonicalText(sound).slice(0, -1)))
  reject(
    'of-an-unknown-kind',
    'kind',
    again({ keys: sound.keys.map((key) => ({ ...key, kind: 'pin' })) }),
  )
  reject('without-this-way', 'keys is empty', again({ keys: [] }))
  reject(
    'without-this-id',
    'id in keys',
    again({ keys: sound.keys.map((key) => ({ ...key, id: 'other' })) }),
  )
  reject('by-another-key', 'key', input(sound, { ...receipt, key: bytesOfStandIn('another wrap') }))
  reject('of-another-desk', 'desk (N30)', { ...input(sound), desk: standIn('another desk') })
  reject('of-another-person', 'who (K11)', again({ who: c2.who }))
  reject(
    'with-another-certificate',
    'cert: not the one in the chain (K11)',
    input(sound, receipt, { cert: c2.pgp.cert }),
  )
  const taken = { ...sound, keys: [{ ...sound.keys[0], kind: 'recovery' }] } as Json
  reject(
    'under-another-kind',
    'kind in keys: the box says another',
    input(taken, { ...receipt, kind: 'recovery' }),
  )
  const moved = { ...sound, keys: [{ ...sound.keys[0], id: 'moved' }] } as Json
  reject(
    'under-another-id',
    'id in keys: the box says another',
    input(moved, { ...receipt, id: 'moved' }),
  )
  const bit = (text: string, at: number) => {
    const bytes = bytesOfBase64(text)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return base64OfBytes(bytes)
  }
  for (const at of [0, 12, 59])
    reject(
      `altered-box-at-${at}`,
      `one bit of byte ${at} of the box`,
      again({
        keys: sound.keys.map((key) => ({ ...key, box: bit(key.box, at) })),
      }),
    )
  for (const at of [0, 12, 500])
    reject(
      `altered-bundle-at-${at}`,
      `one bit of byte ${at} of the bundle`,
      again({ bundle: bit(sound.bundle, at) }),
    )
  reject(
    'with-a-short-box',
    'the box is cut',
    again({
      keys: sound.keys.map((key) => ({
        ...key,
        box: base64OfBytes(bytesOfBase64(key.box).slice(0, 27)),
      })),
    }),
  )
  const holding = async (name: string, what: string, bundle: string) =>
    reject(name, what, input(vaultOf(desk, reporter.who, bundle, [receipt])))
  const field = (over: Fields) => canonicalText({ ...bundleOf(reporter), ...over })
  await holding('of-another-sign-key', 'sign inside (K11)', field({ sign: hexOfBytes(c2.seed) }))
  await holding(
    'of-another-pgp-key',
    'pgp inside (K11)',
    field({ pgp: base64OfBytes(c2.pgp.secret) }),
  )
  await holding('with-a-field-more', 'a field more inside', field({ more: 1 }))
  await holding('of-a-spaced-bundle', 'a space inside', field({}).replace(':', ': '))
  await holding('of-no-json', 'plain text inside', 'no keys')
  await holding('of-an-empty-pgp-key', 'pgp inside', field({ pgp: '' }))
  await holding('of-a-short-seed', 'sign inside', field({ sign: 'ab' }))
  await holding('of-a-short-root', 'root inside', field({ root: 'ab' }))
}
