import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  admit,
  answerInvitation,
  changeRoles,
  closeKeyFile,
  findApplicant,
  invite,
  memberNamed,
  newApplicant,
  newDeskSecrets,
  openNewDesk,
  prepareDesk,
  type Self,
} from '#client'
import { type Role } from '#lexicon'
import { dial } from '../../src/cli/transport.ts'
import { CLOSED } from './cases-closed.ts'
import { IN_WORK } from './cases-in-work.ts'
import { NOT_ACKNOWLEDGED } from './cases-not-acknowledged.ts'
import { type DemoClock } from './demo-clock.ts'
import { type DemoPerson, type DemoPlace, member, selfOf, visitor } from './demo-people.ts'
import { LONG_CASE } from './long-case.ts'
import { openStory, personOf, type PlayedCase, playStep, type Stage } from './play-case.ts'
import { type Ago, days, type StoryOfACase } from './story-of-a-case.ts'

export const PASSPHRASE = 'an example and no secret'

/** What the demo knows about the desk that it filled. */
export type FilledDesk = {
  /** The desk's id. */
  readonly desk: string
  /** Volunteer 1, with the root of the desk. */
  readonly first: Self
  readonly keyFile: string
  readonly cases: ReadonlyMap<string, PlayedCase>
}

type Filling = {
  readonly url: string
  readonly socket: string
  readonly setup: string
  /** Where key files go. */
  readonly folder: string
  readonly clock: DemoClock
  readonly say: (line: string) => void
  /** Raised when somebody wants to end the demo. */
  readonly signal: AbortSignal
}

type Event = { readonly ago: Ago; readonly play: (stage: Stage) => Promise<void> }

const STORIES: readonly StoryOfACase[] = [...NOT_ACKNOWLEDGED, ...IN_WORK, ...CLOSED, LONG_CASE]

/** Sets the desk up and plays its six weeks in order, with the clock of each moment. */
export async function fillDesk(filling: Filling): Promise<FilledDesk> {
  const { clock, say, signal } = filling
  await clock.goTo(days(45))
  const { place, first, keyFile } = await setUp(filling)
  const volunteer = member(place, 'Volunteer 1', first)
  const stage: Stage = {
    place,
    people: new Map([['Volunteer 1', volunteer]]),
    cases: new Map(),
  }
  const people = new Map(stage.people)
  const whole = { ...stage, people }
  const events = [...peopleEvents(people), ...STORIES.flatMap(eventsOf)].toSorted(
    (one, other) => other.ago - one.ago,
  )
  let told = 0
  for (const [done, { ago, play }] of events.entries()) {
    signal.throwIfAborted()
    await clock.goTo(ago)
    await play(whole)
    const tenth = Math.floor((10 * (done + 1)) / events.length)
    if (tenth > told)
      say(`  ${Math.round(ago / 24)} days ago: ${done + 1} of ${events.length} acts`)
    told = tenth
  }
  return { desk: place.desk, first, keyFile, cases: whole.cases }
}

async function setUp({ url, socket, setup, folder, clock }: Filling) {
  const api = dial(url, socket)
  const secrets = await newDeskSecrets()
  const given = { name: 'Example Foundation', domain: 'example.org', handle: 'Volunteer 1' }
  const prepared = await prepareDesk({ api, clock: clock.now }, given, secrets)
  await openNewDesk(api, setup, prepared)
  const place: DemoPlace = { url, socket, clock: clock.now, desk: prepared.desk }
  const { sign, key, rootSeed: root, recovery } = secrets
  // The root stays in this program's memory, as if Volunteer 1 had given its words: a key file never holds it.
  const text = await closeKeyFile(prepared.desk, { sign, key }, PASSPHRASE, recovery)
  const keyFile = join(folder, 'volunteer-1.key')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(keyFile, text, { mode: 0o600 })
  return { place, first: await selfOf({ sign, key }, root), keyFile }
}

function eventsOf(story: StoryOfACase): readonly Event[] {
  const steps = (story.steps ?? []).map((step): Event => ({
    ago: step.ago,
    play: (stage) => playStep(stage, story.key, step),
  }))
  return [{ ago: story.ago, play: (stage) => openStory(stage, story) }, ...steps]
}

/** Who joined when, and what waits: an applicant, and a proposal that needs a second person. */
function peopleEvents(people: Map<string, DemoPerson>): readonly Event[] {
  const joins = (ago: Ago, name: string, role: Role): Event => ({
    ago,
    play: async (stage) => {
      const self = await answer(stage, name, role)
      const { view, self: first } = await personOf(stage, 'Volunteer 1').work()
      await admit(view, first, await findApplicant(view, first, name), 'words')
      people.set(name, member(stage.place, name, self))
    },
  })
  return [
    joins(days(44, 2), 'Volunteer 2', 'coordinator'),
    joins(days(42, 4), 'Volunteer 3', 'coordinator'),
    joins(days(40, 1), 'Maintainer 1', 'maintainer:example-arrays'),
    joins(days(39, 5), 'Board 1', 'board'),
    {
      ago: days(2, 7),
      play: async (stage) => {
        const { view, self } = await personOf(stage, 'Volunteer 2').work()
        const board = memberNamed(view.directory, 'Board 1')
        await changeRoles(view, self, board, [...board.roles, 'steward'])
      },
    },
    { ago: 19, play: async (stage) => void (await answer(stage, 'Volunteer 4', 'coordinator')) },
  ]
}

/** Volunteer 1 invites, and the invited person answers on a machine of their own. */
async function answer(stage: Stage, name: string, role: Role): Promise<Self> {
  const { view, self } = await personOf(stage, 'Volunteer 1').work()
  const { code } = await invite(view, self, [role])
  const theirs = await visitor(stage.place)()
  const { person } = await newApplicant(theirs)
  await answerInvitation(theirs, code.words, name, person)
  return selfOf(person)
}
