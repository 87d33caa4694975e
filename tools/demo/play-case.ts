import {
  acknowledge,
  addReader,
  answerAndClose,
  type CaseView,
  closeCase,
  type Desk,
  fileReport,
  findCase,
  type Keyring,
  labelCase,
  linkCases,
  memberNamed,
  NO_FACTS,
  openAssessment,
  openCase,
  sendMessage,
  setCaseState,
  sortCase,
  type Source,
  takeCase,
} from '#client'
import { bytesOfText } from '#lexicon'
import { type DemoPerson, type DemoPlace, reporter, visitor } from './demo-people.ts'
import {
  type Deed,
  type DemoFile,
  PROJECT,
  type Step,
  type StoryOfACase,
} from './story-of-a-case.ts'

/** A case of the example, as it stands at the desk. */
export type PlayedCase = {
  readonly number: string
  readonly id: string
  /** The reporter's twelve words; `""` where nobody reported it. */
  readonly words: string
}

export type Stage = {
  readonly place: DemoPlace
  readonly people: ReadonlyMap<string, DemoPerson>
  /** By the keys of their stories. */
  readonly cases: Map<string, PlayedCase>
}

/** Files the report, or opens the assessment, of this story. */
export async function openStory(stage: Stage, story: StoryOfACase): Promise<void> {
  const files = (story.files ?? []).map(sourceOf)
  if (story.openedBy !== undefined) {
    const desk = await personOf(stage, story.openedBy).work()
    const { id, number } = await openAssessment(desk, { text: story.text, files })
    stage.cases.set(story.key, { id, number, words: '' })
    return
  }
  const view = await visitor(stage.place)()
  const deps = { wait: () => Promise.resolve(), progress: () => undefined }
  const facts = { ...NO_FACTS, ...story.facts }
  const report = { text: story.text, facts, files, source: story.source ?? 'web' }
  const { words, number, sha256 } = await fileReport(view, deps, report)
  stage.cases.set(story.key, { id: sha256, number, words })
}

/** Plays one step of a story that was opened. */
export async function playStep(stage: Stage, key: string, { by, does }: Step): Promise<void> {
  const played = stage.cases.get(key)
  if (played === undefined) throw new RangeError(`the case ${key} was not opened yet`)
  if (by === 'reporter') {
    const desk = await reporter(stage.place, played.words)
    if (does.kind !== 'writes') throw new RangeError('a reporter only writes')
    const words = { text: does.text, files: (does.files ?? []).map(sourceOf) }
    await sendMessage(desk, await openCase(desk.view, played.id), 'all', words)
    return
  }
  const desk = await personOf(stage, by).work()
  let within = await openCase(desk.view, played.id)
  if (by !== 'Maintainer 1' && within.fold.titleSeq < 0)
    within = await labelCase(desk, within, desk.keyring)
  await act(stage, desk, within, does)
}

async function act(
  stage: Stage,
  desk: Desk & { readonly keyring: Keyring },
  within: CaseView,
  does: Deed,
): Promise<CaseView> {
  switch (does.kind) {
    case 'reads':
      return within
    case 'acknowledges':
      return acknowledge(desk, within)
    case 'takes':
      return takeCase(desk, within, desk.self.signer.who)
    case 'sorts':
      return sortCase(desk, within, does.as)
    case 'sets':
      return setCaseState(desk, within, does.state)
    case 'writes':
      return sendMessage(desk, within, 'all', {
        text: does.text,
        files: (does.files ?? []).map(sourceOf),
      })
    case 'notes':
      return sendMessage(desk, within, 'desk', { text: does.text, files: [] })
    case 'tells-project':
      return sendMessage(desk, within, `p-${PROJECT}`, { text: does.text, files: [] })
    case 'closes-with-reason':
      return closeCase(desk, within, does.text)
    case 'answers-and-closes':
      return answerAndClose(desk, within, { text: does.text, files: [] })
    case 'adds-maintainer': {
      const { who } = memberNamed(desk.view.directory, 'Maintainer 1')
      return addReader(desk, within, `p-${PROJECT}`, who)
    }
    case 'links': {
      const other = await findCase(desk.view, stage.cases.get(does.to)?.id ?? '')
      return linkCases(desk, within, other.id, does.relation)
    }
  }
}

export function personOf({ people }: Pick<Stage, 'people'>, name: string): DemoPerson {
  const person = people.get(name)
  if (person === undefined) throw new RangeError(`${name} is not in this example`)
  return person
}

function sourceOf({ name, type, text }: DemoFile): Source {
  const bytes = bytesOfText(text)
  return {
    name,
    type,
    size: bytes.length,
    open: async function* () {
      yield bytes
    },
  }
}
