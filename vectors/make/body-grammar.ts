import { base64OfBytes, type Bytes, bytesOfText, concatBytes } from '#lexicon'
import { ALL, type Place, rejecting } from './body-place.ts'
import {
  encrypted,
  encryptedParts,
  literalOf,
  MARKER,
  OTHER_PROFILES,
  packetOf,
  PADDING,
  PRIVATE,
} from './parts.ts'
import type { SealedOnce } from './sealed-once.ts'
import type { Shelf } from './shelf.ts'
import { testKey } from './test-keys.ts'

/** Blobs of another shape than the one grammar (N32). */
export async function wrongGrammar(shelf: Shelf, once: SealedOnce, place: Place): Promise<void> {
  const reject = rejecting(shelf, once, place)
  const no = (name: string, what: string, make: (whole: Bytes) => Promise<Bytes>) =>
    reject(name, 'grammar', what, make)
  const me = [ALL.cert]
  const other = testKey('reporter')
  await no('to-a-second-reader', 'the blob: a key packet more (N32)', (whole) =>
    encrypted(whole, [...me, other.cert]),
  )
  await no('with-a-password', 'the blob: a password packet more (N32)', (whole) =>
    encrypted(whole, me, { passwords: ['password'] }),
  )
  await no('to-a-hidden-reader', 'the blob: the key packet names nobody', (whole) =>
    encrypted(whole, me, { wildcard: true }),
  )
  await no('under-ocb', 'the blob: OCB', (whole) =>
    encrypted(whole, me, { profile: OTHER_PROFILES.ocb }),
  )
  await no('under-aes-128', 'the blob: AES-128', (whole) =>
    encryptedParts([{ literal: whole }], me, 'aes-128'),
  )
  await no('in-large-chunks', 'the blob: chunk octet 13', (whole) =>
    encrypted(whole, me, { profile: OTHER_PROFILES.largeChunks }),
  )
  await no('under-version-1', 'the blob: SEIPD v1 to a version 6 key', (whole) =>
    encryptedParts([{ literal: whole }], me, 'version-1'),
  )
  await no('after-a-marker', 'the blob: a marker packet first', async (whole) =>
    concatBytes(MARKER, await encrypted(whole, me)),
  )
  const behind = { 'a-marker': MARKER, padding: PADDING, 'an-unknown-packet': PRIVATE } as const
  for (const [name, packet] of Object.entries(behind))
    await no(`before-${name}`, 'the blob: a packet behind', async (whole) =>
      concatBytes(await encrypted(whole, me), packet),
    )
  await no('twice', 'the blob: the whole message twice', async (whole) => {
    const blob = await encrypted(whole, me)
    return concatBytes(blob, blob)
  })
  await no('cut', 'the blob: the last byte is gone', async (whole) =>
    (await encrypted(whole, me)).slice(0, -1),
  )
  await no(
    'in-the-old-packet-format',
    'the blob: the key packet in the old format',
    async (whole) => {
      const blob = await encrypted(whole, me)
      return concatBytes(Uint8Array.of(0x84), blob.subarray(1))
    },
  )
  await no('in-another-packet', 'the blob: the data packet has tag 20', async (whole) => {
    const blob = await encrypted(whole, me)
    blob[2 + (blob[1] ?? 0)] = 0xc0 | 20
    return blob
  })
  await no('of-an-unknown-key-packet', 'the blob: key packet of version 4', async (whole) => {
    const blob = await encrypted(whole, me)
    blob[2] = 4
    return blob
  })
  for (const [name, at, octet] of [
    ['of-a-short-fingerprint', 3, 0x15],
    ['of-a-version-4-fingerprint', 4, 4],
  ] as const)
    await no(name, `the blob: octet ${at - 2} of the key packet`, async (whole) => {
      const blob = await encrypted(whole, me)
      blob[at] = octet
      return blob
    })
  await no(
    'with-a-key-packet-in-parts',
    'the blob: the key packet has partial lengths',
    async (whole) => {
      const blob = await encrypted(whole, me)
      const size = blob[1] ?? 0
      const parts = [Uint8Array.of(0xc1, 0xe0), blob.slice(2, 3), Uint8Array.of(size - 1)]
      return concatBytes(...parts, blob.subarray(3))
    },
  )
  await no(
    'cut-in-a-length',
    'the blob: it ends in the length of the data packet',
    async (whole) => {
      const blob = await encrypted(whole, me)
      return concatBytes(blob.subarray(0, 2 + (blob[1] ?? 0)), Uint8Array.of(0xd2, 255, 0))
    },
  )
  await no('not-sealed', 'the blob: a literal packet (K23)', (whole) =>
    Promise.resolve(literalOf(whole)),
  )
  await no('without-key-packets', 'the blob: the key packet is gone', async (whole) => {
    const blob = await encrypted(whole, me)
    return blob.slice(2 + (blob[1] ?? 0))
  })
  await no('as-text', 'the blob: not OpenPGP at all', (whole) =>
    Promise.resolve(bytesOfText(base64OfBytes(whole))),
  )
}

/** Blobs of the right shape that hold something else. */
export async function wrongInside(shelf: Shelf, once: SealedOnce, place: Place): Promise<void> {
  const reject = rejecting(shelf, once, place)
  const me = [ALL.cert]
  const grammar = (name: string, what: string, make: (whole: Bytes) => Promise<Bytes>) =>
    reject(name, 'grammar', what, make)
  const decrypt = (name: string, what: string, make: (whole: Bytes) => Promise<Bytes>) =>
    reject(name, 'decrypt', what, make)
  await grammar('signed-inside', 'inside: an OpenPGP signature (K13)', (whole) =>
    encrypted(whole, me, { signer: testKey('coordinator-1').secret }),
  )
  await grammar('with-a-file-name', 'inside: the name of the literal packet', (whole) =>
    encrypted(whole, me, { filename: 'report.txt' }),
  )
  await grammar('with-a-date', 'inside: the date of the literal packet', (whole) =>
    encrypted(whole, me, { date: new Date('2026-11-21T12:00:00Z') }),
  )
  await grammar('as-a-text-packet', 'inside: the format of the literal packet', (whole) =>
    encrypted(whole, me, { text: 'text' }),
  )
  await grammar('with-an-unknown-packet', 'inside: a packet more', (whole) =>
    encryptedParts([{ literal: whole }, { raw: PRIVATE }], me),
  )
  await decrypt('twice-inside', 'inside: two literal packets', (whole) =>
    encryptedParts([{ literal: whole }, { literal: whole }], me),
  )
  await decrypt('compressed', 'inside: a compressed packet', (whole) =>
    encrypted(whole, me, { profile: OTHER_PROFILES.compressing }),
  )
  await decrypt('of-nothing', 'inside: nothing', () => encryptedParts([], me))
  await decrypt('of-garbage', 'inside: no packet', () =>
    encryptedParts([{ raw: bytesOfText('no packet at all') }], me),
  )
  await decrypt('of-another-critical-packet', 'inside: a user id packet more', (whole) =>
    encryptedParts([{ literal: whole }, { raw: packetOf(13, bytesOfText('name')) }], me),
  )
  const flipped = (at: (blob: Bytes) => number) => async (whole: Bytes) => {
    const blob = await encrypted(whole, me)
    blob[at(blob)] = (blob[at(blob)] ?? 0) ^ 1
    return blob
  }
  await decrypt(
    'altered-in-its-key-packet',
    'the blob: one bit of the session key',
    flipped(() => 90),
  )
  await decrypt(
    'altered-in-its-fingerprint',
    'the blob: one bit of the last byte',
    flipped(() => 36),
  )
  await decrypt(
    'altered-in-its-data',
    'the blob: one bit',
    flipped((blob) => blob.length - 300),
  )
  await decrypt(
    'altered-in-its-last-tag',
    'the blob: one bit',
    flipped((blob) => blob.length - 1),
  )
  await reject('opened-by-another', 'decrypt', 'secret_key', (whole) => encrypted(whole, me), {
    key: testKey('all-2').secret,
  })
}
