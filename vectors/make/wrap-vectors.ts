import { base64OfBytes, type Bytes, bytesOfText, concatBytes } from '#lexicon'
import { blobHash, canonicalText, frame, type Json } from '#seal'
import type { Actor, Cast } from './actors.ts'
import { addToCase, type Fields, headAfter, signText, wrapsTo } from './chains.ts'
import { slotOfFields } from './body-place.ts'
import { encrypted, encryptedParts, packetOf } from './parts.ts'
import type { SealedOnce } from './sealed-once.ts'
import type { Shelf } from './shelf.ts'
import { answeredCase, openCase, smallDesk } from './steps.ts'
import { type TestKey, testKey } from './test-keys.ts'

/** A head with wraps, which of them, and who opens it. */
type Wrapping = {
  readonly kind?: 'desk'
  readonly by: Actor
  readonly head: Fields
  readonly index: number
  readonly me: string
  readonly key: TestKey
  /** The certificate of the epoch, where the head does not carry it. */
  readonly cert?: string
}

/** Wraps of epoch keys: sealed as they must be, and with one thing wrong each. */
export async function makeWraps(shelf: Shelf, people: Cast, once: SealedOnce): Promise<void> {
  const wrapping = await soundWraps(shelf, people, once)
  await wrongWraps(shelf, once, wrapping, people)
}

async function soundWraps(shelf: Shelf, people: Cast, once: SealedOnce): Promise<Wrapping> {
  const { reporter, c1, c3, m1, m2 } = people
  const desk = await smallDesk(people)
  const opened = await openCase(desk, reporter)
  const readers = ['desk/1', reporter.who, m1.who]
  const all = testKey('all-1')
  const deskKey = testKey('desk-1')
  const epoch = headAfter(opened.chain, c1, 'case.key', {
    circle: 'all',
    epoch: 1,
    cert: all.cert,
    wraps: wrapsTo('all', 1, readers),
  })
  const first: Wrapping = { by: c1, head: epoch, index: 1, me: reporter.who, key: reporter.pgp }
  const accept = async (name: string, why: string, wrapping: Wrapping, inside: TestKey) => {
    const whole = frame(slotOfFields(wrapping.head), inside.secret)
    const certs = [wrapping.key.cert]
    const blob = await once.seal(`wrap ${name}`, [whole, ...certs], () => encrypted(whole, certs))
    shelf.accept('wrap', name, why, await vectorOf(wrapping, blob, whole))
  }
  await accept('to-the-reporter', 'the first epoch of the thread', first, all)
  await accept(
    'to-a-maintainer',
    'the same epoch',
    { ...first, index: 2, me: m1.who, key: m1.pgp },
    all,
  )
  await accept(
    'to-the-desk',
    'the same epoch, to desk/1',
    { ...first, index: 0, me: 'desk/1', key: deskKey },
    all,
  )
  const within = await answeredCase(desk, people)
  const grant = headAfter(within.chain, c1, 'case.grant', {
    circle: 'all',
    wraps: wrapsTo('all', 1, [m2.who]),
  })
  const granted = { by: c1, head: grant, index: 0, me: m2.who, key: m2.pgp, cert: all.cert }
  await accept(
    'granted',
    'an epoch granted later: its certificate is in an earlier head',
    granted,
    all,
  )
  const next = await addToCase(within, c1, 'case.ack')
  const gpg = headAfter(next.chain, c1, 'case.grant', {
    circle: 'all',
    wraps: wrapsTo('all', 1, [m1.who]),
  })
  const member: Wrapping = {
    by: c1,
    head: gpg,
    index: 0,
    me: m1.who,
    key: testKey('gpg-member'),
    cert: all.cert,
  }
  await accept(
    'to-a-gpg-member',
    'a member with a version 4 certificate: PKESK v3 and SEIPD v1, which gpg opens',
    member,
    all,
  )
  await wrongVersions(shelf, once, member)
  const deskEpoch = headAfter(desk, c1, 'desk.key', {
    circle: 'desk',
    epoch: 2,
    cert: testKey('desk-2').cert,
    wraps: wrapsTo('desk', 2, [c1.who, c3.who]),
  })
  const toCoordinator = {
    kind: 'desk',
    by: c1,
    head: deskEpoch,
    index: 1,
    me: c3.who,
    key: c3.pgp,
  } as const
  await accept('of-the-desk-key', 'a desk epoch to a coordinator', toCoordinator, testKey('desk-2'))
  const mail = headAfter(desk, c1, 'desk.key', {
    circle: 'mail',
    epoch: 2,
    cert: testKey('mail-1').cert,
    wraps: wrapsTo('mail', 2, ['desk/1']),
  })
  const toDesk = { kind: 'desk', by: c1, head: mail, index: 0, me: 'desk/1', key: deskKey } as const
  await accept('of-the-mail-key', 'the version 4 mail key to desk/1', toDesk, testKey('mail-1'))
  return first
}

/** Version 4 is for its edge alone: neither packet may be of the other kind. */
async function wrongVersions(shelf: Shelf, once: SealedOnce, member: Wrapping): Promise<void> {
  const whole = frame(slotOfFields(member.head), testKey('all-1').secret)
  const changed = async (
    name: string,
    check: string,
    what: string,
    bend: (blob: Bytes) => void,
  ) => {
    const blob = await once.seal(`wrap to a gpg member ${name}`, [whole], async () => {
      const sound = await encrypted(whole, [member.key.cert])
      bend(sound)
      return sound
    })
    const input = await vectorOf(member, blob, undefined)
    shelf.reject(
      'wrap',
      `to-a-gpg-member-${name}`,
      check,
      { against: 'to-a-gpg-member', what },
      input,
    )
  }
  const data = (blob: Bytes) => 2 + (blob[1] ?? 0)
  await changed(
    'under-version-2',
    'grammar',
    'the blob: the version of the data packet',
    (blob) => {
      const at = data(blob)
      blob[at + ((blob[at + 1] ?? 0) < 192 ? 2 : (blob[at + 1] ?? 0) < 224 ? 3 : 6)] = 2
    },
  )
  await changed(
    'with-a-version-2-key-packet',
    'grammar',
    'the blob: the version of the key packet',
    (blob) => {
      blob[2] = 2
    },
  )
  await changed('altered', 'decrypt', 'the blob: one bit of the data', (blob) => {
    blob[400] = (blob[400] ?? 0) ^ 1
  })
}

async function wrongWraps(
  shelf: Shelf,
  once: SealedOnce,
  wrapping: Wrapping,
  { m1, reporter }: Cast,
): Promise<void> {
  const { secret } = testKey('all-1')
  const slot = slotOfFields(wrapping.head)
  const certs = [reporter.pgp.cert]
  const against = 'to-the-reporter'
  const reject = async (
    name: string,
    check: string,
    what: string,
    whole: Bytes,
    make: () => Promise<Bytes> = () => encrypted(whole, certs),
    over: Partial<Wrapping> = {},
    framed = true,
  ) => {
    const blob = await once.seal(`wrap ${name}`, [whole], make)
    const input = await vectorOf({ ...wrapping, ...over }, blob, framed ? whole : undefined)
    shelf.reject('wrap', name, check, { against, what }, input)
  }
  const holding = (inside: Bytes) => frame(slot, inside)
  const sound = holding(secret)
  await reject('for-another', 'me', 'me', sound, undefined, { me: m1.who })
  await reject(
    'of-another-epoch-key',
    'wrap',
    'inside: the key of another epoch (N23)',
    holding(testKey('all-2').secret),
  )
  await reject('of-no-key', 'wrap', 'inside: text', holding(bytesOfText('no key')))
  await reject('of-nothing', 'wrap', 'inside: nothing', holding(new Uint8Array(0)))
  await reject(
    'of-a-certificate',
    'wrap',
    'inside: the public part alone',
    holding(new Uint8Array(Buffer.from(testKey('all-1').cert, 'base64'))),
  )
  await reject(
    'of-two-keys',
    'wrap',
    'inside: a second key',
    holding(concatBytes(secret, testKey('all-2').secret)),
  )
  await reject(
    'of-more-than-a-key',
    'wrap',
    'inside: a packet behind the key',
    holding(concatBytes(secret, packetOf(60, Uint8Array.of(1)))),
  )
  await reject(
    'of-half-a-key',
    'wrap',
    'inside: the last byte is gone',
    holding(secret.slice(0, -1)),
  )
  const bent = secret.slice()
  const scalar = subkeyScalar(secret)
  bent[scalar] = (bent[scalar] ?? 0) ^ 0x10
  await reject(
    'of-a-bent-key',
    'wrap',
    'inside: one bit of the secret of the subkey (K11)',
    holding(bent),
  )
  await reject(
    'in-the-slot-of-another-head',
    'slot',
    'the slot (K7)',
    frame(slotOfFields({ ...wrapping.head, epoch: 2 }), secret),
  )
  const padded = sound.slice()
  padded[padded.length - 1] = 1
  await reject('padded-with-a-one', 'frame', 'the last byte of the frame', padded)
  await reject('padded-by-more', 'frame', 'zeros more', concatBytes(sound, new Uint8Array(64)))
  await reject('cut', 'frame', 'the end of the frame is gone', sound.slice(0, 600))
  await reject(
    'to-a-second-reader',
    'grammar',
    'the blob: a key packet more (N32)',
    sound,
    () => encrypted(sound, [...certs, m1.pgp.cert]),
    {},
    false,
  )
  await reject(
    'under-version-1',
    'grammar',
    'the blob: SEIPD v1 to a version 6 key',
    sound,
    () => encryptedParts([{ literal: sound }], certs, 'version-1'),
    {},
    false,
  )
  await reject(
    'sealed-to-another',
    'decrypt',
    'the blob: sealed to somebody else',
    sound,
    () => encrypted(sound, [m1.pgp.cert]),
    {},
    false,
  )
  const blob = await once.seal('wrap replaced', [sound], () => encrypted(sound, certs))
  const input = await vectorOf(wrapping, blob, sound)
  const other = await once.seal('wrap sealed again', [sound], () => encrypted(sound, certs))
  shelf.reject(
    'wrap',
    'sealed-again',
    'wrap',
    { against, what: 'the blob: the same sealed again; the head names the hash of the other' },
    { ...input, blob: base64OfBytes(other) },
  )
}

async function vectorOf(wrapping: Wrapping, blob: Bytes, whole: Bytes | undefined) {
  const { kind, by, head, index, me, key, cert } = wrapping
  const wraps = Array.isArray(head.wraps) ? (head.wraps as readonly Json[]) : []
  const named = wraps.map((wrap, i) =>
    i === index && typeof wrap === 'object' ? { ...wrap, blob: blobHash(blob) } : wrap,
  )
  return {
    ...(kind !== undefined && { kind }),
    statement: await signText(by.signer, canonicalText({ ...head, wraps: named })),
    index,
    me,
    my_secret_key: base64OfBytes(key.secret),
    ...(cert !== undefined && { cert }),
    blob: base64OfBytes(blob),
    ...(whole !== undefined && { frame: base64OfBytes(whole) }),
  }
}

/** Where the secret scalar of the second key packet begins: behind its 32 public bytes and one octet. */
function subkeyScalar(secret: Bytes): number {
  let at = 0
  for (let tag = secret[0] ?? 0; tag !== (0xc0 | 7); tag = secret[at] ?? 0) {
    const one = secret[at + 1] ?? 0
    at += one < 192 ? 2 + one : 3 + ((one - 192) << 8) + (secret[at + 2] ?? 0) + 192
    if (at >= secret.length) throw new RangeError('This key has no subkey.')
  }
  return at + 2 + 10 + 32 + 1
}
