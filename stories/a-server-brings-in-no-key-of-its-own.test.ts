import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  answerInvitation,
  type DeskView,
  findApplicant,
  invite,
  listApplicants,
  newApplicant,
  openInvitation,
  refreshDesk,
  type Self,
} from '#client'
import { base64OfBytes, bytesOfText, hexOfBytes, HOUR, timeOf } from '#lexicon'
import {
  canonicalText,
  encryptFrame,
  invitationKeys,
  invitationSlot,
  joinMac,
  joinMessage,
  newCode,
  readCertificate,
  Refused,
  type Signer,
  signerOfSeed,
  writeInvitation,
} from '#seal'
import { atWork, memoryOfOneProcess, type Meddle, visitor } from './in-process.ts'
import { type Actor, addMember, type OpenDesk, openDesk, play, withRoot } from './stage.ts'

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

test('an invitation that the server made brings nobody to the door, whoever answers it', async () => {
  const { view, self } = await atWork(desk, desk.first, memoryOfOneProcess(), lies)
  const { code } = await invite(view, self, ['coordinator'])
  const guest = await visitor(desk)
  const { person, who, keyWords } = await newApplicant(guest)
  await answerInvitation(guest, code.words, 'Coordinator 9', person)
  const honest = await findApplicant(view, self, 'Coordinator 9')
  assert.equal(honest.keyWords, keyWords)

  // The certificate of the desk is public, so anybody can seal a code of their own, and answer with it.
  const forgers = { nobody: undefined, 'a key of its own': await newSigner() }
  for (const [name, signer] of Object.entries(forgers)) {
    const own = await ownInvitation(view, { signer, by: self.signer.who })
    shown = [answered(own, { who, enc: person.key.cert, join: honest.join })]
    await isForged(view, self, name)
    shown = [await answeredByItself(own)]
    await isForged(view, self, name)
  }
  shown = undefined
  assert.equal((await listApplicants(view, self)).applicants.length, 1)
})

test('only a coordinator of now invites, and to exactly the roles that they signed', async () => {
  const second = await addMember(desk, 'Coordinator 2', 'coordinator')
  const maintainer = await addMember(desk, 'Maintainer 1', 'maintainer:example')
  const { view, self } = await atWork(desk, desk.first, memoryOfOneProcess(), lies)
  const signerOf = async (actor: Actor) => (await atWork(desk, actor)).self.signer

  const sound = await ownInvitation(view, { signer: await signerOf(second) })
  shown = [await answeredByItself(sound)]
  const { applicants, forged } = await listApplicants(view, self)
  assert.deepEqual(
    [applicants[0]?.roles, forged],
    [['guest'], 0],
    'the fault below is not in the test',
  )

  const byMaintainer = await ownInvitation(view, { signer: await signerOf(maintainer) })
  shown = [await answeredByItself(byMaintainer)]
  await isForged(view, self, 'a member who is no coordinator')

  // The row says what the server likes; inside, a coordinator signed for a guest.
  const more = await ownInvitation(view, { signer: await signerOf(second), says: ['coordinator'] })
  shown = [await answeredByItself(more)]
  await isForged(view, self, 'other roles than those that were signed')
  const later = await ownInvitation(view, {
    signer: await signerOf(second),
    saysUntil: timeOf(view.clock() + 1000 * HOUR),
  })
  shown = [await answeredByItself(later)]
  await isForged(view, self, 'a later end than the one that was signed')

  const row = { ...sound.row, roles: ['coordinator'], by: self.signer.who }
  shown = [await answeredByItself({ ...sound, row })]
  const [listed] = (await listApplicants(view, self)).invitations
  assert.ok(typeof listed?.invited === 'object')
  assert.deepEqual(listed.invited.roles, ['guest'], 'what the row says in clear is not used')

  await play(['member', 'revoke', 'Coordinator 2', '--root', ...desk.first.flags], withRoot(desk))
  shown = [await answeredByItself(sound)]
  await isForged(await refreshDesk(view), self, 'somebody who left the desk')
  shown = undefined
})

test('a code that the server sealed under the name of a true invitation is not shown again', async () => {
  const { view, self, keyring } = await atWork(desk, desk.first)
  const { code } = await invite(view, self, ['guest'])
  const { lookup } = invitationKeys(code, view.id)
  const { invitations } = await view.api.call('listInvitations', {})
  const row = invitations.find((each) => each.lookup === lookup)
  assert.ok(row !== undefined)
  assert.equal((await openInvitation(view, keyring, row)).code.words, code.words)
  const forged = await ownInvitation(view, { under: lookup })
  const shownAgain = openInvitation(view, keyring, { ...row, sealed: forged.row.sealed })
  await assert.rejects(shownAgain, { code: 'invitation' })
})

/** Refused, counted, and of no use to look for by name. */
async function isForged(view: DeskView, self: Self, why: string): Promise<void> {
  const { applicants, forged } = await listApplicants(view, self)
  assert.deepEqual({ applicants, forged }, { applicants: [], forged: 1 }, why)
  await assert.rejects(findApplicant(view, self, 'Coordinator 9'), (error: unknown) => {
    assert.ok(error instanceof Refused, why)
    assert.equal(error.code, 'invitation', why)
    return true
  })
}

type Own = Awaited<ReturnType<typeof ownInvitation>>

/** What anybody can seal; `says` and `saysUntil` stand inside in place of what was signed. */
async function ownInvitation(
  view: DeskView,
  given: {
    readonly under?: string
    readonly signer?: Signer | undefined
    readonly by?: string
    readonly says?: readonly string[]
    readonly saysUntil?: string
  },
) {
  const code = newCode()
  const { lookup: own, mac } = invitationKeys(code, view.id)
  const lookup = given.under ?? own
  const expires = timeOf(view.clock() + HOUR)
  const roles = ['guest']
  const signer = given.signer ?? (await newSigner())
  const signed = await writeInvitation(signer, code, { desk: view.id, expires, note: '', roles })
  const inside = canonicalText({
    ...(JSON.parse(signed) as Record<string, string>),
    by: given.by ?? signer.who,
    roles: [...(given.says ?? roles)],
    expires: given.saysUntil ?? expires,
  })
  const certificate = await readCertificate(view.directory.now.desk.at(-1)?.cert ?? '')
  const slot = invitationSlot(view.id, lookup)
  const sealed = base64OfBytes(await encryptFrame(slot, bytesOfText(inside), [certificate]))
  return { lookup, mac, desk: view.id, row: { lookup, by: signer.who, roles, expires, sealed } }
}

/** The server answers its own invitation, with a key of its own. */
async function answeredByItself(own: Own) {
  const guest = await visitor(desk)
  const { person } = await newApplicant(guest)
  const signer = await signerOfSeed(person.sign)
  const enc = person.key.cert
  const claim = {
    desk: own.desk,
    enc,
    handle: 'Coordinator 9',
    invite: own.lookup,
    who: signer.who,
  }
  return answered(own, { who: signer.who, enc, join: await signer.sign(joinMessage(claim)) })
}

function answered(
  { lookup, mac, desk: id, row }: Own,
  keys: { readonly who: string; readonly enc: string; readonly join: string },
) {
  const handle = 'Coordinator 9'
  const claim = { desk: id, enc: keys.enc, handle, invite: lookup, who: keys.who }
  return { ...row, joined: { ...keys, handle, mac: hexOfBytes(joinMac(mac, claim)) } }
}

function newSigner(): Promise<Signer> {
  return signerOfSeed(crypto.getRandomValues(new Uint8Array(32)))
}
