import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDesk, refreshDesk } from '#client'
import { bytesOfText, textOfBytes } from '#lexicon'
import { checkpointOrigin, signCheckpoint } from '#seal'
import { openTrialDoor, type TrialDoor } from '../src/http/trial-door.ts'
import { type House, keepDeskChain, newHouse } from './house.ts'
import { dial, type Meddle, memoryOfOneProcess } from './in-process.ts'
import { appendDesk } from './world.ts'

/*
 * H3 (K5). A server signs a second ledger, longer than the one that a machine saw, with another past. The
 * signature is good and the size has grown: only the proof that one continues the other is missing, and no
 * answer can take its place.
 */

let house: House
let door: TrialDoor

before(async () => {
  house = await newHouse()
  door = await openTrialDoor(house)
})

after(async () => {
  await door.close()
  await house.database.close()
})

const PROOFS: Readonly<Record<string, (proof: readonly string[]) => readonly string[]>> = {
  'the proof of the true ledger': (proof) => proof,
  'no proof': () => [],
  'an invented proof': () => ['ab'.repeat(32), 'cd'.repeat(32)],
  'a proof with one bit changed': ([first = 'ab'.repeat(32), ...rest]) => [
    `${first.startsWith('0') ? '1' : '0'}${first.slice(1)}`,
    ...rest,
  ],
}

for (const [what, proofOf] of Object.entries(PROOFS))
  for (const when of ['in the same session', 'at the next visit'] as const)
    test(`a longer ledger with another past, and ${what}, ${when}: refused`, async () => {
      const memory = memoryOfOneProcess()
      let forks = false
      const meddle: Meddle = async ({ path }, go) => {
        const answer = await go()
        if (!forks) return answer
        if (path.endsWith('/ledger/checkpoint'))
          return { ...answer, body: json({ note: await forkOf(textOfBytes(answer.body)) }) }
        if (!path.includes('/ledger/consistency')) return answer
        const { proof } = JSON.parse(textOfBytes(answer.body)) as { proof: string[] }
        return { ...answer, body: json({ proof: proofOf(proof) }) }
      }
      const deps = { api: dial(door.origin, meddle), memory, clock: house.clock }
      const view = await openDesk(deps, house.world.desk)
      const again = () =>
        when === 'in the same session' ? refreshDesk(view) : openDesk(deps, house.world.desk)
      await appendDesk(house.world, house.world.coordinator.signer, { type: 'desk.beat' })
      await keepDeskChain(house)

      forks = true
      await assert.rejects(again(), { name: 'Refused', code: 'H3' })
      forks = false
      assert.ok((await again()).checkpoint.size > view.checkpoint.size, 'the true one is taken')
    })

/** A note of the same size, signed by the server's own key, over another tree. */
async function forkOf(answer: string): Promise<string> {
  const { note } = JSON.parse(answer) as { note: string }
  const size = Number(note.split('\n')[1])
  const { world } = house
  const origin = checkpointOrigin(world.directory.now.domain, world.desk)
  return signCheckpoint(world.server, origin, { size, root: new Uint8Array(32).fill(9) })
}

function json(value: unknown) {
  return bytesOfText(JSON.stringify(value))
}
