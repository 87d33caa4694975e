import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  answerInvitation,
  type DeskView,
  findApplicant,
  invite,
  listApplicants,
  newApplicant,
  readInvitationCode,
} from '#client'
import { base64OfBytes, bytesOfText, hexOfBytes, HOUR, timeOf } from '#lexicon'
import {
  canonicalText,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  joinMac,
  newCode,
  readCertificate,
  Refused,
} from '#seal'
import { atWork, memoryOfOneProcess, type Meddle, visitor } from './in-process.ts'
import { type OpenDesk, openDesk } from './stage.ts'

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
before(async () => {
  desk = await openDesk((end) => ends.push(end))
})
after(async () => {
  for (const end of ends.reverse()) await end()
})

/** The rows of invitations that the server shows in place of the true ones. */
let shown: readonly object[] | undefined
const lies: Meddle = async (request, go) => {
  const asked = request.method === 'GET' && request.path === '/api/v1/invitations'
  if (!asked || shown === undefined) return go()
  return { status: 200, body: bytesOfText(JSON.stringify({ invitations: shown })) }
}

test('the key words of somebody honest are not shown for an invitation that the server made', async () => {
  const { view, self } = await atWork(desk, desk.first, memoryOfOneProcess(), lies)
  const { code } = await invite(view, ['coordinator'])
  const guest = await visitor(desk)
  const { person, who, keyWords } = await newApplicant(guest)
  await answerInvitation(guest, code.words, 'Coordinator 2', person)
  const honest = await findApplicant(view, self, 'Coordinator 2')
  assert.equal(honest.keyWords, keyWords)

  // The certificate of the desk is public, so the server can seal a code of its own, and answer with it.
  const { lookup, row, mac } = await ownInvitation(view)
  const joining = { desk: view.id, enc: person.key.cert, handle: 'Coordinator 2', who }
  const answer = {
    who,
    enc: joining.enc,
    handle: joining.handle,
    mac: hexOfBytes(joinMac(mac, { ...joining, invite: lookup })),
  }
  for (const join of [honest.join, '0'.repeat(128)]) {
    shown = [{ ...row, joined: { ...answer, join } }]
    assert.deepEqual(await listApplicants(view, self), { applicants: [], forged: 1 })
    await assert.rejects(findApplicant(view, self, 'Coordinator 2'), (error: unknown) => {
      assert.ok(error instanceof Refused)
      assert.equal(error.code, 'invitation')
      return true
    })
  }
  shown = undefined
  assert.equal((await listApplicants(view, self)).applicants.length, 1)
})

test('a code that the server sealed under the name of a true invitation is not shown again', async () => {
  const { view, keyring } = await atWork(desk, desk.first)
  const { code } = await invite(view, ['guest'])
  const { lookup } = invitationKeys(code, view.id)
  const { invitations } = await view.api.call('listInvitations', {})
  const row = invitations.find((each) => each.lookup === lookup)
  assert.ok(row !== undefined)
  assert.equal((await readInvitationCode(view, keyring, row)).code.words, code.words)
  const { row: forged } = await ownInvitation(view, lookup)
  const shownAgain = readInvitationCode(view, keyring, { ...row, sealed: forged.sealed })
  await assert.rejects(shownAgain, { code: 'invitation' })
})

/** What a server can make by itself; `under` is the lookup that it says. */
async function ownInvitation(view: DeskView, under?: string) {
  const code = newCode()
  const { lookup: own, mac } = invitationKeys(code, view.id)
  const lookup = under ?? own
  const expires = timeOf(view.clock() + HOUR)
  const roles = ['coordinator']
  const inside = canonicalText({ code: hexOfBytes(code.entropy), expires, roles })
  const certificate = await readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(view.id, lookup)
  const sealed = base64OfBytes(await encryptFrame(slot, bytesOfText(inside), [certificate]))
  return { lookup, mac, row: { lookup, by: view.directory.now.root, roles, expires, sealed } }
}
