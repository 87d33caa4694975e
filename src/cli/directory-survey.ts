import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import {
  compareWith,
  type Comparison,
  createSearch,
  DirectoryError,
  findProjects,
  type Project,
  reportingAt,
  repositoryName,
  type Source,
} from '#directory'
import {
  createGithub,
  type Github,
  type Known,
  organisationOf,
  type SurveyDeps,
  type Surveyed,
  SurveyError,
  surveyRepository,
  withOrganisation,
} from '#survey'
import { openDirectoryFile } from './directory-files.ts'
import { answer, createPrint, line } from './print.ts'
import { readFlags, UsageError } from './usage.ts'

/** What became of one target. Everything but `verdict` is what others wrote. */
type Looked = Comparison & {
  readonly target: string
  readonly repository: string
  readonly commit: string
  readonly project: string
  readonly sources: readonly Source[]
}

/**
 * `postern directory survey PATH|URL… [--in FILE] [--project ID] [--organisation PATH|URL] [--allow-host HOST]…
 * [--github]`. Paths are checkouts and bare repositories.
 */
export async function survey(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    in: 'text',
    project: 'text',
    organisation: 'text',
    'allow-host': 'many',
    github: 'yes',
    json: 'yes',
  })
  if (flags.words.length === 0)
    throw new UsageError('Say what to look at: the paths or addresses of repositories.')
  const file = flags.in === undefined ? undefined : await openDirectoryFile(flags.in)
  const projects = [...(file?.projects.values() ?? [])]
  const named = flags.project === undefined ? undefined : file?.projects.get(flags.project)
  if (flags.project !== undefined && named === undefined)
    throw new UsageError('There is no project with this id in the file of --in.')
  const print = createPrint(flags.json)
  const deps = { scratch: tmpdir(), hosts: flags['allow-host'] }
  const github = flags.github ? askGithub() : undefined
  const { organisation } = flags
  const all: Looked[] = []
  for (const [n, target] of flags.words.entries()) {
    print.say(`${n + 1} of ${flags.words.length}: ${line(target)}`)
    all.push(await look({ target, projects, named, organisation, deps, github }))
  }
  answer(print, { looked: all }, () => all.flatMap(linesOf))
  const off = all.filter(({ verdict }) => verdict !== 'agrees' && verdict !== 'unknown')
  if (off.length > 0)
    throw new DirectoryError('drifted', `${off.length} of ${all.length} need a person’s look.`)
}

type Look = {
  readonly target: string
  readonly projects: readonly Project[]
  readonly named: Project | undefined
  readonly organisation: string | undefined
  readonly deps: SurveyDeps
  readonly github: Github | undefined
}

async function look({
  target,
  projects,
  named,
  organisation,
  deps,
  github,
}: Look): Promise<Looked> {
  const bare = { target, repository: '', commit: '', project: named?.id ?? '', sources: [] }
  try {
    const known = knownOf(target, named)
    const found = await surveyed(target, { known, organisation, deps })
    const project = named ?? projectOf(projects, found.repository)
    const reporting = await reportingOf(github, [project, ...found.sources])
    const compared = compareWith(project, { ...found, reporting, now: Date.now() })
    const { repository = '', commit, sources } = found
    return { ...bare, ...compared, repository, commit, project: project?.id ?? '', sources }
  } catch (error) {
    // One repository that cannot be read says nothing about the others, and nothing about its project.
    if (!(error instanceof SurveyError)) throw error
    const finding = { verdict: 'unknown', says: error.message, where: '' } as const
    return { ...bare, verdict: 'unknown', findings: [finding] }
  }
}

async function surveyed(
  target: string,
  { known, organisation, deps }: Pick<Look, 'organisation' | 'deps'> & { known: Known },
): Promise<Surveyed> {
  const found = await surveyRepository(targetOf(target), known, deps)
  const other = organisation ?? organisationOf(target)
  if (other === undefined || found.sources.some(({ what }) => what === 'policy')) return found
  try {
    return withOrganisation(found, await surveyRepository(targetOf(other), known, deps))
  } catch (error) {
    if (!(error instanceof SurveyError)) throw error
    return {
      ...found,
      unread: [...found.unread, `The organisation’s own repository: ${error.message}`],
    }
  }
}

/** A project with one repository has it also where a folder does not say where it came from. */
function knownOf(target: string, project: Project | undefined): Known {
  if (project === undefined) return { names: [basename(target, '.git')] }
  const { id, name, repositories } = project
  const [only, ...others] = repositories
  const repository = only === undefined || others.length > 0 ? undefined : repositoryName(only)
  return { names: [id, name], repository }
}

function targetOf(text: string): { path: string } | { url: string } {
  return /^[a-z][a-z+.-]*:/i.test(text) ? { url: text } : { path: text }
}

/** Exactly this repository, or nobody: a near name is another project. */
function projectOf(
  projects: readonly Project[],
  repository: string | undefined,
): Project | undefined {
  if (repository === undefined) return undefined
  const [first] = findProjects(createSearch(projects), `https://${repository}`)
  return first?.exact === true && first.by === 'repository' ? first.project : undefined
}

async function reportingOf(
  github: Github | undefined,
  places: readonly (Project | Source | undefined)[],
): Promise<ReadonlyMap<string, 'on' | 'off' | 'unknown'>> {
  const states = new Map<string, 'on' | 'off' | 'unknown'>()
  if (github === undefined) return states
  for (const place of places)
    for (const { kind, value } of place === undefined
      ? []
      : 'channels' in place
        ? place.channels
        : place.contacts) {
      const repository = reportingAt(value)
      if (kind === 'github' && !states.has(repository))
        states.set(repository, await github.privateReporting(repository))
    }
  return states
}

/** Asks api.github.com, which learns which projects are looked at. */
function askGithub(): Github {
  const ask = async (url: string, headers: Readonly<Record<string, string>>) => {
    const answered = await fetch(url, {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
    })
    return { status: answered.status, body: await answered.text() }
  }
  return createGithub(ask, process.env['POSTERN_GITHUB_TOKEN'] ?? '')
}

function linesOf({
  target,
  project,
  commit,
  verdict,
  findings,
  sources,
}: Looked): readonly string[] {
  const name = project === '' ? target : `${project} (${target})`
  const at = commit === '' ? '' : ` at ${commit.slice(0, 12)}`
  const place = (where: string, on?: number) =>
    where === '' ? '' : ` (${where}${on === undefined ? '' : `, line ${on}`})`
  return [
    line(`${name}${at}: ${verdict}`),
    ...findings.map((one) => line(`  ${one.verdict}: ${one.says}${place(one.where, one.line)}`)),
    ...sources.flatMap(({ where, when, contacts }) =>
      contacts.map((one) =>
        line(
          `  read: ${one.kind} ${one.personal ? 'of a person, not shown' : one.value || 'of the affected repository'}${place(where, one.line)}${when === '' ? '' : `, ${when}`}`,
        ),
      ),
    ),
  ]
}
