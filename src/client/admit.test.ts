import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Refused } from '#seal'
import { atWork, type Meddle, memoryOfOneProcess, visitor } from '../../stories/in-process.ts'
import { type Actor, addMember, type OpenDesk, openDesk } from '../../stories/stage.ts'
import { admit } from './admit.ts'
import { findApplicant } from './applicants.ts'
import { refreshDesk } from './desk-view.ts'
import { invite } from './invitations.ts'
import { answerInvitation, newApplicant } from './join-desk.ts'
import { memberNamed, revoke } from './members.ts'
import { withRoot } from './root-words.ts'

const ends: (() => Promise<void>)[] = []
let desk: OpenDesk
let second: Actor
before(async () => {
  desk = await openDesk((end) => ends.push(end))
  second = await addMember(desk, 'Coordinator 2', 'coordinator')
})
after(async () => {
  for (const end of ends.toReversed()) await end()
})

test('an invitation ends with whoever made it, also while somebody admits by it', async () => {
  const inviter = await atWork(desk, second)
  const { code } = await invite(inviter.view, inviter.self, ['guest'])
  const guest = await visitor(desk)
  await answerInvitation(guest, code.words, 'Guest 1', (await newApplicant(guest)).person)

  let raced = false
  const meddle: Meddle = async (request, go) => {
    if (!raced && request.method === 'POST' && request.path.endsWith('/desk/statements')) {
      raced = true
      await endInviter()
    }
    return go()
  }
  const { view, self } = await atWork(desk, desk.first, memoryOfOneProcess(), meddle)
  const applicant = await findApplicant(view, self, 'Guest 1')
  const refused = (error: unknown) => error instanceof Refused && error.code === 'invitation'
  await assert.rejects(admit(view, self, applicant, 'none'), refused)
  assert.ok(raced)
  const { directory } = await refreshDesk(view)
  assert.ok(!directory.now.members.has(applicant.who))
})

async function endInviter(): Promise<void> {
  const { view, self } = await atWork(desk, desk.first)
  const member = memberNamed(view.directory, second.name)
  await revoke(view, await withRoot(view, self, desk.root), member)
}
