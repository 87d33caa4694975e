import {
  base64OfBytes,
  type Bytes,
  bytesOfBase64,
  concatBytes,
  DAY,
  millisecondsOf,
  SECOND,
  timeOf,
} from '#lexicon'
import { type Cast } from './actors.ts'
import { add, addToCase, type Case, type Chain } from './chains.ts'
import type { Shelf } from './shelf.ts'
import { answeredCase, epochOf, smallDesk } from './steps.ts'
import { testKey } from './test-keys.ts'

/** Clocks, what a client checks before it seals, titles, sizes of frames. */
export async function makeSmall(shelf: Shelf, people: Cast): Promise<void> {
  clocks(shelf)
  await directories(shelf, people)
  await circles(shelf, people)
  certificates(shelf)
  titles(shelf)
  frames(shelf)
}

function clocks(shelf: Shelf): void {
  const accepted_at = '2026-11-21T12:00:00Z'
  const accept = (name: string, why: string, at: string) =>
    shelf.accept('clock', name, why, { at, accepted_at })
  accept('at-the-same-time', 'the author is on time', accepted_at)
  accept('ten-minutes-ahead', 'ten minutes exactly are fine', '2026-11-21T12:10:00Z')
  accept(
    'a-year-behind',
    'a slow clock is believed: the claim is about the past',
    '2025-11-21T12:00:00Z',
  )
  shelf.reject(
    'clock',
    'ten-minutes-and-a-second-ahead',
    'F9',
    { against: 'ten-minutes-ahead', what: 'at, one second later' },
    { at: '2026-11-21T12:10:01Z', accepted_at },
  )
  shelf.reject(
    'clock',
    'a-year-ahead',
    'F9',
    { against: 'at-the-same-time', what: 'at' },
    { at: '2027-11-21T12:00:00Z', accepted_at },
  )
}

async function directories(shelf: Shelf, people: Cast): Promise<void> {
  const desk = await smallDesk(people)
  const input = (chain: Chain, milliseconds: number) => ({
    before: 'directory',
    desk: chain.id,
    desk_chain: chain.statements,
    now: timeOf(lastTime(chain) + milliseconds),
  })
  const fresh = 'directory-of-30-days-less-a-second'
  shelf.accept(
    'sealing',
    'directory-of-today',
    'the newest desk statement is a minute old',
    input(desk, 60 * SECOND),
  )
  shelf.accept('sealing', fresh, 'not yet 30 days old', input(desk, 30 * DAY - SECOND))
  shelf.accept(
    'sealing',
    'directory-from-the-future',
    'a client whose clock is slow',
    input(desk, -DAY),
  )
  const stale = (name: string, what: string, milliseconds: number) =>
    shelf.reject(
      'sealing',
      name,
      'stale-directory',
      { against: fresh, what },
      input(desk, milliseconds),
    )
  stale('directory-of-30-days', 'now, one second later (N7)', 30 * DAY)
  stale('directory-of-a-year', 'now', 365 * DAY)
  const beaten = await add(desk, people.c1, 'desk.beat', { at: timeOf(lastTime(desk) + 29 * DAY) })
  shelf.accept('sealing', 'directory-after-a-beat', 'a beat makes it fresh again', {
    ...input(beaten, 0),
    now: timeOf(lastTime(desk) + 31 * DAY),
  })
}

async function circles(shelf: Shelf, people: Cast): Promise<void> {
  const { c1, c2, m1, reporter } = people
  const desk = await smallDesk(people)
  const within = await answeredCase(desk, people)
  const made = lastTime(within.chain)
  const input = ({ chain, desk: now }: Case, to: string, milliseconds = DAY) => ({
    before: 'circle',
    desk: desk.id,
    case: chain.id,
    desk_chain: now.statements,
    statements: chain.statements,
    to,
    now: timeOf(made + milliseconds),
  })
  const late = 180 * DAY - SECOND
  shelf.accept('sealing', 'thread-fresh', 'all/1 may be written to', input(within, 'all/1'))
  shelf.accept('sealing', 'thread-of-180-days-less-a-second', 'still', input(within, 'all/1', late))
  shelf.accept('sealing', 'desk-key-fresh', 'desk/1 may be written to', input(within, 'desk/1'))
  const stale = (name: string, against: string, what: string, vector: ReturnType<typeof input>) =>
    shelf.reject('sealing', name, 'F7', { against, what }, vector)
  stale(
    'thread-of-180-days',
    'thread-of-180-days-less-a-second',
    'now, one second later',
    input(within, 'all/1', 180 * DAY),
  )
  stale('thread-that-is-not', 'thread-fresh', 'to', input(within, 'all/2'))
  stale('thread-of-no-circle', 'thread-fresh', 'to', input(within, 'p-numpy/1'))
  const left = await add(desk, c1, 'member.revoke', { who: m1.who, reason: '' })
  stale(
    'thread-whose-reader-left',
    'thread-fresh',
    'desk_chain: a member.revoke (N8)',
    input({ ...within, desk: left }, 'all/1'),
  )
  const gone = await add(desk, c2, 'member.revoke', { who: c2.who, reason: '' })
  const bothStale = { ...within, desk: gone }
  stale(
    'thread-whose-coordinator-left',
    'thread-fresh',
    'desk_chain: a member.revoke',
    input(bothStale, 'all/1'),
  )
  stale(
    'desk-key-whose-reader-left',
    'desk-key-fresh',
    'desk_chain: a member.revoke',
    input(bothStale, 'desk/1'),
  )
  const renewed = await add(desk, c1, 'desk.key', epochOf('desk', 2, 'desk-2', [c1.who, c2.who]))
  stale(
    'desk-key-that-is-old',
    'desk-key-fresh',
    'desk_chain: a desk.key (K7)',
    input({ ...within, desk: renewed }, 'desk/1'),
  )
  const next = await addToCase(
    within,
    c1,
    'case.key',
    epochOf('all', 2, 'all-2', ['desk/1', reporter.who]),
  )
  stale('thread-that-is-old', 'thread-fresh', 'statements: a case.key (K7)', input(next, 'all/1'))
}

function certificates(shelf: Shelf): void {
  const accept = (name: string, why: string, cert: string) =>
    shelf.accept('sealing', name, why, { before: 'certificate', cert })
  accept('certificate-v6', 'version 6: Ed25519 and X25519', testKey('all-1').cert)
  accept(
    'certificate-v4',
    'version 4, legacy curves: the mail key, and members who use gpg',
    testKey('mail-1').cert,
  )
  const v4 = bytesOfBase64(testKey('gpg-member').cert)
  accept('certificate-in-the-old-packet-format', 'as gpg exports it', base64OfBytes(oldFormat(v4)))
  const wrong = (name: string, what: string, cert: string) =>
    shelf.reject(
      'sealing',
      `certificate-${name}`,
      'cert',
      { against: 'certificate-v6', what },
      { before: 'certificate', cert },
    )
  wrong('of-rsa', 'RSA', testKey('rsa').cert)
  wrong('of-nist-p256', 'NIST P-256', testKey('nist-p256').cert)
  wrong('without-aead', 'it does not say that it reads SEIPD v2', testKey('without-aead').cert)
  wrong('of-version-4-with-aead', 'version 4, and it says so', testKey('v4-with-aead').cert)
  wrong('with-a-nist-subkey', 'a subkey of NIST P-256', testKey('nist-subkey').cert)
  wrong('of-curve448', 'version 6 of Ed448 and X448', testKey('curve448').cert)
  wrong(
    'of-version-4-with-new-algorithms',
    'version 4 of algorithms 27 and 25',
    testKey('v4-new-algorithms').cert,
  )
  wrong('that-expires', 'expires in 95 years', testKey('expiring').cert)
  wrong('that-expired', 'expired in 2024', testKey('expired-in-2024').cert)
  wrong('revoked', 'revoked by its own key', testKey('revoked').cert)
  wrong('with-two-subkeys', 'two encryption subkeys', testKey('two-subkeys').cert)
  wrong('with-a-signing-subkey', 'the subkey signs', testKey('signing-subkey').cert)
  wrong('without-a-subkey', 'no subkey', testKey('no-subkey').cert)
  wrong('over-4-kib', 'many names', testKey('many-names').cert)
  wrong('that-is-secret', 'a secret key', base64OfBytes(testKey('all-1').secret))
  wrong('of-no-base64', 'not base64', '!!!!')
  wrong('of-no-key', 'no OpenPGP', 'AAAA')
  const bytes = bytesOfBase64(testKey('all-1').cert)
  const bent = bytes.slice()
  bent[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  wrong(
    'with-an-altered-signature',
    'one bit of the signature that binds the subkey',
    base64OfBytes(bent),
  )
  const swapped = bytes.slice()
  const other = bytesOfBase64(testKey('all-2').cert)
  swapped.set(other.subarray(10, 42), 10)
  wrong('of-another-primary', 'the primary key (K11)', base64OfBytes(swapped))
  wrong('cut', 'the last byte is gone', base64OfBytes(bytes.slice(0, -1)))
  wrong('twice', 'two certificates', base64OfBytes(new Uint8Array([...bytes, ...other])))
}

/** The same packets with headers in the old format and two-octet lengths (RFC 9580 4.2.2). */
function oldFormat(bytes: Bytes): Bytes {
  const packets: Bytes[] = []
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, one = 0, two = 0] = bytes.subarray(at, at + 3)
    const head = one < 192 ? 2 : 3
    const size = one < 192 ? one : ((one - 192) << 8) + two + 192
    const header = Uint8Array.of(0x80 | ((tag & 63) << 2) | 1, size >> 8, size & 255)
    packets.push(concatBytes(header, bytes.subarray(at + head, at + head + size)))
    at += head + size
  }
  return concatBytes(...packets)
}

function titles(shelf: Shelf): void {
  const long = 'word '.repeat(40)
  const accept: readonly (readonly [string, string, string])[] = [
    ['plain', 'foo() overflows', 'foo() overflows'],
    ['first-line', '\n\n  \nfoo() overflows\nmore', 'foo() overflows'],
    ['heading', '## foo() overflows ##\n', 'foo() overflows'],
    ['quote-and-list', '> - foo() overflows', 'foo() overflows'],
    ['numbered', '1. foo() overflows', 'foo() overflows'],
    ['emphasis', '**foo()** *overflows* in `bar`', 'foo() overflows in bar'],
    ['link', '[foo()](https://example.org) overflows', 'foo() overflows'],
    ['picture', '![foo()](a.png) overflows', 'foo() overflows'],
    ['fence-first', '```\nfoo()\n```', 'foo()'],
    ['rule-first', '---\nfoo() overflows', 'foo() overflows'],
    ['underscores-in-names', 'snake_case_name overflows', 'snake_case_name overflows'],
    ['carriage-returns', '\r\nfoo() overflows\r\nmore', 'foo() overflows'],
    ['tab-and-controls', 'foo()\toverflows\u0007', 'foo() overflows'],
    ['only-marks', '# \n---\n', 'Untitled report'],
    ['empty', '', 'Untitled report'],
    ['exactly-120', 'x'.repeat(120), 'x'.repeat(120)],
    ['one-over-120', 'x'.repeat(121), `${'x'.repeat(119)}…`],
    ['cut-at-a-space', long, `${long.slice(0, 119)}…`],
    ['emoji-120', '😀'.repeat(120), '😀'.repeat(120)],
    ['emoji-121', '😀'.repeat(121), `${'😀'.repeat(119)}…`],
  ]
  for (const [name, text, title] of accept)
    shelf.accept('title', name, 'the first line with a word in it', { text, title })
  const wrong = (name: string, against: string, what: string, text: string, title: string) =>
    shelf.reject('title', name, 'title', { against, what }, { text, title })
  wrong(
    'second-line',
    'first-line',
    'title is another line',
    '\n\n  \nfoo() overflows\nmore',
    'more',
  )
  wrong(
    'with-its-marks',
    'heading',
    'title keeps the marks',
    '## foo() overflows ##\n',
    '## foo() overflows ##',
  )
  wrong('of-121', 'one-over-120', 'title is not cut', 'x'.repeat(121), 'x'.repeat(121))
}

function frames(shelf: Shelf): void {
  const sizes: readonly (readonly [number, number])[] = [
    [0, 512],
    [1, 512],
    [472, 512],
    [473, 544],
    [504, 544],
    [505, 576],
    [984, 1024],
    [985, 1088],
    [1000, 1088],
    [2008, 2048],
    [2009, 2176],
    [65_496, 65_536],
    [65_497, 67_584],
    [1_048_536, 1_048_576],
    [1_048_537, 1_081_344],
    [5_242_880, 5_373_952],
    [400_000_000, 402_653_184],
    [1_073_741_784, 1_073_741_824],
  ]
  for (const [payload, frame] of sizes)
    shelf.accept('padme', `payload-${payload}`, 'the size of a frame', { payload, frame })
  const wrong = (name: string, payload: number, frame: number) =>
    shelf.reject(
      'padme',
      name,
      'frame',
      { against: `payload-${payload}`, what: 'frame' },
      { payload, frame },
    )
  wrong('smaller-than-the-smallest', 0, 40)
  wrong('not-padded', 505, 545)
  wrong('one-less', 985, 1087)
  wrong('one-more', 985, 1089)
  wrong('the-next-size', 985, 1152)
  wrong('a-power-of-two', 65_497, 131_072)
}

function lastTime(chain: Chain): number {
  const { at } = JSON.parse(chain.statements.at(-1)?.head ?? '{}') as { at: string }
  return millisecondsOf(at)
}
