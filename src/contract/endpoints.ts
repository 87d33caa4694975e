import * as z from 'zod/mini'
import { LIMITS } from '#lexicon'
import { ANSWER_ENDPOINTS } from './answer-endpoints.ts'
import { CLAIM_ENDPOINTS } from './claim-endpoints.ts'
import type { Endpoint } from './endpoint.ts'
import { MAIL_ENDPOINTS } from './mail-endpoints.ts'
import { mailOrders } from './mail-orders.ts'
import { PEOPLE_ENDPOINTS } from './people-endpoints.ts'
import { RELEASE_ENDPOINTS } from './release-endpoints.ts'
import {
  acceptedBatch,
  base64,
  batch,
  caseLane,
  caseRow,
  chainPage,
  deskFacts,
  enrolment,
  hash,
  lookup,
  proof,
  report,
  reportTaken,
  sort,
  statement,
  token,
  uploadId,
} from './shapes.ts'

const caseParams = z.strictObject({ id: hash })
const blobParams = z.strictObject({ id: hash, blob: hash })
const natural = z.coerce.number().check(z.int(), z.gte(0), z.lte(Number.MAX_SAFE_INTEGER))
const after = z.strictObject({
  after: z.coerce.number().check(z.int(), z.gte(-1), z.lte(LIMITS.chain)),
})
const chainPart = z.extend(after, {
  /** At most so many statements. */
  limit: z.optional(natural.check(z.gte(1), z.lte(500))),
})
const place = z.number().check(z.int(), z.gte(0))
const none = z.strictObject({})

/** Every route under /api/v1. A route that is not in this table cannot be served. */
export const ENDPOINTS = {
  readDesk: {
    method: 'get',
    path: '/api/v1/desk',
    summary: 'Whose desk this is, and whether it is open',
    caller: 'anyone',
    status: 200,
    answer: deskFacts,
  },
  readDeskChain: {
    method: 'get',
    path: '/api/v1/desk/statements',
    summary: 'The desk chain: people, roles and keys',
    caller: 'anyone',
    query: after,
    status: 200,
    answer: chainPage,
  },
  appendToDesk: {
    method: 'post',
    path: '/api/v1/desk/statements',
    summary: 'Append a batch to the desk chain, whole or not at all',
    caller: 'member',
    body: batch,
    status: 200,
    answer: acceptedBatch,
  },
  readDeskWrap: {
    method: 'get',
    path: '/api/v1/desk/wraps/{blob}',
    summary: 'A wrap of a desk key that is for the caller',
    caller: 'member',
    params: z.strictObject({ blob: hash }),
    status: 200,
    answer: z.strictObject({ bytes: base64(LIMITS.wrap) }),
  },
  setUp: {
    method: 'post',
    path: '/api/v1/setup',
    summary: 'Open the desk with the one-time secret of the set-up link',
    caller: 'anyone',
    body: z.extend(batch, { secret: token, enrolment: z.optional(enrolment) }),
    status: 201,
    answer: acceptedBatch,
  },
  readCheckpoint: {
    method: 'get',
    path: '/api/v1/ledger/checkpoint',
    summary: 'The newest checkpoint of the ledger, a signed note',
    caller: 'anyone',
    status: 200,
    answer: z.strictObject({ note: z.string().check(z.maxLength(4096)) }),
  },
  proveConsistency: {
    method: 'get',
    path: '/api/v1/ledger/consistency',
    summary: 'Proof that the ledger of one size is the beginning of another',
    caller: 'anyone',
    query: z.strictObject({ old: natural, size: natural }),
    status: 200,
    answer: z.strictObject({ proof }),
  },
  proveInclusion: {
    method: 'get',
    path: '/api/v1/ledger/inclusion',
    summary: 'The acceptance of a statement, and the proof that the ledger holds it',
    caller: 'anyone',
    query: z.strictObject({ of: hash, size: natural }),
    status: 200,
    answer: z.strictObject({ entry: statement, index: place, proof }),
  },
  openUpload: {
    method: 'post',
    path: '/api/v1/uploads',
    summary: 'Begin to upload one sealed file',
    caller: 'anyone',
    body: none,
    status: 201,
    answer: z.strictObject({ upload: uploadId }),
  },
  readUpload: {
    method: 'get',
    path: '/api/v1/uploads/{upload}',
    summary: 'Which pieces of an upload have arrived, to resume it',
    caller: 'anyone',
    params: z.strictObject({ upload: uploadId }),
    status: 200,
    answer: z.strictObject({
      pieces: z.array(z.strictObject({ n: place, sha256: hash })),
    }),
  },
  putPiece: {
    method: 'put',
    path: '/api/v1/uploads/{upload}/pieces/{n}',
    summary: 'One piece of 1 MiB; the last one may be shorter. The same piece again is fine.',
    caller: 'anyone',
    params: z.strictObject({
      upload: uploadId,
      n: natural.check(z.lte(LIMITS.file / LIMITS.piece)),
    }),
    body: 'bytes',
    status: 200,
    answer: z.strictObject({ sha256: hash }),
  },
  fileReport: {
    method: 'post',
    path: '/api/v1/reports',
    summary: 'File a sealed report. The answer is its signed receipt.',
    caller: 'anyone',
    body: report,
    status: 201,
    answer: reportTaken,
  },
  follow: {
    method: 'post',
    path: '/api/v1/follow',
    summary: 'A reporter comes back with a receipt',
    caller: 'anyone',
    body: z.strictObject({ lookup, auth: hash }),
    status: 200,
    answer: z.strictObject({
      session: token,
      case: hash,
      vault: z.string().check(z.maxLength(LIMITS.vault)),
    }),
  },
  ...CLAIM_ENDPOINTS,
  countCases: {
    method: 'get',
    path: '/api/v1/cases/count',
    summary: 'How many cases stand in each lane; counting stops at 1000',
    caller: 'member',
    status: 200,
    answer: z.strictObject({
      all: z.int(),
      new: z.int(),
      mine: z.int(),
      waiting: z.int(),
      closed: z.int(),
      held: z.int(),
    }),
  },
  listCases: {
    method: 'get',
    path: '/api/v1/cases',
    summary: 'The cases that the caller takes part in, due first',
    caller: 'member',
    query: z.strictObject({
      lane: z.prefault(caseLane, 'all'),
      sort: z.optional(sort),
      after: z.optional(z.string().check(z.maxLength(200))),
      limit: z.prefault(z.coerce.number().check(z.int(), z.gte(1), z.lte(1000)), 100),
    }),
    status: 200,
    answer: z.strictObject({ cases: z.array(caseRow), next: z.optional(z.string()) }),
  },
  freeCases: {
    method: 'post',
    path: '/api/v1/cases/free',
    summary: 'Take cases out of the lane of held mail: they are new then',
    caller: 'coordinator',
    body: z.strictObject({ cases: z.array(hash).check(z.minLength(1), z.maxLength(100)) }),
    status: 200,
    answer: z.strictObject({ freed: z.int() }),
  },
  readCaseChain: {
    method: 'get',
    path: '/api/v1/cases/{id}/statements',
    summary: 'The chain of a case',
    caller: 'participant',
    params: caseParams,
    query: chainPart,
    status: 200,
    answer: chainPage,
  },
  appendToCase: {
    method: 'post',
    path: '/api/v1/cases/{id}/statements',
    summary: 'Append a batch to a case, whole or not at all',
    caller: 'participant',
    params: caseParams,
    body: z.extend(batch, { mails: z.optional(mailOrders) }),
    status: 200,
    answer: acceptedBatch,
  },
  readBlob: {
    method: 'get',
    path: '/api/v1/cases/{id}/blobs/{blob}',
    summary: 'A sealed body, wrap or label that the caller may open',
    caller: 'participant',
    params: blobParams,
    status: 200,
    answer: z.strictObject({ bytes: base64(LIMITS.body) }),
  },
  readBodies: {
    method: 'get',
    path: '/api/v1/cases/{id}/bodies',
    summary:
      'The sealed bodies between two places that the caller may open: as many of the newest as fit. Numbers of 32 bits: the first place covered, then place, length and bytes of each.',
    caller: 'participant',
    params: caseParams,
    query: z.strictObject({ from: natural, to: natural }),
    status: 200,
    answer: 'bytes',
  },
  readFile: {
    method: 'get',
    path: '/api/v1/cases/{id}/files/{blob}',
    summary: 'The list of piece hashes of a sealed file',
    caller: 'participant',
    params: blobParams,
    status: 200,
    answer: z.strictObject({
      pieces: z.array(hash).check(z.maxLength(LIMITS.file / LIMITS.piece + 1)),
    }),
  },
  readPiece: {
    method: 'get',
    path: '/api/v1/cases/{id}/files/{blob}/pieces/{n}',
    summary: 'One piece of a sealed file',
    caller: 'participant',
    params: z.extend(blobParams, { n: natural }),
    status: 200,
    answer: 'bytes',
  },
  noteExport: {
    method: 'post',
    path: '/api/v1/cases/{id}/exports',
    summary: 'Say in the ledger that this case is exported',
    caller: 'member',
    fresh: true,
    params: caseParams,
    body: none,
    status: 204,
  },
  ...PEOPLE_ENDPOINTS,
  ...ANSWER_ENDPOINTS,
  ...MAIL_ENDPOINTS,
  ...RELEASE_ENDPOINTS,
} as const satisfies Record<string, Endpoint>

export type Endpoints = typeof ENDPOINTS
export type EndpointName = keyof Endpoints

type Parsed<E, K extends string> = K extends keyof E
  ? E[K] extends z.ZodMiniType
    ? z.infer<E[K]>
    : E[K] extends 'bytes'
      ? Uint8Array<ArrayBuffer>
      : undefined
  : undefined

type Given<E, K extends string> = K extends keyof E
  ? E[K] extends z.ZodMiniType
    ? z.input<E[K]>
    : Uint8Array<ArrayBuffer>
  : undefined

/** What the server's handler gets, parsed. */
export type RequestOf<N extends EndpointName> = {
  readonly params: Parsed<Endpoints[N], 'params'>
  readonly query: Parsed<Endpoints[N], 'query'>
  readonly body: Parsed<Endpoints[N], 'body'>
}
/** What a client gives. */
export type CallOf<N extends EndpointName> = {
  readonly [K in 'params' | 'query' | 'body' as K extends keyof Endpoints[N] ? K : never]: Given<
    Endpoints[N],
    K
  >
}
export type AnswerOf<N extends EndpointName> = Parsed<Endpoints[N], 'answer'>
