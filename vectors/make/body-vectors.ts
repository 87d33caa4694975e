import { base64OfBytes, type Bytes, bytesOfBase64, bytesOfText, concatBytes } from '#lexicon'
import { type Body, canonicalText, frame, type Json, writeBody } from '#seal'
import { type Cast, standIn } from './actors.ts'
import { wrongGrammar, wrongInside } from './body-grammar.ts'
import {
  ALL,
  messageOf,
  type Place,
  rejecting,
  slotOfFields,
  vectorOf,
  WORDS,
} from './body-place.ts'
import { type Case, type Fields, headAfter, newCase } from './chains.ts'
import { encrypted } from './parts.ts'
import type { SealedOnce } from './sealed-once.ts'
import type { Shelf } from './shelf.ts'
import { answeredCase, smallDesk } from './steps.ts'
import { testKey } from './test-keys.ts'

/** Bodies of messages: sealed as they must be, and with one thing wrong each. */
export async function makeBodies(shelf: Shelf, people: Cast, once: SealedOnce): Promise<void> {
  const desk = await smallDesk(people)
  const within = await answeredCase(desk, people)
  const message = messageOf(within, people.c1, 'all/1')
  await soundBodies(shelf, people, once, within)
  await wrongGrammar(shelf, once, message)
  await wrongInside(shelf, once, message)
  await wrongPlaces(shelf, once, message, people)
  await wrongFrames(shelf, once, message)
  await wrongTexts(shelf, once, message)
}

async function soundBodies(
  shelf: Shelf,
  { reporter, c1, m1 }: Cast,
  once: SealedOnce,
  within: Case,
): Promise<void> {
  const file = (n: number) => ({
    blob: standIn(`sealed file ${n}`),
    nonce: standIn(`nonce ${n}`),
    name: `picture ${n}.png`,
    type: 'image/png',
    size: 1024 * n,
    sha256: standIn(`content ${n}`),
  })
  const accept = async (
    name: string,
    why: string,
    place: Place,
    body: Body,
    certs: readonly string[],
    key: Bytes,
  ) => {
    const whole = frame(slotOfFields(place.head), writeBody(body))
    const blob = await once.seal(`body ${name}`, [whole, ...certs], () => encrypted(whole, certs))
    const recipients = certs.length
    const input = await vectorOf({ place, blob, key, recipients, frame: whole })
    shelf.accept('body', name, why, { ...input, body })
    return blob
  }
  const to = (circle: string, by = c1) => messageOf(within, by, circle)
  await accept('message', 'sealed to the thread', to('all/1'), WORDS, [ALL.cert], ALL.secret)
  const long = 'A long text. '.repeat(700)
  await accept(
    'message-long',
    'a frame larger than the smallest',
    to('all/1', m1),
    { ...WORDS, text: long },
    [ALL.cert],
    ALL.secret,
  )
  await accept(
    'message-empty',
    'no text at all',
    to('all/1', reporter),
    { ...WORDS, text: '' },
    [ALL.cert],
    ALL.secret,
  )
  await accept(
    'message-of-many-scripts',
    'any character',
    to('all/1', reporter),
    { ...WORDS, text: 'Ω é 漢字 😀\n\t"\\\u0000\u2028', title: '😀'.repeat(120) },
    [ALL.cert],
    ALL.secret,
  )
  const files = [file(1), file(2)]
  const listed = messageOf(
    within,
    c1,
    'all/1',
    files.map(({ blob }) => blob),
  )
  await accept(
    'message-with-files',
    'lists what the head names',
    listed,
    { ...WORDS, files },
    [ALL.cert],
    ALL.secret,
  )
  const desk = testKey('desk-1')
  await accept('note', 'sealed to the desk key', to('desk/1'), WORDS, [desk.cert], desk.secret)
  const opened = newCase(within.desk)
  const report: Place = {
    by: reporter,
    head: headAfter(opened.chain, reporter, 'case.open', {
      source: 'web',
      enc: reporter.pgp.cert,
      to: 'desk/1',
      files: [],
    }),
  }
  const text: Body = { text: '# foo() overflows\n\nSteps', title: 'foo() overflows', files: [] }
  const certs = [desk.cert, reporter.pgp.cert]
  const blob = await accept(
    'report',
    'two recipients: desk/1 and the reporter',
    report,
    text,
    certs,
    desk.secret,
  )
  const own = await vectorOf({ place: report, blob, key: reporter.pgp.secret, recipients: 2 })
  shelf.accept('body', 'report-to-its-reporter', 'the reporter opens it too', {
    ...own,
    body: text,
  })
  const alone = frame(slotOfFields(report.head), writeBody(text))
  shelf.reject(
    'body',
    'report-to-one',
    'grammar',
    { against: 'report', what: 'the blob: sealed to the desk key alone' },
    await vectorOf({
      place: report,
      key: desk.secret,
      recipients: 2,
      blob: await once.seal('body report to one', [alone, desk.cert], () =>
        encrypted(alone, [desk.cert]),
      ),
    }),
  )
}

/** Surreptitious forwarding (K10), bodies moved between places (K3). */
async function wrongPlaces(
  shelf: Shelf,
  once: SealedOnce,
  place: Place,
  { c2, reporter }: Cast,
): Promise<void> {
  const sound = frame(slotOfFields(place.head), writeBody(WORDS))
  const blob = await once.seal('body in another place', [sound], () => encrypted(sound, [ALL.cert]))
  const elsewhere = async (name: string, over: Fields, by = place.by) => {
    const head = { ...place.head, by: by.who, ...over }
    const what = Object.keys(over)[0] ?? 'by'
    shelf.reject(
      'body',
      `message-under-another-${name}`,
      'slot',
      { against: 'message', what: `${what} of the head; the blob is the same` },
      await vectorOf({ place: { by, head }, blob, frame: sound }),
    )
  }
  await elsewhere('author', {}, c2)
  await elsewhere('author-who-reports', {}, reporter)
  await elsewhere('case', { chain: standIn('another case') })
  await elsewhere('desk', { desk: standIn('another desk') })
  await elsewhere('seq', { seq: 3 })
  await elsewhere('prev', { prev: standIn('another statement') })
  await elsewhere('circle', { to: 'p-numpy/1' })
  await elsewhere('epoch', { to: 'all/2' })
  await elsewhere('time', { at: '2026-11-21T12:02:01Z' })
  await elsewhere('dir', { dir: standIn('another directory') })
  await elsewhere('list-of-files', { files: [standIn('a file')] })
  await elsewhere('reply', { reply: standIn('another statement') })
}

async function wrongFrames(shelf: Shelf, once: SealedOnce, place: Place): Promise<void> {
  const sound = frame(slotOfFields(place.head), writeBody(WORDS))
  const reject = rejecting(shelf, once, place)
  const no = (name: string, what: string, bent: Bytes, check = 'frame') =>
    reject(name, check, what, () => encrypted(bent, [ALL.cert]), { frame: bent })
  const changed = (at: number, value: number) => {
    const bent = sound.slice()
    bent[at] = value
    return bent
  }
  await no('padded-with-a-one', 'the last byte of the frame (N13)', changed(sound.length - 1, 1))
  await no(
    'padded-right-behind',
    'the first byte of the padding',
    changed(40 + writeBody(WORDS).length, 32),
  )
  await no('padded-by-one-more', 'a zero more', concatBytes(sound, new Uint8Array(1)))
  await no(
    'padded-to-the-next-size',
    'zeros up to the next size',
    concatBytes(sound, new Uint8Array(32)),
  )
  await no('padded-by-one-less', 'a zero less', sound.slice(0, -1))
  await no('naming-a-longer-text', 'the length is 2^20', changed(37, 16))
  await no('naming-an-impossible-length', 'the length is over 2^53', changed(32, 255))
  await no(
    'in-a-frame-of-the-slot-alone',
    'all behind the slot is gone',
    sound.slice(0, 32),
    'slot',
  )
  await no('in-another-slot', 'one bit of the slot', changed(0, (sound[0] ?? 0) ^ 1), 'slot')
}

async function wrongTexts(shelf: Shelf, once: SealedOnce, place: Place): Promise<void> {
  const reject = rejecting(shelf, once, place)
  const raw = (name: string, what: string, payload: string | Bytes) => {
    const bytes = typeof payload === 'string' ? bytesOfText(payload) : payload
    const whole = frame(slotOfFields(place.head), bytes)
    return reject(name, 'body', what, () => encrypted(whole, [ALL.cert]), { frame: whole })
  }
  const json = (name: string, what: string, value: Json) =>
    raw(name, what, `${canonicalText(value)}\n`)
  const sound = { files: [], text: WORDS.text, title: '' }
  const text = canonicalText(sound)
  await raw('without-line-feed', 'the line feed is gone', text)
  await raw('with-carriage-return', 'CR before LF', `${text}\r\n`)
  await raw('with-a-space', 'a space', `${text.replace(':', ': ')}\n`)
  await raw('with-a-second-line', 'a line behind', `${text}\n${text}\n`)
  await raw('not-json', 'plain text', 'We look at it.\n')
  await raw(
    'not-utf-8',
    'a byte of no character',
    concatBytes(bytesOfText(text), Uint8Array.of(255, 10)),
  )
  await raw('empty-payload', 'nothing', '')
  await json('without-title', 'title is gone', { files: [], text: '' })
  await json('with-a-field-more', 'a field more', { ...sound, from: 'Coordinator 1' })
  await json('text-as-number', 'text', { ...sound, text: 1 })
  await json('title-of-121', 'title', { ...sound, title: 't'.repeat(121) })
  await json('title-of-two-lines', 'title', { ...sound, title: 'a\nb' })
  const entry = {
    blob: standIn('sealed file'),
    nonce: standIn('nonce'),
    name: 'a.txt',
    type: '',
    size: 1,
    sha256: standIn('content'),
  }
  await json('with-a-file-that-the-head-does-not-name', 'files (N12)', { ...sound, files: [entry] })
  const named = { ...place, head: { ...place.head, files: [entry.blob] } }
  const listing = async (name: string, what: string, files: readonly Json[]) => {
    const whole = frame(
      slotOfFields(named.head),
      bytesOfText(`${canonicalText({ ...sound, files })}\n`),
    )
    const blob = await once.seal(`body ${name}`, [whole], () => encrypted(whole, [ALL.cert]))
    shelf.reject(
      'body',
      `message-with-files-${name}`,
      'body',
      { against: 'message-with-files', what },
      await vectorOf({ place: named, blob, frame: whole }),
    )
  }
  const { sha256: _, ...unhashed } = entry
  await listing('unlisted', 'files of the body is empty', [])
  await listing('of-another-hash', 'blob', [{ ...entry, blob: standIn('another file') }])
  await listing('without-a-content-hash', 'sha256 is gone', [unhashed])
  await listing('with-a-path', 'name has a line feed', [{ ...entry, name: 'a\nb' }])
  await listing('without-a-name', 'name', [{ ...entry, name: '' }])
  await listing('of-a-negative-size', 'size is text', [{ ...entry, size: '1' }])
  const whole = frame(slotOfFields(place.head), writeBody(WORDS))
  const blob = await once.seal('body altered', [whole], () => encrypted(whole, [ALL.cert]))
  const vector = await vectorOf({ place, blob })
  const bent = bytesOfBase64(vector.blob)
  bent[200] = (bent[200] ?? 0) ^ 1
  shelf.reject(
    'body',
    'message-with-another-blob',
    'body',
    { against: 'message', what: 'one bit of the blob; the head names the hash of the other' },
    { ...vector, blob: base64OfBytes(bent) },
  )
}
