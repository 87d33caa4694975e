import { base64OfBytes, type Bytes, bytesOfText, concatBytes, hexOfBytes } from '#lexicon'
import { blobHash, frame, sha256, taggedHash } from '#seal'
import { bytesOfStandIn, type Cast, standIn } from './actors.ts'
import { encrypted, MARKER, OTHER_PROFILES, PADDING, PRIVATE } from './parts.ts'
import type { SealedOnce } from './sealed-once.ts'
import type { Shelf } from './shelf.ts'
import { testKey } from './test-keys.ts'

const ALL = testKey('all-1')

/** Attachments: small ones; the tests of seal/ make large ones. */
export async function makeFiles(shelf: Shelf, _people: Cast, once: SealedOnce): Promise<void> {
  const accept = async (name: string, why: string, content: Bytes) => {
    const whole = framed(content)
    const blob = await once.seal(`file ${name}`, [whole], () => encrypted(whole, [ALL.cert]))
    shelf.accept('file', name, why, { ...vectorOf(content, blob), content: base64OfBytes(content) })
  }
  const text = bytesOfText('The picture shows the overflow.\n'.repeat(30))
  await accept('text', 'a small file', text)
  await accept('empty', 'a file of no bytes', new Uint8Array(0))
  await accept('one-byte', 'a file of one byte', Uint8Array.of(0))
  await accept('filling-the-smallest-frame', '472 bytes: no padding', new Uint8Array(472).fill(7))
  await accept('over-the-smallest-frame', '473 bytes', new Uint8Array(473).fill(7))
  await wrongFiles(shelf, once, text)
}

async function wrongFiles(shelf: Shelf, once: SealedOnce, text: Bytes): Promise<void> {
  const sound = framed(text)
  const me = [ALL.cert]
  const reject = async (
    name: string,
    check: string,
    what: string,
    make: () => Promise<Bytes> = () => encrypted(sound, me),
    over: Readonly<Record<string, string | number>> = {},
  ) => {
    const blob = await once.seal(`file ${name}`, [sound], make)
    const vector = vectorOf(text, blob)
    const entry = { ...vector.entry, ...over }
    shelf.reject('file', name, check, { against: 'text', what }, { ...vector, entry })
  }
  const bent = (change: (whole: Bytes) => Bytes) => () => encrypted(change(sound.slice()), me)
  const set = (at: number, value: number) => (whole: Bytes) => {
    whole[at] = value
    return whole
  }
  await reject('of-another-nonce', 'slot', 'nonce (N12)', undefined, {
    nonce: standIn('another nonce'),
  })
  await reject('of-another-size', 'file', 'size', undefined, { size: text.length - 1 })
  await reject('of-another-content', 'file', 'sha256', undefined, {
    sha256: standIn('another content'),
  })
  await reject('with-another-byte', 'file', 'inside: one bit of the content', bent(set(50, 0)))
  await reject(
    'padded-with-a-one',
    'frame',
    'the last byte of the frame',
    bent(set(sound.length - 1, 1)),
  )
  await reject(
    'padded-by-more',
    'frame',
    'zeros more',
    bent((whole) => concatBytes(whole, new Uint8Array(64))),
  )
  await reject(
    'cut-inside',
    'frame',
    'inside: the end is gone',
    bent((whole) => whole.slice(0, -8)),
  )
  await reject(
    'cut-in-its-head',
    'frame',
    'inside: all behind the slot is gone',
    bent((whole) => whole.slice(0, 36)),
  )
  await reject('to-a-second-reader', 'grammar', 'the blob: a key packet more (N32)', () =>
    encrypted(sound, [...me, testKey('reporter').cert]),
  )
  await reject('with-a-password', 'grammar', 'the blob: a password packet more', () =>
    encrypted(sound, me, { passwords: ['password'] }),
  )
  await reject('under-ocb', 'grammar', 'the blob: OCB', () =>
    encrypted(sound, me, { profile: OTHER_PROFILES.ocb }),
  )
  await reject('after-a-marker', 'grammar', 'the blob: a marker packet first', async () =>
    concatBytes(MARKER, await encrypted(sound, me)),
  )
  for (const [name, packet] of Object.entries({
    'a-marker': MARKER,
    padding: PADDING,
    'an-unknown-packet': PRIVATE,
  }))
    await reject(`before-${name}`, 'grammar', 'the blob: a packet behind', async () =>
      concatBytes(await encrypted(sound, me), packet),
    )
  await reject('before-two-bytes', 'grammar', 'the blob: two bytes behind', async () =>
    concatBytes(await encrypted(sound, me), Uint8Array.of(1, 65)),
  )
  await reject('cut', 'grammar', 'the blob: the last byte is gone', async () =>
    (await encrypted(sound, me)).slice(0, -1),
  )
  await reject('named', 'grammar', 'inside: the name of the literal packet', () =>
    encrypted(sound, me, { filename: 'a.txt' }),
  )
  await reject('altered', 'decrypt', 'the blob: one bit', async () => {
    const blob = await encrypted(sound, me)
    blob[300] = (blob[300] ?? 0) ^ 1
    return blob
  })
}

function framed(content: Bytes): Bytes {
  return frame(taggedHash('file', bytesOfStandIn('nonce')), content)
}

function vectorOf(content: Bytes, blob: Bytes) {
  return {
    entry: {
      blob: blobHash(blob),
      nonce: standIn('nonce'),
      name: 'overflow.txt',
      type: 'text/plain',
      size: content.length,
      sha256: hexOfBytes(sha256(content)),
    },
    secret_key: base64OfBytes(ALL.secret),
    recipients: 1,
    blob: base64OfBytes(blob),
  }
}
