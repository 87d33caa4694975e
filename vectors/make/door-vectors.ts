import { base64OfBytes, type Bytes, bytesOfHex, bytesOfText, hexOfBytes } from '#lexicon'
import { canonicalText, derive, frame, hmacSha256, type Tag, taggedHash } from '#seal'
import { type Actor, type Cast, joins, standIn } from './actors.ts'
import type { Fields } from './chains.ts'
import { encrypted } from './parts.ts'
import type { SealedOnce } from './sealed-once.ts'
import type { Shelf } from './shelf.ts'
import { testKey } from './test-keys.ts'

/** How one comes in: answered invitations, and logins by a key. */
export async function makeDoors(shelf: Shelf, people: Cast, once: SealedOnce): Promise<void> {
  await invitations(shelf, people, once)
  await logins(shelf, people)
}

const DESK = standIn('desk')
const DESK_KEY = testKey('desk-1')
const CODE = standIn('invitation').slice(0, 32)

function codeDerives(code: string, what: string): Bytes {
  return derive(bytesOfHex(code), DESK, what)
}

async function invitations(shelf: Shelf, people: Cast, once: SealedOnce): Promise<void> {
  const { c1, c2, m1, m2, stranger, c3 } = people
  const lookup = hexOfBytes(codeDerives(CODE, 'invite lookup').slice(0, 16))
  const terms = { expires: '2026-11-24T12:00:00Z', note: '', roles: ['maintainer:scipy'] }
  type Terms = Readonly<Partial<typeof terms & { desk: string; by: string; lookup: string }>>
  // Written out here, not by the code that is judged.
  const signedBy = async (who: Actor, over: Terms = {}, tag: Tag = 'invite') => {
    const claim = { by: who.who, desk: DESK, lookup, ...terms, ...over }
    return who.signer.sign(taggedHash(tag, bytesOfText(canonicalText(claim))))
  }
  const inside = { by: c1.who, code: CODE, ...terms, sig: await signedBy(c1) }
  const slotFor = (desk: string, of: string) =>
    taggedHash('invitation', bytesOfText(canonicalText({ desk, invite: of })))
  const sealedAs = async (name: string, text: string, slot = slotFor(DESK, lookup)) => {
    const whole = frame(slot, bytesOfText(text))
    const blob = await once.seal(`invitation ${name}`, [whole], () =>
      encrypted(whole, [DESK_KEY.cert]),
    )
    return { sealed: base64OfBytes(blob), frame: base64OfBytes(whole) }
  }
  const joined = async (who: Actor, over: { handle?: string; code?: string } = {}) => {
    const { handle = who.name, code = CODE } = over
    const claim = { desk: DESK, enc: who.pgp.cert, handle, invite: lookup, who: who.who }
    return {
      who: who.who,
      enc: who.pgp.cert,
      handle,
      join: await joins(who, DESK, { handle, invite: lookup }),
      mac: hexOfBytes(hmacSha256(codeDerives(code, 'invite mac'), canonicalText(claim))),
    }
  }
  const sound = {
    desk: DESK,
    now: '2026-11-22T12:00:00Z',
    desk_secret_key: base64OfBytes(DESK_KEY.secret),
    coordinators: [c1.who, c2.who],
    lookup,
    ...(await sealedAs('sound', canonicalText(inside))),
    joined: await joined(m2),
  }
  shelf.accept('invitation', 'answered', 'the answer was made with the code, in time', {
    ...sound,
    inside,
  })
  shelf.accept('invitation', 'answered-in-the-last-second', 'it expires after this second', {
    ...sound,
    now: inside.expires,
    inside,
  })
  const named = { ...inside, note: 'The second maintainer, of whom we spoke' }
  const noted = { ...named, sig: await signedBy(c1, { note: named.note }) }
  shelf.accept('invitation', 'answered-with-a-note', 'the inviter noted for whom it is', {
    ...sound,
    ...(await sealedAs('with a note', canonicalText(noted))),
    inside: noted,
  })
  const reject = (
    name: string,
    check: string,
    what: string,
    over: Readonly<Record<string, unknown>>,
  ) => shelf.reject('invitation', name, check, { against: 'answered', what }, { ...sound, ...over })
  const answer = await joined(m2)
  const no = (name: string, what: string, over: Fields) =>
    reject(name, 'invitation', what, { joined: { ...answer, ...over } })
  reject('expired', 'invitation', 'now, one second later than it expires', {
    now: '2026-11-24T12:00:01Z',
  })
  reject('by-whoever-has-no-code', 'invitation', 'joined: the mac is made without the code (N6)', {
    joined: await joined(stranger, { code: '00'.repeat(16) }),
  })
  no('with-a-key-swapped', 'who (K1)', { who: c3.who })
  no('with-a-certificate-swapped', 'enc (K1)', { enc: c3.pgp.cert })
  no('with-a-handle-changed', 'handle', { handle: 'Maintainer 3' })
  no('with-an-altered-mac', 'mac', {
    mac: answer.mac.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
  })
  no('not-signed-by-the-key', 'join', { join: await joins(c3, DESK, { invite: lookup }) })
  const other = hexOfBytes(codeDerives('ff'.repeat(16), 'invite lookup').slice(0, 16))
  reject(
    'of-another-code',
    'invitation',
    'the sealed row holds another code',
    await sealedAs('of another code', canonicalText({ ...inside, code: 'ff'.repeat(16) })),
  )
  const invited = async (name: string, check: string, what: string, row: Fields) =>
    reject(name, check, what, await sealedAs(name, canonicalText({ ...inside, ...row })))
  await invited('signed-by-nobody', 'invitation', 'sig: zeros, as a server can make it', {
    sig: '0'.repeat(128),
  })
  await invited('signed-by-a-member', 'invitation', 'by, sig: a maintainer', {
    by: m1.who,
    sig: await signedBy(m1),
  })
  await invited('signed-by-a-stranger', 'invitation', 'by, sig: a key that stands in no chain', {
    by: stranger.who,
    sig: await signedBy(stranger),
  })
  await invited('in-the-name-of-a-coordinator', 'invitation', 'sig: by another than by says', {
    sig: await signedBy(stranger, { by: c1.who }),
  })
  await invited('with-other-roles', 'invitation', 'roles: not those that are signed', {
    roles: ['coordinator'],
  })
  await invited('with-a-later-end', 'invitation', 'expires: not what is signed', {
    expires: '2026-12-24T12:00:00Z',
  })
  await invited('with-another-note', 'invitation', 'note: not what is signed', {
    note: 'Somebody else',
  })
  const long = 'n'.repeat(81)
  await invited('with-a-long-note', 'invitation', 'note: 81 letters, and signed so', {
    note: long,
    sig: await signedBy(c1, { note: long }),
  })
  const lines = 'Volunteer 2\nand a line of its own'
  await invited('with-a-note-of-two-lines', 'invitation', 'note: a line feed, and signed so', {
    note: lines,
    sig: await signedBy(c1, { note: lines }),
  })
  await invited('signed-for-another-desk', 'invitation', 'sig: over another desk (N30)', {
    sig: await signedBy(c1, { desk: standIn('another desk') }),
  })
  await invited('signed-for-another-code', 'invitation', 'sig: over another lookup', {
    sig: await signedBy(c1, { lookup: other }),
  })
  await invited(
    'signed-under-another-tag',
    'invitation',
    'sig: over the same under a tag of another kind (K8)',
    {
      sig: await signedBy(c1, {}, 'invitation'),
    },
  )
  await invited('with-no-role', 'invitation', 'roles: none, and signed so', {
    roles: [],
    sig: await signedBy(c1, { roles: [] }),
  })
  await invited('with-one-field-more', 'invitation', 'one field more', { met: 'words' })
  reject(
    'without-a-signature',
    'invitation',
    'inside, as before invitations were signed',
    await sealedAs('without a signature', canonicalText({ code: CODE, ...terms })),
  )
  const { note: _, ...unnoted } = inside
  reject(
    'without-a-note',
    'invitation',
    'inside, as before invitations had a note: the field is missing',
    await sealedAs('without a note', canonicalText(unnoted)),
  )
  reject(
    'not-canonical',
    'invitation',
    'inside: a space after the first brace',
    await sealedAs('not canonical', canonicalText(inside).replace('{', '{ ')),
  )
  reject('by-one-who-left', 'invitation', 'coordinators: whoever signed is none now', {
    coordinators: [c2.who],
  })
  reject('under-another-lookup', 'slot', 'lookup', { lookup: other })
  reject('of-another-desk', 'slot', 'desk (N30)', { desk: standIn('another desk') })
  reject('sealed-to-another', 'decrypt', 'desk_secret_key', {
    desk_secret_key: base64OfBytes(testKey('desk-2').secret),
  })
}

async function logins(shelf: Shelf, people: Cast): Promise<void> {
  const { c1, c2 } = people
  const claim = {
    desk: DESK,
    nonce: standIn('nonce'),
    origin: 'https://security.example.org',
    time: '2026-11-21T12:00:00Z',
    who: c1.who,
  }
  const messageOf = (over: Fields = {}) =>
    taggedHash('login', bytesOfText(canonicalText({ ...claim, ...over })))
  const sig = await c1.signer.sign(messageOf())
  const sound = { ...claim, now: '2026-11-21T12:00:20Z', sig }
  const message = hexOfBytes(messageOf())
  shelf.accept('login', 'answered', 'the challenge of this desk, at its origin, within a minute', {
    ...sound,
    message,
  })
  shelf.accept('login', 'answered-in-the-last-second', 'a minute old', {
    ...sound,
    now: '2026-11-21T12:01:00Z',
    message,
  })
  shelf.accept('login', 'answered-by-a-fast-clock', 'a minute ahead', {
    ...sound,
    now: '2026-11-21T11:59:00Z',
    message,
  })
  const reject = (name: string, what: string, over: Readonly<Record<string, unknown>>) =>
    shelf.reject('login', name, 'login', { against: 'answered', what }, { ...sound, ...over })
  reject('too-late', 'now', { now: '2026-11-21T12:01:01Z' })
  reject('too-early', 'now', { now: '2026-11-21T11:58:59Z' })
  reject('to-another-origin', 'origin: a relay', { origin: 'https://security.example.com' })
  reject('to-another-desk', 'desk (N30)', { desk: standIn('another desk') })
  reject('to-another-challenge', 'nonce', { nonce: standIn('another nonce') })
  reject('by-another-key', 'sig', { sig: await c2.signer.sign(messageOf()) })
  reject('for-another-person', 'who', { who: c2.who })
  reject('at-another-time', 'time', { time: '2026-11-21T12:00:01Z' })
  reject('altered', 'sig', { sig: sig.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) })
  const statementLike = taggedHash('statement', bytesOfText(canonicalText(claim)))
  reject('under-the-tag-of-a-statement', 'sig: over the hash under another tag (K8)', {
    sig: await c1.signer.sign(statementLike),
  })
}
