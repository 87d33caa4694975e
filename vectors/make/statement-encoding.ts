import { base64OfBytes, type Bytes, bytesOfHex, bytesOfText, hexOfBytes } from '#lexicon'
import { canonicalText, type Json, sha256, type Statement, statementId, taggedHash } from '#seal'
import { type Cast, standIn } from './actors.ts'
import { type Fields, signText } from './chains.ts'
import type { Shelf } from './shelf.ts'

const DESK = standIn('desk')
const LAST = { id: standIn('last statement'), seq: 6 }

/** A head in place after LAST in the chain of DESK. */
export function headInPlace(who: string, type: string, fields: Fields = {}): Fields {
  return {
    v: 1,
    type,
    desk: DESK,
    chain: DESK,
    seq: LAST.seq + 1,
    prev: LAST.id,
    by: who,
    at: '2026-11-21T22:50:43Z',
    dir: '',
    log: '',
    ...fields,
  }
}

export function inPlace(kind: 'desk' | 'case' | 'ledger', statement: Statement) {
  return { kind, pin: { desk: DESK, chain: DESK }, last: LAST, statement }
}

/** One statement judged alone, F1 to F3: its encoding, its common fields, its place, its signature. */
export async function makeEncodings(shelf: Shelf, people: Cast): Promise<void> {
  await sound(shelf, people)
  await encodings(shelf, people)
  await commonFields(shelf, people)
  await places(shelf, people)
  await lastPlaces(shelf, people)
  await signatures(shelf, people)
  await weakKeys(shelf)
}

async function sound(shelf: Shelf, { c1, m1 }: Cast): Promise<void> {
  const accept = async (name: string, why: string, type: string, fields: Fields) => {
    const head = canonicalText(headInPlace(c1.who, type, fields))
    shelf.accept('statement', name, why, inPlace('desk', await signText(c1.signer, head)))
  }
  const revoke = (reason: string) => ({ who: m1.who, reason })
  await accept('beat', 'the smallest statement', 'desk.beat', {})
  await accept('log', 'names a ledger checkpoint', 'desk.beat', { log: `12:${standIn('root')}` })
  await accept(
    'characters',
    'escapes are the shortest ones, everything else stands as it is (RFC 8785 3.2.2.2)',
    'member.revoke',
    revoke('\b\t\n\f\r\u0001\u001f"\\/\u007f\u0080\u2028é€😀\ufeff\u0000'),
  )
  await accept('largest-integer', '2^53 − 1', 'desk.restored', {
    size: Number.MAX_SAFE_INTEGER,
    root: standIn('root'),
    lost: [],
  })
  await accept('leap-day', 'a day that exists', 'desk.beat', { at: '2028-02-29T23:59:59Z' })
  await accept('largest-certificate', '4,096 bytes', 'desk.key', keyOf(4096))
  await accept('largest-head', '64 KiB exactly', 'desk.restored', largest(c1.who))
}

function keyOf(bytes: number): Fields {
  return { circle: 'desk', epoch: 1, cert: base64OfBytes(new Uint8Array(bytes)), wraps: [] }
}

/** Fills a head to 64 KiB with lost cases, and the rest with digits. */
function largest(who: string, more = 0): Fields {
  const restored = (lost: number, log: number, size: number): Fields => ({
    size: 10 ** size,
    root: standIn('root'),
    lost: Array.from({ length: lost }, (_, n) => standIn(`lost ${n}`)),
    log: log === 0 ? '' : `${10 ** (log - 1)}:${standIn('log')}`,
  })
  const length = (fields: Fields) =>
    bytesOfText(canonicalText(headInPlace(who, 'desk.restored', fields))).length
  const bare = length(restored(0, 0, 0))
  const lost = Math.floor((64 * 1024 + more - bare) / 67) - 1
  for (let log = 0; log <= 15; log++)
    for (let size = 0; size <= 15; size++)
      for (const count of [lost, lost + 1])
        if (length(restored(count, log, size)) === 64 * 1024 + more)
          return restored(count, log, size)
  throw new RangeError('No head of this size was found.')
}

async function encodings(shelf: Shelf, { c1, m1 }: Cast): Promise<void> {
  const text = canonicalText(headInPlace(c1.who, 'desk.beat'))
  const bent = async (name: string, what: string, head: string, against = 'beat') => {
    if (head === text) throw new RangeError(`${name} changes nothing.`)
    const statement = await signText(c1.signer, head)
    shelf.reject('statement', name, 'F1', { against, what }, inPlace('desk', statement))
  }
  const replaced = (from: string, to: string) => text.replace(from, to)
  await bent('space', 'a space after a colon', replaced('"v":1', '"v": 1'))
  await bent('newline-at-the-end', 'a line feed at the end', `${text}\n`)
  await bent('byte-order-mark', 'U+FEFF at the front', `\ufeff${text}`)
  await bent('names-out-of-order', 'v stands first', `{"v":1,${text.slice(1, -7)}}`)
  await bent('name-twice', 'log stands twice', replaced('"log":""', '"log":"","log":""'))
  await bent('name-twice-differing', 'seq twice', replaced('"seq":7', '"seq":8,"seq":7'))
  await bent('fraction', 'seq is 7.0', replaced('"seq":7', '"seq":7.0'))
  await bent('exponent', 'v is 1e0', replaced('"v":1', '"v":1e0'))
  await bent('leading-zero', 'seq is 07', replaced('"seq":7', '"seq":07'))
  await bent('plus-sign', 'seq is +7', replaced('"seq":7', '"seq":+7'))
  await bent('minus-zero', 'seq is -0', replaced('"seq":7', '"seq":-0'))
  await bent('negative', 'seq is -7', replaced('"seq":7', '"seq":-7'))
  await bent('number-too-large', 'seq is 2^53', replaced('"seq":7', '"seq":9007199254740992'))
  await bent('number-as-text', 'seq is "7"', replaced('"seq":7', '"seq":"7"'))
  await bent('escaped-letter', 'a letter of type is escaped', replaced('beat', 'be\\u0061t'))
  await bent('escaped-slash', 'a slash is escaped', replaced('"log":""', '"log":"\\/"'))
  await bent('upper-case-escape', 'U+001F as \\u001F', replaced('"log":""', '"log":"\\u001F"'))
  await bent('lone-surrogate', 'half a character', replaced('"log":""', '"log":"\\ud800"'))
  await bent('null', 'log is null', replaced('"log":""', '"log":null'))
  await bent('true', 'v is true', replaced('"v":1', '"v":true'))
  await bent('proto', 'a field __proto__', replaced('"at"', '"__proto__":1,"at"'))
  await bent('upper-case-name', 'a field Seq', replaced('"seq"', '"Seq"'))
  await bent('comment', 'a comment', replaced('{', '{/**/'))
  await bent('trailing-comma', 'a comma at the end', replaced('}', ',}'))
  await bent('single-quotes', 'single quotes', text.replaceAll('"', "'"))
  await bent('cut', 'the last byte is gone', text.slice(0, -1))
  await bent('empty', 'no text at all', '')
  await bent('a-list', 'in a list', `[${text}]`)
  await bent('a-text', 'as a string', JSON.stringify(text))
  await bent('not-a-number', 'seq is NaN', replaced('"seq":7', '"seq":NaN'))
  await bent(
    'nested-too-deep',
    'log is nine lists deep',
    replaced('"log":""', `"log":${'['.repeat(9)}${']'.repeat(9)}`),
  )
  await bent(
    'nested-very-deep',
    'log is 30,000 lists deep',
    replaced('"log":""', `"log":${'['.repeat(30_000)}${']'.repeat(30_000)}`),
  )
  await bent(
    'one-byte-over-64-kib',
    'one digit more',
    canonicalText(headInPlace(c1.who, 'desk.restored', largest(c1.who, 1))),
    'largest-head',
  )
  const revocation = canonicalText(
    headInPlace(c1.who, 'member.revoke', { who: m1.who, reason: '\u001f' }),
  )
  await bent(
    'certificate-of-4097-bytes',
    'a byte more in cert',
    canonicalText(headInPlace(c1.who, 'desk.key', keyOf(4097))),
    'largest-certificate',
  )
  await bent(
    'lone-surrogate-in-a-text',
    'half a character, which comes out the same when it is written again',
    canonicalText(headInPlace(c1.who, 'member.revoke', { who: m1.who, reason: '?' })).replace(
      '?',
      '\\ud800',
    ),
    'characters',
  )
  await bent(
    'control-character-unescaped',
    'U+001F stands as it is',
    revocation.replace('\\u001f', '\u001f'),
    'characters',
  )
}

async function commonFields(shelf: Shelf, { c1 }: Cast): Promise<void> {
  const bent = async (name: string, what: string, change: (head: Record<string, Json>) => void) => {
    const head: Record<string, Json> = { ...headInPlace(c1.who, 'desk.beat') }
    change(head)
    const statement = await signText(c1.signer, canonicalText(head))
    shelf.reject('statement', name, 'F1', { against: 'beat', what }, inPlace('desk', statement))
  }
  const set = (name: string, field: string, value: Json, what = field) =>
    bent(name, what, (head) => {
      head[field] = value
    })
  for (const field of Object.keys(headInPlace(c1.who, 'desk.beat')))
    await bent(`without-${field}`, `${field} is gone`, (head) => {
      delete head[field]
    })
  await set('field-more', 'extra', 1, 'a field more')
  await set('version-0', 'v', 0)
  await set('version-2', 'v', 2)
  await set('version-as-text', 'v', '1')
  await set('type-unknown', 'type', 'desk.note')
  await set('type-of-a-case', 'type', 'case.ack')
  await set('type-of-the-ledger', 'type', 'ledger.open')
  await set('type-to-string', 'type', 'toString')
  await set('type-constructor', 'type', 'constructor')
  await set('type-in-capitals', 'type', 'DESK.BEAT')
  await set('by-in-capitals', 'by', c1.who.toUpperCase())
  await set('by-too-short', 'by', c1.who.slice(2))
  await set('by-empty', 'by', '')
  await set('prev-too-long', 'prev', `${LAST.id}00`)
  await set('desk-in-capitals', 'desk', DESK.toUpperCase())
  await set('at-with-zone', 'at', '2026-11-21T22:50:43+00:00')
  await set('at-with-milliseconds', 'at', '2026-11-21T22:50:43.000Z')
  await set('at-without-seconds', 'at', '2026-11-21T22:50Z')
  await set('at-on-a-day-that-is-not', 'at', '2026-02-30T22:50:43Z')
  await set('at-in-a-month-that-is-not', 'at', '2026-13-01T22:50:43Z')
  await set('at-at-24-hours', 'at', '2026-11-21T24:00:00Z')
  await set('at-at-a-leap-second', 'at', '2026-12-31T23:59:60Z')
  await set('at-on-no-leap-day', 'at', '2027-02-29T22:50:43Z')
  await set('at-in-other-digits', 'at', '٢٠٢٦-11-21T22:50:43Z')
  await set('at-with-a-line-feed', 'at', '2026-11-21T22:50:43Z\n')
  await set('log-without-size', 'log', standIn('root'))
  await set('log-with-leading-zero', 'log', `012:${standIn('root')}`)
  await set('log-with-short-root', 'log', `12:${standIn('root').slice(2)}`)
  await set('seq-as-a-list', 'seq', [7])
}

async function places(shelf: Shelf, { root, server, c1 }: Cast): Promise<void> {
  const opening = { name: 'Example Foundation', domain: 'security.example.org', server: server.who }
  const bent = async (name: string, check: string, what: string, fields: Fields) => {
    const head = canonicalText(headInPlace(c1.who, 'desk.beat', fields))
    const statement = await signText(c1.signer, head)
    shelf.reject('statement', name, check, { against: 'beat', what }, inPlace('desk', statement))
  }
  await bent('other-desk', 'F2', 'desk (N30)', { desk: standIn('another desk') })
  await bent('no-desk', 'F2', 'desk', { desk: '' })
  await bent('other-chain', 'F2', 'chain', { chain: standIn('another chain') })
  await bent('no-chain', 'F2', 'chain', { chain: '' })
  await bent('seq-repeated', 'F2', 'seq', { seq: 6 })
  await bent('seq-skipped', 'F2', 'seq', { seq: 8 })
  await bent('prev-of-another', 'F2', 'prev', { prev: standIn('another statement') })
  await bent('no-prev', 'F2', 'prev', { prev: '' })
  await bent('dir-in-the-desk-chain', 'F4', 'dir is not empty', { dir: DESK })
  const first = canonicalText({
    ...headInPlace(root.who, 'desk.open', opening),
    desk: '',
    chain: '',
    seq: 0,
    prev: '',
  })
  const statement = await signText(root.signer, first)
  shelf.reject(
    'statement',
    'opens-in-the-middle',
    'F2',
    { against: 'desk-open', what: 'last is not empty' },
    inPlace('desk', statement),
  )
}

/** A chain has 100,000 places; the ledger has no end. */
async function lastPlaces(shelf: Shelf, { c1 }: Cast): Promise<void> {
  const at = async (seq: number, kind: 'desk' | 'ledger') => {
    const type = kind === 'desk' ? 'desk.beat' : 'ledger.event'
    const own = kind === 'desk' ? {} : { dir: DESK, kind: 'login', about: '', count: 1, note: '' }
    const head = canonicalText(headInPlace(c1.who, type, { ...own, seq }))
    const last = { id: LAST.id, seq: seq - 1 }
    return { ...inPlace(kind, await signText(c1.signer, head)), last }
  }
  const why = 'the last place of a chain'
  shelf.accept('statement', 'place-99999', why, await at(99_999, 'desk'))
  const changed = { against: 'place-99999', what: 'seq, and last, one more' }
  shelf.reject('statement', 'place-100000', 'F2', changed, await at(100_000, 'desk'))
  const endless = 'the ledger has no last place'
  shelf.accept('statement', 'place-100000-of-the-ledger', endless, await at(100_000, 'ledger'))
}

async function signatures(shelf: Shelf, { c1, c2 }: Cast): Promise<void> {
  const head = canonicalText(headInPlace(c1.who, 'desk.beat'))
  const sound = await signText(c1.signer, head)
  const bent = (name: string, what: string, statement: Statement) =>
    shelf.reject('statement', name, 'F3', { against: 'beat', what }, inPlace('desk', statement))
  const signed = async (name: string, what: string, message: Bytes, by = c1) =>
    bent(name, what, { head, sig: await by.signer.sign(message) })
  const id = bytesOfHex(statementId(head))
  const flip = (at: number) =>
    `${sound.sig.slice(0, at)}${sound.sig[at] === '0' ? '1' : '0'}${sound.sig.slice(at + 1)}`
  bent('signature-altered-in-r', 'the first digit of sig', { head, sig: flip(0) })
  bent('signature-altered-in-s', 'the 65th digit of sig', { head, sig: flip(64) })
  bent('signature-too-short', 'the last byte of sig is gone', { head, sig: sound.sig.slice(0, -2) })
  bent('signature-in-capitals', 'sig in capitals', { head, sig: sound.sig.toUpperCase() })
  bent('signature-empty', 'sig is empty', { head, sig: '' })
  bent('signature-s-plus-order', 's + L (N27)', { head, sig: plusOrder(sound.sig) })
  bent('head-altered', 'one second of at', { ...sound, head: head.replace('22:50:43', '22:50:44') })
  await signed('signature-of-another', 'signed by another than by', id, c2)
  await signed('signature-over-the-text', 'signed over the text', bytesOfText(head))
  await signed('signature-over-the-bare-hash', 'signed over SHA-256', sha256(bytesOfText(head)))
  await signed(
    'signature-over-the-slot-tag',
    'signed over the hash under another tag (K8)',
    taggedHash('slot', bytesOfText(head)),
  )
  await signed(
    'signature-over-the-id-in-hex',
    'signed over the id as text',
    bytesOfText(hexOfBytes(id)),
  )
}

/** The same signature with s + L: RFC 8032 5.1.7 refuses it, some libraries do not. */
function plusOrder(sig: string): string {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const s = BigInt(`0x${hexOfBytes(bytesOfHex(sig.slice(64)).reverse())}`) + order
  return sig.slice(0, 64) + hexOfBytes(bytesOfHex(s.toString(16).padStart(64, '0')).reverse())
}

/** Under these keys some libraries verify forged signatures (N27). */
async function weakKeys(shelf: Shelf): Promise<void> {
  const weak = [
    ['order-1', `01${'00'.repeat(31)}`],
    ['order-2', `ec${'ff'.repeat(30)}7f`],
    ['order-4', '00'.repeat(32)],
    ['order-4-negative', `${'00'.repeat(31)}80`],
    ['order-8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['order-8-other', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['order-8-negative', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['order-8-other-negative', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
    ['order-1-not-canonical', `ee${'ff'.repeat(30)}7f`],
    ['order-4-not-canonical', `ed${'ff'.repeat(30)}7f`],
    ['y-not-below-p', `${'ff'.repeat(31)}7f`],
  ] as const
  for (const [name, key] of weak) {
    const statement = {
      head: canonicalText(headInPlace(key, 'desk.beat')),
      sig: `01${'00'.repeat(63)}`,
    }
    const changed = { against: 'beat', what: 'by, and a signature that such keys accept' }
    shelf.reject('statement', `weak-key-${name}`, 'F1', changed, inPlace('desk', statement))
  }
}
