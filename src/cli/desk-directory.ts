import {
  type Api,
  ClientError,
  type DeskView,
  draftOf,
  dropDraft,
  fetchDocument,
  keepDraft,
  putDocuments,
  releasedNow,
  type ReleaseDone,
  releaseDocuments,
  type Self,
} from '#client'
import {
  type Directory,
  directoryOf,
  faultsBetween,
  formError,
  indexBytes,
  indexOf,
  type Project,
  projectBytes,
  projectOf,
} from '#directory'
import { type Bytes, hexOfBytes } from '#lexicon'
import { sha256ByEngine } from '#seal'

/** The one document whose release releases all projects: it names each of theirs by its hash. */
export const DIRECTORY_PATH = 'directory/index.json'

/** A directory as it was read at the desk; `index` is the hash of its index, and `""` where there is none. */
export type DeskDirectory = { readonly projects: Directory; readonly index: string }

/** The released directory: signed by a coordinator, every byte checked. Throws `ClientError`, `DirectoryError`. */
export async function releasedDirectory(view: DeskView): Promise<DeskDirectory> {
  const release = releasedNow(view).get(DIRECTORY_PATH)
  return readDirectory(view.api, release?.sha256 ?? '')
}

/** What somebody prepared. Nobody signed it, so it is in good form and no more than that. */
export async function draftedDirectory(view: DeskView): Promise<DeskDirectory | undefined> {
  const draft = await draftOf(view.api, DIRECTORY_PATH)
  return draft === undefined ? undefined : readDirectory(view.api, draft.sha256)
}

/** Brings every document and keeps the index as a draft, in place of the one that was seen. Nothing is released. */
export async function draftDirectory(
  view: DeskView,
  projects: Directory,
  before: DeskDirectory | undefined,
): Promise<DeskDirectory> {
  const faults = faultsBetween([...projects.values()])
  if (faults.length > 0) throw formError('This directory', faults)
  const documents = [...projects.values()].map(projectBytes)
  const sha256 = await putDocuments(view.api, documents)
  const ids = [...projects.keys()]
  const bytes = indexBytes(new Map(ids.map((id, n) => [id, sha256[n] ?? ''])))
  const index = await keepDraft(view.api, {
    path: DIRECTORY_PATH,
    bytes,
    before: before?.index ?? '',
  })
  return { projects, index }
}

/**
 * Signs the draft that was looked at. Another one that was kept meanwhile is not signed: nobody releases what
 * they were not shown.
 */
export async function releaseDirectory(
  view: DeskView,
  self: Self,
  shown: DeskDirectory,
): Promise<ReleaseDone> {
  const documents = [...shown.projects.values()].map(projectBytes)
  const bytes = await indexFor(shown.projects, documents)
  if (hexOfBytes(await sha256ByEngine(bytes)) !== shown.index)
    throw new ClientError('conflict', 'The draft of the directory changed: look at it again.')
  const release = { path: DIRECTORY_PATH, bytes, licence: 'CC0-1.0' } as const
  const done = await releaseDocuments(view, self, { release, also: documents })
  const draft = await draftOf(view.api, DIRECTORY_PATH)
  if (draft?.sha256 === shown.index) await dropDraft(view.api, DIRECTORY_PATH, shown.index)
  return done
}

async function indexFor(projects: Directory, documents: readonly Bytes[]): Promise<Bytes> {
  const sha256 = await Promise.all(documents.map(async (each) => sha256ByEngine(each)))
  return indexBytes(
    new Map([...projects.keys()].map((id, n) => [id, hexOfBytes(sha256[n] ?? new Uint8Array(0))])),
  )
}

/** So many questions at once: one after another a directory of hundreds takes long. */
const AT_ONCE = 8

async function readDirectory(api: Api, index: string): Promise<DeskDirectory> {
  if (index === '') return { projects: new Map(), index }
  const wanted = [...indexOf(await fetchDocument(api, index))]
  const projects: Project[] = []
  const next = wanted.values()
  const work = async () => {
    for (const [id, sha256] of next) {
      const project = projectOf(await fetchDocument(api, sha256))
      if (project.id !== id)
        throw new ClientError('answer', `The document of ${id} is about another project.`)
      projects.push(project)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const faults = faultsBetween(projects)
  if (faults.length > 0) throw formError('This directory', faults)
  return { projects: directoryOf(projects), index }
}
