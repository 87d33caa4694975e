import { type About, repositoryName } from '#directory'
import { type Bench, type BenchLimits, openBench, USUAL_LIMITS } from './git.ts'
import { openLocalRepository } from './local-repository.ts'
import { readSources, type Sources } from './read-sources.ts'
import { SurveyError } from './survey-error.ts'

export type Target = { readonly path: string } | { readonly url: string }

/** What is known before the look: names of the project, and its repository where a folder does not say. */
export type Known = { readonly names: readonly string[]; readonly repository?: string | undefined }

export type SurveyDeps = {
  /** A folder of our own, for what is fetched. It is empty again afterwards. */
  readonly scratch: string
  /** Hosts, with a port where it is not 443, that may be asked. None by itself. */
  readonly hosts: readonly string[]
  readonly limits?: BenchLimits
  readonly trust?: string
}

export type Surveyed = Sources & {
  /** `host/owner/name`, where it is known. Of a folder it is what the folder claims. */
  readonly repository: string | undefined
  readonly commit: string
}

/** Reads what one repository says about reporting. Throws `SurveyError`: then nothing is known, and nothing is said. */
export async function surveyRepository(
  target: Target,
  known: Known,
  deps: SurveyDeps,
): Promise<Surveyed> {
  return 'path' in target
    ? surveyFolder(target.path, known, deps)
    : surveyUrl(target.url, known, deps)
}

/**
 * As GitHub shows it: where a repository has no policy of its own, that of its organisation’s `.github`
 * counts. What else the organisation’s repository says is about itself.
 */
export function withOrganisation(own: Surveyed, organisation: Surveyed): Surveyed {
  if (own.sources.some(({ what }) => what === 'policy')) return own
  const policies = organisation.sources.filter(({ what }) => what === 'policy')
  const unread = organisation.unread.map((words) => `In the organisation’s repository, ${words}`)
  return { ...own, sources: [...policies, ...own.sources], unread: [...own.unread, ...unread] }
}

/** The address of the organisation’s own repository at GitHub, for one of its others. */
export function organisationOf(url: string): string | undefined {
  const owner = /^https:\/\/github\.com\/([\w.-]+)\/(?!\.github(?:\.git)?\/?$)[\w.-]+\/?$/.exec(
    url,
  )?.[1]
  return owner === undefined ? undefined : `https://github.com/${owner}/.github`
}

async function surveyFolder(path: string, known: Known, deps: SurveyDeps): Promise<Surveyed> {
  const { objects, head, origin } = await openLocalRepository(path)
  const repository = origin === undefined ? known.repository : repositoryName(origin)
  const options = {
    scratch: deps.scratch,
    objects,
    online: false,
    limits: deps.limits ?? USUAL_LIMITS,
  }
  const bench = await openBench(options)
  try {
    return await read(bench, { commit: head, repository, names: known.names })
  } finally {
    await bench.close()
  }
}

async function surveyUrl(text: string, known: Known, deps: SurveyDeps): Promise<Surveyed> {
  const url = allowedUrl(text, deps.hosts)
  const { scratch, trust } = deps
  const limits = deps.limits ?? USUAL_LIMITS
  const bench = await openBench({ scratch, online: true, limits, trust })
  try {
    await bench.git('config', 'remote.origin.url', url)
    // Trees and commits of the newest version; a file comes when it is read.
    await bench.git(
      'fetch',
      '--quiet',
      '--depth=1',
      '--no-tags',
      '--filter=blob:none',
      'origin',
      'HEAD',
    )
    const commit = (await bench.git('rev-parse', '--verify', 'FETCH_HEAD'))
      .toString('latin1')
      .trim()
    return await read(bench, { commit, repository: repositoryName(url), names: known.names })
  } finally {
    await bench.close()
  }
}

/** Https only, to hosts that were named, and nothing in it that git or a shell could take for more than an address. */
function allowedUrl(text: string, hosts: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new SurveyError(
      'not-allowed',
      'Repositories are fetched by https, without a name or password.',
    )
  if (!hosts.includes(url.host))
    throw new SurveyError('not-allowed', 'This host is not asked: allow it with --allow-host.')
  if (url.search !== '' || url.hash !== '' || !/^\/[\w./~+-]+$/.test(url.pathname))
    throw new SurveyError('not-allowed', 'This is not the address of a repository.')
  return url.href
}

type Reading = {
  readonly commit: string
  readonly repository: string | undefined
  readonly names: readonly string[]
}

async function read(bench: Bench, { commit, repository, names }: Reading): Promise<Surveyed> {
  const about: About = { repository, names }
  const dayOf = async (path: string) => {
    const told = await bench.git('rev-list', '-1', '--timestamp', commit, '--', path)
    const seconds = Number(told.toString('latin1').split(' ')[0])
    // A clock far off is no day that we could write.
    return seconds > 0 && seconds < 4e9 ? new Date(seconds * 1000).toISOString().slice(0, 10) : ''
  }
  const onGithub = /^github\.com\/[^/]+\/[^/]+$/.test(repository ?? '')
  const whereOf = (path: string) =>
    onGithub ? `https://${repository}/blob/${commit}/${encodeURI(path)}` : path
  const found = await readSources(bench, { commit, dayOf, whereOf }, about)
  return { ...found, repository, commit }
}
