import { z } from 'zod'
import { INVITATION_LIVES, LIMITS, HOUR } from '#lexicon'
import {
  acceptedBatch,
  base64,
  batch,
  caseRow,
  chainPage,
  deskFacts,
  hash,
  invitation,
  joining,
  lookup,
  mailAddress,
  person,
  proof,
  report,
  reportTaken,
  role,
  signature,
  statement,
  time,
  token,
  uploadId,
} from './shapes.ts'

/** Who may call: `anyone`; `member` or `reporter` with a session; `coordinator` by the newest directory. */
export type Caller = 'anyone' | 'member' | 'coordinator' | 'participant'

export type Endpoint = {
  readonly method: 'get' | 'post' | 'put'
  readonly path: string
  readonly summary: string
  readonly caller: Caller
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  /** A JSON body, or `bytes` for one raw piece. */
  readonly body?: z.ZodObject | 'bytes'
  readonly status: 200 | 201 | 204
  /** A JSON answer, `bytes`, or nothing with 204. */
  readonly answer?: z.ZodObject | 'bytes'
}

const caseParams = z.strictObject({ id: hash })
const blobParams = z.strictObject({ id: hash, blob: hash })
const natural = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const after = z.strictObject({ after: z.coerce.number().int().min(-1).max(LIMITS.chain) })
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
    body: batch.extend({ secret: token }),
    status: 201,
    answer: acceptedBatch,
  },
  readCheckpoint: {
    method: 'get',
    path: '/api/v1/ledger/checkpoint',
    summary: 'The newest checkpoint of the ledger, a signed note',
    caller: 'anyone',
    status: 200,
    answer: z.strictObject({ note: z.string().max(4096) }),
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
    answer: z.strictObject({ entry: statement, index: z.number().int().min(0), proof }),
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
      pieces: z.array(z.strictObject({ n: z.number().int().min(0), sha256: hash })),
    }),
  },
  putPiece: {
    method: 'put',
    path: '/api/v1/uploads/{upload}/pieces/{n}',
    summary: 'One piece of 1 MiB; the last one may be shorter. The same piece again is fine.',
    caller: 'anyone',
    params: z.strictObject({ upload: uploadId, n: natural.max(LIMITS.file / LIMITS.piece) }),
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
    answer: z.strictObject({ session: token, case: hash, vault: z.string().max(LIMITS.vault) }),
  },
  askChallenge: {
    method: 'post',
    path: '/api/v1/login/challenge',
    summary: 'A challenge to sign; it lives for a minute',
    caller: 'anyone',
    body: none,
    status: 200,
    answer: z.strictObject({ nonce: token, expires: time }),
  },
  logIn: {
    method: 'post',
    path: '/api/v1/login',
    summary: 'Log in with the signature of a key file over the challenge',
    caller: 'anyone',
    body: z.strictObject({ who: person, nonce: token, time, sig: signature }),
    status: 200,
    answer: z.strictObject({ session: token }),
  },
  logOut: {
    method: 'post',
    path: '/api/v1/logout',
    summary: 'End this session',
    caller: 'participant',
    body: none,
    status: 204,
  },
  noteAddress: {
    method: 'post',
    path: '/api/v1/me/address',
    summary: 'Where the caller gets notices; it goes with their key',
    caller: 'member',
    body: z.strictObject({ address: mailAddress }),
    status: 204,
  },
  listCases: {
    method: 'get',
    path: '/api/v1/cases',
    summary: 'The cases that the caller takes part in, due first',
    caller: 'member',
    query: z.strictObject({
      state: z.enum(['open', 'all']).default('open'),
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    status: 200,
    answer: z.strictObject({ cases: z.array(caseRow), next: z.string().optional() }),
  },
  readCaseChain: {
    method: 'get',
    path: '/api/v1/cases/{id}/statements',
    summary: 'The chain of a case',
    caller: 'participant',
    params: caseParams,
    query: after,
    status: 200,
    answer: chainPage,
  },
  appendToCase: {
    method: 'post',
    path: '/api/v1/cases/{id}/statements',
    summary: 'Append a batch to a case, whole or not at all',
    caller: 'participant',
    params: caseParams,
    body: batch,
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
  readFile: {
    method: 'get',
    path: '/api/v1/cases/{id}/files/{blob}',
    summary: 'The list of piece hashes of a sealed file',
    caller: 'participant',
    params: blobParams,
    status: 200,
    answer: z.strictObject({ pieces: z.array(hash).max(LIMITS.file / LIMITS.piece + 1) }),
  },
  readPiece: {
    method: 'get',
    path: '/api/v1/cases/{id}/files/{blob}/pieces/{n}',
    summary: 'One piece of a sealed file',
    caller: 'participant',
    params: blobParams.extend({ n: natural }),
    status: 200,
    answer: 'bytes',
  },
  invite: {
    method: 'post',
    path: '/api/v1/invitations',
    summary: `Invite somebody; the invitation lives ${INVITATION_LIVES / HOUR} hours and works once`,
    caller: 'coordinator',
    body: z.strictObject({
      lookup,
      auth_hash: hash,
      roles: z.array(role).min(1).max(20),
      expires: time,
      sealed: base64(LIMITS.wrap),
    }),
    status: 201,
    answer: z.strictObject({ expires: time }),
  },
  listInvitations: {
    method: 'get',
    path: '/api/v1/invitations',
    summary: 'Open invitations, and who answered them',
    caller: 'coordinator',
    status: 200,
    answer: z.strictObject({ invitations: z.array(invitation) }),
  },
  join: {
    method: 'post',
    path: '/api/v1/invitations/join',
    summary: 'Answer an invitation with fresh keys; a coordinator admits',
    caller: 'anyone',
    body: joining.extend({ lookup, auth: hash }),
    status: 204,
  },
} as const satisfies Record<string, Endpoint>

export type Endpoints = typeof ENDPOINTS
export type EndpointName = keyof Endpoints

type Parsed<E, K extends string> = K extends keyof E
  ? E[K] extends z.ZodType
    ? z.infer<E[K]>
    : E[K] extends 'bytes'
      ? Uint8Array<ArrayBuffer>
      : undefined
  : undefined

type Given<E, K extends string> = K extends keyof E
  ? E[K] extends z.ZodType
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
