import * as z from 'zod/mini'
import { isPublicPath, LIMITS } from '#lexicon'
import type { Endpoint } from './endpoint.ts'
import { base64, emptyOr, hash, person, time } from './shapes.ts'

const path = z.string().check(z.refine(isPublicPath))
const hashes = z.array(hash).check(z.minLength(1), z.maxLength(LIMITS.hashes))

/** What is published, and what is prepared for it. The release itself is a statement on the desk chain. */
export const RELEASE_ENDPOINTS = {
  putDocuments: {
    method: 'post',
    path: '/api/v1/documents',
    summary: 'Bring documents that shall be released; each is found by its hash',
    caller: 'coordinator',
    body: z.strictObject({
      documents: z
        .array(base64(LIMITS.document))
        .check(z.minLength(1), z.maxLength(LIMITS.documents)),
    }),
    status: 200,
    answer: z.strictObject({ sha256: z.array(hash) }),
  },
  listLacking: {
    method: 'post',
    path: '/api/v1/documents/lacking',
    summary: 'Which of these documents the desk does not have',
    caller: 'coordinator',
    body: z.strictObject({ sha256: hashes }),
    status: 200,
    answer: z.strictObject({ lacking: z.array(hash) }),
  },
  readDocument: {
    method: 'get',
    path: '/api/v1/documents/{sha256}',
    summary: 'A released document, for anybody; for coordinators one that is not released too',
    caller: 'anyone',
    params: z.strictObject({ sha256: hash }),
    status: 200,
    answer: 'bytes',
  },
  listDrafts: {
    method: 'get',
    path: '/api/v1/drafts',
    summary: 'What coordinators prepare for the public tree',
    caller: 'coordinator',
    status: 200,
    answer: z.strictObject({
      drafts: z.array(z.strictObject({ path, sha256: hash, by: person, at: time })),
    }),
  },
  putDraft: {
    method: 'put',
    path: '/api/v1/drafts',
    summary: 'Keep a draft for a path, or drop it; whoever did not see the newest one is refused',
    caller: 'coordinator',
    body: z.strictObject({
      path,
      /** `""`: there is no draft any more. */
      sha256: emptyOr(hash),
      /** The draft that the caller saw; `""` for none. */
      before: emptyOr(hash),
    }),
    status: 204,
  },
} as const satisfies Record<string, Endpoint>
