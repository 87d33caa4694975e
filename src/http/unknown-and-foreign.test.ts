import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ENDPOINTS } from '#contract'
import { acceptCaseBatch } from '#desk'
import { fileReport } from '#intake'
import { timeOf } from '#lexicon'
import { type HeadOf, readHead, receiptKeys } from '#seal'
import { caseStatement, newReport, type ReportDraft } from '../../stories/drafts.ts'
import { newHouse } from '../../stories/house.ts'
import { type Answer, ask, logInAs, openTrialDoor, post } from './trial-door.ts'

/*
 * R16 for cases. A case of others and a case that does not exist are one answer: status, text, headers,
 * and about the time that it takes. Who could tell them apart would learn that a case is there.
 */

const house = await newHouse()
const { database, world, clock } = house
const door = await openTrialDoor(house)
after(async () => {
  await door.close()
  await database.close()
})

const foreign = await reported('Reporter A')
const own = await reported('Reporter B')
const opening = readHead(foreign.request.report.statement, 'case') as HeadOf<'case.open'>
await write(foreign, 60)

const { lookup, auth } = receiptKeys(own.code, world.desk)
const followed = await post(door, '/api/v1/follow', { lookup, auth })
const STRANGERS = {
  reporter: (JSON.parse(followed.text) as { session: string }).session,
  member: await logInAs(door, world.desk, world.maintainer.signer, timeOf(clock())),
}

const UNKNOWN = '0'.repeat(64)
/** What may be asked of a case, for a blob that the foreign one has. */
const ASKED = {
  readCaseChain: '?after=-1',
  readBlob: '',
  readBodies: '?from=0&to=99',
  readFile: '',
  readPiece: '',
} as const
type Asked = keyof typeof ASKED

async function reported(name: string): Promise<ReportDraft> {
  const report = await newReport(world, { name })
  await fileReport(door.rooms.intake, report.request)
  return report
}

/** The foreign case has a past: reading it would cost. */
async function write({ draft }: ReportDraft, statements: number): Promise<void> {
  const by = { kind: 'member', who: world.coordinator.signer.who } as const
  const { signer } = world.coordinator
  for (let n = 0; n < statements; n++) {
    const take = { type: 'case.take', who: n % 2 === 0 ? signer.who : '' } as const
    const batch = [await caseStatement(world, draft, signer, take)]
    await acceptCaseBatch(door.rooms.desk, { by, caseId: draft.id, batch })
  }
}

function read(name: Asked, id: string, session: string): Promise<Answer> {
  const path = ENDPOINTS[name].path
    .replace('{id}', id)
    .replace('{blob}', opening.body)
    .replace('{n}', '0')
  return ask(door, 'GET', `${path}${ASKED[name]}`, { authorization: `Bearer ${session}` })
}

function bare({ status, text, headers }: Answer) {
  const { date: _, ...rest } = headers
  return { status, text, rest }
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

for (const [who, session] of Object.entries(STRANGERS))
  for (const name of Object.keys(ASKED) as Asked[])
    test(`${name} by a ${who}: a foreign case and none are the same, in about the same time`, async (t) => {
      const took = { foreign: [] as number[], unknown: [] as number[] }
      for (let n = 0; n < 120; n++) {
        // In turn, and the first of each pair in turn: what drifts drifts for both.
        const pair = [
          ['foreign', foreign.draft.id],
          ['unknown', UNKNOWN],
        ] as const
        const answers = []
        for (const [kind, id] of n % 2 === 0 ? pair : pair.toReversed()) {
          const began = performance.now()
          answers.push(bare(await read(name, id, session)))
          if (n >= 20) took[kind].push(performance.now() - began)
        }
        assert.equal(answers[0]?.status, 404)
        assert.deepEqual(answers[0], answers[1])
      }
      const ratio = median(took.foreign) / median(took.unknown)
      t.diagnostic(`foreign / unknown: ${ratio.toFixed(2)}`)
      assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`)
    })

test('to its own reader the foreign case is there: the test above can fail', async () => {
  const time = timeOf(clock())
  const session = await logInAs(door, world.desk, world.coordinator.signer, time)
  assert.equal((await read('readCaseChain', foreign.draft.id, session)).status, 200)
  assert.equal((await read('readBlob', foreign.draft.id, session)).status, 200)
  assert.equal((await read('readCaseChain', UNKNOWN, session)).status, 404)
  assert.deepEqual(door.failures, [])
})
