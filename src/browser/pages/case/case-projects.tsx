import type { ProjectState } from '#lexicon'
import type { CaseShown, ProjectShown, ThreadName } from '#worker'
import { stateWord, threadWord } from '../../parts/act-words.ts'
import { Button } from '../../parts/button.tsx'
import { restored } from '../../desk-state.ts'
import { Tag, type TagProps } from '../../parts/tag.tsx'
import { go, hrefOf } from '../../router.ts'
import { visibleLine } from '../../visible-text.ts'
import { asking, setting } from './case-asking.ts'
import { Part } from './case-part.tsx'
import { projectsInWords, projectsOf, SIDE_BY_SIDE } from './case-project-words.ts'
import { unseenFrom } from './case-state.ts'
import { unseenIn } from './case-words.ts'
import { maySign } from '../desk/may-sign.ts'

/** How far each project is: side by side, or in one sentence that opens. */
export function ProjectChips({ shown }: { readonly shown: CaseShown }) {
  const projects = projectsOf(shown)
  if (projects.length === 0) return null
  if (projects.length > SIDE_BY_SIDE)
    return (
      <details>
        <summary>{projectsInWords(projects)}</summary>
        <Chips projects={projects} />
      </details>
    )
  return <Chips projects={projects} />
}

function Chips({ projects }: { readonly projects: readonly ProjectShown[] }) {
  return (
    <ul class="line tight chips" aria-label="Projects">
      {projects.map(({ project, state }) => (
        <li key={project}>
          <Tag tone={TONES[state]}>
            {`${visibleLine(project)}: ${stateWord(state).toLowerCase()}`}
          </Tag>
        </li>
      ))}
    </ul>
  )
}

const TONES: Readonly<Record<ProjectState, TagProps['tone']>> = {
  'not-looked': 'plain',
  looking: 'accent',
  affected: 'due',
  'not-affected': 'plain',
  fixed: 'plain',
}

/** The threads of many projects, as a list to pick from. */
export function ThreadList({
  shown,
  thread,
  listed,
}: {
  readonly shown: CaseShown
  readonly thread: ThreadName
  readonly listed: readonly ThreadName[]
}) {
  const news = listed.reduce((sum, each) => sum + unseenIn(shown, each, unseenFrom(shown)), 0)
  const all = `${String(listed.length)} projects`
  return (
    <select
      class="input"
      aria-label="Thread of a project"
      value={listed.includes(thread) ? thread : ''}
      onChange={({ currentTarget: { value } }) => {
        const picked = listed.find((each) => each === value)
        if (picked !== undefined) go({ page: 'case', id: shown.id, thread: picked })
      }}
    >
      <option value="">{news === 0 ? all : `${all}, ${String(news)} new`}</option>
      {listed.map((each) => {
        const unseen = unseenIn(shown, each, unseenFrom(shown))
        return (
          <option key={each} value={each}>
            {unseen === 0 ? threadWord(each) : `${threadWord(each)}, ${String(unseen)} new`}
          </option>
        )
      })}
    </select>
  )
}

/** Which projects the case was brought to, how far they are, and what this person can say of them. */
export function ProjectsPart({ shown }: { readonly shown: CaseShown }) {
  const projects = projectsOf(shown)
  const adds = maySign('route')
  if (projects.length === 0 && !adds) return null
  const rows = (
    <ul class="rows">
      {projects.map((each) => (
        <ProjectRow key={each.project} shown={shown} {...each} />
      ))}
    </ul>
  )
  return (
    <Part
      title="Projects"
      act={
        adds && (
          <Button kind="link" keys="P" onPress={() => (asking.value = 'route')}>
            Add a project…
          </Button>
        )
      }
    >
      {projects.length === 0 && <p class="faint">None yet.</p>}
      {projects.length > SIDE_BY_SIDE ? (
        <details>
          <summary>{`${String(projects.length)} projects`}</summary>
          {rows}
        </details>
      ) : (
        projects.length > 0 && rows
      )}
    </Part>
  )
}

function ProjectRow({
  shown,
  project,
  state,
  by,
  mine,
}: ProjectShown & { readonly shown: CaseShown }) {
  const thread = `p-${project}` as const
  const name = visibleLine(project)
  const reads = shown.threads.some((each) => each.thread === thread)
  return (
    <li>
      <span>
        {reads ? <a href={hrefOf({ page: 'case', id: shown.id, thread })}>{name}</a> : name}
        <small>
          {by === undefined
            ? stateWord(state)
            : `${stateWord(state)}, says ${visibleLine(by.name)}`}
        </small>
      </span>
      {mine && !restored.value && (
        <Button
          kind="link"
          label={`Say how far ${name} is`}
          onPress={() => {
            setting.value = project
            asking.value = 'project'
          }}
        >
          Say…
        </Button>
      )}
    </li>
  )
}
