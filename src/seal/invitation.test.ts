import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexOfBytes } from '#lexicon'
import { canonicalText } from './canonical.ts'
import { invitationKeys, newCode } from './code.ts'
import { readInvitation, writeInvitation } from './invitation.ts'
import { signerOfSeed } from './person.ts'

const DESK = 'ab'.repeat(32)
const TERMS = { desk: DESK, expires: '2026-11-24T12:00:00Z', note: 'Volunteer 2', roles: ['guest'] }
const inviter = await signerOfSeed(new Uint8Array(32).fill(7))

test('what a coordinator invited to is read as they signed it', async () => {
  const code = newCode()
  const { lookup } = invitationKeys(code, DESK)
  const text = await writeInvitation(inviter, code, TERMS)
  const read = await readInvitation(text, { desk: DESK, lookup }, [inviter.who])
  const { desk: _, ...terms } = TERMS
  assert.deepEqual(read, { by: inviter.who, code, ...terms })
})

test('a signed invitation does not stand for another code than its own', async () => {
  const { lookup } = invitationKeys(newCode(), DESK)
  const text = await writeInvitation(inviter, newCode(), TERMS)
  const asIfHere = readInvitation(text, { desk: DESK, lookup }, [inviter.who])
  await assert.rejects(asIfHere, { code: 'invitation', message: /belongs to another code/ })

  // The signature covers the lookup, not the code itself: the code inside must be the one of the lookup.
  const code = newCode()
  const own = invitationKeys(code, DESK).lookup
  const signed = JSON.parse(await writeInvitation(inviter, code, TERMS)) as Record<string, string>
  const swapped = canonicalText({ ...signed, code: hexOfBytes(newCode().entropy) })
  const other = readInvitation(swapped, { desk: DESK, lookup: own }, [inviter.who])
  await assert.rejects(other, { code: 'invitation', message: /belongs to another code/ })
})

test('a note that is no line of 80 letters is not signed', async () => {
  for (const note of ['n'.repeat(81), 'Volunteer 2\nand more'])
    await assert.rejects(writeInvitation(inviter, newCode(), { ...TERMS, note }), {
      code: 'invitation',
    })
})
