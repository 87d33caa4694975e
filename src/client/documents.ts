import { base64OfBytes, type Bytes, hexOfBytes, LIMITS } from '#lexicon'
import { sha256ByEngine } from '#seal'
import type { Api } from './api.ts'
import { ClientError } from './client-error.ts'

/** Base64 in one request, with room for the rest of it. */
const ONE_REQUEST = LIMITS.request - LIMITS.request / 8

/** The bytes with this hash, whoever keeps them. Others are not returned. */
export async function fetchDocument(api: Api, sha256: string): Promise<Bytes> {
  const bytes = await api.call('readDocument', { params: { sha256 } })
  if (hexOfBytes(await sha256ByEngine(bytes)) !== sha256)
    throw new ClientError(
      'answer',
      'The desk gave other bytes than the ones that were asked for: nothing of them is shown.',
    )
  return bytes
}

/** Brings what the desk does not have yet. Returns the hash of each, computed here. */
export async function putDocuments(
  api: Api,
  documents: readonly Bytes[],
): Promise<readonly string[]> {
  const sha256 = await Promise.all(documents.map(async (each) => demandDocument(each)))
  const lacking = new Set<string>()
  for (let at = 0; at < sha256.length; at += LIMITS.hashes) {
    const some = sha256.slice(at, at + LIMITS.hashes)
    const answer = await api.call('listLacking', { body: { sha256: some } })
    for (const each of answer.lacking) lacking.add(each)
  }
  let waiting: string[] = []
  let size = 0
  const send = async () => {
    if (waiting.length > 0) await api.call('putDocuments', { body: { documents: waiting } })
    waiting = []
    size = 0
  }
  for (const [i, hash] of sha256.entries()) {
    if (!lacking.delete(hash)) continue
    const text = base64OfBytes(documents[i] ?? new Uint8Array(0))
    if (size + text.length > ONE_REQUEST || waiting.length === LIMITS.documents) await send()
    waiting.push(text)
    size += text.length
  }
  await send()
  return sha256
}

async function demandDocument(bytes: Bytes): Promise<string> {
  if (bytes.length === 0)
    throw new ClientError('document', 'This document is empty: there is nothing to release.')
  if (bytes.length > LIMITS.document)
    throw new ClientError(
      'document',
      'This document is larger than 1 MiB: the desk does not take it.',
    )
  return hexOfBytes(await sha256ByEngine(bytes))
}

/** What somebody prepares for a path. */
export type DocumentDraft = {
  readonly path: string
  readonly sha256: string
  readonly by: string
  readonly at: string
}

/** Newest first. Bytes by `fetchDocument`. */
export async function listDrafts(api: Api): Promise<readonly DocumentDraft[]> {
  return (await api.call('listDrafts', {})).drafts
}

export async function draftOf(api: Api, path: string): Promise<DocumentDraft | undefined> {
  return (await listDrafts(api)).find((draft) => draft.path === path)
}

/** Keeps a draft in place of the one that was seen (`before`, `""` for none). Returns its hash. Refused when another one is there. */
export async function keepDraft(
  api: Api,
  {
    path,
    bytes,
    before,
  }: { readonly path: string; readonly bytes: Bytes; readonly before: string },
): Promise<string> {
  const [sha256 = ''] = await putDocuments(api, [bytes])
  await api.call('putDraft', { body: { path, sha256, before } })
  return sha256
}

/** There is no draft for this path any more. */
export async function dropDraft(api: Api, path: string, before: string): Promise<void> {
  await api.call('putDraft', { body: { path, sha256: '', before } })
}
