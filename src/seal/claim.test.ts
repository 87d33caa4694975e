import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { hexOfBytes, textOfBytes } from '#lexicon'
import { canonicalText, parseCanonical } from './canonical.ts'
import { readCertificate } from './certificate.ts'
import {
  type Claim,
  claimJoining,
  claimLinkOf,
  claimSlot,
  demandClaim,
  makeClaimOffer,
  readClaimCode,
  readClaimOffer,
} from './claim.ts'
import { type Code, invitationKeys, newCode } from './code.ts'
import { joinMessage } from './desk-fold.ts'
import { joinMac } from './invitation.ts'
import { signerOfSeed } from './person.ts'
import { readSealed } from './sealed.ts'
import { newSecretKey, type SecretKey, unsealFrame } from './unseal.ts'

const PLACE = { desk: 'ab'.repeat(32), caseId: 'cd'.repeat(32) }
const OTHER = { ...PLACE, caseId: 'ce'.repeat(32) }
const EXPIRES = '2026-12-22T12:00:00Z'
const maker = await signerOfSeed(new Uint8Array(32).fill(7))
const claimant = await signerOfSeed(new Uint8Array(32).fill(8))

let desk: SecretKey
let own: SecretKey
before(async () => {
  desk = await newSecretKey()
  own = await newSecretKey()
})

async function offered(code = newCode()) {
  return makeClaimOffer(maker, PLACE, EXPIRES, await readCertificate(desk.cert), code)
}

async function insideOf({ offer }: Awaited<ReturnType<typeof offered>>): Promise<string> {
  const slot = claimSlot(PLACE, offer.lookup)
  return textOfBytes(await unsealFrame(slot, readSealed<'invitation'>(offer.sealed, 1), desk))
}

async function claimWith(code: Code, place = PLACE): Promise<Claim> {
  const joining = claimJoining(place, claimant.who, own.cert)
  const mac = hexOfBytes(joinMac(invitationKeys(code, place.desk).mac, joining))
  const join = await claimant.sign(joinMessage(joining))
  return { who: claimant.who, enc: own.cert, join, mac }
}

test('what was offered is read as its maker signed it, and only in its own case', async () => {
  const made = await offered()
  const text = await insideOf(made)
  const { lookup } = made.offer
  const read = await readClaimOffer(text, PLACE, lookup, [maker.who])
  assert.deepEqual(read, { by: maker.who, code: made.code, expires: EXPIRES })
  await assert.rejects(readClaimOffer(text, OTHER, lookup, [maker.who]), {
    code: 'claim',
    message: /another case/,
  })
  const { offer } = made
  const sealed = readSealed<'invitation'>(offer.sealed, 1)
  await assert.rejects(unsealFrame(claimSlot(OTHER, lookup), sealed, desk), { code: 'slot' })
})

test('an offer that nobody who may signed is none', async () => {
  const made = await offered()
  const text = await insideOf(made)
  const { lookup } = made.offer
  await assert.rejects(readClaimOffer(text, PLACE, lookup, [claimant.who]), { code: 'claim' })
  const fields = parseCanonical(text) as Record<string, string>
  const changes: readonly (readonly [RegExp, Record<string, string>])[] = [
    [/not signed/, { expires: '2027-12-22T12:00:00Z' }],
    [/not signed/, { sig: '0'.repeat(128) }],
    [/another code/, { code: hexOfBytes(newCode().entropy) }],
    [/another case/, { case: OTHER.caseId }],
    [/something else/, { more: '' }],
  ]
  for (const [message, change] of changes) {
    const changed = canonicalText({ ...fields, ...change })
    const read = readClaimOffer(changed, PLACE, lookup, [maker.who])
    await assert.rejects(read, { code: 'claim', message })
  }
})

test('a claim holds with the code of its link, for its case, signed by its key', async () => {
  const code = newCode()
  const claim = await claimWith(code)
  await demandClaim(PLACE, claim, code)
  const another = await newSecretKey()
  const wrong: readonly (readonly [Claim, Code])[] = [
    [claim, newCode()],
    [await claimWith(code, OTHER), code],
    [await claimWith(newCode()), code],
    [{ ...claim, who: maker.who }, code],
    [{ ...claim, enc: another.cert }, code],
    [{ ...claim, join: '0'.repeat(128) }, code],
  ]
  for (const [each, with_] of wrong)
    await assert.rejects(demandClaim(PLACE, each, with_), { code: 'claim' })
})

test('a link survives a mail program that writes capitals, and no line that was cut', () => {
  const code = newCode()
  const link = claimLinkOf('https://desk.example', code)
  assert.ok(link.length < 76, 'one line of a mail')
  const fragment = link.slice(link.indexOf('#') + 1)
  assert.deepEqual(readClaimCode(` ${fragment.toUpperCase()}\n`), code)
  for (const cut of ['', fragment.slice(1), `${fragment}0`, code.words])
    assert.throws(() => readClaimCode(cut), { code: 'code' })
})

test('what is sealed says nothing to whoever has no key of the desk', async () => {
  const made = await offered()
  const stranger = await newSecretKey()
  const slot = claimSlot(PLACE, made.offer.lookup)
  const sealed = readSealed<'invitation'>(made.offer.sealed, 1)
  await assert.rejects(unsealFrame(slot, sealed, stranger), { code: 'decrypt' })
  assert.ok(!Buffer.from(made.offer.sealed).includes(hexOfBytes(made.code.entropy)))
})
